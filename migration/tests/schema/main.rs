//! The steps make the tables that the entities speak of, on SQLite and, where `TIPLINE_TEST_POSTGRES` names a cluster
//! in which databases may be made, on PostgreSQL too.

mod databases;
mod introspect;
mod rows;

use databases::on_each;
use entity::{audit_rows, enums::ValuationState, valuations};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IntoActiveModel, QueryResult, Set,
    Statement, TransactionTrait,
};

/// Steps that make no table: quarters adds rows, and what comes after it changes indexes, or how rows lie.
const WITHOUT_TABLE: usize = 7;

#[tokio::test]
async fn sums_by_quarters_are_made_of_those_by_half_months() {
    on_each("quarters", async |db| {
        let steps = Migrator::migrations();
        let before = steps.iter().position(|step| step.name() == "m074_quarters").unwrap();
        Migrator::up(db, Some(u32::try_from(before).unwrap())).await.unwrap();
        let id = match db.get_database_backend() {
            DbBackend::Postgres => "'00000000-0000-0000-0000-000000000001'",
            _ => "x'00000000000000000000000000000001'",
        };
        let halves = [("2023-01-01", 3, 10), ("2023-03-15", 4, 20), ("2023-04-01", 5, 40), ("2023-12-15", 1, 0)];
        for (effective, facts, amount) in halves {
            let row = format!("'total', 'yield', '{effective}', '{effective}', {id}, '', '', '', '', 'g', -1, 0");
            let sum = format!("INSERT INTO rollups VALUES ({row}, {facts}, {amount})");
            db.execute_unprepared(&sum).await.unwrap();
        }
        Migrator::up(db, None).await.unwrap();
        let sums = "SELECT CAST(effective AS text) AS day, facts, amount_milli FROM rollups
            WHERE slice = 'total/quarter' ORDER BY effective";
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sums)).await.unwrap();
        let told = |row: &QueryResult| {
            let day: String = row.try_get_by_index(0).unwrap();
            (day, row.try_get_by_index::<i64>(1).unwrap(), row.try_get_by_index::<i64>(2).unwrap())
        };
        let quarter = |day: &str, facts, amount| (day.to_owned(), facts, amount);
        let expected = [quarter("2023-01-01", 7, 30), quarter("2023-04-01", 5, 40), quarter("2023-10-01", 1, 0)];
        assert_eq!(rows.iter().map(told).collect::<Vec<_>>(), expected);
        Migrator::down(db, Some(u32::try_from(steps.len() - before).unwrap())).await.unwrap();
        assert_eq!(introspect::tables(db).await.len(), steps.len() - WITHOUT_TABLE);
        Migrator::down(db, None).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn steps_go_up_and_down_and_up_again() {
    on_each("steps", async |db| {
        let steps = Migrator::migrations().len();
        assert_eq!(Migrator::get_pending_migrations_read_only(db).await.unwrap().len(), steps);
        Migrator::up(db, None).await.unwrap();
        Migrator::status(db).await.unwrap();
        assert_eq!(introspect::tables(db).await.len(), steps - WITHOUT_TABLE);
        assert_eq!(Migrator::get_applied_migrations_read_only(db).await.unwrap().len(), steps);
        Migrator::down(db, Some(u32::try_from(WITHOUT_TABLE).unwrap() + 1)).await.unwrap();
        assert_eq!(introspect::tables(db).await.len(), steps - WITHOUT_TABLE - 1);
        Migrator::down(db, None).await.unwrap();
        assert_eq!(introspect::tables(db).await, Vec::<String>::new());
        Migrator::up(db, None).await.unwrap();
        assert_eq!(introspect::tables(db).await.len(), steps - WITHOUT_TABLE);
    })
    .await;
}

#[tokio::test]
async fn all_steps_go_up_or_none() {
    on_each("all_or_none", async |db| {
        let txn = db.begin().await.unwrap();
        Migrator::up(&txn, None).await.unwrap();
        txn.rollback().await.unwrap();
        assert_eq!(introspect::tables(db).await, Vec::<String>::new());
        let txn = db.begin().await.unwrap();
        Migrator::up(&txn, None).await.unwrap();
        txn.commit().await.unwrap();
        assert_eq!(introspect::tables(db).await.len(), Migrator::migrations().len() - WITHOUT_TABLE);
    })
    .await;
}

#[tokio::test]
async fn every_column_is_what_its_entity_says() {
    on_each("columns", async |db| {
        Migrator::up(db, None).await.unwrap();
        let mut told = vec![
            introspect::agree::<entity::audit_links::Entity>(db).await,
            introspect::agree::<entity::audit_pending::Entity>(db).await,
            introspect::agree::<entity::audit_rows::Entity>(db).await,
            introspect::agree::<entity::backups::Entity>(db).await,
            introspect::agree::<entity::case_holds::Entity>(db).await,
            introspect::agree::<entity::case_tips::Entity>(db).await,
            introspect::agree::<entity::case_wraps::Entity>(db).await,
            introspect::agree::<entity::cases::Entity>(db).await,
            introspect::agree::<entity::closures::Entity>(db).await,
            introspect::agree::<entity::escrows::Entity>(db).await,
            introspect::agree::<entity::facts::Entity>(db).await,
            introspect::agree::<entity::identities::Entity>(db).await,
            introspect::agree::<entity::identity_decisions::Entity>(db).await,
            introspect::agree::<entity::identity_quorums::Entity>(db).await,
            introspect::agree::<entity::identity_request_readers::Entity>(db).await,
            introspect::agree::<entity::identity_requests::Entity>(db).await,
            introspect::agree::<entity::identity_shares::Entity>(db).await,
            introspect::agree::<entity::job_claims::Entity>(db).await,
            introspect::agree::<entity::key_consents::Entity>(db).await,
            introspect::agree::<entity::key_links::Entity>(db).await,
            introspect::agree::<entity::messages::Entity>(db).await,
            introspect::agree::<entity::notes::Entity>(db).await,
            introspect::agree::<entity::office_areas::Entity>(db).await,
            introspect::agree::<entity::office_key_wraps::Entity>(db).await,
            introspect::agree::<entity::office_keys::Entity>(db).await,
            introspect::agree::<entity::officers::Entity>(db).await,
            introspect::agree::<entity::offices::Entity>(db).await,
            introspect::agree::<entity::outcomes::Entity>(db).await,
            introspect::agree::<entity::receipts::Entity>(db).await,
            introspect::agree::<entity::recovery_codes::Entity>(db).await,
            introspect::agree::<entity::reference_rows::Entity>(db).await,
            introspect::agree::<entity::release_cells::Entity>(db).await,
            introspect::agree::<entity::release_lines::Entity>(db).await,
            introspect::agree::<entity::releases::Entity>(db).await,
            introspect::agree::<entity::role_grants::Entity>(db).await,
            introspect::agree::<entity::rollups::Entity>(db).await,
            introspect::agree::<entity::saved_views::Entity>(db).await,
            introspect::agree::<entity::sessions::Entity>(db).await,
            introspect::agree::<entity::settings::Entity>(db).await,
            introspect::agree::<entity::tip_holds::Entity>(db).await,
            introspect::agree::<entity::tip_concerns::Entity>(db).await,
            introspect::agree::<entity::tip_readers::Entity>(db).await,
            introspect::agree::<entity::tip_shares::Entity>(db).await,
            introspect::agree::<entity::tip_wraps::Entity>(db).await,
            introspect::agree::<entity::tips::Entity>(db).await,
            introspect::agree::<entity::valuations::Entity>(db).await,
            introspect::agree::<entity::yields::Entity>(db).await,
        ];
        told.sort_unstable();
        assert_eq!(told, introspect::tables(db).await, "an entity or a table has no counterpart");
    })
    .await;
}

#[tokio::test]
async fn rows_come_back_as_they_were_written() {
    on_each("rows", async |db| {
        Migrator::up(db, None).await.unwrap();
        rows::write_and_read_back(db).await;
    })
    .await;
}

#[tokio::test]
async fn a_tip_has_one_living_valuation() {
    on_each("living", async |db| {
        Migrator::up(db, None).await.unwrap();
        let (office, officer) = rows::office_and_officer(db).await;
        let of = |n: u128| valuations::Model { id: rows::id(n), ..rows::valuation(office, officer) };
        valuations::Entity::insert(of(1).into_active_model()).exec(db).await.unwrap();
        assert!(valuations::Entity::insert(of(2).into_active_model()).exec(db).await.is_err());
        valuations::ActiveModel { id: Set(rows::id(1)), state: Set(ValuationState::Revoked), ..Default::default() }
            .update(db)
            .await
            .unwrap();
        valuations::Entity::insert(of(2).into_active_model()).exec(db).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn nobody_confirms_their_own_attestation() {
    on_each("two_officers", async |db| {
        Migrator::up(db, None).await.unwrap();
        let (office, officer) = rows::office_and_officer(db).await;
        let own = valuations::Model { confirmed_by: Some(officer), ..rows::valuation(office, officer) };
        assert!(valuations::Entity::insert(own.into_active_model()).exec(db).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_reporters_act_is_stored_without_its_time() {
    on_each("no_time", async |db| {
        Migrator::up(db, None).await.unwrap();
        let timed = audit_rows::Model { at: Some(rows::now()), ..rows::reporters_act() };
        assert!(audit_rows::Entity::insert(timed.into_active_model()).exec(db).await.is_err());
        audit_rows::Entity::insert(rows::reporters_act().into_active_model()).exec(db).await.unwrap();
        assert!(!audit_rows_are_counted(db).await, "a row id tells which act came first");
    })
    .await;
}

/// PostgreSQL has no row ids to ask for; in which order its pages were filled is not hidden by any table.
async fn audit_rows_are_counted(db: &DatabaseConnection) -> bool {
    db.get_database_backend() == DbBackend::Sqlite && introspect::runs(db, "SELECT rowid FROM audit_rows").await
}

#[tokio::test]
async fn sessions_stay_out_of_backups_and_replicas() {
    on_each("unlogged", async |db| {
        Migrator::up(db, None).await.unwrap();
        if db.get_database_backend() == DbBackend::Postgres {
            let sql = "SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u'";
            assert_eq!(introspect::names(db, sql).await, ["sessions"]);
        }
    })
    .await;
}
