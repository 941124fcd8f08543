use std::sync::Arc;

use entity::reference_rows;
use sea_orm::DbErr;
use vault::chance::Chance;

use super::store;
use crate::{
    app::StartError,
    platform::db::Db,
    reference::{self, DatedRow, Edition, Reference, ReferenceError, RowKind},
    units,
};

/// Loads the reference data: the database's, or at first start the shipped rows and offices.
pub async fn load_reference(db: &Db, chance: &Chance) -> Result<Edition, StartError> {
    let rows = store::rows(db.read()).await?;
    let shipped = reference::shipped()?;
    if rows.is_empty() {
        // Refused before anything is stored, so that a bad file is mended in the file.
        Reference::build(shipped.clone())?;
        let offices = reference::offices()?;
        db.write(async |txn| -> Result<(), DbErr> {
            store::insert_missing(txn, &shipped).await?;
            if units::store::all_offices(txn).await?.is_empty() {
                units::load_offices(txn, chance, &offices).await?;
            }
            Ok(())
        })
        .await?;
    } else {
        // Lists that came with a later version than the database did.
        let missing = |kind: RowKind| rows.iter().all(|row| row.kind != kind.as_str());
        let newer: Vec<DatedRow> = shipped.into_iter().filter(|row| missing(row.kind)).collect();
        if !newer.is_empty() {
            db.write(async |txn| store::insert_missing(txn, &newer).await).await?;
        }
    }
    if store::edition(db.read()).await?.is_none() {
        db.write(async |txn| store::begin_editions(txn).await).await?;
    }
    let (number, rows) = read_edition(db).await?;
    Ok(build(number, rows)?)
}

/// The rows and the number of their edition, which belong together.
pub(super) async fn read_edition(db: &Db) -> Result<(i32, Vec<reference_rows::Model>), DbErr> {
    db.snapshot(async |txn| {
        let number = store::edition(txn).await?.unwrap_or_default();
        Ok((number, store::rows(txn).await?))
    })
    .await
}

pub(super) fn build(number: i32, rows: Vec<reference_rows::Model>) -> Result<Edition, ReferenceError> {
    let rows = rows.into_iter().map(store::read).collect::<Result<Vec<_>, _>>()?;
    Ok(Edition { number, reference: Arc::new(Reference::build(rows)?) })
}
