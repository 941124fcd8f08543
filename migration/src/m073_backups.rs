//! On which days a backup was made. Where it is, and who can open it, is not told here.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t.table("backups").col(t.uuid("id").primary_key()).col(t.date("made_on")).to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("backups_made_on", "backups", &["made_on"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "backups").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
