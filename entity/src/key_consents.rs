//! One member's consent that an officer be granted an office's keys; a second member's makes it so.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::{KeyConsentId, OfficeId, OfficerId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyConsentId,
    pub office_id: OfficeId,
    pub officer_id: OfficerId,
    /// What the consent is for: another key pair of the same officer needs another consent.
    pub public_key: Vec<u8>,
    pub consented_by: OfficerId,
    pub consented_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::offices::Entity", from = "Column::OfficeId", to = "super::offices::Column::Id")]
    Office,
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::OfficerId", to = "super::officers::Column::Id")]
    Officer,
}

impl Related<super::offices::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Office.def()
    }
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Officer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
