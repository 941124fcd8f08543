//! Keys of cases, apart from the cases: when one is taken away, a row that comes back from a backup stays shut.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("case_wraps")
            .col(t.uuid("case_id").primary_key())
            .col(t.integer("epoch"))
            .col(t.bytes("wrap"))
            .foreign_key(&mut references("case_wraps", "case_id", "cases", "id"))
            .to_owned();
        manager.create_table(table).await?;
        let db = manager.get_connection();
        db.execute_unprepared("INSERT INTO case_wraps (case_id, epoch, wrap) SELECT id, epoch, wrap FROM cases")
            .await?;
        for column in ["wrap", "epoch"] {
            manager.alter_table(Table::alter().table("cases").drop_column(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = [t.integer("epoch").default(0).take(), t.bytes("wrap").default(Vec::<u8>::new()).take()];
        for mut column in columns {
            manager.alter_table(Table::alter().table("cases").add_column(&mut column).take()).await?;
        }
        let kept = "(SELECT {} FROM case_wraps WHERE case_wraps.case_id = cases.id)";
        for column in ["epoch", "wrap"] {
            let (value, held) = (kept.replace("{}", column), "id IN (SELECT case_id FROM case_wraps)");
            let moved = format!("UPDATE cases SET {column} = {value} WHERE {held}");
            manager.get_connection().execute_unprepared(&moved).await?;
        }
        drop_table(manager, "case_wraps").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
