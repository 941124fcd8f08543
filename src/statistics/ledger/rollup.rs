//! How facts are added up: once for each thing that figures are told apart by, because what is kept apart by two at
//! once is nearly as long as the ledger itself; and each of these by half months and by quarters.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::ids::OfficeId;

use super::{Fact, Kind, start_of_half, start_of_quarter};

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

/// How finely a sum keeps days apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The half month in which the facts count, and the one in which they became known: any figure of any past day.
    Half,
    /// The quarter in which the facts count, whenever they became known: a tenth as many sums.
    Quarter,
}

/// Before any day of ours, and a date on every database; stands, too, where it is not kept apart when facts became known.
pub const BEFORE_ALL: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

impl Level {
    pub const ALL: [Self; 2] = [Self::Half, Self::Quarter];

    /// How a slice at this level is called where sums are stored.
    pub fn name(self, slice: Slice) -> String {
        let slice = slice.as_str();
        match self {
            Self::Half => slice.to_owned(),
            Self::Quarter => format!("{slice}{QUARTER}"),
        }
    }

    /// Level and slice of a name; none if nothing is called so.
    pub(super) fn named(name: &str) -> Option<(Self, Slice)> {
        let (level, slice) = name.strip_suffix(QUARTER).map_or((Self::Half, name), |slice| (Self::Quarter, slice));
        Some((level, Slice::ALL.into_iter().find(|known| known.as_str() == slice)?))
    }

    /// What is kept of the days on which a fact counts and became known.
    pub(super) fn days(self, effective: NaiveDate, recorded: NaiveDate) -> (NaiveDate, NaiveDate) {
        match self {
            Self::Half => (start_of_half(effective), start_of_half(recorded)),
            Self::Quarter => (start_of_quarter(effective), BEFORE_ALL),
        }
    }
}

const QUARTER: &str = "/quarter";

/// Every slice at every level.
pub(super) fn levels_of_slices() -> impl Iterator<Item = (Level, Slice)> {
    Level::ALL.into_iter().flat_map(|level| Slice::ALL.map(|slice| (level, slice)))
}

/// What facts of one rollup are alike in. The order is that of the table's key: who changes several takes them in it,
/// so that two never wait for each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RollupKey {
    pub level: Level,
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

/// Adds a fact to every slice, at every level.
pub fn add(rollups: &mut Rollups, fact: &Fact) {
    for (level, slice) in levels_of_slices().filter(|(_, slice)| slice.has(fact.days)) {
        let sum = rollups.entry(key_of(level, slice, fact)).or_default();
        sum.facts += 1;
        sum.amount_milli += fact.amount_milli.unwrap_or(0);
    }
}

fn key_of(level: Level, slice: Slice, fact: &Fact) -> RollupKey {
    let kept = slice.kept();
    let (effective, recorded) = level.days(fact.effective_on, fact.recorded_on);
    RollupKey {
        level,
        slice,
        kind: fact.kind,
        effective,
        recorded,
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
