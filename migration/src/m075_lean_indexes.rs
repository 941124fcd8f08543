//! Indexes of what a row seldom has hold those rows only: a new tip has neither an assignee nor a case nor a valuation,
//! and each of these would be a page more to write for it.

use sea_orm_migration::prelude::*;

use crate::schema::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, table, columns; the last one is what a row seldom has.
const SELDOM: [(&str, &str, &[&str]); 4] = [
    ("tips_assignee", "tips", &["office_id", "assignee_id"]),
    ("tips_duplicate", "tips", &["duplicate_of"]),
    ("facts_case", "facts", &["case_id"]),
    ("facts_valuation", "facts", &["valuation_id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, columns) in SELDOM {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
            let mut lean = index(name, table, columns);
            if let Some(seldom) = columns.last() {
                lean.and_where(Expr::col(*seldom).is_not_null());
            }
            manager.create_index(lean).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, columns) in SELDOM {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
            manager.create_index(index(name, table, columns)).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
