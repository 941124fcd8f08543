//! PostgreSQL keeps a tip's sealed words in its row, as far as a page takes them. By default it moves what makes a row
//! longer than 2 KB to a table of its own, chunk by chunk, and tries to compress it first: twice the work for a new tip,
//! a second look for each tip of a search, and sealed bytes do not shrink
//! (https://www.postgresql.org/docs/current/storage-toast.html). SQLite has nothing like it.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The longest row that a page takes.
const LONGEST: u16 = 8_160;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_postgres(manager, &format!("ALTER TABLE tips SET (toast_tuple_target = {LONGEST})")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_postgres(manager, "ALTER TABLE tips RESET (toast_tuple_target)").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn on_postgres(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
