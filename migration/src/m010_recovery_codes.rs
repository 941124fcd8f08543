//! Codes on paper that stand in for the second factor, each once.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("recovery_codes")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("officer_id"))
            .col(t.bytes("code_hash"))
            .col(t.time("used_at").null())
            .foreign_key(&mut references("recovery_codes", "officer_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("recovery_codes_officer", "recovery_codes", &["officer_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "recovery_codes").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
