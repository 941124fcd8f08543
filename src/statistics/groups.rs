//! From tallies to groups: pure, so that every database gives the same.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{By, store::Tally};
use crate::reference::{Label, Reference, UnitKey};

/// Key of the sources whose place is not known.
pub const NO_UNIT: &str = "none";

/// One line of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `2021`, `2021-03`, `15016@2019-12-01` (or `none`), or the code of a category or channel.
    pub key: String,
    pub label: Label,
    pub total: u64,
}

/// Adds tallies up into groups: years and months of the whole period in their order, units by key with the unknown
/// last, categories and channels as residents see them.
pub(super) fn fold(reference: &Reference, by: By, period: (NaiveDate, NaiveDate), tallies: &[Tally]) -> Vec<Group> {
    let mut sums: BTreeMap<String, Sum> = empty_groups(by, period);
    for tally in tallies {
        let sum = sums.entry(key_of(by, tally)).or_default();
        sum.total += tally.total.unsigned_abs();
        sum.latest = sum.latest.filter(|latest| latest.decided_on >= tally.decided_on).or(Some(tally));
    }
    let mut groups: Vec<(u16, Group)> = sums.into_iter().map(|(key, sum)| group(reference, by, key, &sum)).collect();
    // Stable: those of one place stay in the order of their keys.
    groups.sort_by_key(|(place, _)| *place);
    groups.into_iter().map(|(_, group)| group).collect()
}

#[derive(Default)]
struct Sum<'a> {
    total: u64,
    /// By whose day the group is named: a code keeps its newest label.
    latest: Option<&'a Tally>,
}

/// The years or months of a period, each with nothing in it; other groups exist only by what is in them.
fn empty_groups<'a>(by: By, (from, to): (NaiveDate, NaiveDate)) -> BTreeMap<String, Sum<'a>> {
    let none = |key: String| (key, Sum::default());
    match by {
        By::Year => (from.year()..=to.year()).map(year_key).map(none).collect(),
        By::Month => (month_number(from)..=month_number(to))
            .map(|month| month_key(month.div_euclid(12), month.rem_euclid(12) + 1))
            .map(none)
            .collect(),
        By::Unit | By::Category | By::Channel => BTreeMap::new(),
    }
}

fn year_key(year: i32) -> String {
    format!("{year:04}")
}

fn month_key(year: i32, month: i32) -> String {
    format!("{year:04}-{month:02}")
}

/// Months since the beginning of the year 0.
fn month_number(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0)
}

fn key_of(by: By, tally: &Tally) -> String {
    let day = tally.decided_on;
    match by {
        By::Year => year_key(day.year()),
        By::Month => month_key(day.year(), i32::try_from(day.month()).unwrap_or(0)),
        By::Unit => unit_of(tally).map_or_else(|| NO_UNIT.to_owned(), |unit| unit.to_string()),
        By::Category => tally.category.clone(),
        By::Channel => tally.channel.clone(),
    }
}

/// The place as it was then: a code alone would mix what bore it one after the other.
fn unit_of(tally: &Tally) -> Option<UnitKey> {
    let (code, valid_from) = tally.unit_code.clone().zip(tally.unit_valid_from)?;
    Some(UnitKey { code, valid_from })
}

/// A group and its place in the list. A code that the reference data lost is its own label, and last.
fn group(reference: &Reference, by: By, key: String, sum: &Sum<'_>) -> (u16, Group) {
    let found = match by {
        By::Year => Some((0, year_label(&key))),
        By::Month => Some((0, month_label(&key))),
        By::Unit => sum.latest.and_then(|tally| unit_label(reference, tally)),
        By::Category => sum.latest.and_then(|tally| {
            let category = reference.category_on(&tally.category, tally.decided_on)?;
            Some((category.order, category.label.clone()))
        }),
        By::Channel => sum.latest.and_then(|tally| {
            let channel = reference.channel_on(&tally.channel, tally.decided_on)?;
            Some((channel.order, channel.label.clone()))
        }),
    };
    let (place, label) = found.unwrap_or_else(|| (u16::MAX, Label { vi: key.clone(), en: key.clone() }));
    (place, Group { key, label, total: sum.total })
}

fn unit_label(reference: &Reference, tally: &Tally) -> Option<(u16, Label)> {
    match unit_of(tally) {
        Some(key) => reference.unit(&key).map(|unit| (0, unit.name.clone())),
        None => Some((u16::MAX, Label { vi: "Không rõ địa bàn".to_owned(), en: "Place not known".to_owned() })),
    }
}

