//! An outcome as an officer sees it, opened.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    enums::ValuationState,
    ids::{OfficerId, OutcomeId, TipId, ValuationId},
    outcomes, valuations, yields,
};
use sea_orm::DbErr;

use super::amount::number_of;
use crate::{cases::CaseKey, tips::OfficerName};

/// What came of a case, and which tips it made valuable.
pub struct OutcomeView {
    pub id: OutcomeId,
    pub kind: String,
    pub decided_on: NaiveDate,
    pub action_confirmed: bool,
    pub note: Option<String>,
    pub yields: Vec<YieldView>,
    pub recorded_by: OfficerName,
    pub recorded_at: DateTime<Utc>,
    /// Oldest first, revoked ones too.
    pub valuations: Vec<ValuationRef>,
}

/// Something that an outcome brought in.
#[derive(Clone, Debug, PartialEq)]
pub struct YieldView {
    pub kind: String,
    pub choice: Option<String>,
    /// As it was written.
    pub amount: f64,
    pub unit: String,
}

/// That this outcome made a tip a valuable source; the reasons are under the tip's key and read there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuationRef {
    pub id: ValuationId,
    pub tip: TipId,
    pub state: ValuationState,
    pub identified: bool,
    pub attested_by: OfficerName,
    pub attested_at: DateTime<Utc>,
    pub confirmed_by: Option<OfficerName>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub revoked_by: Option<OfficerName>,
    pub revoked_at: Option<DateTime<Utc>>,
}

impl OutcomeView {
    /// Opens an outcome; of the yields and valuations at hand it takes its own.
    pub(crate) fn open(
        row: &outcomes::Model,
        yields: &[yields::Model],
        valuations: &[valuations::Model],
        key: &CaseKey,
        name: &impl Fn(OfficerId) -> OfficerName,
    ) -> Result<Self, DbErr> {
        let note = row.note_sealed.as_deref().map(|sealed| key.open_outcome_note(row.id, sealed)).transpose()?;
        let own = |fact: &&valuations::Model| fact.outcome_id == row.id;
        Ok(Self {
            id: row.id,
            kind: row.kind.clone(),
            decided_on: row.decided_on,
            action_confirmed: row.action_confirmed,
            note,
            yields: yields.iter().filter(|item| item.outcome_id == row.id).map(YieldView::from).collect(),
            recorded_by: name(row.recorded_by),
            recorded_at: row.recorded_at,
            valuations: valuations.iter().filter(own).map(|fact| ValuationRef::of(fact, name)).collect(),
        })
    }
}

impl From<&yields::Model> for YieldView {
    fn from(row: &yields::Model) -> Self {
        Self {
            kind: row.kind.clone(),
            choice: row.choice.clone(),
            amount: number_of(row.amount_milli),
            unit: row.unit.clone(),
        }
    }
}

impl ValuationRef {
    fn of(fact: &valuations::Model, name: &impl Fn(OfficerId) -> OfficerName) -> Self {
        Self {
            id: fact.id,
            tip: fact.tip_id,
            state: fact.state,
            identified: fact.identified,
            attested_by: name(fact.attested_by),
            attested_at: fact.attested_at,
            confirmed_by: fact.confirmed_by.map(name),
            confirmed_at: fact.confirmed_at,
            revoked_by: fact.revoked_by.map(name),
            revoked_at: fact.revoked_at,
        }
    }
}
