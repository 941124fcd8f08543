//! A share of an identity's key, sealed to one custodian.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("identity_shares")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.uuid("custodian_id"))
            .col(t.bytes("wrap"))
            .foreign_key(
                references("identity_shares", "tip_id", "identities", "tip_id").on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(&mut references("identity_shares", "custodian_id", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("identity_shares_tip", "identity_shares", &["tip_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "identity_shares").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
