//! That the line, or one office of it, takes no new tips for a while.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::ids::OfficerId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "closures")]
pub struct Model {
    /// `line`, or an office's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    /// What residents are told; public, and so not sealed.
    pub message_vi: String,
    pub message_en: String,
    pub closed_by: OfficerId,
    pub closed_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
