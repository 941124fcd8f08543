//! Log-ins. On PostgreSQL the table is unlogged: neither the write-ahead log nor a replica nor a base backup holds the
//! officers' sealed keys. After a crash or a fail-over it is empty, and officers log in again.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("sessions")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("officer_id"))
            .col(t.integer("generation"))
            .col(t.bytes("access_salt"))
            .col(t.bytes("access_blob"))
            .col(t.time("access_expires_at"))
            .col(t.bytes("refresh_salt"))
            .col(t.bytes("refresh_blob"))
            .col(t.time("refresh_expires_at"))
            .col(t.time("created_at"))
            .foreign_key(&mut references("sessions", "officer_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("sessions_officer", "sessions", &["officer_id"])).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("ALTER TABLE sessions SET UNLOGGED").await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "sessions").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
