//! What came of a case.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("outcomes")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("case_id"))
            .col(t.uuid("office_id"))
            .col(t.text("kind"))
            .col(t.date("decided_on"))
            .col(t.flag("action_confirmed"))
            .col(t.bytes("note_sealed").null())
            .col(t.uuid("recorded_by"))
            .col(t.time("recorded_at"))
            .foreign_key(&mut references("outcomes", "case_id", "cases", "id"))
            .foreign_key(&mut references("outcomes", "office_id", "offices", "id"))
            .foreign_key(&mut references("outcomes", "recorded_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("outcomes_case", "outcomes", &["case_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "outcomes").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
