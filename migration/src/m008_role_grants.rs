//! What an officer may do in one office.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("role_grants")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("officer_id"))
            .col(t.uuid("office_id"))
            .col(t.text("role"))
            .col(t.uuid("granted_by").null())
            .col(t.time("granted_at"))
            .foreign_key(&mut references("role_grants", "officer_id", "officers", "id"))
            .foreign_key(&mut references("role_grants", "office_id", "offices", "id"))
            .foreign_key(&mut references("role_grants", "granted_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("role_grants_once", "role_grants", &["officer_id", "office_id", "role"])).await?;
        manager.create_index(index("role_grants_office", "role_grants", &["office_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "role_grants").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
