use entity::ids::OfficeId;

use super::store;
use crate::{
    app::App,
    staff::{Permission, Refused, Staff, StaffError},
};

/// Asks for the right to administer what is the deployment's as a whole, such as its categories and its offices: the
/// administrators of the intake desk have it. Gives that desk, under which such acts stand on the record.
pub async fn must_administer_all(app: &App, staff: &Staff) -> Result<OfficeId, StaffError> {
    staff.must(Permission::Administer)?;
    // Without an intake desk there is nobody.
    let intake = store::intake_desk(app.db.read()).await?.ok_or(Refused::Forbidden)?;
    staff.must_in(intake.id, Permission::Administer)?;
    Ok(intake.id)
}
