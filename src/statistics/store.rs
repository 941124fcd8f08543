//! The one query of this noun.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{ids::OfficeId, valuations};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};

/// What is counted.
#[derive(Clone, Debug)]
pub struct Scope {
    pub offices: Vec<OfficeId>,
    pub rule: i32,
    /// First and last day of the decisions, both inclusive.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// As it stood then.
    pub at: DateTime<Utc>,
}

/// Sources that are alike in all that a count is told apart by.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Tally {
    pub decided_on: NaiveDate,
    pub unit_code: Option<String>,
    pub unit_valid_from: Option<NaiveDate>,
    pub category: String,
    pub channel: String,
    pub total: i64,
}

/// Counts by plain columns only: what a year is and which unit is which is worked out in Rust, alike on every
/// database.
pub async fn tally(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Tally>, DbErr> {
    use valuations::Column as C;
    let not_revoked = Condition::any().add(C::RevokedAt.is_null()).add(C::RevokedAt.gt(scope.at));
    let alike = [C::DecidedOn, C::UnitCode, C::UnitValidFrom, C::Category, C::Channel];
    let mut rows = valuations::Entity::find()
        .select_only()
        .columns(alike)
        .column_as(C::Id.count(), "total")
        .filter(C::OfficeId.is_in(scope.offices.iter().copied()))
        .filter(C::DecidedOn.gte(scope.from))
        .filter(C::DecidedOn.lte(scope.to))
        .filter(C::Rule.eq(scope.rule))
        .filter(C::ConfirmedAt.lte(scope.at))
        .filter(not_revoked);
    for column in alike {
        rows = rows.group_by(column);
    }
    rows.into_model().all(db).await
}
