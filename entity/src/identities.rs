//! Who a confidential reporter is, under a key that is whole nowhere.

use sea_orm::entity::prelude::*;

use crate::ids::TipId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tip_id: TipId,
    /// Shares that open it.
    pub threshold: i32,
    /// Shares that were made.
    pub holders: i32,
    /// Tells whether shares give the right key before it is used, and which share is a wrong one.
    pub commitment: Vec<u8>,
    pub sealed: Vec<u8>,
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
