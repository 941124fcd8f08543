use entity::ids::ReleaseId;

use super::{
    Release, ReleaseError,
    authority::must_speak_for_all,
    freeze::{Plan, freeze},
    load,
    state::{self, Event},
    store,
};
use crate::{
    app::App,
    disclosure::Span,
    staff::{Permission, Staff},
};

/// Prepares a release of the same tables as it stands today. The published one stays as it is; the new one tells what
/// is different, and passes a second officer as any other.
pub async fn revise(app: &App, staff: &Staff, id: ReleaseId) -> Result<Release, ReleaseError> {
    staff.must(Permission::Investigate)?;
    must_speak_for_all(app.db.read(), staff, Permission::Investigate).await?;
    let row = store::release(app.db.read(), id).await?.ok_or(ReleaseError::NoSuchRelease)?;
    let head = load::head(row)?;
    state::next(head.state, Event::Revise)?;
    let plan = Plan {
        period: Span { from: head.from, to: head.to },
        splits: head.splits,
        as_of: app.clock.today(),
        revises: Some(id),
    };
    freeze(app, staff, plan).await
}
