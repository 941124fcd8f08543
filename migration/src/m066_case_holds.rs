//! Cases that are kept beyond their time, because somebody who may say so said why.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("case_holds")
            .col(t.uuid("case_id").primary_key())
            .col(t.date("until"))
            .col(t.uuid("placed_by"))
            .col(t.time("placed_at"))
            // Nothing takes away a case that is held, not even by mistake.
            .foreign_key(&mut references("case_holds", "case_id", "cases", "id"))
            .foreign_key(&mut references("case_holds", "placed_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "case_holds").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
