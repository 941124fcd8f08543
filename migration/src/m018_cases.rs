//! Police work on one matter, and its own key under the key of its office.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("cases")
            .col(t.uuid("id").primary_key())
            .col(t.text("number").unique_key())
            .col(t.uuid("office_id"))
            .col(t.text("status"))
            .col(t.uuid("opened_by"))
            .col(t.time("opened_at"))
            .col(t.time("closed_at").null())
            .col(t.integer("version"))
            .col(t.integer("epoch"))
            .col(t.bytes("wrap"))
            .col(t.bytes("sealed"))
            .foreign_key(&mut references("cases", "office_id", "offices", "id"))
            .foreign_key(&mut references("cases", "opened_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("cases_office", "cases", &["office_id", "opened_at", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "cases").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
