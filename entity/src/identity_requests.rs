//! A request to learn who a confidential reporter is, and the key pair that shares are sealed to for it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    enums::RequestState,
    ids::{IdentityRequestId, OfficeId, OfficerId, TipId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityRequestId,
    pub tip_id: TipId,
    /// Of the tip, when it was asked.
    pub office_id: OfficeId,
    pub requester_id: OfficerId,
    pub state: RequestState,
    /// Of the identity: approvals that open it.
    pub threshold: i32,
    /// Of the identity: custodians who decide.
    pub holders: i32,
    pub approvals: i32,
    pub refusals: i32,
    /// Made for this request alone.
    pub public_key: Vec<u8>,
    /// The private half, sealed to the requester.
    pub private_wrap: Vec<u8>,
    /// Why, and on what legal ground; opened by the requester and the custodians.
    pub sealed: Vec<u8>,
    pub created_at: DateTime<Utc>,
    /// When it ends by itself: nobody decided, or the requester had his time.
    pub ends_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::identities::Entity",
        from = "Column::TipId",
        to = "super::identities::Column::TipId"
    )]
    Identity,
    #[sea_orm(belongs_to = "super::officers::Entity", from = "Column::RequesterId", to = "super::officers::Column::Id")]
    Requester,
}

impl Related<super::identities::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Identity.def()
    }
}

impl Related<super::officers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Requester.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
