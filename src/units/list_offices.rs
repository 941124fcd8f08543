use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{ids::OfficeId, offices};
use sea_orm::DbErr;

use super::store;
use crate::{
    app::App,
    reference::Label,
    staff::{Permission, Staff, StaffError},
};

/// An office as its members and administrators see it.
pub struct OfficeRow {
    pub id: OfficeId,
    pub code: String,
    pub kind: String,
    pub name: Label,
    pub parent: Option<OfficeId>,
    pub is_intake: bool,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    /// It has a key, so that tips can be sealed to it.
    pub holds_key: bool,
}

/// Lists the officer's own offices; an administrator sees all, to know what is there to be staffed.
pub async fn list_offices(app: &App, staff: &Staff) -> Result<Vec<OfficeRow>, StaffError> {
    staff.must_be_ready()?;
    let all = staff.must(Permission::Administer).is_ok();
    let own = |office: &OfficeRow| all || staff.grants.iter().any(|(held, _)| *held == office.id);
    Ok(rows(app).await?.into_iter().filter(own).collect())
}

/// All offices by code.
pub(super) async fn rows(app: &App) -> Result<Vec<OfficeRow>, DbErr> {
    let keyed: HashSet<OfficeId> = store::offices_with_key(app.db.read()).await?.into_iter().collect();
    let offices = store::all_offices(app.db.read()).await?;
    Ok(offices.into_iter().map(|office| row(office, &keyed)).collect())
}

fn row(office: offices::Model, keyed: &HashSet<OfficeId>) -> OfficeRow {
    OfficeRow {
        holds_key: keyed.contains(&office.id),
        id: office.id,
        code: office.code,
        kind: office.kind,
        name: Label { vi: office.name_vi, en: office.name_en },
        parent: office.parent_id,
        is_intake: office.is_intake,
        valid_from: office.valid_from,
        valid_to: office.valid_to,
    }
}
