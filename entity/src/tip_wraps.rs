//! A tip's key, sealed to one holder.

use sea_orm::entity::prelude::*;

use crate::{
    enums::WrapHolder,
    ids::{TipId, WrapId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tip_wraps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WrapId,
    pub tip_id: TipId,
    pub holder: WrapHolder,
    /// The office; for the reporter, the tip.
    pub holder_id: Uuid,
    pub epoch: i32,
    pub wrap: Vec<u8>,
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
