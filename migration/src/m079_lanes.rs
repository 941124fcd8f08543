//! Tips of an office in one state lie in the order in which a queue shows them: whoever looks for what is open does not
//! read what has been settled since the line began.

use sea_orm_migration::prelude::*;

use crate::schema::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let lane = ["office_id", "status", "priority", "received_on", "id"];
        manager.create_index(index("tips_lane", "tips", &lane)).await?;
        manager.drop_index(Index::drop().name("tips_status").table("tips").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("tips_status", "tips", &["office_id", "status", "received_on"])).await?;
        manager.drop_index(Index::drop().name("tips_lane").table("tips").to_owned()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
