//! What happened, as a list to count from.

use chrono::NaiveDate;
use entity::{
    enums::Mode,
    ids::{CaseId, OfficeId, OutcomeId, TipId, ValuationId},
};
use tipline::tips::state::State;
use vault::secret::Secret;

/// Kind, choice, thousandths, unit of measure.
pub type Brought = (&'static str, Option<&'static str>, i64, &'static str);

/// A tip, and the days on which something became known of it.
pub struct ToldTip {
    pub id: TipId,
    pub receipt: Secret<String>,
    pub on: NaiveDate,
    pub unit: Option<(String, NaiveDate)>,
    pub category: String,
    pub channel: String,
    pub mode: Mode,
    pub office: OfficeId,
    /// Every state that it came to, with the day.
    pub states: Vec<(NaiveDate, State)>,
    pub screened: Option<NaiveDate>,
    pub accepted: Option<NaiveDate>,
    pub asked: Vec<NaiveDate>,
    pub answered: Vec<NaiveDate>,
    /// Known on, decided on.
    pub decided: Option<(NaiveDate, NaiveDate)>,
}

pub struct ToldCase {
    pub id: CaseId,
    pub tip: usize,
    pub on: NaiveDate,
}

pub struct ToldOutcome {
    pub id: OutcomeId,
    pub case: usize,
    pub kind: &'static str,
    pub on: NaiveDate,
    pub decided_on: NaiveDate,
    pub brought: Vec<Brought>,
}

pub struct ToldValuation {
    pub id: ValuationId,
    pub tip: usize,
    pub attested_by: usize,
    pub decided_on: NaiveDate,
    pub confirmed: Option<NaiveDate>,
    pub revoked: Option<NaiveDate>,
}