fn year_label(key: &str) -> Label {
    Label { vi: format!("Năm {key}"), en: key.to_owned() }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_label(key: &str) -> Label {
    let (year, month) = key.rsplit_once('-').unwrap_or((key, ""));
    let number: usize = month.parse().unwrap_or(0);
    let name = number.checked_sub(1).and_then(|at| MONTHS.get(at)).copied().unwrap_or(month);
    Label { vi: format!("Tháng {number}/{year}"), en: format!("{name} {year}") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::reference;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn shipped() -> Reference {
        Reference::build(reference::shipped().unwrap()).unwrap()
    }

    fn tally(on: &str, unit: Option<(&str, &str)>, category: &str, channel: &str, total: i64) -> Tally {
        Tally {
            decided_on: day(on),
            unit_code: unit.map(|(code, _)| code.to_owned()),
            unit_valid_from: unit.map(|(_, from)| day(from)),
            category: category.into(),
            channel: channel.into(),
            total,
        }
    }

    fn lines(by: By, from: &str, to: &str, tallies: &[Tally]) -> Vec<(String, String, u64)> {
        let groups = fold(&shipped(), by, (day(from), day(to)), tallies);
        groups.into_iter().map(|group| (group.key, group.label.vi, group.total)).collect()
    }

    fn some() -> Vec<Tally> {
        vec![
            tally("2021-03-05", Some(("15016", "2019-12-01")), "ma_tuy", "web", 2),
            tally("2023-11-30", None, "ttxh", "phone", 1),
            tally("2025-08-01", Some(("15016", "2025-07-01")), "ma_tuy", "box", 3),
            tally("2021-03-20", Some(("15001", "2019-12-01")), "khac", "web", 4),
        ]
    }

    fn line(key: &str, label: &str, total: u64) -> (String, String, u64) {
        (key.to_owned(), label.to_owned(), total)
    }

    #[test]
    fn a_year_without_any_is_told_as_zero() {
        let expected = [
            line("2021", "Năm 2021", 6),
            line("2022", "Năm 2022", 0),
            line("2023", "Năm 2023", 1),
            line("2024", "Năm 2024", 0),
            line("2025", "Năm 2025", 3),
        ];
        assert_eq!(lines(By::Year, "2021-01-01", "2025-12-31", &some()), expected);
    }

    #[test]
    fn months_run_over_the_turn_of_the_year() {
        let found = lines(By::Month, "2021-11-30", "2022-02-01", &[tally("2022-01-31", None, "khac", "web", 5)]);
        let expected = [
            line("2021-11", "Tháng 11/2021", 0),
            line("2021-12", "Tháng 12/2021", 0),
            line("2022-01", "Tháng 1/2022", 5),
            line("2022-02", "Tháng 2/2022", 0),
        ];
        assert_eq!(found, expected);
        assert_eq!(month_label("2021-03").en, "March 2021");
    }

    #[test]
    fn a_code_that_was_used_again_is_two_units_and_the_unknown_come_last() {
        let found = lines(By::Unit, "2021-01-01", "2025-12-31", &some());
        let keys: Vec<&str> = found.iter().map(|(key, _, _)| key.as_str()).collect();
        assert_eq!(keys, ["15001@2019-12-01", "15016@2019-12-01", "15016@2025-07-01", "none"]);
        let names: BTreeSet<&str> = found.iter().map(|(_, name, _)| name.as_str()).collect();
        assert_eq!(names.len(), 4);
    }

    #[test]
    fn categories_stand_as_residents_see_them_and_a_lost_code_is_still_counted() {
        let mut tallies = some();
        tallies.push(tally("2022-01-01", None, "lost", "web", 1));
        let keys: Vec<String> =
            lines(By::Category, "2021-01-01", "2025-12-31", &tallies).into_iter().map(|(key, _, _)| key).collect();
        assert_eq!(keys, ["ttxh", "ma_tuy", "khac", "lost"]);
    }

    fn tallies() -> impl Strategy<Value = Vec<Tally>> {
        let unit = prop::sample::select(vec![
            None,
            Some(("15016", "2019-12-01")),
            Some(("15016", "2025-07-01")),
            Some(("99999", "2019-12-01")),
        ]);
        let category = prop::sample::select(vec!["ma_tuy", "ttxh", "lost"]);
        let channel = prop::sample::select(vec!["web", "box", "pigeon"]);
        let one =
            (0i64..3000, unit, category, channel, 0i64..1000).prop_map(|(days, unit, category, channel, total)| {
                let on = day("2019-12-01") + chrono::Duration::days(days);
                tally(&on.to_string(), unit, category, channel, total)
            });
        prop::collection::vec(one, 0..30)
    }

    proptest! {
        #[test]
        fn groups_add_up_to_the_total_however_it_is_told_apart(tallies in tallies(), turn in 0usize..30) {
            let reference = shipped();
            let total: u64 = tallies.iter().map(|tally| tally.total.unsigned_abs()).sum();
            let period = (day("2019-12-01"), day("2028-12-31"));
            let mut turned = tallies.clone();
            turned.rotate_left(turn.min(tallies.len()));
            for by in By::ALL {
                let groups = fold(&reference, by, period, &tallies);
                prop_assert_eq!(groups.iter().map(|group| group.total).sum::<u64>(), total);
                let keys: BTreeSet<&str> = groups.iter().map(|group| group.key.as_str()).collect();
                prop_assert_eq!(keys.len(), groups.len());
                prop_assert!(groups.iter().all(|group| !group.label.vi.is_empty() && !group.label.en.is_empty()));
                // The order of a database's rows is no business of the answer.
                prop_assert_eq!(&fold(&reference, by, period, &turned), &groups);
            }
        }
    }
}
