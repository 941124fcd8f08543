//! An office's keys of one epoch under a key that lies on paper, split among sheets.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{EscrowId, OfficeKeyId, OfficerId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "escrows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EscrowId,
    pub office_key_id: OfficeKeyId,
    /// Sheets that open it.
    pub threshold: i32,
    /// Sheets that were printed.
    pub sheets: i32,
    /// Tells the right key, and names a wrong sheet.
    pub commitment: Vec<u8>,
    pub sealed: Vec<u8>,
    pub made_by: OfficerId,
    pub made_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::office_keys::Entity",
        from = "Column::OfficeKeyId",
        to = "super::office_keys::Column::Id"
    )]
    OfficeKey,
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::MadeBy", to = "super::officers::Column::Id")]
    Maker,
}

impl Related<super::office_keys::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::OfficeKey.def()
    }
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Maker.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
