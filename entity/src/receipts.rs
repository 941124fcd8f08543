//! The reporter's way back to a tip. Without this row the thread is closed.

use sea_orm::entity::prelude::*;

use crate::ids::TipId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "receipts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tip_id: TipId,
    #[sea_orm(unique)]
    pub lookup_hash: Vec<u8>,
    pub pepper_version: i32,
    pub public_key: Vec<u8>,
    pub sealed_private_key: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::tips::Entity", from = "Column::TipId", to = "super::tips::Column::Id")]
    Tip,
}

impl Related<super::tips::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tip.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
