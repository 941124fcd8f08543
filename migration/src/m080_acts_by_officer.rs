//! Acts are found by who did them: an auditor sees those that belong to no office, as a log-in, by whom they are.

use sea_orm_migration::prelude::*;

use crate::schema::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const NAME: &str = "audit_rows_officer";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Reporters' acts, which are most in a flood, have none and are not in it.
        let mut of_officers = index(NAME, "audit_rows", &["officer_id", "on_day"]);
        of_officers.and_where(Expr::col("officer_id").is_not_null());
        manager.create_index(of_officers).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(NAME).table("audit_rows").to_owned()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
