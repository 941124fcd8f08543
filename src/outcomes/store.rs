//! Every query of this noun.

use entity::{
    ids::{CaseId, OutcomeId},
    outcomes, yields,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

pub async fn outcome(db: &impl ConnectionTrait, id: OutcomeId) -> Result<Option<outcomes::Model>, DbErr> {
    outcomes::Entity::find_by_id(id).one(db).await
}

/// The outcomes of a case in the order of their decisions.
pub async fn of_case(db: &impl ConnectionTrait, case: CaseId) -> Result<Vec<outcomes::Model>, DbErr> {
    outcomes::Entity::find()
        .filter(outcomes::Column::CaseId.eq(case))
        .order_by_asc(outcomes::Column::DecidedOn)
        .order_by_asc(outcomes::Column::RecordedAt)
        .order_by_asc(outcomes::Column::Id)
        .all(db)
        .await
}

pub async fn yields_of(db: &impl ConnectionTrait, outcome: OutcomeId) -> Result<Vec<yields::Model>, DbErr> {
    yields_of_outcomes(db, vec![outcome]).await
}

/// What some outcomes brought in, by kind.
pub async fn yields_of_outcomes(
    db: &impl ConnectionTrait,
    outcomes: Vec<OutcomeId>,
) -> Result<Vec<yields::Model>, DbErr> {
    yields::Entity::find()
        .filter(yields::Column::OutcomeId.is_in(outcomes))
        .order_by_asc(yields::Column::Kind)
        .order_by_asc(yields::Column::Id)
        .all(db)
        .await
}

/// Stores an outcome with what it brought in.
pub async fn insert(
    txn: &impl ConnectionTrait,
    row: outcomes::ActiveModel,
    yields: Vec<yields::ActiveModel>,
) -> Result<(), DbErr> {
    row.insert(txn).await?;
    if yields.is_empty() {
        return Ok(());
    }
    yields::Entity::insert_many(yields).exec(txn).await.map(|_| ())
}
