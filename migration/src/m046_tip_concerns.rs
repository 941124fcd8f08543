//! An office that a tip is about: to it, the tip is not there.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("tip_concerns")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.uuid("office_id"))
            .foreign_key(references("tip_concerns", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .foreign_key(&mut references("tip_concerns", "office_id", "offices", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("tip_concerns_tip", "tip_concerns", &["tip_id", "office_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "tip_concerns").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
