//! Facts of the deployment as a whole, each written once.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t.table("settings").col(t.text("key").primary_key()).col(t.text("value")).to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "settings").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
