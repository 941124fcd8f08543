//! An officer by name who may open a restricted tip. A tip with such rows is there for nobody else.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("tip_readers")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.uuid("officer_id"))
            .col(t.uuid("named_by"))
            .col(t.time("named_at"))
            .foreign_key(references("tip_readers", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .foreign_key(&mut references("tip_readers", "officer_id", "officers", "id"))
            .foreign_key(&mut references("tip_readers", "named_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("tip_readers_tip", "tip_readers", &["tip_id", "officer_id"])).await?;
        manager.create_index(index("tip_readers_officer", "tip_readers", &["officer_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "tip_readers").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
