use entity::{ids::OfficeId, offices};
use sea_orm::Set;

use super::{OfficeError, Scope, change_office::open_office, must_administer_all, office_draft::is_open, store};
use crate::{
    app::App,
    audit::{self, Object},
    cases,
    staff::Staff,
    tips::{self, Edit},
};

/// Closes an office: from now on nothing is sent to it, and it answers for no place.
///
/// Refused while it has open tips or cases, which somebody waits for, or offices beneath it, whose oversight it is; and
/// for the intake desk. Its members keep their keys: what was closed there can be read as long as it is kept, and one
/// of them must be there who can open it.
pub async fn close_office(app: &App, staff: &Staff, seen: Edit, id: OfficeId) -> Result<(), OfficeError> {
    let intake = must_administer_all(app, staff).await?;
    let today = app.clock.today();
    app.db
        .write(async |txn| {
            store::office_to_change(txn, intake).await?;
            // From here on no tip is stored for it: those under way wait, and then find it closed.
            let (office, areas) = open_office(txn, seen, id, today).await?;
            if office.is_intake {
                return Err(OfficeError::Intake);
            }
            let beneath = |other: &offices::Model| other.parent_id == Some(id) && is_open(other, today);
            if store::all_offices(txn).await?.iter().any(beneath) {
                return Err(OfficeError::Beneath);
            }
            if tips::store::has_open(txn, id).await? || cases::store::has_open(txn, id).await? {
                return Err(OfficeError::OpenWork);
            }
            for area in &areas {
                store::end_area(txn, area, today).await?;
            }
            // Yesterday was its last day; of one that was made today there was none.
            let row = offices::ActiveModel { id: Set(id), valid_to: Set(today.pred_opt()), ..Default::default() };
            store::update_office(txn, row).await?;
            store::delete_closure(txn, &Scope::Office(id).key()).await?;
            audit::record_officer(txn, app, staff, Some(intake), "OfficeClosed", Object::Office(id)).await?;
            Ok(())
        })
        .await
}
