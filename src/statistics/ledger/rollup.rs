//! How facts are added up. A question tells a figure apart by two things at most, so for each pair there is a slice
//! that keeps just these apart, and one that keeps none: short enough to add up while somebody waits.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::ids::OfficeId;

use super::{Fact, Kind, start_of_half};

/// What is kept apart beside kind, period, office, detail, days and rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    Total,
    UnitCategory,
    UnitChannel,
    CategoryChannel,
}

impl Slice {
    pub const ALL: [Self; 4] = [Self::Total, Self::UnitCategory, Self::UnitChannel, Self::CategoryChannel];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::UnitCategory => "unit_category",
            Self::UnitChannel => "unit_channel",
            Self::CategoryChannel => "category_channel",
        }
    }

    /// The shortest slice that keeps these apart; none keeps all three.
    pub fn keeping(unit: bool, category: bool, channel: bool) -> Option<Self> {
        match (unit, category, channel) {
            (false, false, false) => Some(Self::Total),
            (_, _, false) => Some(Self::UnitCategory),
            (true, false, true) => Some(Self::UnitChannel),
            (false, _, true) => Some(Self::CategoryChannel),
            (true, true, true) => None,
        }
    }

    /// Whether it keeps units, categories and channels apart.
    pub(super) fn keeps(self) -> (bool, bool, bool) {
        match self {
            Self::Total => (false, false, false),
            Self::UnitCategory => (true, true, false),
            Self::UnitChannel => (true, false, true),
            Self::CategoryChannel => (false, true, true),
        }
    }
}

/// What facts of one rollup are alike in. The order is that of the table's key: who changes several takes them in it,
/// so that two never wait for each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RollupKey {
    pub slice: Slice,
    pub kind: Kind,
    pub effective: NaiveDate,
    pub recorded: NaiveDate,
    pub office: OfficeId,
    pub unit: String,
    pub category: String,
    pub channel: String,
    pub detail: String,
    pub amount_unit: String,
    pub days: i32,
    pub rule: i32,
}

/// How many facts, and the sum of their amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub facts: i64,
    pub amount_milli: i64,
}

pub type Rollups = BTreeMap<RollupKey, Sum>;

/// Adds a fact to every slice.
pub fn add(rollups: &mut Rollups, fact: &Fact) {
    for slice in Slice::ALL {
        let sum = rollups.entry(key_of(slice, fact)).or_default();
        sum.facts += 1;
        sum.amount_milli += fact.amount_milli.unwrap_or(0);
    }
}

fn key_of(slice: Slice, fact: &Fact) -> RollupKey {
    let (unit, category, channel) = slice.keeps();
    RollupKey {
        slice,
        kind: fact.kind,
        effective: start_of_half(fact.effective_on),
        recorded: start_of_half(fact.recorded_on),
        office: fact.office,
        unit: fact.unit.as_ref().filter(|_| unit).map(ToString::to_string).unwrap_or_default(),
        category: fact.category.clone().filter(|_| category).unwrap_or_default(),
        channel: if channel { way_of(fact) } else { String::new() },
        detail: fact.detail.clone().unwrap_or_default(),
        amount_unit: fact.amount_unit.clone().unwrap_or_default(),
        days: fact.days.unwrap_or(NO_DAYS),
        rule: fact.rule.unwrap_or(NO_RULE),
    }
}

/// Channel and mode in one, as rollups keep them.
fn way_of(fact: &Fact) -> String {
    format!("{}/{}", fact.channel.as_deref().unwrap_or(""), fact.mode.map_or("", |mode| mode.as_str()))
}

/// Stand for no value where a key needs one.
pub const NO_DAYS: i32 = -1;
pub const NO_RULE: i32 = 0;
