//! One member's consent that an officer be granted an office's keys; a second member's makes it so.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("key_consents")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("office_id"))
            .col(t.uuid("officer_id"))
            .col(t.bytes("public_key"))
            .col(t.uuid("consented_by"))
            .col(t.time("consented_at"))
            .foreign_key(&mut references("key_consents", "office_id", "offices", "id"))
            .foreign_key(&mut references("key_consents", "officer_id", "officers", "id"))
            .foreign_key(&mut references("key_consents", "consented_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("key_consents_officer", "key_consents", &["office_id", "officer_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "key_consents").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
