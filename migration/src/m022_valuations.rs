//! Which tips count. A fact outlives its tip and its case, so it refers to neither by foreign key.

use sea_orm_migration::prelude::*;

use crate::schema::{Types, drop_table, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let table = t
            .table("valuations")
            .col(t.uuid("id").primary_key())
            .col(t.uuid("tip_id"))
            .col(t.uuid("outcome_id"))
            .col(t.uuid("office_id"))
            .col(t.text("state"))
            .col(t.integer("rule"))
            .col(t.uuid("attested_by"))
            .col(t.time("attested_at"))
            .col(t.bytes("attest_sealed"))
            .col(t.uuid("confirmed_by").null())
            .col(t.time("confirmed_at").null())
            .col(t.uuid("revoked_by").null())
            .col(t.time("revoked_at").null())
            .col(t.bytes("revoke_sealed").null())
            .col(t.date("decided_on"))
            .col(t.text("unit_code").null())
            .col(t.date("unit_valid_from").null())
            .col(t.text("category"))
            .col(t.text("channel"))
            .col(t.flag("identified"))
            // Two officers, or it does not count.
            .check(Expr::col("confirmed_by").is_null().or(Expr::col("confirmed_by").ne(Expr::col("attested_by"))))
            .foreign_key(&mut references("valuations", "office_id", "offices", "id"))
            .foreign_key(&mut references("valuations", "attested_by", "officers", "id"))
            .foreign_key(&mut references("valuations", "confirmed_by", "officers", "id"))
            .foreign_key(&mut references("valuations", "revoked_by", "officers", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("valuations_tip", "valuations", &["tip_id"])).await?;
        manager.create_index(index("valuations_office_period", "valuations", &["office_id", "decided_on"])).await?;
        manager.create_index(index("valuations_period", "valuations", &["decided_on"])).await?;
        // Revoked ones are history: of the living, a tip has one.
        let live =
            unique("valuations_live", "valuations", &["tip_id"]).and_where(Expr::col("state").ne("revoked")).to_owned();
        manager.create_index(live).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_table(manager, "valuations").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
