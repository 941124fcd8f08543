use chrono::NaiveDate;
use entity::{case_holds, ids::CaseId};
use vault::secret::Secret;

use super::{
    Hold, HoldError,
    hold::{check, check_end},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    cases,
    staff::{Permission, Staff},
};

/// Keeps a case beyond its time, up to a day; a hold that is there already is replaced. Why is sealed with the case.
pub async fn place_case_hold(
    app: &App,
    staff: &Staff,
    id: CaseId,
    until: NaiveDate,
    reason: Secret<String>,
) -> Result<Hold, HoldError> {
    let opened = cases::open_for(app, staff, id, Permission::Confirm).await?;
    check(&reason)?;
    check_end(app, until)?;
    let hold = Hold { until, placed_by: staff.id, placed_at: app.clock.now() };
    app.db
        .write(async |txn| {
            cases::add_note(txn, app, staff, &opened, "place-hold", reason.expose()).await?;
            store::put_case_hold(txn, row(id, &hold)).await?;
            audit::record_officer(txn, app, staff, Some(opened.office), "CaseHoldPlaced", Object::Case(id)).await?;
            Ok(hold)
        })
        .await
}

/// Ends a case's hold before its day; from then on the case's own time counts.
pub async fn lift_case_hold(app: &App, staff: &Staff, id: CaseId, reason: Secret<String>) -> Result<(), HoldError> {
    let opened = cases::open_for(app, staff, id, Permission::Confirm).await?;
    check(&reason)?;
    app.db
        .write(async |txn| {
            cases::add_note(txn, app, staff, &opened, "lift-hold", reason.expose()).await?;
            if !store::delete_case_hold(txn, id).await? {
                return Err(HoldError::NoSuchHold);
            }
            audit::record_officer(txn, app, staff, Some(opened.office), "CaseHoldLifted", Object::Case(id)).await?;
            Ok(())
        })
        .await
}

/// The hold of a case, also one whose day is over and that nobody lifted.
pub async fn read_case_hold(app: &App, staff: &Staff, id: CaseId) -> Result<Hold, HoldError> {
    cases::open_for(app, staff, id, Permission::ReadTips).await?;
    let hold = store::case_hold(app.db.read(), id).await?.ok_or(HoldError::NoSuchHold)?;
    Ok(Hold { until: hold.until, placed_by: hold.placed_by, placed_at: hold.placed_at })
}

fn row(case_id: CaseId, hold: &Hold) -> case_holds::Model {
    case_holds::Model { case_id, until: hold.until, placed_by: hold.placed_by, placed_at: hold.placed_at }
}
