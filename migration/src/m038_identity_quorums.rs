//! How many custodians hold and open an identity, from a moment on; earlier identities keep theirs.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("identity_quorums")
            .col(t.uuid("id").primary_key())
            .col(t.integer("threshold"))
            .col(t.integer("holders"))
            .col(t.uuid("set_by"))
            .col(t.time("set_at"))
            .foreign_key(&mut references("identity_quorums", "set_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("identity_quorums_at", "identity_quorums", &["set_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "identity_quorums").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
