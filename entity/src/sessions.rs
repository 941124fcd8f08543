//! A log-in: the officer's private key, under what the access and the refresh token carry.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{OfficerId, SessionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub officer_id: OfficerId,
    /// Which refresh token is good; an older one was stolen or is replayed.
    pub generation: i32,
    pub access_salt: Vec<u8>,
    pub access_blob: Vec<u8>,
    pub access_expires_at: DateTime<Utc>,
    pub refresh_salt: Vec<u8>,
    pub refresh_blob: Vec<u8>,
    pub refresh_expires_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
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
