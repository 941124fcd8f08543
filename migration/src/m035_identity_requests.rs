//! A request to learn who a confidential reporter is, and the key pair that shares are sealed to for it.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("identity_requests")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.uuid("office_id"))
            .col(t.uuid("requester_id"))
            .col(t.text("state"))
            .col(t.integer("threshold"))
            .col(t.integer("holders"))
            .col(t.integer("approvals"))
            .col(t.integer("refusals"))
            .col(t.bytes("public_key"))
            .col(t.bytes("private_wrap"))
            .col(t.bytes("sealed"))
            .col(t.time("created_at"))
            .col(t.time("ends_at"))
            .foreign_key(
                references("identity_requests", "tip_id", "identities", "tip_id").on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(&mut references("identity_requests", "office_id", "offices", "id"))
            .foreign_key(&mut references("identity_requests", "requester_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("identity_requests_tip", "identity_requests", &["tip_id"])).await?;
        manager.create_index(index("identity_requests_end", "identity_requests", &["state", "ends_at"])).await?;
        manager
            .create_index(
                unique("identity_requests_live", "identity_requests", &["tip_id", "requester_id"])
                    .and_where(Expr::col("state").is_in(["pending", "granted"]))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "identity_requests").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
