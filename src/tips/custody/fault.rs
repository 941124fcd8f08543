use sea_orm::DbErr;

use crate::{
    platform::fault::{Code, Fault, Public},
    tips::MoveError,
};

/// Why a change of who may open a tip was refused.
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    #[error("no such office, or none today")]
    UnknownOffice,
    #[error("the office has no key to seal to")]
    OfficeWithoutKey,
    #[error("the tip is about this office")]
    OfficeConcerned,
    #[error("the tip is there already")]
    SameOffice,
    #[error("nobody above the office concerned could take it")]
    NoOversight,
    #[error("it is part of a case")]
    HasCase,
    #[error("the office has it for information already")]
    AlreadyShared,
    #[error("the office does not have it for information")]
    NotShared,
    #[error("it is restricted to named officers")]
    Restricted,
    #[error("it is not restricted")]
    NotRestricted,
    #[error("fewer than two officers are named")]
    TooFewReaders,
    #[error("somebody named is no ready member of the office, or of one that is concerned")]
    ReaderNotMember,
    #[error(transparent)]
    Move(#[from] MoveError),
}

impl Fault for CustodyError {
    fn public(&self) -> Public {
        match self {
            Self::UnknownOffice => MoveError::field("office", Code::UnknownOffice).public(),
            Self::OfficeWithoutKey => Code::OfficeWithoutKey.into(),
            Self::OfficeConcerned => Code::OfficeConcerned.into(),
            Self::SameOffice => Code::SameOffice.into(),
            Self::NoOversight => Code::NoOversight.into(),
            Self::HasCase => Code::TipHasCase.into(),
            Self::AlreadyShared => Code::AlreadyShared.into(),
            Self::NotShared => Code::NotShared.into(),
            Self::Restricted => Code::TipRestricted.into(),
            Self::NotRestricted => Code::TipNotRestricted.into(),
            Self::TooFewReaders => MoveError::field("officers", Code::TooFewReaders).public(),
            Self::ReaderNotMember => MoveError::field("officers", Code::ReaderNotMember).public(),
            Self::Move(error) => error.public(),
        }
    }
}

impl From<DbErr> for CustodyError {
    fn from(error: DbErr) -> Self {
        Self::Move(error.into())
    }
}

impl From<crate::tips::state::InvalidMove> for CustodyError {
    fn from(error: crate::tips::state::InvalidMove) -> Self {
        Self::Move(error.into())
    }
}
