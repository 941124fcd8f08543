//! What became known, and when: the ledger that figures are counted from. Rows are added and never changed; nothing in
//! them tells who, at what time, or in which words. No foreign keys: a fact outlives what it is about.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::{
    enums::Mode,
    ids::{CaseId, FactId, OfficeId, OutcomeId, TipId, ValuationId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "facts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FactId,
    pub kind: String,
    /// The local day on which it became known.
    pub recorded_on: NaiveDate,
    /// The day in whose period it counts.
    pub effective_on: NaiveDate,
    pub office_id: OfficeId,
    /// The place as it was then.
    pub unit_code: Option<String>,
    pub unit_valid_from: Option<NaiveDate>,
    pub category: Option<String>,
    pub channel: Option<String>,
    pub mode: Option<Mode>,
    pub tip_id: Option<TipId>,
    pub case_id: Option<CaseId>,
    pub outcome_id: Option<OutcomeId>,
    pub valuation_id: Option<ValuationId>,
    pub detail: Option<String>,
    /// Thousandths of `amount_unit`.
    pub amount_milli: Option<i64>,
    pub amount_unit: Option<String>,
    pub days: Option<i32>,
    /// Version of the rule by which it counts.
    pub rule: Option<i32>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
