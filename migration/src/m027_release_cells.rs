//! The tables of a release, place by place. What is withheld has no value: a stolen database tells no more than the
//! public page does.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("release_cells")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("release_id"))
            .col(t.integer("place"))
            .col(t.text("in_table"))
            .col(t.text("keys"))
            .col(t.text("label_vi"))
            .col(t.text("label_en"))
            .col(t.date("from_day"))
            .col(t.date("to_day"))
            .col(t.text("axis").null())
            .col(t.text("members"))
            .col(t.big("value").null())
            .col(t.text("reason").null())
            // A value or a reason, never both and never neither.
            .check(Expr::col("value").is_null().eq(Expr::col("reason").is_not_null()))
            .foreign_key(&mut references("release_cells", "release_id", "releases", "id"))
            .to_owned();
        manager.create_table(table).await?;
        let columns = &["release_id", "in_table"];
        manager.create_index(index("release_cells_release", "release_cells", columns)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "release_cells").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
