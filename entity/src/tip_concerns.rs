//! An office that a tip is about: to it, the tip is not there.

use sea_orm::entity::prelude::*;

use crate::ids::{OfficeId, TipConcernId, TipId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tip_concerns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TipConcernId,
    pub tip_id: TipId,
    pub office_id: OfficeId,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::tips::Entity", from = "Column::TipId", to = "super::tips::Column::Id")]
    Tip,
    #[sea_orm(belongs_to = "super::offices::Entity", from = "Column::OfficeId", to = "super::offices::Column::Id")]
    Office,
}

impl Related<super::tips::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tip.def()
    }
}

impl Related<super::offices::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Office.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
