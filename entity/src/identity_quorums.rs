//! How many custodians hold and open an identity, from a moment on; earlier identities keep theirs.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{IdentityQuorumId, OfficerId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_quorums")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityQuorumId,
    pub threshold: i32,
    pub holders: i32,
    pub set_by: OfficerId,
    pub set_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::SetBy", to = "super::officers::Column::Id")]
    Administrator,
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Administrator.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
