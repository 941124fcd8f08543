//! Every query of this noun but the count, which is of `statistics`.

use entity::{
    enums::ValuationState,
    ids::{OfficerId, OutcomeId, TipId, ValuationId},
    valuations,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Select, Set,
};

pub async fn valuation(db: &impl ConnectionTrait, id: ValuationId) -> Result<Option<valuations::Model>, DbErr> {
    valuations::Entity::find_by_id(id).one(db).await
}

/// The one of a tip that is not revoked; the schema allows no second.
pub async fn live_of_tip(db: &impl ConnectionTrait, tip: TipId) -> Result<Option<valuations::Model>, DbErr> {
    valuations::Entity::find()
        .filter(valuations::Column::TipId.eq(tip))
        .filter(valuations::Column::State.ne(ValuationState::Revoked))
        .one(db)
        .await
}

/// All of a tip, revoked ones too, oldest first.
pub async fn of_tip(db: &impl ConnectionTrait, tip: TipId) -> Result<Vec<valuations::Model>, DbErr> {
    oldest_first(valuations::Entity::find().filter(valuations::Column::TipId.eq(tip))).all(db).await
}

/// All that rest on some outcomes, revoked ones too, oldest first.
pub async fn of_outcomes(db: &impl ConnectionTrait, outcomes: Vec<OutcomeId>) -> Result<Vec<valuations::Model>, DbErr> {
    oldest_first(valuations::Entity::find().filter(valuations::Column::OutcomeId.is_in(outcomes))).all(db).await
}

fn oldest_first(rows: Select<valuations::Entity>) -> Select<valuations::Entity> {
    rows.order_by_asc(valuations::Column::AttestedAt).order_by_asc(valuations::Column::Id)
}

pub async fn insert(txn: &impl ConnectionTrait, row: valuations::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

/// Changes a valuation if it is still in the state that was read.
pub async fn update_if_state(
    txn: &impl ConnectionTrait,
    id: ValuationId,
    state: ValuationState,
    changes: valuations::ActiveModel,
) -> Result<bool, DbErr> {
    let done = valuations::Entity::update_many()
        .set(changes)
        .filter(valuations::Column::Id.eq(id))
        .filter(valuations::Column::State.eq(state))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Puts what is noted with a valuation under another key of its tip.
pub async fn set_sealed(
    txn: &impl ConnectionTrait,
    id: ValuationId,
    attest: Vec<u8>,
    revoke: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    let changed = valuations::ActiveModel {
        id: Set(id),
        attest_sealed: Set(attest),
        revoke_sealed: Set(revoke),
        ..Default::default()
    };
    changed.update(txn).await.map(|_| ())
}

/// The officers that a valuation speaks of.
pub(crate) fn officers_of(fact: &valuations::Model) -> impl Iterator<Item = OfficerId> {
    std::iter::once(fact.attested_by).chain(fact.confirmed_by).chain(fact.revoked_by)
}
