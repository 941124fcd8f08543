use super::{OfficeRow, list_offices::rows};
use crate::{
    app::App,
    staff::{Staff, StaffError},
};

/// Lists the offices of today: a tip may have to go to any of them, and acts name them.
///
/// What an office holds and who works there is not told; that it has a key says that a tip can be sealed to it.
pub async fn list_desks(app: &App, staff: &Staff) -> Result<Vec<OfficeRow>, StaffError> {
    staff.must_be_ready()?;
    let today = app.clock.today();
    let offices = rows(app).await?.into_iter();
    Ok(offices.filter(|row| row.valid_from <= today && row.valid_to.is_none_or(|last| today <= last)).collect())
}
