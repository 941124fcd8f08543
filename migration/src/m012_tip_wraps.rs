//! A tip's key, sealed to one holder.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("tip_wraps")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.text("holder"))
            .col(t.uuid("holder_id"))
            .col(t.integer("epoch"))
            .col(t.bytes("wrap"))
            .foreign_key(references("tip_wraps", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("tip_wraps_tip", "tip_wraps", &["tip_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "tip_wraps").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
