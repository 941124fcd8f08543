use entity::ids::TipId;
use sea_orm::DbErr;

use super::store;
use crate::{
    app::App,
    staff::{Permission, Staff},
};

/// Whether an officer could open a tip. Opens nothing, so that nothing is put on record.
pub async fn may_read(app: &App, staff: &Staff, id: TipId) -> Result<bool, DbErr> {
    let tip = store::tip(app.db.read(), id).await?;
    Ok(tip.is_some_and(|tip| staff.may_in(tip.office_id, Permission::ReadTips)))
}
