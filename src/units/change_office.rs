use chrono::NaiveDate;
use entity::{
    ids::{OfficeAreaId, OfficeId},
    office_areas, offices,
};
use sea_orm::{ConnectionTrait, DbErr, Set};

use super::{
    OfficeDraft, OfficeError, must_administer_all,
    office_draft::{is_open, version_of},
    store,
};
use crate::{
    app::App,
    audit::{self, Object},
    platform::fault::Faults,
    reference::holds_on,
    staff::Staff,
    tips::Edit,
};

/// Changes what an office is called, what stands above it and which places it answers for, from now on.
///
/// Names and places in the tree have no days: an office is the same one under a new name, and so are its old tips'. Its
/// areas have: what came in before today was sent by the former ones. Tips that it has stay with it.
pub async fn change_office(
    app: &App,
    staff: &Staff,
    seen: Edit,
    id: OfficeId,
    draft: OfficeDraft,
) -> Result<(), OfficeError> {
    let intake = must_administer_all(app, staff).await?;
    let (draft, today) = (draft.tidy(), app.clock.today());
    app.db
        .write(async |txn| {
            // The tree is changed by one at a time: of two moves, neither may put the other's office beneath its own.
            store::office_to_change(txn, intake).await?;
            let (office, areas) = open_office(txn, seen, id, today).await?;
            let mut faults = Faults::default();
            draft.check(txn, app, Some(&office), &mut faults).await?;
            faults.into_result().map_err(OfficeError::Fields)?;
            let row = offices::ActiveModel {
                id: Set(id),
                kind: Set(draft.kind.clone()),
                name_vi: Set(draft.name_vi.clone()),
                name_en: Set(draft.name_en.clone()),
                parent_id: Set(draft.parent),
                ..Default::default()
            };
            store::update_office(txn, row).await?;
            answer_for(txn, app, (id, areas.as_slice()), &draft.areas, today).await?;
            audit::record_officer(txn, app, staff, Some(intake), "OfficeChanged", Object::Office(id)).await?;
            Ok(())
        })
        .await
}

/// An office that is open and as it was seen, kept from others until the transaction ends; and its areas.
pub(super) async fn open_office(
    txn: &impl ConnectionTrait,
    seen: Edit,
    id: OfficeId,
    today: NaiveDate,
) -> Result<(offices::Model, Vec<office_areas::Model>), OfficeError> {
    let office = store::office_to_change(txn, id).await?.ok_or(OfficeError::NoSuchOffice)?;
    let areas = store::areas_of(txn, id).await?;
    if seen.is_some_and(|seen| seen != version_of(&office, &areas)) {
        return Err(OfficeError::Stale);
    }
    if !is_open(&office, today) {
        return Err(OfficeError::Closed);
    }
    Ok((office, areas))
}

/// Lets an office answer for some places, and for no others, from today on. What is to come later stays.
pub(super) async fn answer_for(
    txn: &impl ConnectionTrait,
    app: &App,
    (office, areas): (OfficeId, &[office_areas::Model]),
    units: &[String],
    today: NaiveDate,
) -> Result<(), DbErr> {
    let holds = |area: &&office_areas::Model| holds_on(area.valid_from, area.valid_to, today);
    for area in areas.iter().filter(holds).filter(|area| !units.contains(&area.unit_code)) {
        store::end_area(txn, area, today).await?;
    }
    let covered = |unit: &&String| areas.iter().filter(holds).any(|area| area.unit_code == **unit);
    for unit in units.iter().filter(|unit| !covered(unit)) {
        let area = office_areas::ActiveModel {
            id: Set(OfficeAreaId::from(app.chance.uuid())),
            office_id: Set(office),
            unit_code: Set(unit.clone()),
            valid_from: Set(today),
            valid_to: Set(None),
        };
        store::insert_area(txn, area).await?;
    }
    Ok(())
}
