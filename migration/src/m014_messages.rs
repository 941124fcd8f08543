//! The thread between reporter and police.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("messages")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.integer("seq"))
            .col(t.text("sender"))
            .col(t.text("kind"))
            .col(t.date("sent_on"))
            .col(t.uuid("officer_id").null())
            .col(t.bytes("sealed"))
            .foreign_key(references("messages", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .foreign_key(&mut references("messages", "officer_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("messages_seq", "messages", &["tip_id", "seq"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "messages").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
