use entity::{enums::ReleaseState, ids::ReleaseId, releases};
use sea_orm::{ConnectionTrait, Set};

use super::{
    Release, ReleaseError,
    authority::must_speak_for_all,
    load,
    state::{self, Event},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    staff::{Permission, Staff},
    statistics::invariants,
};

/// A second officer vouches for what another prepared: it is what was frozen, its figures are what its sources add up
/// to, and the ledger reconciles.
pub async fn check(app: &App, staff: &Staff, id: ReleaseId) -> Result<Release, ReleaseError> {
    let row = find_others(app, staff, id, Event::Check).await?;
    let changes = releases::ActiveModel {
        state: Set(ReleaseState::Checked),
        checked_by: Set(Some(staff.id)),
        checked_at: Set(Some(app.clock.now())),
        ..Default::default()
    };
    app.db
        .write(async |txn| {
            if !store::update_if_state(txn, id, row.state, changes).await? {
                return Err(ReleaseError::ConcurrentChange);
            }
            audit::record_frozen(txn, app, staff, "ReleaseChecked", Object::Release(id), &row.hash).await?;
            load::release(txn, id).await?.ok_or(ReleaseError::NoSuchRelease)
        })
        .await
}

/// A release that another officer prepared, if the state allows the move and nothing in it is amiss.
pub(super) async fn find_others(
    app: &App,
    staff: &Staff,
    id: ReleaseId,
    event: Event,
) -> Result<releases::Model, ReleaseError> {
    staff.must(Permission::Confirm)?;
    app.db
        .snapshot(async |txn| {
            let offices = must_speak_for_all(txn, staff, Permission::Confirm).await?;
            let row = store::release(txn, id).await?.ok_or(ReleaseError::NoSuchRelease)?;
            if row.prepared_by == staff.id {
                return Err(ReleaseError::OwnRelease);
            }
            state::next(row.state, event)?;
            let (from, to, as_of, today) = (row.from_day, row.to_day, row.as_of, app.clock.today());
            let scope = invariants::Scope { offices, from, to, as_of, today };
            let found = invariants::check(txn, &app.reference, &scope).await?;
            if is_intact(txn, &row).await? && found.iter().all(invariants::Invariant::holds) {
                Ok(row)
            } else {
                Err(ReleaseError::NotReconciled)
            }
        })
        .await
}

/// Whether it is what was frozen and adds up.
async fn is_intact(db: &impl ConnectionTrait, row: &releases::Model) -> Result<bool, ReleaseError> {
    let content = load::content(db, row).await?;
    Ok(content.fingerprint() == row.hash && content.reconciles())
}
