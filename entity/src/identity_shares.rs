//! A share of an identity's key, sealed to one custodian.

use sea_orm::entity::prelude::*;

use crate::ids::{OfficerId, ShareId, TipId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_shares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShareId,
    pub tip_id: TipId,
    pub custodian_id: OfficerId,
    pub wrap: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::tips::Entity", from = "Column::TipId", to = "super::tips::Column::Id")]
    Tip,
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::CustodianId", to = "super::officers::Column::Id")]
    Custodian,
}

impl Related<super::tips::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tip.def()
    }
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Custodian.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
