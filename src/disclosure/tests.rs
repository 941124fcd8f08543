use std::{collections::BTreeMap, slice::from_ref};

use chrono::NaiveDate;

use super::{
    Axis, Born, Cell, Decision, Earlier, Line, Policy, Reason, Region, Request, Span, World,
    attacker::{Attacker, full_table},
    protect,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span { from: day(from), to: day(to) }
}

fn years(from: i32, to: i32) -> Span {
    span(&format!("{from}-01-01"), &format!("{to}-12-31"))
}

fn line(on: &str, place: &str, count: i64) -> Line {
    Line { day: day(on), place: place.into(), category: "c0".into(), channel: "web".into(), count }
}

fn cell(region: Region, rank: u8) -> Cell {
    Cell { region, rank, closed: None }
}

fn place(span: Span, name: &str) -> Region {
    Region::part(span, Axis::Place, [name.to_owned()])
}

/// Tables over some places: the total, and each place.
fn by_place(span: Span, places: &[&str]) -> Vec<Cell> {
    let parts = places.iter().map(|name| cell(place(span, name), 2));
    std::iter::once(cell(Region::total(span), 0)).chain(parts).collect()
}

fn ask(cells: &[Cell], lines: &[Line], earlier: &[Earlier], then: &[World]) -> Vec<Decision> {
    let now = World { as_of: day("2030-01-01"), lines: lines.to_vec() };
    protect(&Request { cells, earlier, now: &now, then, born: &Born::new() }, &Policy::default())
}

fn told(as_of: &str, cells: &[Cell], decisions: &[Decision]) -> Earlier {
    let mut earlier = Earlier { as_of: day(as_of), shown: Vec::new(), withheld: Vec::new() };
    for (cell, decision) in cells.iter().zip(decisions) {
        match decision {
            Decision::Show(value) => earlier.shown.push((cell.region.clone(), *value)),
            Decision::Withhold(_) => earlier.withheld.push(cell.region.clone()),
        }
    }
    earlier
}

const SMALL: Decision = Decision::Withhold(Reason::Small);

#[test]
fn large_figures_and_nothings_are_shown() {
    let cells = by_place(years(2021, 2023), &["a", "b", "c"]);
    let lines = [line("2021-05-01", "a", 40), line("2022-05-01", "b", 12)];
    let shown = [52, 40, 12, 0].map(Decision::Show);
    assert_eq!(ask(&cells, &lines, &[], &[]), shown);
}

#[test]
fn a_small_figure_takes_another_with_it() {
    let cells = by_place(years(2021, 2023), &["a", "b", "c"]);
    let lines = [line("2021-05-01", "a", 40), line("2022-05-01", "b", 12), line("2022-05-01", "c", 3)];
    let decisions = ask(&cells, &lines, &[], &[]);
    assert_eq!((decisions[0], decisions[3]), (Decision::Show(55), SMALL));
    assert_eq!(decisions.iter().filter(|decision| **decision == SMALL).count(), 2);
}

#[test]
fn two_small_figures_do_not_cover_each_other() {
    let cells = by_place(years(2021, 2023), &["a", "b", "c"]);
    let lines = [line("2021-05-01", "a", 40), line("2022-05-01", "b", 4), line("2022-05-01", "c", 3)];
    // Both lie between 0 and 7: an interval shorter than the threshold.
    let decisions = ask(&cells, &lines, &[], &[]);
    assert_eq!(decisions, [Decision::Show(47), SMALL, SMALL, SMALL]);
}

#[test]
fn a_small_total_is_not_shown_and_nothing_with_it() {
    let cells = by_place(years(2021, 2023), &["a", "b"]);
    let decisions = ask(&cells, &[line("2021-05-01", "a", 4)], &[], &[]);
    assert_eq!(decisions[..2], [SMALL, SMALL]);
}

#[test]
fn a_longer_period_does_not_give_away_what_it_added() {
    let first = vec![cell(Region::total(years(2021, 2023)), 0)];
    let lines = [line("2021-05-01", "a", 87), line("2024-05-01", "a", 5)];
    let earlier = told("2024-02-01", &first, &ask(&first, &lines[..1], &[], &[]));
    let then = World { as_of: day("2024-02-01"), lines: lines[..1].to_vec() };
    let longer = vec![cell(Region::total(years(2021, 2024)), 0)];
    assert_eq!(ask(&longer, &lines, from_ref(&earlier), from_ref(&then)), [SMALL]);
    let lines = [line("2021-05-01", "a", 87), line("2024-05-01", "a", 15)];
    assert_eq!(ask(&longer, &lines, &[earlier], &[then]), [Decision::Show(102)]);
}

