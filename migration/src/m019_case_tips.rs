//! Which tips a case is made of. A tip may be part of several.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("case_tips")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("case_id"))
            .col(t.uuid("tip_id"))
            .col(t.uuid("linked_by"))
            .col(t.time("linked_at"))
            .foreign_key(references("case_tips", "case_id", "cases", "id").on_delete(ForeignKeyAction::Cascade))
            .foreign_key(references("case_tips", "tip_id", "tips", "id").on_delete(ForeignKeyAction::Cascade))
            .foreign_key(&mut references("case_tips", "linked_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique("case_tips_once", "case_tips", &["case_id", "tip_id"])).await?;
        manager.create_index(index("case_tips_tip", "case_tips", &["tip_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "case_tips").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
