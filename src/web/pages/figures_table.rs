//! The tables of a release, as they stand on the page: the figure first, a bar beside it.

use chrono::{Datelike, NaiveDate};

use super::frame::Frame;
use crate::{
    disclosure::Reason,
    reference::Language,
    releases::{Release, ReleasedCell, Split},
    web::api::texts::withheld,
};

pub struct Table {
    pub code: &'static str,
    pub title: &'static str,
    /// The largest figure: the bar that is full.
    pub most: i64,
    pub rows: Vec<Row>,
    /// Where there was nothing, in one line: rows of noughts hide what there is to see.
    pub none: String,
}

pub struct Row {
    pub label: String,
    /// Or why it is not told.
    pub figure: Result<i64, &'static str>,
}

/// All tables but the total, which is a figure and no table.
pub fn tables(f: &Frame, release: &Release) -> Vec<Table> {
    let splits = release.head.splits.iter().copied().filter(|split| *split != Split::Total);
    splits.map(|split| table(f, split, release.cells.iter().filter(|cell| cell.split == split))).collect()
}

fn table<'a>(f: &Frame, split: Split, cells: impl Iterator<Item = &'a ReleasedCell>) -> Table {
    let (none, rows): (Vec<Row>, Vec<Row>) = cells.map(|cell| row(f, cell)).partition(|row| row.figure == Ok(0));
    let most = rows.iter().filter_map(|row| row.figure.ok()).max().unwrap_or_default().max(1);
    let none = none.into_iter().map(|row| row.label).collect::<Vec<_>>().join(", ");
    Table { code: split.as_str(), title: title(f, split), most, rows, none }
}

fn row(f: &Frame, cell: &ReleasedCell) -> Row {
    let figure = cell.figure.map_err(|reason| why(reason, f.language));
    Row { label: cell.label.text(f.language).to_owned(), figure }
}

pub fn why(reason: Reason, language: Language) -> &'static str {
    withheld(reason, language)
}

pub fn title(f: &Frame, split: Split) -> &'static str {
    match split {
        Split::Total => f.t("by_total"),
        Split::Year => f.t("by_year"),
        Split::Month => f.t("by_month"),
        Split::Unit => f.t("by_unit"),
        Split::UnitNow => f.t("by_unit_now"),
        Split::Category => f.t("by_category"),
        Split::Channel => f.t("by_channel"),
        Split::YearUnit => f.t("by_year_unit"),
        Split::YearUnitNow => f.t("by_year_unit_now"),
        Split::YearCategory => f.t("by_year_category"),
        Split::YearChannel => f.t("by_year_channel"),
    }
}

/// As Vietnamese write a day.
pub fn day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// Whole years by their numbers, anything else by its days.
pub fn period(from: NaiveDate, to: NaiveDate) -> String {
    match (whole_years(from, to), from.year() == to.year()) {
        (true, true) => from.year().to_string(),
        (true, false) => format!("{}\u{2013}{}", from.year(), to.year()),
        (false, _) => format!("{}\u{2013}{}", day(from), day(to)),
    }
}

pub fn whole_years(from: NaiveDate, to: NaiveDate) -> bool {
    (from.month(), from.day(), to.month(), to.day()) == (1, 1, 12, 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_told_as_short_as_it_can_be() {
        for (from, to, told) in [
            ("2021-01-01", "2023-12-31", "2021–2023"),
            ("2021-01-01", "2021-12-31", "2021"),
            ("2021-01-15", "2021-02-14", "15/01/2021–14/02/2021"),
        ] {
            assert_eq!(period(from.parse().unwrap(), to.parse().unwrap()), told);
        }
    }
}
