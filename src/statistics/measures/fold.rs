//! From tallies to a table: pure, so that every database gives the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Axis, Cell, Dimension, Table, TableQuery,
    definition::{Definition, Reads},
    labels, places,
    store::Tally,
};
use crate::{
    reference::Reference,
    statistics::ledger::{self, Kind, NO_DAYS},
};

/// What a cell is worked out from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Gathered {
    part: i64,
    whole: i64,
    /// How many facts waited so many days.
    waited: BTreeMap<i32, i64>,
}

/// Works out a table from all tallies of its region.
pub(super) fn fold(reference: &Reference, query: &TableQuery, tallies: &[Tally]) -> Table {
    let definition = query.measure.definition();
    let (mut cells, mut all) = (BTreeMap::<Vec<String>, Gathered>::new(), Gathered::default());
    for tally in tallies {
        let Ok(kind) = ledger::store::kind(&tally.kind) else { continue };
        let keys = query.by.iter().map(|dimension| key_of(reference, query, *dimension, tally)).collect();
        for gathered in [cells.entry(keys).or_default(), &mut all] {
            gathered.take(definition, kind, tally);
        }
    }
    cells.retain(|_, gathered| !gathered.is_empty());
    let axes = axes(reference, query, &cells);
    Table {
        query: query.clone(),
        rule: definition.rule,
        as_of: query.as_of,
        total: all.value(&definition.reads),
        cells: grid(&axes, |keys| match cells.get(keys) {
            Some(gathered) => gathered.value(&definition.reads),
            None => query.measure.is_additive().then_some(0),
        }),
        axes,
    }
}

impl Gathered {
    fn take(&mut self, definition: &Definition, kind: Kind, tally: &Tally) {
        let add = |sum: &mut i64, terms: &[super::definition::Term]| {
            for term in terms.iter().filter(|term| term.means(kind, &tally.detail, &tally.amount_unit, tally.rule)) {
                *sum += term.sign * if term.amount.is_some() { tally.amount_milli } else { tally.facts };
            }
        };
        match &definition.reads {
            Reads::Sum(terms) => add(&mut self.part, terms),
            Reads::Share { part, whole } => {
                add(&mut self.part, part);
                add(&mut self.whole, whole);
            }
            Reads::Percentile { kind: wanted, .. } if *wanted != kind || tally.days == NO_DAYS => (),
            Reads::Percentile { .. } => *self.waited.entry(tally.days).or_default() += tally.facts,
        }
    }

    fn is_empty(&self) -> bool {
        self.part == 0 && self.whole == 0 && self.waited.values().all(|facts| *facts == 0)
    }

    fn value(&self, reads: &Reads) -> Option<i64> {
        match reads {
            Reads::Sum(_) => Some(self.part),
            Reads::Share { .. } => permille(self.part, self.whole),
            Reads::Percentile { percent, .. } => percentile(&self.waited, *percent),
        }
    }
}

/// Thousandths, rounded to the nearest, halves up; none of nothing.
pub(super) fn permille(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    Some((part * 2000 + whole).div_euclid(whole * 2))
}

/// The smallest number of days that so many of a hundred do not exceed (nearest rank).
fn percentile(waited: &BTreeMap<i32, i64>, percent: i64) -> Option<i64> {
    let count: i64 = waited.values().sum();
    let rank = (count * percent + 99).div_euclid(100).max(1);
    let mut seen = 0;
    for (days, facts) in waited {
        seen += facts;
        if seen >= rank {
            return Some(i64::from(*days));
        }
    }
    None
}

fn key_of(reference: &Reference, query: &TableQuery, dimension: Dimension, tally: &Tally) -> String {
    match dimension {
        Dimension::Period(period) => period.key_of(tally.day),
        Dimension::Unit | Dimension::Commune | Dimension::District | Dimension::Province => {
            let unit = tally.unit.parse().ok();
            places::key_of(reference, dimension, unit.as_ref(), tally.day, query.restate)
        }
        Dimension::Category => tally.category.clone(),
        Dimension::Channel => tally.channel.rsplit_once('/').map_or("", |(channel, _)| channel).to_owned(),
        Dimension::Mode => tally.channel.rsplit_once('/').map_or("", |(_, mode)| mode).to_owned(),
        Dimension::Office => tally.office_id.map(|office| office.to_string()).unwrap_or_default(),
        Dimension::Detail if query.measure.has_detail() => tally.detail.clone(),
        Dimension::Detail => String::new(),
    }
}

fn axes(reference: &Reference, query: &TableQuery, cells: &BTreeMap<Vec<String>, Gathered>) -> Vec<Axis> {
    let axis = |(at, dimension): (usize, &Dimension)| {
        let keys = match dimension {
            Dimension::Period(period) => period.keys_between(query.from, query.to),
            Dimension::Unit
            | Dimension::Commune
            | Dimension::District
            | Dimension::Province
            | Dimension::Category
            | Dimension::Channel
            | Dimension::Mode
            | Dimension::Office
            | Dimension::Detail => {
                let keys: BTreeSet<&String> = cells.keys().filter_map(|keys| keys.get(at)).collect();
                let mut keys: Vec<String> = keys.into_iter().cloned().collect();
                // Stable: those of one place stay in the order of their keys.
                keys.sort_by_key(|key| labels::place(reference, query, *dimension, key));
                keys
            }
        };
        Axis { dimension: *dimension, keys }
    };
    query.by.iter().enumerate().map(axis).collect()
}

