use entity::ids::CaseId;

use super::{CaseError, store};
use crate::{
    app::App,
    staff::{Permission, Staff},
};

/// Finds a case of the officer's offices by the number that colleagues call it by.
pub async fn find_by_number(app: &App, staff: &Staff, number: &str) -> Result<CaseId, CaseError> {
    staff.must(Permission::ReadTips)?;
    let found = store::case_by_number(app.db.read(), &number.trim().to_uppercase()).await?;
    let mine = found.filter(|case| staff.may_in(case.office_id, Permission::ReadTips));
    mine.map(|case| case.id).ok_or(CaseError::NoSuchCase)
}
