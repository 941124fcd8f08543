//! That a tip was a valuable source: the fact that is counted. It copies what counting asks for, so that it outlives
//! the tip and no later change of the tip moves a figure.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    enums::ValuationState,
    ids::{OfficeId, OfficerId, OutcomeId, TipId, ValuationId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "valuations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ValuationId,
    pub tip_id: TipId,
    pub outcome_id: OutcomeId,
    pub office_id: OfficeId,
    pub state: ValuationState,
    /// Version of the rule of counting.
    pub rule: i32,
    pub attested_by: OfficerId,
    pub attested_at: DateTime<Utc>,
    pub attest_sealed: Vec<u8>,
    pub confirmed_by: Option<OfficerId>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub revoked_by: Option<OfficerId>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub revoke_sealed: Option<Vec<u8>>,
    /// Of the deciding outcome: the period in which it counts.
    pub decided_on: NaiveDate,
    pub unit_code: Option<String>,
    pub unit_valid_from: Option<NaiveDate>,
    pub category: String,
    pub channel: String,
    /// It identified or confirmed a person or place in an existing case.
    pub identified: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
