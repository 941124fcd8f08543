//! What police must see of a tip to sort it; its words are sealed. A day, never a time.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("tips")
            .col(t.uuid("id").primary_key())
            .col(t.text("number").unique_key())
            .col(t.uuid("office_id"))
            .col(t.text("unit_code").null())
            .col(t.date("unit_valid_from").null())
            .col(t.text("category"))
            .col(t.text("channel"))
            .col(t.text("mode"))
            .col(t.text("status"))
            .col(t.text("asked_from").null())
            .col(t.small("priority"))
            .col(t.date("received_on"))
            .col(t.uuid("assignee_id").null())
            .col(t.integer("unread"))
            .col(t.integer("message_count"))
            .col(t.uuid("duplicate_of").null())
            .col(t.integer("version"))
            .col(t.bytes("sealed"))
            .col(t.bytes("contact_sealed").null())
            .foreign_key(&mut references("tips", "office_id", "offices", "id"))
            .foreign_key(&mut references("tips", "assignee_id", "officers", "id"))
            .foreign_key(references("tips", "duplicate_of", "tips", "id").on_delete(ForeignKeyAction::SetNull))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("tips_queue", "tips", &["office_id", "priority", "received_on", "id"])).await?;
        manager.create_index(index("tips_status", "tips", &["office_id", "status", "received_on"])).await?;
        manager.create_index(index("tips_assignee", "tips", &["office_id", "assignee_id"])).await?;
        manager.create_index(index("tips_duplicate", "tips", &["duplicate_of"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "tips").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