fn grid(axes: &[Axis], value: impl Fn(&Vec<String>) -> Option<i64>) -> Vec<Cell> {
    let mut rows: Vec<Vec<String>> = if axes.is_empty() { Vec::new() } else { vec![Vec::new()] };
    for axis in axes {
        let longer = |row: Vec<String>| {
            axis.keys.iter().map(move |key| row.iter().cloned().chain([key.clone()]).collect::<Vec<_>>())
        };
        rows = rows.into_iter().flat_map(longer).collect();
    }
    rows.into_iter().filter_map(|keys| value(&keys).map(|value| Cell { keys, value })).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::statistics::periods::Period;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn tally(kind: Kind, on: &str, unit: &str, category: &str, facts: i64) -> Tally {
        Tally {
            kind: kind.as_str().to_owned(),
            day: day(on),
            office_id: None,
            unit: unit.to_owned(),
            category: category.to_owned(),
            channel: "web/anonymous".to_owned(),
            detail: String::new(),
            amount_unit: String::new(),
            days: NO_DAYS,
            rule: 1,
            facts,
            amount_milli: 0,
        }
    }

    fn some() -> Vec<Tally> {
        vec![
            tally(Kind::Confirmed, "2021-03-01", "15016@2019-12-01", "ma_tuy", 3),
            tally(Kind::Revoked, "2021-03-01", "15016@2019-12-01", "ma_tuy", 1),
            tally(Kind::Confirmed, "2023-11-15", "", "ttxh", 1),
            tally(Kind::Confirmed, "2025-08-01", "15016@2025-07-01", "ma_tuy", 3),
            tally(Kind::Confirmed, "2021-03-15", "14995@2019-12-01", "lost", 4),
            tally(Kind::Confirmed, "2022-01-01", "15022@2019-12-01", "khac", 1),
            tally(Kind::Revoked, "2022-01-01", "15022@2019-12-01", "khac", 1),
        ]
    }

    fn told(by: &[Dimension], restate: bool, tallies: &[Tally]) -> Table {
        let query = TableQuery {
            measure: super::super::Measure::ValuableSources,
            from: day("2021-01-01"),
            to: day("2025-12-31"),
            by: by.to_vec(),
            as_of: day("2026-01-01"),
            offices: Vec::new(),
            restate,
        };
        fold(&Reference::build(crate::reference::shipped().unwrap()).unwrap(), &query, tallies)
    }

    fn lines(by: Dimension, restate: bool) -> Vec<(String, i64)> {
        let table = told(&[by], restate, &some());
        assert_eq!(table.total, Some(10));
        assert_eq!(table.cells.iter().map(|cell| cell.value).sum::<i64>(), 10);
        table.cells.into_iter().map(|cell| (cell.keys.join(" "), cell.value)).collect()
    }

    fn line(key: &str, value: i64) -> (String, i64) {
        (key.to_owned(), value)
    }

    #[test]
    fn a_year_without_any_is_told_as_zero() {
        let expected = [line("2021", 6), line("2022", 0), line("2023", 1), line("2024", 0), line("2025", 3)];
        assert_eq!(lines(Dimension::Period(Period::Year), false), expected);
    }

    #[test]
    fn a_code_that_was_used_again_is_two_units_and_the_unknown_come_last() {
        let then =
            [line("14995@2019-12-01", 4), line("15016@2019-12-01", 2), line("15016@2025-07-01", 3), line("none", 1)];
        assert_eq!(lines(Dimension::Unit, false), then);
        let now =
            [line("15001@2025-07-01", 4), line("15016@2025-07-01", 3), line("not_attributable", 2), line("none", 1)];
        assert_eq!(lines(Dimension::Unit, true), now);
    }

    #[test]
    fn categories_stand_as_residents_see_them_and_a_lost_code_is_still_counted() {
        assert_eq!(lines(Dimension::Category, false), [line("ttxh", 1), line("ma_tuy", 5), line("lost", 4)]);
    }

    #[test]
    fn two_dimensions_make_a_whole_grid() {
        let table = told(&[Dimension::Period(Period::Year), Dimension::Category], false, &some());
        assert_eq!(table.cells.len(), 5 * 3);
        assert_eq!(table.value(&["2021", "ma_tuy"]), Some(2));
        assert_eq!(table.value(&["2024", "ma_tuy"]), Some(0));
        let none = told(&[], false, &[]);
        assert_eq!((none.total, none.cells.len()), (Some(0), 0));
    }

    #[test]
    fn a_share_is_rounded_to_the_nearest_thousandth() {
        assert_eq!(
            [(1, 3), (2, 3), (1, 2000), (87, 100), (0, 4), (5, 5)].map(|(part, whole)| permille(part, whole)),
            [Some(333), Some(667), Some(1), Some(870), Some(0), Some(1000)]
        );
        assert_eq!(permille(0, 0), None);
    }

    #[test]
    fn the_median_and_the_ninetieth_are_days_that_somebody_waited() {
        let waited = |days: &[i32]| {
            let mut waited = BTreeMap::new();
            days.iter().for_each(|days| *waited.entry(*days).or_default() += 1);
            waited
        };
        let of = |days: &[i32], percent| percentile(&waited(days), percent);
        assert_eq!(of(&[], 50), None);
        assert_eq!(of(&[7], 50), Some(7));
        assert_eq!(of(&[0, 1, 2, 3], 50), Some(1));
        assert_eq!(of(&[0, 1, 2, 3, 30], 50), Some(2));
        assert_eq!(of(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 99], 90), Some(8));
        assert_eq!(of(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 99], 90), Some(9));
    }
}
