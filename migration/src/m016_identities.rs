//! Who a confidential reporter is, under a key that is whole nowhere.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("identities")
            .col(t.uuid("tip_id").primary_key())
            .col(t.integer("threshold"))
            .col(t.integer("holders"))
            .col(t.bytes("commitment"))
            .col(t.bytes("sealed"))
            .foreign_key(references("identities", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "identities").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
