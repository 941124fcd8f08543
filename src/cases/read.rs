use entity::ids::CaseId;

use super::{CaseError, CaseView, access::open_for, store, view::Parts};
use crate::{
    app::App,
    audit::{self, Object},
    staff::{Permission, Staff},
};

/// Opens a case for an officer: its title, its tips by number, what came of it. Each reading is on record before a
/// word is shown; the tips' own words are read tip by tip.
pub async fn read(app: &App, staff: &Staff, id: CaseId) -> Result<CaseView, CaseError> {
    let opened = open_for(app, staff, id, Permission::ReadTips).await?;
    let office = Some(opened.office);
    app.db
        .write(async |txn| audit::record_officer(txn, app, staff, office, "CaseRead", Object::Case(id)).await)
        .await?;
    app.db
        .snapshot(async |txn| {
            let case = store::case(txn, id).await?.ok_or(CaseError::NoSuchCase)?;
            let parts = Parts::load(txn, staff, &case, &opened.key).await?;
            Ok(CaseView::open(staff, case, &opened.key, parts)?)
        })
        .await
}
