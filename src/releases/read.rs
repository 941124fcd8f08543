use entity::ids::ReleaseId;

use super::{Head, Release, ReleaseError, load, store};
use crate::{
    app::App,
    audit::{self, Object},
    staff::{Permission, Staff},
};

/// How many are listed. A line that publishes every month gets there in sixteen years.
const LISTED: u64 = 200;

/// Releases of every state, the newest first.
pub async fn list_releases(app: &App, staff: &Staff) -> Result<Vec<Head>, ReleaseError> {
    staff.must(Permission::Count)?;
    let rows = store::newest(app.db.read(), LISTED).await?;
    Ok(rows.into_iter().map(load::head).collect::<Result<_, _>>()?)
}

/// A release of any state, as it is or would be published: what is withheld from everybody is withheld here too, and
/// who may see it looks at the figures themselves.
pub async fn read_release(app: &App, staff: &Staff, id: ReleaseId) -> Result<Release, ReleaseError> {
    staff.must(Permission::Count)?;
    let found = app.db.snapshot(async |txn| load::release(txn, id).await?.ok_or(ReleaseError::NoSuchRelease)).await?;
    let object = Object::Release(id);
    app.db.write(async |txn| audit::record_officer(txn, app, staff, None, "ReleaseRead", object).await).await?;
    Ok(found)
}
