//! What a custodian decided on an identity request; if it was yes, the share sealed to the request's key.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("identity_decisions")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("request_id"))
            .col(t.uuid("share_id"))
            .col(t.uuid("custodian_id"))
            .col(t.text("verdict"))
            .col(t.bytes("share_wrap").null())
            .col(t.bytes("sealed"))
            .col(t.time("decided_at"))
            .foreign_key(
                references("identity_decisions", "request_id", "identity_requests", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(&mut references("identity_decisions", "custodian_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager
            .create_index(unique("identity_decisions_share", "identity_decisions", &["request_id", "share_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "identity_decisions").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
