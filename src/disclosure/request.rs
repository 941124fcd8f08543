//! What is asked, and what is answered.

use std::time::Duration;

use chrono::NaiveDate;

use super::{
    board::Born,
    region::{Line, Region},
};

/// The rules of a deployment.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Counts from 1 to one less are not shown, nor is a withheld count narrowed to a shorter interval.
    pub threshold: i64,
    /// Totals of so many days or more may move by a small number from one release to the next: that a source was
    /// revoked somewhere in three years tells nothing about anybody.
    pub wide_days: i64,
    /// The longest time for one attempt.
    pub time: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self { threshold: 10, wide_days: 3 * 365, time: Duration::from_secs(5) }
    }
}

impl Policy {
    pub fn is_small(&self, count: i64) -> bool {
        (1..self.threshold).contains(&count)
    }
}

/// A figure that a release would like to show.
#[derive(Clone, Debug)]
pub struct Cell {
    pub region: Region,
    /// 0 the total, and the higher the finer: what is given up last stands lowest.
    pub rank: u8,
    /// Never shown, whatever its value.
    pub closed: Option<Reason>,
}

/// What an earlier release told.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub as_of: NaiveDate,
    pub shown: Vec<(Region, i64)>,
    pub withheld: Vec<Region>,
}

/// All sources as they were known on a day.
#[derive(Clone, Debug)]
pub struct World {
    pub as_of: NaiveDate,
    pub lines: Vec<Line>,
}

pub struct Request<'a> {
    pub cells: &'a [Cell],
    pub earlier: &'a [Earlier],
    /// As known by the new release.
    pub now: &'a World,
    /// As known by each of the earlier ones, in their order.
    pub then: &'a [World],
    pub born: &'a Born,
}

/// Why a figure is not shown.
///
/// A figure that is small and one that would give a small one away have one reason: to tell them apart would tell that
/// the first lies between 1 and 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Too few, or it would tell of too few.
    Small,
    /// Too few people live there.
    Area,
    /// It was not shown to be safe within the bound, so the whole table is closed.
    Bound,
}

impl Reason {
    pub const ALL: [Self; 3] = [Self::Small, Self::Area, Self::Bound];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Area => "area",
            Self::Bound => "bound",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == code)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Show(i64),
    Withhold(Reason),
}
