//! The chain. No foreign keys: what somebody takes out of the other table has to be missed, not refused.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table_without_row_ids("audit_links")
            .col(t.big("seq").primary_key())
            .col(t.uuid("audit_id"))
            .col(t.bytes("prev"))
            .col(t.bytes("leaf"))
            .col(t.bytes("mark"))
            .col(t.integer("mark_key"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("audit_links_row", "audit_links", &["audit_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "audit_links").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
