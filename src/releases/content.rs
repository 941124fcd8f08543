//! What is frozen, and its fingerprint.

use std::fmt::Write;

use chrono::NaiveDate;
use entity::ids::{ReleaseId, ValuationId};

use super::Split;
use crate::{
    disclosure::{Line, Reason, Region},
    reference::{Label, UnitKey},
};

/// A figure, or why there is none.
pub type Figure = Result<i64, Reason>;

/// A place in a table, as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleasedCell {
    pub split: Split,
    pub keys: Vec<String>,
    pub label: Label,
    pub region: Region,
    pub figure: Figure,
}

/// A source that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub valuation: ValuationId,
    pub decided_on: NaiveDate,
    pub unit: Option<UnitKey>,
    pub category: String,
    pub channel: String,
}

impl Source {
    pub fn line(&self) -> Line {
        Line {
            day: self.decided_on,
            place: self.unit.as_ref().map_or_else(|| super::layout::OTHER.to_owned(), ToString::to_string),
            category: self.category.clone(),
            channel: self.channel.clone(),
            count: 1,
        }
    }
}

/// All that a release says and rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub measure: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub as_of: NaiveDate,
    pub rule: i32,
    pub threshold: i64,
    pub basis: i32,
    pub revises: Option<ReleaseId>,
    pub cells: Vec<ReleasedCell>,
    pub sources: Vec<Source>,
}

impl Content {
    /// SHA-256 over all of it, in hexadecimal. Sources stand in the order of their keys, so that no database's order
    /// matters.
    pub fn fingerprint(&self) -> String {
        vault::digest::fingerprint(self.canonical().as_bytes())
    }

    fn canonical(&self) -> String {
        let mut text = String::new();
        let revises = self.revises.map(|id| id.to_string()).unwrap_or_default();
        // Writing to a String has no way to fail.
        let _ = writeln!(text, "tipline release 1|{}|{}|{}|{}", self.measure, self.from, self.to, self.as_of);
        let _ = writeln!(text, "{}|{}|{}|{revises}", self.rule, self.threshold, self.basis);
        for cell in &self.cells {
            let figure = match cell.figure {
                Ok(value) => value.to_string(),
                Err(reason) => reason.as_str().to_owned(),
            };
            let slice = cell.region.slice.as_ref();
            let axis = slice.map(|slice| slice.axis.as_str()).unwrap_or_default();
            let members =
                slice.map(|slice| slice.members.iter().cloned().collect::<Vec<_>>().join(" ")).unwrap_or_default();
            let (span, keys) = (cell.region.span, cell.keys.join("|"));
            let Label { vi, en } = &cell.label;
            let _ =
                writeln!(text, "{}|{keys}|{vi}|{en}|{}|{}|{axis}|{members}|{figure}", cell.split, span.from, span.to);
        }
        let mut sources: Vec<&Source> = self.sources.iter().collect();
        sources.sort_by_key(|source| source.valuation);
        for source in sources {
            let unit = source.unit.as_ref().map(ToString::to_string).unwrap_or_default();
            let Source { valuation, decided_on, category, channel, .. } = source;
            let _ = writeln!(text, "{valuation}|{decided_on}|{unit}|{category}|{channel}");
        }
        text
    }

    pub fn lines(&self) -> Vec<Line> {
        self.sources.iter().map(Source::line).collect()
    }

    /// Whether every figure is what its sources add up to.
    pub fn reconciles(&self) -> bool {
        let lines = self.lines();
        self.cells.iter().all(|cell| cell.figure.is_err() || cell.figure == Ok(cell.region.count(&lines)))
    }

    /// Nothings alone are no release, unless nothing is the total.
    pub fn shows_anything(&self) -> bool {
        let says = |cell: &ReleasedCell| cell.figure.is_ok_and(|value| value > 0 || cell.split == Split::Total);
        self.cells.iter().any(says)
    }
}
