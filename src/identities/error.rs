use sea_orm::DbErr;

use super::state::InvalidMove;
use crate::{
    platform::{
        fault::{Code, Fault, FieldFault, Public, store_code},
        paging::BadCursor,
    },
    staff::Refused,
    tips::MoveError,
};

/// Why a verb on a request for an identity was refused.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// None, or one that is not the officer's to see: the two are told apart by nobody.
    #[error("no such request")]
    NoSuchRequest,
    #[error("the tip has no identity under a quorum")]
    NoIdentity,
    #[error("a custodian of an identity cannot ask for it")]
    OwnCustody,
    #[error("the officer has asked already")]
    AlreadyRequested,
    #[error("the officer holds no share of this identity")]
    NotCustodian,
    #[error("this share's custodian has decided already")]
    AlreadyDecided,
    #[error("the share is damaged, or sealed to an older key of its custodian")]
    ShareDamaged,
    #[error("not granted, or no longer")]
    NotGranted,
    #[error("what is stored was sealed to an older key of this officer")]
    NoKey,
    #[error("somebody else decided at the same moment")]
    ConcurrentChange,
    #[error(transparent)]
    InvalidMove(#[from] InvalidMove),
    #[error(transparent)]
    BadCursor(#[from] BadCursor),
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error(transparent)]
    Tip(#[from] MoveError),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for RequestError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchRequest => Code::NoSuchIdentityRequest.into(),
            Self::NoIdentity => Code::NoIdentity.into(),
            Self::OwnCustody => Code::OwnCustody.into(),
            Self::AlreadyRequested => Code::AlreadyRequested.into(),
            Self::NotCustodian => Code::NotCustodian.into(),
            Self::AlreadyDecided => Code::AlreadyDecided.into(),
            Self::ShareDamaged => Code::ShareDamaged.into(),
            Self::NotGranted => Code::IdentityNotGranted.into(),
            Self::NoKey => Code::NoKey.into(),
            Self::ConcurrentChange => Code::ConcurrentChange.into(),
            Self::InvalidMove(invalid) => {
                Public { code: Code::InvalidMove, fields: Vec::new(), state: Some((invalid.from.as_str(), Vec::new())) }
            }
            Self::BadCursor(_) => Code::InvalidCursor.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Tip(error) => error.public(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}
