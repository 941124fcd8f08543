//! Sums by quarters beside those by half months: a tenth as many, for figures as of today.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let (quarter, whenever) = match db.get_database_backend() {
            DbBackend::Postgres => ("date_trunc('quarter', effective)::date", "DATE '0001-01-01'"),
            _ => (
                "strftime('%Y', effective) || printf('-%02d-01', (strftime('%m', effective) - 1) / 3 * 3 + 1)",
                "'0001-01-01'",
            ),
        };
        let alike = "office_id, unit, category, channel, detail, amount_unit, days, rule";
        db.execute_unprepared(&format!(
            "INSERT INTO rollups (slice, kind, effective, recorded, {alike}, facts, amount_milli)
             SELECT slice || '/quarter', kind, {quarter}, {whenever}, {alike}, SUM(facts), SUM(amount_milli)
             FROM rollups GROUP BY slice || '/quarter', kind, {quarter}, {alike}"
        ))
        .await
        .map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DELETE FROM rollups WHERE slice LIKE '%/quarter'").await.map(|_| ())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
