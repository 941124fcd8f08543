use entity::ids::TipId;

use super::{MoveError, store};
use crate::{
    app::App,
    platform::fault::Code,
    staff::{Permission, Staff},
};

/// Finds a tip of the officer's offices by the number that colleagues call it by. `field`: where the number was typed.
pub async fn find_by_number(app: &App, staff: &Staff, number: &str, field: &'static str) -> Result<TipId, MoveError> {
    staff.must(Permission::ReadTips)?;
    let found = store::tip_by_number(app.db.read(), &number.trim().to_uppercase()).await?;
    let mine = found.filter(|tip| staff.may_in(tip.office_id, Permission::ReadTips));
    mine.map(|tip| tip.id).ok_or_else(|| MoveError::field(field, Code::NoSuchTip))
}
