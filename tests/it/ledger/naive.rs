//! Counting by hand: every measure from the list of what happened, by no way that the program goes.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use tipline::{
    statistics::{
        measures::{Dimension, Measure, TableQuery},
        periods::Period,
    },
    tips::state::State,
};

use super::{history::History, told::ToldTip};

pub struct Told {
    /// Those that are not 0, by their keys.
    pub cells: Vec<(Vec<String>, i64)>,
    pub total: Option<i64>,
}

/// Something that counts, on a day, for a tip's place, category and channel.
struct Item<'a> {
    on: NaiveDate,
    tip: &'a ToldTip,
    detail: String,
    value: i64,
}

enum Counted<'a> {
    Sum(Vec<Item<'a>>),
    Share(Vec<Item<'a>>, Vec<Item<'a>>),
    Days(Vec<Item<'a>>, usize),
}

pub fn tell(history: &History, query: &TableQuery) -> Told {
    let wanted = |items: Vec<Item<'_>>| -> Vec<(Vec<String>, i64)> {
        let items = items.into_iter().filter(|item| query.from <= item.on && item.on <= query.to);
        let items = items.filter(|item| query.offices.contains(&item.tip.office));
        items.map(|item| (keys(query, &item), item.value)).collect()
    };
    let keep = |cells: BTreeMap<Vec<String>, i64>| -> Vec<(Vec<String>, i64)> {
        cells.into_iter().filter(|(keys, value)| *value != 0 && !keys.is_empty()).collect()
    };
    match count(history, query.measure, query.as_of) {
        Counted::Sum(items) => {
            let (mut cells, items) = (BTreeMap::<_, i64>::new(), wanted(items));
            let total = items.iter().map(|(_, value)| value).sum();
            items.into_iter().for_each(|(keys, value)| *cells.entry(keys).or_default() += value);
            Told { cells: keep(cells), total: Some(total) }
        }
        Counted::Share(part, whole) => {
            let (part, whole) = (wanted(part), wanted(whole));
            let share = |of: Option<&Vec<String>>| {
                let sum = |items: &[(Vec<String>, i64)]| -> i64 {
                    items.iter().filter(|(keys, _)| of.is_none_or(|of| of == keys)).map(|(_, value)| value).sum()
                };
                let (part, whole) = (sum(&part), sum(&whole));
                // To the nearest thousandth, halves up.
                (whole > 0).then(|| (part * 10_000 / whole + 5) / 10)
            };
            let all = part.iter().chain(&whole).map(|(keys, _)| keys.clone());
            let cells = all.filter_map(|keys| Some((keys.clone(), share(Some(&keys))?))).collect();
            Told { cells: keep(cells), total: share(None) }
        }
        Counted::Days(items, percent) => {
            let items = wanted(items);
            let ranked = |of: Option<&Vec<String>>| {
                let mine = items.iter().filter(|(keys, _)| of.is_none_or(|of| of == keys));
                let mut days: Vec<i64> = mine.map(|(_, days)| *days).collect();
                days.sort_unstable();
                days.get((days.len() * percent).div_ceil(100).max(1) - 1).copied()
            };
            let cells = items.iter().filter_map(|(keys, _)| Some((keys.clone(), ranked(Some(keys))?))).collect();
            Told { cells: keep(cells), total: ranked(None) }
        }
    }
}

