//! A dated fact that law or practice may change: a unit, a category, a kind of outcome.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("reference_rows")
            .col(t.text("kind"))
            .col(t.text("key"))
            .col(t.date("valid_from"))
            .col(t.date("valid_to").null())
            .col(t.text("body"))
            .primary_key(Index::create().col("kind").col("key").col("valid_from"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "reference_rows").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
