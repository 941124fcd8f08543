//! An office's keys, sealed to one member.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("office_key_wraps")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("office_key_id"))
            .col(t.uuid("officer_id"))
            .col(t.bytes("wrap"))
            .col(t.uuid("granted_by").null())
            .col(t.time("created_at"))
            .foreign_key(&mut references("office_key_wraps", "office_key_id", "office_keys", "id"))
            .foreign_key(&mut references("office_key_wraps", "officer_id", "officers", "id"))
            .foreign_key(&mut references("office_key_wraps", "granted_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager
            .create_index(unique("office_key_wraps_member", "office_key_wraps", &["office_key_id", "officer_id"]))
            .await?;
        manager.create_index(index("office_key_wraps_officer", "office_key_wraps", &["officer_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "office_key_wraps").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
