//! An officer by name who may open a restricted tip. A tip with such rows is there for nobody else.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{OfficerId, TipId, TipReaderId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tip_readers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TipReaderId,
    pub tip_id: TipId,
    pub officer_id: OfficerId,
    pub named_by: OfficerId,
    pub named_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::tips::Entity", from = "Column::TipId", to = "super::tips::Column::Id")]
    Tip,
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::OfficerId", to = "super::officers::Column::Id")]
    Officer,
}

impl Related<super::tips::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tip.def()
    }
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Officer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
