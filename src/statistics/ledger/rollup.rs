//! How facts are added up: once for each thing that figures are told apart by, because what is kept apart by two at
//! once is nearly as long as the ledger itself. Only place and subject, which are asked for together, have a slice.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::ids::OfficeId;

use super::{Fact, Kind, start_of_half};

/// What is kept apart beside kind, period, office, detail, days and rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    Total,
    Unit,
    Category,
    Channel,
    /// Days are not kept apart.
    UnitCategory,
}

impl Slice {
    pub const ALL: [Self; 5] = [Self::Total, Self::Unit, Self::Category, Self::Channel, Self::UnitCategory];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::UnitCategory => "unit_category",
        }
    }

    /// The slice that keeps these apart and nothing else; where there is none, lines have to be read.
    pub fn keeping(unit: bool, category: bool, channel: bool, days: bool) -> Option<Self> {
        match (unit, category, channel) {
            (false, false, false) => Some(Self::Total),
            (true, false, false) => Some(Self::Unit),
            (false, true, false) => Some(Self::Category),
            (false, false, true) => Some(Self::Channel),
            (true, true, false) => (!days).then_some(Self::UnitCategory),
            (true, false, true) | (false, true, true) | (true, true, true) => None,
        }
    }

    /// Whether it keeps units, categories and channels apart.
    pub(super) fn keeps(self) -> (bool, bool, bool) {
        match self {
            Self::Total => (false, false, false),
            Self::Unit => (true, false, false),
            Self::Category => (false, true, false),
            Self::Channel => (false, false, true),
            Self::UnitCategory => (true, true, false),
        }
    }

    pub(super) fn keeps_days(self) -> bool {
        match self {
            Self::Total | Self::Unit | Self::Category | Self::Channel => true,
            Self::UnitCategory => false,
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
        days: fact.days.filter(|_| slice.keeps_days()).unwrap_or(NO_DAYS),
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
