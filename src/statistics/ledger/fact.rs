use chrono::NaiveDate;
use entity::{
    enums::Mode,
    ids::{CaseId, OfficeId, OutcomeId, TipId, ValuationId},
    tips,
};

use super::Kind;
use crate::reference::UnitKey;

/// Something that became known, as it is written down: nothing in it tells who, when in the day, or in which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub kind: Kind,
    /// The local day on which it became known.
    pub recorded_on: NaiveDate,
    /// The day in whose period it counts.
    pub effective_on: NaiveDate,
    pub office: OfficeId,
    /// The place as it was then.
    pub unit: Option<UnitKey>,
    pub category: Option<String>,
    pub channel: Option<String>,
    pub mode: Option<Mode>,
    /// Keys of lines: they outlive what they point to.
    pub tip: Option<TipId>,
    pub case: Option<CaseId>,
    pub outcome: Option<OutcomeId>,
    pub valuation: Option<ValuationId>,
    pub detail: Option<String>,
    /// Thousandths of `amount_unit`.
    pub amount_milli: Option<i64>,
    pub amount_unit: Option<String>,
    pub days: Option<i32>,
    /// Version of the rule by which it counts, where there is one.
    pub rule: Option<i32>,
}

impl Fact {
    /// A fact about a tip, in the period in which the tip came in.
    pub fn of_tip(kind: Kind, today: NaiveDate, tip: &tips::Model) -> Self {
        let unit = tip.unit_code.clone().zip(tip.unit_valid_from);
        Self {
            effective_on: tip.received_on,
            unit: unit.map(|(code, valid_from)| UnitKey { code, valid_from }),
            category: Some(tip.category.clone()),
            channel: Some(tip.channel.clone()),
            mode: Some(tip.mode),
            tip: Some(tip.id),
            ..Self::of_office(kind, today, tip.office_id)
        }
    }

    /// A fact of which no more is known than where and on which day.
    pub fn of_office(kind: Kind, today: NaiveDate, office: OfficeId) -> Self {
        Self {
            kind,
            recorded_on: today,
            effective_on: today,
            office,
            unit: None,
            category: None,
            channel: None,
            mode: None,
            tip: None,
            case: None,
            outcome: None,
            valuation: None,
            detail: None,
            amount_milli: None,
            amount_unit: None,
            days: None,
            rule: None,
        }
    }

    /// Days from the tip's coming in to `day`; none are negative.
    pub fn after(self, received_on: NaiveDate, day: NaiveDate) -> Self {
        let days = (day - received_on).num_days().max(0);
        Self { days: i32::try_from(days).ok(), ..self }
    }

    /// What kind of the kind it is.
    pub fn told(self, detail: &str) -> Self {
        Self { detail: Some(detail.to_owned()), ..self }
    }
}
