//! Which node does a job that one node at a time may do.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table =
            t.table("job_claims").col(t.text("job").primary_key()).col(t.uuid("node")).col(t.time("until")).to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "job_claims").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
