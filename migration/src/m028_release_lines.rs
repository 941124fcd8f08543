//! What a release counted, source by source, so that its figures can be counted again when the tips are gone.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("release_lines")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("release_id"))
            .col(t.uuid("valuation_id"))
            .col(t.date("decided_on"))
            .col(t.text("unit_code").null())
            .col(t.date("unit_valid_from").null())
            .col(t.text("category"))
            .col(t.text("channel"))
            .foreign_key(&mut references("release_lines", "release_id", "releases", "id"))
            .to_owned();
        manager.create_table(table).await?;
        // A source stands once in a release.
        let columns = &["release_id", "valuation_id"];
        manager.create_index(unique("release_lines_once", "release_lines", columns)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "release_lines").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
