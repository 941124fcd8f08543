//! What everybody may read: published releases, and nothing that is not in them.

use chrono::NaiveDate;
use entity::{enums::ReleaseState, ids::ReleaseId};

use super::{Head, Release, ReleaseError, Split, load, store};
use crate::{app::App, statistics::measures::Measure};

/// All published releases, the newest first.
pub async fn list(app: &App) -> Result<Vec<Head>, ReleaseError> {
    let rows = store::published(app.db.read()).await?;
    Ok(rows.into_iter().rev().map(load::head).collect::<Result<_, _>>()?)
}

/// A published release with all its tables; any other does not exist.
pub async fn read(app: &App, id: ReleaseId) -> Result<Release, ReleaseError> {
    app.db
        .snapshot(async |txn| {
            let found = load::release(txn, id).await?;
            found.filter(|release| release.head.state == ReleaseState::Published).ok_or(ReleaseError::NoSuchRelease)
        })
        .await
}

/// The newest published figure of exactly this period, told apart so; the total is there always.
pub async fn valuable_sources(
    app: &App,
    from: NaiveDate,
    to: NaiveDate,
    by: Split,
) -> Result<(Release, Vec<super::ReleasedCell>), ReleaseError> {
    app.db
        .snapshot(async |txn| {
            let rows = store::published_of(txn, Measure::ValuableSources.as_str(), from, to).await?;
            for row in rows {
                let head = load::head(row)?;
                if head.splits.contains(&by) {
                    let total = load::cells(txn, head.id, Some(Split::Total)).await?;
                    return Ok((load::whole(txn, head, Some(by)).await?, total));
                }
            }
            Err(ReleaseError::NoSuchRelease)
        })
        .await
}
