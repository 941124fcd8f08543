use entity::{ids::CaseId, tips};
use sea_orm::{DatabaseTransaction, DbErr, Set};

use super::{
    state::{self, Event, State},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    staff::Staff,
    statistics::ledger::{self, Fact},
};

/// Moves the tips of a case along with it, in the caller's transaction: an outcome makes them *handled*, the end of
/// the last of their cases *closed*, a case's reopening brings them back.
///
/// Call it after the case itself was changed, and put what it gives into the ledger. A tip whose state does not allow the move stays where it is.
pub(crate) async fn follow_case(
    txn: &DatabaseTransaction,
    app: &App,
    staff: &Staff,
    case: CaseId,
    event: Event,
) -> Result<Vec<Fact>, DbErr> {
    let mut facts = Vec::new();
    for tip in store::tips_of_case_to_change(txn, case).await? {
        let from = State::from_row(tip.status, tip.asked_from);
        let Some(to) = state::next(from, event).ok().filter(|to| *to != from) else { continue };
        if event == Event::CloseCases && store::has_open_case(txn, tip.id).await? {
            continue;
        }
        let (status, asked_from) = to.to_row();
        let version = Set(tip.version + 1);
        let changes =
            tips::ActiveModel { status: Set(status), asked_from: Set(asked_from), version, ..Default::default() };
        if !store::update_if_version(txn, tip.id, tip.version, changes).await? {
            return Err(DbErr::RecordNotUpdated);
        }
        facts.extend(ledger::moved(txn, app, &tip, to).await?);
        audit::record_officer(txn, app, staff, Some(tip.office_id), act(to), Object::Tip(tip.id)).await?;
    }
    Ok(facts)
}

/// How the tip's record tells where its case took it.
fn act(to: State) -> &'static str {
    match to {
        State::Handled => "TipHandled",
        State::Closed => "TipClosed",
        State::Verifying => "TipReopened",
        State::Received
        | State::Screening
        | State::NeedInfo(_)
        | State::Accepted
        | State::Duplicate
        | State::Referred
        | State::Spam
        | State::Test
        | State::NotPolice => "TipMoved",
    }
}
