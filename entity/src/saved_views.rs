//! Filters of the queue that an officer gave a name. No word that was searched for is among them.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{OfficerId, SavedViewId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_views")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedViewId,
    pub officer_id: OfficerId,
    pub name: String,
    /// Parameters of the queue's address.
    pub filter: String,
    pub saved_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::OfficerId", to = "super::officers::Column::Id")]
    Officer,
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Officer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
