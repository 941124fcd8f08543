//! Acts that wait for their place in the chain; those of before there was one wait first. Without row ids, for the
//! reason that `audit_rows` has none.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table_without_row_ids("audit_pending")
            .col(t.uuid("audit_id").primary_key())
            .col(t.text("actor"))
            .col(t.date("on_day"))
            .to_owned();
        manager.create_table(table).await?;
        let all = "INSERT INTO audit_pending (audit_id, actor, on_day) SELECT id, actor, on_day FROM audit_rows";
        manager.get_connection().execute_unprepared(all).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "audit_pending").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
