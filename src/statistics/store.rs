//! The one query of this noun.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{ids::OfficeId, valuations};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

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

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use entity::enums::ValuationState;
    use migration::{Migrator, MigratorTrait};
    use sea_orm::{ActiveModelTrait, ConnectOptions, Database, DatabaseConnection, IntoActiveModel};
    use uuid::Uuid;
    use vault::chance::Chance;

    use super::*;
    use crate::statistics::recount;

    /// A database without offices and officers: this query asks for neither.
    async fn empty() -> DatabaseConnection {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let db = Database::connect(options).await.unwrap();
        Migrator::up(&db, None).await.unwrap();
        db.execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
        db
    }

    /// Draws from few days, instants and offices, so that many facts lie exactly on a boundary.
    fn fact(chance: &Chance, middle: DateTime<Utc>) -> valuations::Model {
        let [state, confirmed, revoked, day, office, unit, category, rule]: [u8; 8] = chance.bytes();
        // Seconds, milliseconds and microseconds are spelled at different lengths.
        let steps = [-1_000_000, -1_000, -1, 0, 1, 1_000, 1_000_000].map(Duration::microseconds);
        let instant = |draw: u8| middle + steps[usize::from(draw) % steps.len()];
        let id = |number: u128| Uuid::from_u128(number);
        let (confirmed_at, revoked_at, state) = match state % 4 {
            0 => (None, None, ValuationState::Attested),
            1 => (None, Some(instant(revoked)), ValuationState::Revoked),
            2 => (Some(instant(confirmed)), None, ValuationState::Confirmed),
            _ => (Some(instant(confirmed)), Some(instant(revoked)), ValuationState::Revoked),
        };
        valuations::Model {
            id: chance.uuid().into(),
            tip_id: chance.uuid().into(),
            outcome_id: chance.uuid().into(),
            office_id: id(u128::from(office % 3)).into(),
            state,
            rule: if rule % 8 == 0 { 2 } else { 1 },
            attested_by: id(100).into(),
            attested_at: middle,
            attest_sealed: Vec::new(),
            confirmed_by: confirmed_at.map(|_| id(101).into()),
            confirmed_at,
            revoked_by: revoked_at.map(|_| id(101).into()),
            revoked_at,
            revoke_sealed: None,
            decided_on: middle.date_naive() + Duration::days(i64::from(day % 5) - 2),
            unit_code: (unit % 2 == 0).then(|| "15016".to_owned()),
            unit_valid_from: (unit % 2 == 0).then(|| "2019-12-01".parse().unwrap()),
            category: ["ma_tuy", "khac"][usize::from(category % 2)].to_owned(),
            channel: "web".to_owned(),
            identified: false,
        }
    }

    async fn insert(db: &DatabaseConnection, facts: &[valuations::Model]) {
        let rows = facts.iter().cloned().map(|fact| fact.into_active_model().reset_all());
        valuations::Entity::insert_many(rows).exec(db).await.unwrap();
    }

    #[tokio::test]
    async fn the_database_counts_what_counting_line_by_line_does() {
        let (db, chance) = (empty().await, Chance::seeded(7));
        let middle: DateTime<Utc> = "2023-06-15T08:00:00Z".parse().unwrap();
        let facts: Vec<_> = (0..600).map(|_| fact(&chance, middle)).collect();
        insert(&db, &facts).await;
        let offices = [vec![], vec![Uuid::from_u128(0).into()], (0..3).map(|n| Uuid::from_u128(n).into()).collect()];
        for (reach, offices) in offices.into_iter().enumerate() {
            for micros in [-1_000_001, -1_000, -1, 0, 1, 999, 1_000_000] {
                for (first, last) in [(-2, 2), (0, 0), (-1, 1), (1, -1)] {
                    let day = |days| middle.date_naive() + Duration::days(days);
                    let scope = Scope {
                        offices: offices.clone(),
                        rule: 1,
                        from: day(first),
                        to: day(last),
                        at: middle + Duration::microseconds(micros),
                    };
                    let tallies = tally(&db, &scope).await.unwrap();
                    let counted = usize::try_from(tallies.iter().map(|tally| tally.total).sum::<i64>()).unwrap();
                    assert_eq!(counted, recount(&facts, &scope).len(), "{reach} {micros} {first} {last}");
                }
            }
        }
    }
}
