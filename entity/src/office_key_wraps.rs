//! An office's keys, sealed to one member.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{OfficeKeyId, OfficerId, WrapId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "office_key_wraps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WrapId,
    pub office_key_id: OfficeKeyId,
    pub officer_id: OfficerId,
    pub wrap: Vec<u8>,
    pub granted_by: Option<OfficerId>,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::office_keys::Entity",
        from = "Column::OfficeKeyId",
        to = "super::office_keys::Column::Id"
    )]
    OfficeKey,
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::OfficerId", to = "super::officers::Column::Id")]
    Officer,
}

impl Related<super::office_keys::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::OfficeKey.def()
    }
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Officer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
