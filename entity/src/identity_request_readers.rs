//! The key to what an identity request says, sealed to one of those who may read it.

use sea_orm::entity::prelude::*;

use crate::ids::{IdentityRequestId, OfficerId, WrapId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_request_readers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WrapId,
    pub request_id: IdentityRequestId,
    pub officer_id: OfficerId,
    pub wrap: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::identity_requests::Entity",
        from = "Column::RequestId",
        to = "super::identity_requests::Column::Id"
    )]
    Request,
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::OfficerId", to = "super::officers::Column::Id")]
    Officer,
}

impl Related<super::identity_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Request.def()
    }
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Officer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
