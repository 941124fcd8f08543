//! How facts are added up: once for each thing that figures are told apart by, because what is kept apart by two at
//! once is nearly as long as the ledger itself.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::ids::OfficeId;

use super::{Fact, Kind, start_of_half};

/// What is kept apart beside kind, period, office, detail and rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    Total,
    /// By days elapsed; only facts that have some.
    Waiting,
    Unit,
    Category,
    Channel,
    Mode,
}

/// What a slice keeps apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub days: bool,
    pub unit: bool,
    pub category: bool,
    pub channel: bool,
    pub mode: bool,
}

impl Slice {
    pub const ALL: [Self; 6] = [Self::Total, Self::Waiting, Self::Unit, Self::Category, Self::Channel, Self::Mode];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Waiting => "waiting",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Mode => "mode",
        }
    }

    pub fn kept(self) -> Kept {
        let nothing = Kept::default();
        match self {
            Self::Total => nothing,
            Self::Waiting => Kept { days: true, ..nothing },
            Self::Unit => Kept { unit: true, ..nothing },
            Self::Category => Kept { category: true, ..nothing },
            Self::Channel => Kept { channel: true, ..nothing },
            Self::Mode => Kept { mode: true, ..nothing },
        }
    }

    /// The slice that keeps these apart and nothing else; where there is none, lines have to be read.
    pub fn keeping(kept: Kept) -> Option<Self> {
        Self::ALL.into_iter().find(|slice| slice.kept() == kept)
    }

    /// Whether it has facts that took these days, or none.
    pub(super) fn has(self, days: Option<i32>) -> bool {
        days.is_some() || !self.kept().days
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
    for slice in Slice::ALL.into_iter().filter(|slice| slice.has(fact.days)) {
        let sum = rollups.entry(key_of(slice, fact)).or_default();
        sum.facts += 1;
        sum.amount_milli += fact.amount_milli.unwrap_or(0);
    }
}

fn key_of(slice: Slice, fact: &Fact) -> RollupKey {
    let kept = slice.kept();
    RollupKey {
        slice,
        kind: fact.kind,
        effective: start_of_half(fact.effective_on),
        recorded: start_of_half(fact.recorded_on),
        office: fact.office,
        unit: fact.unit.as_ref().filter(|_| kept.unit).map(ToString::to_string).unwrap_or_default(),
        category: fact.category.clone().filter(|_| kept.category).unwrap_or_default(),
        channel: way_of(kept, fact.channel.as_deref(), fact.mode.map(|mode| mode.as_str())),
        detail: fact.detail.clone().unwrap_or_default(),
        amount_unit: fact.amount_unit.clone().unwrap_or_default(),
        days: fact.days.filter(|_| kept.days).unwrap_or(NO_DAYS),
        rule: fact.rule.unwrap_or(NO_RULE),
    }
}

/// Channel and mode in one, as rollups keep them: `channel/`, `/mode`, or nothing.
pub(super) fn way_of(kept: Kept, channel: Option<&str>, mode: Option<&str>) -> String {
    if !kept.channel && !kept.mode {
        return String::new();
    }
    let (channel, mode) = (channel.filter(|_| kept.channel), mode.filter(|_| kept.mode));
    format!("{}/{}", channel.unwrap_or(""), mode.unwrap_or(""))
}

/// Stand for no value where a key needs one.
pub const NO_DAYS: i32 = -1;
pub const NO_RULE: i32 = 0;
