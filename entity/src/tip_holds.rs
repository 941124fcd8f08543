//! A tip that is kept beyond its time. Why is sealed with the tip.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{OfficerId, TipId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tip_holds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tip_id: TipId,
    /// The last day, inclusive.
    pub until: NaiveDate,
    pub placed_by: OfficerId,
    pub placed_at: DateTime<Utc>,
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
