use std::collections::HashMap;

use entity::{
    ids::{OfficeAreaId, OfficeId},
    office_areas, offices, reference_rows,
};
use sea_orm::{ConnectionTrait, DbErr, Set};
use vault::chance::Chance;

use super::store;
use crate::{
    app::StartError,
    platform::db::Db,
    reference::{self, DatedRow, OfficeSeed, Reference, ReferenceError, RowKind},
};

/// Loads the reference data: the database's, or at first start the shipped rows and offices.
pub async fn load_reference(db: &Db, chance: &Chance) -> Result<Reference, StartError> {
    let mut rows = store::reference_rows(db.read()).await?;
    if rows.is_empty() {
        let shipped = reference::shipped()?;
        // Refused before anything is stored, so that a bad file is mended in the file.
        Reference::build(shipped.clone())?;
        let offices = reference::offices()?;
        db.write(async |txn| -> Result<(), DbErr> {
            store::insert_reference_rows(txn, shipped.iter().map(stored).collect()).await?;
            if store::all_offices(txn).await?.is_empty() {
                load_offices(txn, chance, &offices).await?;
            }
            Ok(())
        })
        .await?;
        rows = store::reference_rows(db.read()).await?;
    }
    // Lists that came with a later version than the database did.
    let missing = |kind: RowKind| rows.iter().all(|row| row.kind != kind.as_str());
    let newer: Vec<DatedRow> = reference::shipped()?.into_iter().filter(|row| missing(row.kind)).collect();
    if !newer.is_empty() {
        db.write(async |txn| store::insert_missing_reference_rows(txn, newer.iter().map(stored).collect()).await)
            .await?;
        rows = store::reference_rows(db.read()).await?;
    }
    let rows = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Reference::build(rows)?)
}

fn stored(row: &DatedRow) -> reference_rows::ActiveModel {
    reference_rows::ActiveModel {
        kind: Set(row.kind.as_str().to_owned()),
        key: Set(row.key.clone()),
        valid_from: Set(row.valid_from),
        valid_to: Set(row.valid_to),
        body: Set(row.body.to_string()),
    }
}

fn read(row: reference_rows::Model) -> Result<DatedRow, ReferenceError> {
    let name = || format!("{} {} {}", row.kind, row.key, row.valid_from);
    let kind = RowKind::parse(&row.kind).ok_or_else(|| ReferenceError::Unreadable { row: name() })?;
    let body = serde_json::from_str(&row.body).map_err(|_| ReferenceError::Unreadable { row: name() })?;
    Ok(DatedRow { kind, key: row.key, valid_from: row.valid_from, valid_to: row.valid_to, body })
}

/// Stores offices and the areas that they cover; parents must come before their children.
pub async fn load_offices(txn: &impl ConnectionTrait, chance: &Chance, seeds: &[OfficeSeed]) -> Result<(), DbErr> {
    let mut ids: HashMap<&str, OfficeId> = HashMap::new();
    for seed in seeds {
        let id = OfficeId::from(chance.uuid());
        ids.insert(&seed.code, id);
        let row = offices::ActiveModel {
            id: Set(id),
            code: Set(seed.code.clone()),
            kind: Set(seed.kind.as_str().to_owned()),
            name_vi: Set(seed.name.vi.clone()),
            name_en: Set(seed.name.en.clone()),
            parent_id: Set(seed.parent.as_deref().and_then(|parent| ids.get(parent).copied())),
            is_intake: Set(seed.intake),
            valid_from: Set(seed.valid_from),
            valid_to: Set(seed.valid_to),
        };
        store::insert_office(txn, row).await?;
        for area in &seed.areas {
            let row = office_areas::ActiveModel {
                id: Set(OfficeAreaId::from(chance.uuid())),
                office_id: Set(id),
                unit_code: Set(area.unit.clone()),
                valid_from: Set(area.valid_from),
                valid_to: Set(area.valid_to),
            };
            store::insert_area(txn, row).await?;
        }
    }
    Ok(())
}