fn count(history: &History, measure: Measure, as_of: NaiveDate) -> Counted<'_> {
    let known = |day: NaiveDate| day <= as_of;
    let item = |on, tip, detail: &str, value| Item { on, tip, detail: detail.to_owned(), value };
    let received = || -> Vec<Item<'_>> {
        history.tips.iter().filter(|tip| known(tip.on)).map(|tip| item(tip.on, tip, "", 1)).collect()
    };
    let standing = |wanted: fn(&str) -> bool| -> Vec<Item<'_>> {
        let tips = history.tips.iter().filter(|tip| known(tip.on));
        let tips = tips.map(|tip| (tip, standing_of(tip, as_of)));
        tips.filter(|(_, standing)| wanted(standing)).map(|(tip, standing)| item(tip.on, tip, standing, 1)).collect()
    };
    let ended = |standing: &str| !matches!(standing, "open" | "transferred");
    let outcomes = || history.outcomes.iter().filter(|outcome| known(outcome.on));
    let credited = |case: usize| &history.tips[history.cases[case].tip];
    let valuable = || -> Vec<Item<'_>> {
        let counts = history.valuations.iter().filter(|one| one.confirmed.is_some_and(known));
        let counts = counts.filter(|one| !one.revoked.is_some_and(known));
        counts.map(|one| item(one.decided_on, &history.tips[one.tip], "", 1)).collect()
    };
    let said = |days: fn(&ToldTip) -> &Vec<NaiveDate>| -> Vec<Item<'_>> {
        let tips = history.tips.iter();
        tips.flat_map(|tip| days(tip).iter().filter(|day| known(**day)).map(move |_| item(tip.on, tip, "", 1)))
            .collect()
    };
    let waited = |day: fn(&ToldTip) -> Option<NaiveDate>, percent| {
        let tips = history.tips.iter().filter_map(|tip| Some((tip, day(tip).filter(|day| known(*day))?)));
        Counted::Days(tips.map(|(tip, day)| item(tip.on, tip, "", (day - tip.on).num_days())).collect(), percent)
    };
    let decided = |percent| {
        let tips = history.tips.iter().filter_map(|tip| Some((tip, tip.decided.filter(|(on, _)| known(*on))?.1)));
        Counted::Days(tips.map(|(tip, day)| item(day, tip, "", (day - tip.on).num_days().max(0))).collect(), percent)
    };
    match measure {
        Measure::Received => Counted::Sum(received()),
        Measure::ValuableSources => Counted::Sum(valuable()),
        Measure::ValuableShare => Counted::Share(valuable(), received()),
        Measure::CasesOpened => {
            let cases = history.cases.iter().filter(|case| known(case.on));
            Counted::Sum(cases.map(|case| item(case.on, &history.tips[case.tip], "", 1)).collect())
        }
        Measure::Outcomes => {
            let items = outcomes().map(|one| item(one.decided_on, credited(one.case), one.kind, 1));
            Counted::Sum(items.collect())
        }
        Measure::Resolved => Counted::Sum(standing(ended)),
        Measure::Transferred => Counted::Sum(standing(|standing| standing == "transferred")),
        Measure::Open => Counted::Sum(standing(|standing| standing == "open")),
        Measure::ResolvedShare => Counted::Share(standing(ended), standing(|standing| standing != "transferred")),
        Measure::Misuse => {
            let mut items = standing(|standing| matches!(standing, "duplicate" | "spam" | "test"));
            let wrong = outcomes().filter(|one| one.kind == "sai_su_that");
            items.extend(wrong.map(|one| item(one.decided_on, credited(one.case), one.kind, 1)));
            Counted::Sum(items)
        }
        Measure::FirstLookMedian => waited(|tip| tip.screened, 50),
        Measure::FirstLookP90 => waited(|tip| tip.screened, 90),
        Measure::AcceptanceMedian => waited(|tip| tip.accepted, 50),
        Measure::AcceptanceP90 => waited(|tip| tip.accepted, 90),
        Measure::DecisionMedian => decided(50),
        Measure::DecisionP90 => decided(90),
        Measure::QuestionsAsked => Counted::Sum(said(|tip| &tip.asked)),
        Measure::QuestionsAnswered => Counted::Sum(said(|tip| &tip.answered)),
        Measure::TwoWayShare => Counted::Share(said(|tip| &tip.answered), said(|tip| &tip.asked)),
        other => Counted::Sum(brought_in(history, other, as_of)),
    }
}

