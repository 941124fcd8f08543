//! What officers note among themselves.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("notes")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.text("kind"))
            .col(t.text("act"))
            .col(t.uuid("officer_id"))
            .col(t.time("written_at"))
            .col(t.bytes("sealed"))
            .foreign_key(references("notes", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .foreign_key(&mut references("notes", "officer_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("notes_tip", "notes", &["tip_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "notes").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
