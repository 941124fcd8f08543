//! The queue's filter as it stands in the address.

use std::str::FromStr;

use entity::{enums::TipStatus, ids::OfficerId};
use uuid::Uuid;
use vault::secret::Secret;

use super::query::Query;
use crate::{
    staff::Staff,
    tips::{Assignee, Filter, Tally, priority},
};

/// A lane of the queue: states that want the same kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// All that police still have to do something about.
    Todo,
    New,
    Screening,
    Waiting,
    Accepted,
    Verifying,
    Handled,
    Ended,
}

impl Lane {
    pub const ALL: [Self; 8] = [
        Self::Todo,
        Self::New,
        Self::Screening,
        Self::Waiting,
        Self::Accepted,
        Self::Verifying,
        Self::Handled,
        Self::Ended,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::New => "new",
            Self::Screening => "screening",
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Verifying => "verifying",
            Self::Handled => "handled",
            Self::Ended => "ended",
        }
    }

    pub fn states(self) -> &'static [TipStatus] {
        use TipStatus as S;
        match self {
            Self::Todo => &[S::Received, S::Screening, S::NeedInfo, S::Accepted, S::Verifying],
            Self::New => &[S::Received],
            Self::Screening => &[S::Screening],
            Self::Waiting => &[S::NeedInfo],
            Self::Accepted => &[S::Accepted],
            Self::Verifying => &[S::Verifying],
            Self::Handled => &[S::Handled],
            Self::Ended => &[S::Closed, S::Duplicate, S::Referred, S::Spam, S::Test, S::NotPolice],
        }
    }

    /// How many tips are in this lane, of the counts of all states.
    pub fn tally(self, counts: &[(TipStatus, Tally)]) -> Tally {
        counts.iter().filter(|(state, _)| self.states().contains(state)).map(|(_, tally)| *tally).sum()
    }
}

impl FromStr for Lane {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|lane| lane.as_str() == text).ok_or(())
    }
}

/// Parameters that narrow the queue; with a name they make a saved view.
pub const NARROWING: [&str; 7] = ["lane", "category", "unit", "priority", "assignee", "office", "q"];

/// Rows on a page.
const ROWS: u32 = 50;

pub fn lane(query: &Query) -> Lane {
    query.parse("lane").unwrap_or(Lane::Todo)
}

/// What the address asks for. A part of it that makes no sense narrows nothing.
pub fn filter(query: &Query, staff: &Staff) -> Filter {
    Filter {
        office: query.parse::<Uuid>("office").map(Into::into),
        states: lane(query).states().to_vec(),
        category: query.get("category").map(str::to_owned),
        unit: query.get("unit").map(str::to_owned),
        priority: query.get("priority").and_then(priority::parse),
        assignee: query.get("assignee").and_then(|text| assignee(text, staff.id)),
        q: query.get("q").map(|words| Secret::new(words.to_owned())),
        informed: false,
        limit: Some(ROWS),
        cursor: query.get("cursor").map(str::to_owned),
    }
}

fn assignee(text: &str, me: OfficerId) -> Option<Assignee> {
    match text {
        "me" => Some(Assignee::Officer(me)),
        "none" => Some(Assignee::Nobody),
        id => Uuid::try_parse(id).ok().map(|id| Assignee::Officer(id.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_in_one_lane_besides_that_of_all_work() {
        for state in TipStatus::ALL {
            let lanes = Lane::ALL.into_iter().filter(|lane| *lane != Lane::Todo && lane.states().contains(state));
            assert_eq!(lanes.count(), 1, "{state}");
        }
        for lane in Lane::ALL {
            assert_eq!(lane.as_str().parse(), Ok(lane));
        }
    }
}
