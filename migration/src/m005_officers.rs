//! An account, and the key pair that only its password or recovery code opens.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("officers")
            .col(t.uuid("id").primary_key())
            .col(t.text("username").unique_key())
            .col(t.text("display_name"))
            .col(t.text("status"))
            .col(t.bytes("salt"))
            .col(t.integer("pepper_version"))
            .col(t.bytes("auth_hash"))
            .col(t.bytes("public_key"))
            .col(t.bytes("sealed_private_key"))
            .col(t.bytes("recovery_sealed_private_key"))
            .col(t.flag("must_change_password"))
            .col(t.flag("second_factor_required"))
            .col(t.bytes("second_factor_sealed").null())
            .col(t.big("second_factor_last_step").null())
            .col(t.integer("second_factor_failures"))
            .col(t.time("second_factor_locked_until").null())
            .col(t.time("created_at"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "officers").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
