//! Which tips a case is made of. A tip may be part of several.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{CaseId, CaseTipId, OfficerId, TipId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_tips")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CaseTipId,
    pub case_id: CaseId,
    pub tip_id: TipId,
    pub linked_by: OfficerId,
    pub linked_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::cases::Entity", from = "Column::CaseId", to = "super::cases::Column::Id")]
    Case,
    #[sea_orm(belongs_to = "super::tips::Entity", from = "Column::TipId", to = "super::tips::Column::Id")]
    Tip,
}

impl Related<super::cases::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Case.def()
    }
}

impl Related<super::tips::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tip.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
