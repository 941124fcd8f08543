use entity::{
    identity_quorums,
    ids::{IdentityQuorumId, OfficerId},
};
use sea_orm::{DbErr, Set};

use super::store;
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::{Code, Fault, Faults, FieldFault, Public, store_code},
    staff::{self, Permission, Refused, Staff},
};

/// Most custodians of one identity, as in the configuration.
const MOST: i32 = 32;

/// How many custodians hold a share of a new identity, and how many open it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    pub threshold: i32,
    pub holders: i32,
}

impl Quorum {
    pub(super) fn parts(self) -> (usize, usize) {
        (usize::try_from(self.threshold).unwrap_or(0), usize::try_from(self.holders).unwrap_or(0))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SetQuorumError {
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error("fewer custodians are ready than would hold a share")]
    TooFewCustodians,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for SetQuorumError {
    fn public(&self) -> Public {
        match self {
            Self::Fields(fields) => fields.clone().into(),
            Self::TooFewCustodians => Code::TooFewCustodians.into(),
            Self::Refused(refused) => refused.code().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// The quorum for tips from now on: what an administrator set last, else what the configuration says.
pub async fn read_quorum(app: &App) -> Result<Quorum, DbErr> {
    let configured = Quorum {
        threshold: i32::try_from(app.settings.identity_threshold).unwrap_or(MOST),
        holders: i32::try_from(app.settings.identity_holders).unwrap_or(MOST),
    };
    let set = store::newest_quorum(app.db.read()).await?;
    Ok(set.map_or(configured, |row| Quorum { threshold: row.threshold, holders: row.holders }))
}

/// Sets the quorum for tips from now on; identities that are sealed keep theirs.
///
/// One custodian alone is no quorum, and more holders than there are custodians would close the line to everybody
/// who wants to stay confidential: both are refused.
pub async fn set_quorum(app: &App, staff: &Staff, quorum: Quorum) -> Result<Quorum, SetQuorumError> {
    staff.must(Permission::Administer)?;
    let mut faults = Faults::default();
    faults.check((2..=quorum.holders).contains(&quorum.threshold), "threshold", Code::Invalid);
    faults.check((2..=MOST).contains(&quorum.holders), "holders", Code::Invalid);
    faults.into_result().map_err(SetQuorumError::Fields)?;
    let ready = staff::store::ready_custodians(app.db.read()).await?;
    if ready.len() < quorum.parts().1 {
        return Err(SetQuorumError::TooFewCustodians);
    }
    let by: OfficerId = staff.id;
    let row = identity_quorums::ActiveModel {
        id: Set(IdentityQuorumId::from(app.chance.uuid())),
        threshold: Set(quorum.threshold),
        holders: Set(quorum.holders),
        set_by: Set(by),
        set_at: Set(app.clock.now()),
    };
    app.db
        .write(async |txn| {
            store::insert_quorum(txn, row).await?;
            audit::record_officer(txn, app, staff, None, "IdentityQuorumSet", Object::Officer(by)).await
        })
        .await?;
    Ok(quorum)
}