/// What outcomes brought in, in thousandths.
fn brought_in(history: &History, measure: Measure, as_of: NaiveDate) -> Vec<Item<'_>> {
    let wanted = match measure {
        Measure::Cases => ("cases", "case"),
        Measure::Persons => ("persons", "person"),
        Measure::DrugsGrams => ("drugs", "g"),
        Measure::DrugsPills => ("drugs", "pill"),
        Measure::GunsMilitary => ("guns_military", "gun"),
        Measure::GunsHomeMade => ("guns_home_made", "gun"),
        Measure::Rounds => ("rounds", "round"),
        Measure::Explosives => ("explosives", "kg"),
        Measure::Fireworks => ("fireworks", "kg"),
        Measure::Property => ("property", "VND"),
        Measure::Cash => ("cash", "VND"),
        Measure::Vehicles => ("vehicles", "vehicle"),
        Measure::Timber => ("timber", "m3"),
        Measure::Fines => ("fines", "VND"),
        Measure::VictimsRescued => ("victims_rescued", "person"),
        Measure::Surrenders => ("surrenders", "person"),
        other => panic!("{other} is counted nowhere"),
    };
    let mut items = Vec::new();
    for outcome in history.outcomes.iter().filter(|outcome| outcome.on <= as_of) {
        for (kind, choice, milli, unit) in &outcome.brought {
            if (*kind, *unit) == wanted {
                let detail = choice.map_or_else(|| (*kind).to_owned(), |choice| format!("{kind}:{choice}"));
                let tip = &history.tips[history.cases[outcome.case].tip];
                items.push(Item { on: outcome.decided_on, tip, detail, value: *milli });
            }
        }
    }
    items
}

fn standing_of(tip: &ToldTip, as_of: NaiveDate) -> &'static str {
    let last = tip.states.iter().rev().find(|(day, _)| *day <= as_of).map(|(_, state)| *state);
    match last.unwrap_or(State::Received) {
        State::Handled | State::Closed => "handled",
        State::Duplicate => "duplicate",
        State::Referred => "transferred",
        State::Spam => "spam",
        State::Test => "test",
        State::NotPolice => "not_police",
        _ => "open",
    }
}

fn keys(query: &TableQuery, item: &Item<'_>) -> Vec<String> {
    query.by.iter().map(|dimension| key(*dimension, query.restate, item)).collect()
}

fn key(dimension: Dimension, restate: bool, item: &Item<'_>) -> String {
    let day = item.on;
    let (year, month) = (day.year(), day.month());
    let ending = |first: u32| if month >= first { year + 1 } else { year };
    match dimension {
        Dimension::Period(Period::Year) => year.to_string(),
        Dimension::Period(Period::Quarter) => format!("{year}-Q{}", month.div_ceil(3)),
        Dimension::Period(Period::Month) => format!("{year}-{month:02}"),
        Dimension::Period(Period::PoliceMonth) => match (day.day() >= 15, month) {
            (true, 12) => format!("{}-01", year + 1),
            (true, month) => format!("{year}-{:02}", month + 1),
            (false, month) => format!("{year}-{month:02}"),
        },
        Dimension::Period(Period::ProcuracyYear) => ending(12).to_string(),
        Dimension::Period(Period::SafetyYear) => ending(11).to_string(),
        Dimension::Period(Period::SchoolYear) => format!("{}-{}", ending(9) - 1, ending(9)),
        Dimension::Unit | Dimension::Commune => place(item.tip, restate),
        Dimension::District => match place(item.tip, restate) {
            split if split == "not_attributable" => split,
            unit if unit.ends_with("@2019-12-01") => "387@2019-12-01".to_owned(),
            _ => "none".to_owned(),
        },
        Dimension::Province => match place(item.tip, restate) {
            known if known.contains('@') => "38@2019-12-01".to_owned(),
            other => other,
        },
        Dimension::Category => item.tip.category.clone(),
        Dimension::Channel => item.tip.channel.clone(),
        Dimension::Mode => item.tip.mode.as_str().to_owned(),
        Dimension::Office => item.tip.office.to_string(),
        Dimension::Detail => item.detail.clone(),
    }
}

/// By the resolution of 2025, read off the gazette: which commune became which.
fn place(tip: &ToldTip, restate: bool) -> String {
    let Some((code, valid_from)) = &tip.unit else { return "none".to_owned() };
    let old = valid_from.to_string() == "2019-12-01";
    if !restate || !old {
        return format!("{code}@{valid_from}");
    }
    let now = match code.as_str() {
        "14995" | "14999" | "15001" => "15001",
        "14998" => "15016",
        "15004" | "15019" => "15019",
        "15016" => return "not_attributable".to_owned(),
        same => same,
    };
    format!("{now}@2025-07-01")
}
