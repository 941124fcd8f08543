//! Acts that have no place in the chain yet.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::{enums::Actor, ids::AuditId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_pending")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub audit_id: AuditId,
    /// A reporter's act waits until its day is over.
    pub actor: Actor,
    pub on_day: NaiveDate,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
