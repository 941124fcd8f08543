use entity::{enums::ReleaseState, ids::ReleaseId, releases};
use sea_orm::Set;

use super::{Release, ReleaseError, check::find_others, load, state::Event, store};
use crate::{
    app::App,
    audit::{self, Object},
    staff::Staff,
};

/// Shows a checked release to everybody, for good.
///
/// Only if it was protected beside all that is public now: after another one it has to be prepared again.
pub async fn publish(app: &App, staff: &Staff, id: ReleaseId) -> Result<Release, ReleaseError> {
    let row = find_others(app, staff, id, Event::Publish).await?;
    let changes = releases::ActiveModel {
        state: Set(ReleaseState::Published),
        published_by: Set(Some(staff.id)),
        published_on: Set(Some(app.clock.today())),
        number: Set(Some(row.basis.saturating_add(1))),
        ..Default::default()
    };
    let published = app
        .db
        .write(async |txn| {
            if store::count_published(txn).await? != row.basis {
                return Err(ReleaseError::Outdated);
            }
            if !store::update_if_state(txn, id, row.state, changes).await? {
                return Err(ReleaseError::ConcurrentChange);
            }
            audit::record_frozen(txn, app, staff, "ReleasePublished", Object::Release(id), &row.hash).await?;
            load::release(txn, id).await?.ok_or(ReleaseError::NoSuchRelease)
        })
        .await;
    match published {
        // Another node published at the same moment, and took the number.
        Err(ReleaseError::Store(error)) if store::is_taken(&error) => Err(ReleaseError::Outdated),
        other => other,
    }
}
