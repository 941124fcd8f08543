//! The keys of an office's older epoch, sealed to a newer one: who holds the newest opens all before it.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("key_links")
            .col(t.uuid("older_key_id").primary_key())
            .col(t.uuid("newer_key_id"))
            .col(t.bytes("wrap"))
            .foreign_key(&mut references("key_links", "older_key_id", "office_keys", "id"))
            .foreign_key(&mut references("key_links", "newer_key_id", "office_keys", "id"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "key_links").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
