//! An office that was given a tip for information. The tip is worked, and counts, where `tips.office_id` says.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{OfficeId, OfficerId, TipId, TipShareId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tip_shares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TipShareId,
    pub tip_id: TipId,
    pub office_id: OfficeId,
    pub shared_by: OfficerId,
    pub shared_at: DateTime<Utc>,
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
