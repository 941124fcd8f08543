//! Most facts count on the day on which they become known, and are found by it: those that don't have an index of what
//! became known when. Who looks for all of a time asks twice.

use sea_orm_migration::prelude::*;

use crate::schema::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 3] = ["kind", "recorded_on", "effective_on"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("facts_known").table("facts").to_owned()).await?;
        let mut late = index("facts_late", "facts", &COLUMNS);
        late.and_where(Expr::col("recorded_on").ne(Expr::col("effective_on")));
        manager.create_index(late).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("facts_late").table("facts").to_owned()).await?;
        manager.create_index(index("facts_known", "facts", &COLUMNS)).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
