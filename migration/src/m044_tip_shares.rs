//! An office that was given a tip for information. The tip is worked, and counts, where `tips.office_id` says.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("tip_shares")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.uuid("office_id"))
            .col(t.uuid("shared_by"))
            .col(t.time("shared_at"))
            .foreign_key(references("tip_shares", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .foreign_key(&mut references("tip_shares", "office_id", "offices", "id"))
            .foreign_key(&mut references("tip_shares", "shared_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("tip_shares_tip", "tip_shares", &["tip_id", "office_id"])).await?;
        manager.create_index(index("tip_shares_office", "tip_shares", &["office_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "tip_shares").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
