//! Every query of this noun.

use chrono::NaiveDate;
use entity::{enums::ReleaseState, ids::ReleaseId, release_cells, release_lines, releases};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

/// Rows of one statement; a database takes some thirty thousand values at once.
const AT_ONCE: usize = 1000;

pub async fn insert(txn: &impl ConnectionTrait, row: releases::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

pub async fn insert_cells(txn: &impl ConnectionTrait, rows: Vec<release_cells::ActiveModel>) -> Result<(), DbErr> {
    for part in rows.chunks(AT_ONCE) {
        release_cells::Entity::insert_many(part.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}

pub async fn insert_lines(txn: &impl ConnectionTrait, rows: Vec<release_lines::ActiveModel>) -> Result<(), DbErr> {
    for part in rows.chunks(AT_ONCE) {
        release_lines::Entity::insert_many(part.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}

pub async fn release(db: &impl ConnectionTrait, id: ReleaseId) -> Result<Option<releases::Model>, DbErr> {
    releases::Entity::find_by_id(id).one(db).await
}

/// Of one table or of all, in the order in which to show them.
pub async fn cells(
    db: &impl ConnectionTrait,
    id: ReleaseId,
    in_table: Option<&str>,
) -> Result<Vec<release_cells::Model>, DbErr> {
    let mut cells = release_cells::Entity::find().filter(release_cells::Column::ReleaseId.eq(id));
    if let Some(table) = in_table {
        cells = cells.filter(release_cells::Column::InTable.eq(table));
    }
    cells.order_by_asc(release_cells::Column::Place).all(db).await
}

pub async fn lines(db: &impl ConnectionTrait, id: ReleaseId) -> Result<Vec<release_lines::Model>, DbErr> {
    release_lines::Entity::find().filter(release_lines::Column::ReleaseId.eq(id)).all(db).await
}

/// The newest of all states first.
pub async fn newest(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<releases::Model>, DbErr> {
    let all = releases::Entity::find().order_by_desc(releases::Column::PreparedAt);
    all.order_by_asc(releases::Column::Id).limit(limit).all(db).await
}

/// All that the public can see, in the order in which it came to see them.
pub async fn published(db: &impl ConnectionTrait) -> Result<Vec<releases::Model>, DbErr> {
    let published = releases::Entity::find().filter(releases::Column::State.eq(ReleaseState::Published));
    published.order_by_asc(releases::Column::Number).all(db).await
}

/// The newest published ones of exactly this period first.
pub async fn published_of(
    db: &impl ConnectionTrait,
    measure: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<releases::Model>, DbErr> {
    releases::Entity::find()
        .filter(releases::Column::State.eq(ReleaseState::Published))
        .filter(releases::Column::FromDay.eq(from))
        .filter(releases::Column::ToDay.eq(to))
        .filter(releases::Column::Measure.eq(measure))
        .order_by_desc(releases::Column::Number)
        .all(db)
        .await
}

pub async fn count_published(db: &impl ConnectionTrait) -> Result<i32, DbErr> {
    let published = releases::Entity::find().filter(releases::Column::State.eq(ReleaseState::Published));
    Ok(i32::try_from(published.count(db).await?).unwrap_or(i32::MAX))
}

/// Changes a release if it is still in the state that was read.
pub async fn update_if_state(
    txn: &impl ConnectionTrait,
    id: ReleaseId,
    state: ReleaseState,
    changes: releases::ActiveModel,
) -> Result<bool, DbErr> {
    let done = releases::Entity::update_many()
        .set(changes)
        .filter(releases::Column::Id.eq(id))
        .filter(releases::Column::State.eq(state))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Two nodes published at once, and the other was first.
pub fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}
