//! Filters of the queue that an officer gave a name. No word that was searched for is among them.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("saved_views")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("officer_id"))
            .col(t.text("name"))
            .col(t.text("filter"))
            .col(t.time("saved_at"))
            .foreign_key(&mut references("saved_views", "officer_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("saved_views_officer", "saved_views", &["officer_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "saved_views").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
