//! What was done. On SQLite a row has no row id: those count up, and would tell when, between two officers, a reporter
//! acted. No foreign keys: what was done stays true when the thing is gone.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table_without_row_ids("audit_rows")
            .col(t.uuid("id").primary_key())
            .col(t.time("at").null())
            .col(t.date("on_day"))
            .col(t.text("actor"))
            .col(t.uuid("officer_id").null())
            .col(t.uuid("office_id").null())
            .col(t.text("act"))
            .col(t.text("object_kind"))
            .col(t.uuid("object_id").null())
            .col(t.text("detail").null())
            // A reporter's act has a day and no time: held here too, because a time once written is on disk.
            .check(Expr::col("actor").ne("reporter").or(Expr::col("at").is_null()))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("audit_rows_object", "audit_rows", &["object_kind", "object_id"])).await?;
        manager.create_index(index("audit_rows_office_day", "audit_rows", &["office_id", "on_day"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "audit_rows").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
