//! Something that an outcome brought in.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("yields")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("outcome_id"))
            .col(t.text("kind"))
            .col(t.text("choice").null())
            .col(t.big("amount_milli"))
            .col(t.text("unit"))
            .foreign_key(references("yields", "outcome_id", "outcomes", "id").on_delete(ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("yields_outcome", "yields", &["outcome_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "yields").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
