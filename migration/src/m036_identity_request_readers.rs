//! The key to what an identity request says, sealed to one of those who may read it.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("identity_request_readers")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("request_id"))
            .col(t.uuid("officer_id"))
            .col(t.bytes("wrap"))
            .foreign_key(
                references("identity_request_readers", "request_id", "identity_requests", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(&mut references("identity_request_readers", "officer_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager
            .create_index(unique(
                "identity_request_readers_one",
                "identity_request_readers",
                &["request_id", "officer_id"],
            ))
            .await?;
        manager
            .create_index(index("identity_request_readers_officer", "identity_request_readers", &["officer_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "identity_request_readers").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
