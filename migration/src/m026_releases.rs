//! What the public is told. No foreign key to officers' acts elsewhere: a release outlives what it counted.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("releases")
            .col(t.uuid("id").primary_key())
            .col(t.text("measure"))
            .col(t.date("from_day"))
            .col(t.date("to_day"))
            .col(t.text("tables"))
            .col(t.integer("rule"))
            .col(t.date("as_of"))
            .col(t.integer("threshold"))
            .col(t.text("state"))
            .col(t.text("hash"))
            .col(t.integer("basis"))
            .col(t.uuid("revises").null())
            .col(t.uuid("prepared_by"))
            .col(t.time("prepared_at"))
            .col(t.uuid("checked_by").null())
            .col(t.time("checked_at").null())
            .col(t.uuid("published_by").null())
            .col(t.date("published_on").null())
            .col(t.integer("number").null())
            // Two officers, or nobody sees it.
            .check(Expr::col("checked_by").is_null().or(Expr::col("checked_by").ne(Expr::col("prepared_by"))))
            .check(Expr::col("published_by").is_null().or(Expr::col("published_by").ne(Expr::col("prepared_by"))))
            .check(Expr::col("state").ne("published").or(Expr::col("checked_by").is_not_null()))
            .foreign_key(&mut references("releases", "revises", "releases", "id"))
            .foreign_key(&mut references("releases", "prepared_by", "officers", "id"))
            .foreign_key(&mut references("releases", "checked_by", "officers", "id"))
            .foreign_key(&mut references("releases", "published_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("releases_period", "releases", &["state", "from_day", "to_day"])).await?;
        // Of two that were protected without knowing of each other, one is published.
        manager.create_index(unique("releases_number", "releases", &["number"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "releases").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
