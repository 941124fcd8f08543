//! What a custodian decided on an identity request; if it was yes, the share sealed to the request's key.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    enums::Verdict,
    ids::{IdentityDecisionId, IdentityRequestId, OfficerId, ShareId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityDecisionId,
    pub request_id: IdentityRequestId,
    pub share_id: ShareId,
    pub custodian_id: OfficerId,
    pub verdict: Verdict,
    /// Taken away when the request ends.
    pub share_wrap: Option<Vec<u8>>,
    /// Why.
    pub sealed: Vec<u8>,
    pub decided_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::identity_requests::Entity",
        from = "Column::RequestId",
        to = "super::identity_requests::Column::Id"
    )]
    Request,
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::CustodianId", to = "super::officers::Column::Id")]
    Custodian,
}

impl Related<super::identity_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Request.def()
    }
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Custodian.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
