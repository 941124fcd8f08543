//! What was done, by whom, to what. `at` stays empty for what a reporter did.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    enums::Actor,
    ids::{AuditId, OfficeId, OfficerId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    pub at: Option<DateTime<Utc>>,
    pub on_day: NaiveDate,
    pub actor: Actor,
    pub officer_id: Option<OfficerId>,
    pub office_id: Option<OfficeId>,
    pub act: String,
    pub object_kind: String,
    pub object_id: Option<Uuid>,
    pub detail: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
