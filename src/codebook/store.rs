//! Every query of this noun.

use entity::{reference_rows, settings};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};

use crate::reference::{DatedRow, ReferenceError, RowKind};

/// The setting that says which edition holds.
const EDITION: &str = "reference_edition";

pub async fn rows(db: &impl ConnectionTrait) -> Result<Vec<reference_rows::Model>, DbErr> {
    reference_rows::Entity::find().all(db).await
}

/// Of several nodes that start at once, the first one's rows stay.
pub async fn insert_missing(txn: &impl ConnectionTrait, rows: &[DatedRow]) -> Result<(), DbErr> {
    use reference_rows::Column as C;
    let once = OnConflict::columns([C::Kind, C::Key, C::ValidFrom]).do_nothing().to_owned();
    let rows = rows.iter().map(|row| stored(row).into_active_model().reset_all());
    reference_rows::Entity::insert_many(rows).on_conflict(once).exec_without_returning(txn).await.map(|_| ())
}

/// Stores a row in the place of one of the same key and first day.
pub async fn put(txn: &impl ConnectionTrait, row: &DatedRow) -> Result<(), DbErr> {
    use reference_rows::Column as C;
    let anew = OnConflict::columns([C::Kind, C::Key, C::ValidFrom]).update_columns([C::ValidTo, C::Body]).to_owned();
    let row = stored(row).into_active_model().reset_all();
    reference_rows::Entity::insert(row).on_conflict(anew).exec_without_returning(txn).await.map(|_| ())
}

pub async fn delete(txn: &impl ConnectionTrait, row: &DatedRow) -> Result<(), DbErr> {
    use reference_rows::Column as C;
    reference_rows::Entity::delete_many()
        .filter(C::Kind.eq(row.kind.as_str()))
        .filter(C::Key.eq(row.key.as_str()))
        .filter(C::ValidFrom.eq(row.valid_from))
        .exec(txn)
        .await
        .map(|_| ())
}

/// The edition that holds; none in a database that knows of no editions yet.
pub async fn edition(db: &impl ConnectionTrait) -> Result<Option<i32>, DbErr> {
    settings::Entity::find_by_id(EDITION.to_owned()).one(db).await?.map(number).transpose()
}

/// The edition that holds, and will until the transaction ends: of two who edit, the second one waits here.
pub async fn edition_to_change(txn: &impl ConnectionTrait) -> Result<Option<i32>, DbErr> {
    settings::Entity::find_by_id(EDITION.to_owned()).lock_exclusive().one(txn).await?.map(number).transpose()
}

/// Says that an edition holds from now on.
pub async fn put_edition(txn: &impl ConnectionTrait, edition: i32) -> Result<(), DbErr> {
    let anew = OnConflict::column(settings::Column::Key).update_column(settings::Column::Value).to_owned();
    insert_edition(txn, edition, anew).await
}

/// Counts editions from 1. Of several nodes that start at once, each says the same.
pub async fn begin_editions(txn: &impl ConnectionTrait) -> Result<(), DbErr> {
    insert_edition(txn, 1, OnConflict::column(settings::Column::Key).do_nothing().to_owned()).await
}

async fn insert_edition(txn: &impl ConnectionTrait, edition: i32, otherwise: OnConflict) -> Result<(), DbErr> {
    let row = settings::Model { key: EDITION.to_owned(), value: edition.to_string() };
    let row = row.into_active_model().reset_all();
    settings::Entity::insert(row).on_conflict(otherwise).exec_without_returning(txn).await.map(|_| ())
}

fn number(row: settings::Model) -> Result<i32, DbErr> {
    row.value.parse().map_err(|_| DbErr::Custom("the edition of the reference data is no number".into()))
}

fn stored(row: &DatedRow) -> reference_rows::Model {
    reference_rows::Model {
        kind: row.kind.as_str().to_owned(),
        key: row.key.clone(),
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        body: row.body.to_string(),
    }
}

/// A stored row as `reference` takes it.
pub fn read(row: reference_rows::Model) -> Result<DatedRow, ReferenceError> {
    let name = || format!("{} {} {}", row.kind, row.key, row.valid_from);
    let kind = RowKind::parse(&row.kind).ok_or_else(|| ReferenceError::Unreadable { row: name() })?;
    let body = serde_json::from_str(&row.body).map_err(|_| ReferenceError::Unreadable { row: name() })?;
    Ok(DatedRow { kind, key: row.key, valid_from: row.valid_from, valid_to: row.valid_to, body })
}
