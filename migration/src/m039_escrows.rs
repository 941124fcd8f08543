//! An office's keys of one epoch under a key that lies on paper, split among sheets.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("escrows")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("office_key_id"))
            .col(t.integer("threshold"))
            .col(t.integer("sheets"))
            .col(t.bytes("commitment"))
            .col(t.bytes("sealed"))
            .col(t.uuid("made_by"))
            .col(t.time("made_at"))
            .foreign_key(&mut references("escrows", "office_key_id", "office_keys", "id"))
            .foreign_key(&mut references("escrows", "made_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("escrows_key", "escrows", &["office_key_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "escrows").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
