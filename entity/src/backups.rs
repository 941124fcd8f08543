//! On which days a backup was made. Where it is, and who can open it, is not told here.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::ids::BackupId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "backups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BackupId,
    pub made_on: NaiveDate,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
