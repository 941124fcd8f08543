//! Who may do what to which case, and the one way in which a case is opened.

use entity::{
    cases,
    enums::CaseStatus,
    ids::{CaseId, OfficeId},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    CaseKey,
    state::{self, InvalidMove},
    store,
};
use crate::{
    app::App,
    platform::{
        fault::{Code, Fault, FieldFault, Public, store_code},
        paging::BadCursor,
    },
    staff::{Permission, Refused, Staff},
    tips::Edit,
    units::{self, OpenKeysError},
};

/// Why a verb on a case was refused.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// None, or another office's: the two are told apart by nobody.
    #[error("no such case")]
    NoSuchCase,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("no member has granted this officer the office's key")]
    NoKey,
    #[error("its time is over, and its words are gone")]
    Expired,
    #[error(transparent)]
    InvalidMove(#[from] InvalidMove),
    #[error("the case has changed since the caller read it")]
    Stale,
    #[error("somebody else changed the case at the same moment")]
    ConcurrentChange,
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error(transparent)]
    BadCursor(#[from] BadCursor),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for CaseError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchCase => Code::NoSuchCase.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::NoKey => Code::NoKey.into(),
            Self::Expired => Code::CaseExpired.into(),
            Self::InvalidMove(invalid) => Public {
                code: Code::InvalidMove,
                fields: Vec::new(),
                state: Some((invalid.from.as_str(), state::allowed(invalid.from))),
            },
            Self::Stale => Code::Stale.into(),
            Self::ConcurrentChange => Code::ConcurrentChange.into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::BadCursor(_) => Code::InvalidCursor.into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

impl From<OpenKeysError> for CaseError {
    fn from(error: OpenKeysError) -> Self {
        match error {
            OpenKeysError::NoKey => Self::NoKey,
            OpenKeysError::Refused(refused) => refused.into(),
            OpenKeysError::Store(error) => error.into(),
        }
    }
}

/// Where a case stands after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedCase {
    pub id: CaseId,
    pub number: String,
    pub status: CaseStatus,
    pub version: i32,
}

/// A case that an officer may work, with its key.
pub struct OpenedCase {
    pub id: CaseId,
    pub office: OfficeId,
    pub key: CaseKey,
}

/// Finds a case of the officer's own offices, asks for the right, and opens its key with the office's.
pub async fn open_for(app: &App, staff: &Staff, id: CaseId, permission: Permission) -> Result<OpenedCase, CaseError> {
    // Who may read no case at all is told so; who may read some learns nothing of others' cases.
    staff.must(Permission::ReadTips)?;
    let case = store::case(app.db.read(), id).await?.ok_or(CaseError::NoSuchCase)?;
    if !staff.may_in(case.office_id, Permission::ReadTips) {
        return Err(CaseError::NoSuchCase);
    }
    staff.must_in(case.office_id, permission)?;
    let keyring = units::open_keys(app.db.read(), staff, case.office_id).await?;
    let wrap = store::wrap(app.db.read(), id).await?.ok_or(CaseError::Expired)?;
    let key = CaseKey::open(&keyring, &case, &wrap)?.ok_or(CaseError::NoKey)?;
    Ok(OpenedCase { id, office: case.office_id, key })
}

/// Reads a case afresh in the transaction that will change it, and lets nobody else change it meanwhile.
pub(super) async fn reread(txn: &impl ConnectionTrait, id: CaseId, expected: Edit) -> Result<cases::Model, CaseError> {
    let case = store::case_to_change(txn, id).await?.ok_or(CaseError::NoSuchCase)?;
    // Of a change and the case's end, one comes first.
    if store::wrap(txn, id).await?.is_none() {
        return Err(CaseError::Expired);
    }
    if expected.is_some_and(|version| version != case.version) {
        return Err(CaseError::Stale);
    }
    Ok(case)
}
