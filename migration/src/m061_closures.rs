//! That the line, or one office of it, takes no new tips for a while, and what residents are told of it.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("closures")
            .col(t.text("scope").primary_key())
            .col(t.text("message_vi"))
            .col(t.text("message_en"))
            .col(t.uuid("closed_by"))
            .col(t.time("closed_at"))
            .foreign_key(&mut references("closures", "closed_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "closures").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
