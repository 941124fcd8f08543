use entity::ids::OfficeId;

use super::{OfficeError, OfficeRow, list_offices, office_draft::version_of, store};
use crate::{app::App, reference::holds_on, staff::Staff};

/// An office with the places that it answers for today, and the version that an edit of it must have seen.
pub struct OfficeView {
    pub office: OfficeRow,
    pub areas: Vec<String>,
    pub version: i32,
}

/// Shows one of the officer's own offices; an administrator sees each.
pub async fn read_office(app: &App, staff: &Staff, id: OfficeId) -> Result<OfficeView, OfficeError> {
    let offices = list_offices(app, staff).await?;
    let office = offices.into_iter().find(|office| office.id == id).ok_or(OfficeError::NoSuchOffice)?;
    let row = store::office(app.db.read(), id).await?.ok_or(OfficeError::NoSuchOffice)?;
    let (all, today) = (store::areas_of(app.db.read(), id).await?, app.clock.today());
    let version = version_of(&row, &all);
    let held = all.into_iter().filter(|area| holds_on(area.valid_from, area.valid_to, today));
    let mut areas: Vec<String> = held.map(|area| area.unit_code).collect();
    areas.sort_unstable();
    Ok(OfficeView { office, areas, version })
}
