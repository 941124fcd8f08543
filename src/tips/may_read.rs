use entity::ids::TipId;
use sea_orm::DbErr;

use super::{custody::sight, store};
use crate::{app::App, staff::Staff};

/// Whether an officer could open a tip. Opens nothing, so that nothing is put on record.
pub async fn may_read(app: &App, staff: &Staff, id: TipId) -> Result<bool, DbErr> {
    let db = app.db.read();
    let Some(tip) = store::tip(db, id).await? else { return Ok(false) };
    Ok(sight(db, staff, &tip).await?.is_some())
}
