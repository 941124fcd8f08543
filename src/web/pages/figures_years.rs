//! The figure of years that somebody chose: a published one, or the sum of published ones.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::figures_table::whole_years;
use crate::{
    app::App,
    releases::{Head, Release, ReleasedCell, Split, public},
    web::api::problem::ApiError,
};

/// The years, as they were typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Years {
    pub from: String,
    pub to: String,
}

/// What was asked for, and what can be said.
pub enum Asked {
    /// Not two years in order.
    Unclear,
    /// No release tells it.
    Untold,
    Told {
        figure: i64,
        years: String,
        parts: Vec<i64>,
        release: i32,
    },
}

impl Asked {
    pub fn release(&self) -> Option<i32> {
        match self {
            Self::Told { release, .. } => Some(*release),
            Self::Unclear | Self::Untold => None,
        }
    }
}

impl Years {
    /// Nothing if no years were asked for.
    pub async fn answered(&self, app: &App, heads: &[Head]) -> Result<Option<Asked>, ApiError> {
        if self.from.trim().is_empty() && self.to.trim().is_empty() {
            return Ok(None);
        }
        let Some((from, to)) = self.read() else { return Ok(Some(Asked::Unclear)) };
        // Newest first: a correction comes before what it corrects.
        for head in heads.iter().filter(|head| head.from.year() <= from && head.to.year() >= to) {
            if let Some(asked) = told(&public::read(app, head.id).await?, from, to) {
                return Ok(Some(asked));
            }
        }
        Ok(Some(Asked::Untold))
    }

    fn read(&self) -> Option<(i32, i32)> {
        let year = |text: &str| text.trim().parse().ok().filter(|year| (1900..=9999).contains(year));
        let (from, to) = (self.from.trim(), self.to.trim());
        let from = year(if from.is_empty() { to } else { from })?;
        let to = if to.is_empty() { from } else { year(to)? };
        (from <= to).then_some((from, to))
    }
}

/// The figure of these years as a release tells it: its total, or its years added up. A sum of what is told tells
/// nothing more.
fn told(release: &Release, from: i32, to: i32) -> Option<Asked> {
    let head = &release.head;
    let is_total = whole_years(head.from, head.to) && (head.from.year(), head.to.year()) == (from, to);
    let wanted = |cell: &&ReleasedCell| match cell.split {
        Split::Total => is_total,
        Split::Year => !is_total && whole(cell.region.span.from, cell.region.span.to, from, to),
        Split::Month
        | Split::Unit
        | Split::UnitNow
        | Split::Category
        | Split::Channel
        | Split::YearUnit
        | Split::YearUnitNow
        | Split::YearCategory
        | Split::YearChannel => false,
    };
    let parts: Vec<i64> = release.cells.iter().filter(wanted).map(|cell| cell.figure.ok()).collect::<Option<_>>()?;
    let complete = if is_total { 1 } else { usize::try_from(to - from + 1).ok()? };
    if parts.len() != complete {
        return None;
    }
    let years = if from == to { from.to_string() } else { format!("{from}\u{2013}{to}") };
    Some(Asked::Told { figure: parts.iter().sum(), years, parts, release: head.number? })
}

fn whole(first: NaiveDate, last: NaiveDate, from: i32, to: i32) -> bool {
    whole_years(first, last) && first.year() == last.year() && (from..=to).contains(&first.year())
}