#[test]
fn new_territory_does_not_give_away_the_old() {
    let whole = years(2021, 2023);
    let lines = [
        line("2021-05-01", "a", 40),
        line("2021-05-01", "b", 25),
        line("2022-05-01", "c", 3),
        line("2022-05-01", "d", 30),
    ];
    let old = by_place(whole, &["a", "b", "c", "d"]);
    let decisions = ask(&old, &lines, &[], &[]);
    let earlier = told("2024-02-01", &old, &decisions);
    let then = World { as_of: day("2024-02-01"), lines: lines.to_vec() };
    // Today c belongs to what used to be a: the two together would give c away where a is public.
    let group = |names: &[&str]| Region::part(whole, Axis::Place, names.iter().map(|name| (*name).to_owned()));
    let new = vec![
        cell(Region::total(whole), 0),
        cell(group(&["a", "c"]), 2),
        cell(group(&["b"]), 2),
        cell(group(&["d"]), 2),
    ];
    let now = told("2030-01-01", &new, &ask(&new, &lines, from_ref(&earlier), &[then]));
    let public = earlier.shown.iter().chain(&now.shown).map(|(region, _)| region).collect();
    let mut attacker = Attacker::new(full_table(&[&new[0].region], &lines, &Born::new()), public);
    assert!(attacker.interval(&place(whole, "c"), 10) >= 10);
}

#[test]
fn a_revision_tells_a_small_change_of_a_long_total_only() {
    let cells = |span: Span| {
        let each = (2021..=2023).map(|year| cell(Region::total(years(year, year)), 1));
        std::iter::once(cell(Region::total(span), 0)).chain(each).collect::<Vec<_>>()
    };
    let all = cells(years(2021, 2023));
    let before = [line("2021-05-01", "a", 26), line("2022-05-01", "a", 29), line("2023-05-01", "a", 32)];
    let first = ask(&all, &before, &[], &[]);
    assert_eq!(first, [87, 26, 29, 32].map(Decision::Show));
    let earlier = told("2024-02-01", &all, &first);
    let then = World { as_of: day("2024-02-01"), lines: before.to_vec() };
    let mut after = before.clone();
    after[1].count = 28;
    let revised = ask(&all, &after, from_ref(&earlier), from_ref(&then));
    assert_eq!(revised, [Decision::Show(86), SMALL, SMALL, SMALL]);
    // Nothing changed: nothing is hidden that was public.
    assert_eq!(ask(&all, &before, &[earlier], &[then]), first);
}

#[test]
fn what_no_plan_was_found_for_in_time_is_closed() {
    let cells = by_place(years(2021, 2023), &["a", "b", "c"]);
    let now = World { as_of: day("2030-01-01"), lines: vec![line("2021-05-01", "a", 40), line("2022-05-01", "b", 3)] };
    let policy = Policy { time: std::time::Duration::ZERO, ..Policy::default() };
    let request = Request { cells: &cells, earlier: &[], now: &now, then: &[], born: &Born::new() };
    let decisions = protect(&request, &policy);
    assert!(decisions.iter().all(|decision| matches!(decision, Decision::Withhold(_))), "{decisions:?}");
}

#[test]
fn a_place_that_did_not_exist_yet_hides_nothing() {
    let whole = years(2021, 2026);
    let cells: Vec<Cell> = [cell(Region::total(years(2021, 2024)), 1), cell(Region::total(years(2025, 2026)), 1)]
        .into_iter()
        .chain(by_place(whole, &["old", "new"]))
        .collect();
    let lines = [line("2022-05-01", "old", 30), line("2026-05-01", "old", 4), line("2026-05-01", "new", 20)];
    let born: Born = BTreeMap::from([((Axis::Place, "new".to_owned()), day("2025-07-01"))]);
    let now = World { as_of: day("2030-01-01"), lines: lines.to_vec() };
    let decisions =
        protect(&Request { cells: &cells, earlier: &[], now: &now, then: &[], born: &born }, &Policy::default());
    // The four of the closed place follow from 34 and 30.
    assert!(!decisions.iter().all(|decision| matches!(decision, Decision::Show(_))), "{decisions:?}");
}
