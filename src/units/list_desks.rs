use super::{OfficeRow, list_offices::rows};
use crate::{
    app::App,
    reference::holds_on,
    staff::{Staff, StaffError},
};

/// Lists the offices of today: a tip may have to go to any of them, and acts name them.
///
/// What an office holds and who works there is not told; that it has a key says that a tip can be sealed to it.
pub async fn list_desks(app: &App, staff: &Staff) -> Result<Vec<OfficeRow>, StaffError> {
    staff.must_be_ready()?;
    let today = app.clock.today();
    let offices = rows(app).await?.into_iter();
    Ok(offices.filter(|row| holds_on(row.valid_from, row.valid_to, today)).collect())
}
