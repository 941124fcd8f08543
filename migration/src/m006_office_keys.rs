//! The public key of an office for one epoch; the private one exists only in wraps.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("office_keys")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("office_id"))
            .col(t.integer("epoch"))
            .col(t.bytes("public_key"))
            .col(t.time("created_at"))
            .foreign_key(&mut references("office_keys", "office_id", "offices", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("office_keys_epoch", "office_keys", &["office_id", "epoch"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "office_keys").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
