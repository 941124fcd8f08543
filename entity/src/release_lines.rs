//! The sources that a release counted, each by a key that leads nowhere once tip and valuation are gone.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::ids::{ReleaseId, ReleaseLineId, ValuationId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "release_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReleaseLineId,
    pub release_id: ReleaseId,
    pub valuation_id: ValuationId,
    pub decided_on: NaiveDate,
    pub unit_code: Option<String>,
    pub unit_valid_from: Option<NaiveDate>,
    pub category: String,
    pub channel: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
