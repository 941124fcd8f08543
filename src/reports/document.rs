//! What a report says, before it is put into a language and a format: every rendering shows this and nothing else.

use chrono::NaiveDate;

use super::{Number, ReportKind};
use crate::reference::Label;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub kind: ReportKind,
    pub title: Label,
    /// The period in words.
    pub period: Label,
    /// First and last day.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The period that it is compared with.
    pub before: (NaiveDate, NaiveDate),
    /// The day whose knowledge it is.
    pub as_of: NaiveDate,
    /// Whose figures.
    pub scope: Label,
    /// The ledger is made up, for demonstration.
    pub synthetic: bool,
    /// In the order to read; warnings come first.
    pub paragraphs: Vec<Paragraph>,
    pub tables: Vec<Table>,
    /// Sums that have to agree. A report in which one does not is not to be relied on, and says so first.
    pub checks: Vec<Check>,
    /// By which rule each figure was counted.
    pub rules: Vec<Rule>,
}

impl Report {
    /// Whether all its sums agree.
    pub fn reconciles(&self) -> bool {
        self.checks.iter().all(Check::holds)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    pub key: &'static str,
    pub text: Label,
}

/// Figures side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub key: &'static str,
    pub title: Label,
    /// Head of the rows' labels.
    pub head: Label,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub key: String,
    pub label: Label,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A code; `total` for the last row, where there is one.
    pub key: String,
    pub label: Label,
    /// What its figures are measured in, where that is not plain.
    pub unit: Option<Label>,
    /// One for each column; none: a share of nothing, a median of nothing.
    pub values: Vec<Option<Number>>,
}

/// Key of the row that adds the others up.
pub const TOTAL: &str = "total";

/// Two figures that must be the same, each counted in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub key: String,
    pub label: Label,
    pub left: Number,
    pub right: Number,
}

impl Check {
    pub fn holds(&self) -> bool {
        self.left == self.right
    }
}

/// The rule of a figure, and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub key: String,
    pub label: Label,
    pub version: i32,
    pub text: Label,
}
