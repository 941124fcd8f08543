use sea_orm::DbErr;

use super::state::{self, InvalidMove};
use crate::{
    platform::{
        fault::{Code, Fault, FieldFault, Public, store_code},
        shedding::Overloaded,
    },
    staff::Refused,
};

#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error("no such release")]
    NoSuchRelease,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("who prepared it neither checks nor publishes it")]
    OwnRelease,
    #[error("nothing of it can be shown")]
    NothingToPublish,
    #[error("something was published since it was prepared")]
    Outdated,
    #[error("it is not what was frozen, or does not add up")]
    NotReconciled,
    #[error(transparent)]
    InvalidMove(#[from] InvalidMove),
    #[error("somebody else decided on it at the same moment")]
    ConcurrentChange,
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for ReleaseError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchRelease => Code::NoSuchRelease.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::OwnRelease => Code::OwnRelease.into(),
            Self::NothingToPublish => Code::NothingToPublish.into(),
            Self::Outdated => Code::ReleaseOutdated.into(),
            Self::NotReconciled => Code::ReleaseNotReconciled.into(),
            Self::InvalidMove(invalid) => Public {
                code: Code::InvalidMove,
                fields: Vec::new(),
                state: Some((invalid.from.as_str(), state::allowed(invalid.from))),
            },
            Self::ConcurrentChange => Code::ConcurrentChange.into(),
            Self::Overloaded(_) => Code::Overloaded.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}
