use entity::{
    case_tips,
    enums::CaseStatus,
    ids::{CaseId, CaseTipId, TipId},
    tips,
};
use sea_orm::{DatabaseTransaction, DbErr, Set};

use super::{
    Edit, MoveError,
    access::{find_for, moved, reread, state_of, swap},
    state::Event,
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    cases,
    platform::fault::{Code, Fault, Public},
    staff::{Permission, Staff},
    statistics::ledger::{self, Fact},
};

#[derive(Debug, thiserror::Error)]
pub enum LinkCaseError {
    /// None, or another office's.
    #[error("no such case")]
    NoSuchCase,
    #[error("the case is closed; reopen it first")]
    CaseClosed,
    #[error("the tip is part of this case already")]
    AlreadyLinked,
    #[error(transparent)]
    Move(#[from] MoveError),
}

impl Fault for LinkCaseError {
    fn public(&self) -> Public {
        match self {
            Self::NoSuchCase => Code::NoSuchCase.into(),
            Self::CaseClosed => Code::CaseClosed.into(),
            Self::AlreadyLinked => Code::AlreadyLinked.into(),
            Self::Move(error) => error.public(),
        }
    }
}

impl From<DbErr> for LinkCaseError {
    fn from(error: DbErr) -> Self {
        Self::Move(error.into())
    }
}

/// Makes a tip part of an open case of its office: many tips to a case, many cases to a tip.
pub async fn link_case(
    app: &App,
    staff: &Staff,
    id: TipId,
    expected: Edit,
    case: CaseId,
) -> Result<tips::Model, LinkCaseError> {
    find_for(app, staff, id, Permission::Work).await?;
    app.db
        .write(async |txn| {
            // The case before the tip, as closing a case does: who takes them in one order never waits in a circle.
            let found = cases::store::case_to_change(txn, case).await?.ok_or(LinkCaseError::NoSuchCase)?;
            let tip = reread(txn, staff, id, expected).await?;
            if found.office_id != tip.office_id {
                return Err(LinkCaseError::NoSuchCase);
            }
            if found.status == CaseStatus::Closed {
                return Err(LinkCaseError::CaseClosed);
            }
            if store::is_linked(txn, id, case).await? {
                return Err(LinkCaseError::AlreadyLinked);
            }
            let facts = link_in(txn, app, staff, &tip, case, Event::LinkCase).await?;
            ledger::record(txn, app, facts).await?;
            audit::record_officer(txn, app, staff, Some(tip.office_id), "CaseLinked", Object::Tip(id)).await?;
            store::tip(txn, id).await?.ok_or(LinkCaseError::Move(MoveError::NoSuchTip))
        })
        .await
}

/// Moves a tip by `event` and ties it to a case, in the caller's transaction; gives what that makes known.
pub(super) async fn link_in(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    tip: &tips::Model,
    case: CaseId,
    event: Event,
) -> Result<Vec<Fact>, MoveError> {
    let changes = moved(tip, event)?;
    let to = state_of(&changes);
    swap(txn, tip, changes).await?;
    let link = case_tips::ActiveModel {
        id: Set(CaseTipId::from(app.chance.uuid())),
        case_id: Set(case),
        tip_id: Set(tip.id),
        linked_by: Set(staff.id),
        linked_at: Set(app.clock.now()),
    };
    store::insert_link(txn, link).await?;
    match to {
        Some(to) => Ok(ledger::moved(txn, app, tip, to).await?),
        None => Ok(Vec::new()),
    }
}
