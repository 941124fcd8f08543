//! What a published figure is about: a stretch of days, and perhaps a part of one axis.

use std::collections::BTreeSet;

use chrono::NaiveDate;

/// What sources are told apart by, besides time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Places as they were then; today's are groups of these.
    Place,
    Category,
    Channel,
}

impl Axis {
    pub const ALL: [Self; 3] = [Self::Place, Self::Category, Self::Channel];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Category => "category",
            Self::Channel => "channel",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|axis| axis.as_str() == code)
    }
}

/// Days from the first to the last, both of them in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Span {
    pub fn holds(self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// The day after the last.
    pub fn end(self) -> NaiveDate {
        self.to.succ_opt().unwrap_or(self.to)
    }
}

/// Some values of an axis, taken together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slice {
    pub axis: Axis,
    pub members: BTreeSet<String>,
}

/// The sources that a figure counts. Two figures of one region are one figure, in whichever table they stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    pub span: Span,
    /// None: all of the span.
    pub slice: Option<Slice>,
}

/// Sources that are alike in all that is told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub day: NaiveDate,
    pub place: String,
    pub category: String,
    pub channel: String,
    pub count: i64,
}

impl Line {
    pub fn at(&self, axis: Axis) -> &str {
        match axis {
            Axis::Place => &self.place,
            Axis::Category => &self.category,
            Axis::Channel => &self.channel,
        }
    }
}

impl Region {
    pub fn total(span: Span) -> Self {
        Self { span, slice: None }
    }

    pub fn part(span: Span, axis: Axis, members: impl IntoIterator<Item = String>) -> Self {
        Self { span, slice: Some(Slice { axis, members: members.into_iter().collect() }) }
    }

    pub fn holds(&self, line: &Line) -> bool {
        let inside = |slice: &Slice| slice.members.contains(line.at(slice.axis));
        self.span.holds(line.day) && self.slice.as_ref().is_none_or(inside)
    }

    pub fn count(&self, lines: &[Line]) -> i64 {
        lines.iter().filter(|line| self.holds(line)).map(|line| line.count).sum()
    }
}
