//! A unit that an office covers for some time.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("office_areas")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("office_id"))
            .col(t.text("unit_code"))
            .col(t.date("valid_from"))
            .col(t.date("valid_to").null())
            .foreign_key(&mut references("office_areas", "office_id", "offices", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("office_areas_unit", "office_areas", &["unit_code"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "office_areas").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
