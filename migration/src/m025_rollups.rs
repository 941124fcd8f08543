//! Facts that are alike, added up. The key has everything that they are alike in, in the order in which it is asked for.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const KEY: [&str; 12] = [
    "slice",
    "kind",
    "effective",
    "recorded",
    "office_id",
    "unit",
    "category",
    "channel",
    "detail",
    "amount_unit",
    "days",
    "rule",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let mut key = Index::create();
        for column in KEY {
            key.col(column);
        }
        let table = t
            .table_without_row_ids("rollups")
            .col(t.text("slice"))
            .col(t.text("kind"))
            .col(t.date("effective"))
            .col(t.date("recorded"))
            .col(t.uuid("office_id"))
            .col(t.text("unit"))
            .col(t.text("category"))
            .col(t.text("channel"))
            .col(t.text("detail"))
            .col(t.text("amount_unit"))
            .col(t.integer("days"))
            .col(t.integer("rule"))
            .col(t.big("facts"))
            .col(t.big("amount_milli"))
            .primary_key(&mut key)
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "rollups").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
