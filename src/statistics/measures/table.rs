use chrono::NaiveDate;
use entity::ids::OfficeId;

use super::{Dimension, Measure};

/// In what a value is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Count,
    /// Thousandths of a unit of measure.
    Milli(&'static str),
    /// Thousandths of a whole, and the share that is aimed at.
    Permille {
        target: Option<i64>,
    },
    Days,
}

/// What is to be counted. Both days belong to the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableQuery {
    pub measure: Measure,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// At most two, and no two alike.
    pub by: Vec<Dimension>,
    /// As it stood at the end of this day.
    pub as_of: NaiveDate,
    pub offices: Vec<OfficeId>,
    /// Places as they are today instead of as they were then. What of a place that was split cannot be told stays
    /// together in a group of its own, so that the total stays the same.
    pub restate: bool,
}

/// A figure, told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub query: TableQuery,
    /// The version of the measure's rule.
    pub rule: i32,
    pub as_of: NaiveDate,
    /// None: a share of nothing, or the days of nothing.
    pub total: Option<i64>,
    /// One for each dimension, in their order.
    pub axes: Vec<Axis>,
    /// Row by row. Of what adds up, every cell; of shares and days, those that there are.
    pub cells: Vec<Cell>,
}

/// What a dimension is told apart into, in the order in which to show it: every period, and of all else what occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    pub dimension: Dimension,
    pub keys: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// One for each dimension, in their order.
    pub keys: Vec<String>,
    pub value: i64,
}

impl Table {
    pub fn value(&self, keys: &[&str]) -> Option<i64> {
        self.cells.iter().find(|cell| cell.keys == keys).map(|cell| cell.value)
    }
}
