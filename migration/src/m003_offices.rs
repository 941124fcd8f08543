//! Who answers for places, holds keys and has members.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("offices")
            .col(t.uuid("id").primary_key())
            .col(t.text("code").unique_key())
            .col(t.text("kind"))
            .col(t.text("name_vi"))
            .col(t.text("name_en"))
            .col(t.uuid("parent_id").null())
            .col(t.flag("is_intake"))
            .col(t.date("valid_from"))
            .col(t.date("valid_to").null())
            .foreign_key(&mut references("offices", "parent_id", "offices", "id"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "offices").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
