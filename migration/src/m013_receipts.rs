//! The reporter's way back to a tip. Without this row the thread is closed.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("receipts")
            .col(t.uuid("tip_id").primary_key())
            .col(t.bytes("lookup_hash").unique_key())
            .col(t.integer("pepper_version"))
            .col(t.bytes("public_key"))
            .col(t.bytes("sealed_private_key"))
            .foreign_key(references("receipts", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "receipts").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
