//! What became known, and when: the ledger. A fact outlives what it is about, so it refers to nothing by foreign key.
//! On SQLite a row has no row id: those count up, and would tell when in the day a reporter acted.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table_without_row_ids("facts")
            .col(t.uuid("id").primary_key())
            .col(t.text("kind"))
            .col(t.date("recorded_on"))
            .col(t.date("effective_on"))
            .col(t.uuid("office_id"))
            .col(t.text("unit_code").null())
            .col(t.date("unit_valid_from").null())
            .col(t.text("category").null())
            .col(t.text("channel").null())
            .col(t.text("mode").null())
            .col(t.uuid("tip_id").null())
            .col(t.uuid("case_id").null())
            .col(t.uuid("outcome_id").null())
            .col(t.uuid("valuation_id").null())
            .col(t.text("detail").null())
            .col(t.big("amount_milli").null())
            .col(t.text("amount_unit").null())
            .col(t.integer("days").null())
            .col(t.integer("rule").null())
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("facts_period", "facts", &["kind", "effective_on", "recorded_on"])).await?;
        manager.create_index(index("facts_known", "facts", &["kind", "recorded_on", "effective_on"])).await?;
        manager.create_index(index("facts_office_period", "facts", &["office_id", "effective_on"])).await?;
        manager.create_index(index("facts_tip", "facts", &["tip_id"])).await?;
        manager.create_index(index("facts_case", "facts", &["case_id"])).await?;
        manager.create_index(index("facts_valuation", "facts", &["valuation_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "facts").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
