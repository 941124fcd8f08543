use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use entity::enums::Mode;
use proptest::prelude::*;

use super::{
    plan::{Act, Happening, Plan, Told},
    stories::Stories,
    worked,
};
use crate::reference::{self, Reference};

fn plan(seed: u64, now: &str) -> Plan {
    let reference = Reference::build(reference::shipped().unwrap()).unwrap();
    Plan::make(&reference, seed, now.parse().unwrap()).unwrap()
}

/// What each tip that counts is counted under: the day of the deciding outcome.
fn counted(plan: &Plan) -> BTreeMap<usize, NaiveDate> {
    let (mut decided, mut attested, mut counted) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for Happening { at, tip, act } in &plan.happenings {
        match act {
            Act::RecordOutcome(_) => drop(decided.insert(*tip, worked::day_of(*at))),
            Act::AttestValue { by, .. } => drop(attested.insert(*tip, decided[by])),
            Act::Confirm => drop(counted.insert(*tip, attested[tip])),
            Act::Revoke(_) => drop(counted.remove(tip)),
            _ => (),
        }
    }
    counted
}

fn kinds<'a>(plan: &'a Plan, of: impl Fn(&'a Told) -> &'a str) -> BTreeSet<&'a str> {
    counted(plan).keys().map(|tip| of(&plan.tips[*tip])).collect()
}

#[test]
fn eighty_seven_sources_count_and_none_after_2023() {
    let plan = plan(super::SEED, "2026-11-24T10:00:00Z");
    let mut years = BTreeMap::new();
    for day in counted(&plan).values() {
        *years.entry(day.year()).or_insert(0) += 1;
    }
    assert_eq!(years, BTreeMap::from([(2021, 24), (2022, 29), (2023, 34)]));
    assert!((400..450).contains(&plan.tips.len()), "{}", plan.tips.len());
}

#[test]
fn they_come_from_all_communes_and_most_categories_and_channels() {
    let plan = plan(super::SEED, "2026-11-24T10:00:00Z");
    assert_eq!(kinds(&plan, |tip| tip.unit.as_deref().unwrap_or("")).len(), 12);
    assert!(kinds(&plan, |tip| &tip.category).len() >= 12);
    assert!(kinds(&plan, |tip| &tip.channel).len() >= 10);
}

#[test]
fn every_matter_is_in_the_terms_of_the_reference_data() {
    let reference = Reference::build(reference::shipped().unwrap()).unwrap();
    let (stories, day) = (Stories::load().unwrap(), "2022-06-01".parse().unwrap());
    for matter in &stories.matters {
        assert!(reference.category_on(&matter.category, day).is_some(), "{}", matter.category);
        assert!(matter.endings.iter().all(|kind| reference.outcome_kind_on(kind, day).is_some()));
        for range in &matter.yields {
            let kind = reference.yield_kind_on(&range.kind, day).unwrap();
            assert!(kind.units.contains(&range.unit), "{}", range.kind);
            assert!(kind.kinds.is_empty() || kind.kinds.iter().any(|of| Some(&of.code) == range.choice.as_ref()));
            assert!(!kind.whole || (range.from % 1000 == 0 && range.step % 1000 == 0), "{}", range.kind);
            assert!(range.from > 0 && range.from <= range.to);
        }
    }
    for category in stories.ledger.categories.keys().chain(stories.ledger.other_categories.keys()) {
        assert!(stories.matters.iter().any(|matter| matter.category == *category), "{category}");
    }
}

#[test]
fn a_narrative_has_no_gap_and_says_that_it_is_made_up() {
    let plan = plan(3, "2026-11-24T10:00:00Z");
    assert!(plan.tips.iter().all(|tip| !tip.narrative.contains(['{', '}']) && tip.narrative.contains("Tin mẫu")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_seed_on_any_day_counts_the_same(seed: u64, days in 0i64..4000) {
        let now: DateTime<Utc> = "2024-01-01T03:00:00Z".parse().unwrap();
        let now = now + Duration::days(days);
        let plan = plan(seed, &now.to_rfc3339());
        let reference = Reference::build(reference::shipped().unwrap()).unwrap();
        prop_assert_eq!(counted(&plan).len(), 87);
        prop_assert!(counted(&plan).values().all(|day| (2021..=2023).contains(&day.year())));
        prop_assert!(plan.happenings.iter().all(|happening| happening.at < now));
        prop_assert!(plan.happenings.is_sorted_by_key(|happening| happening.at));
        for Happening { at, tip, .. } in plan.happenings.iter().filter(|happening| happening.act == Act::Submit) {
            let (told, day) = (&plan.tips[*tip], worked::day_of(*at));
            prop_assert!(told.occurred_on.is_none_or(|occurred| occurred <= day));
            prop_assert!(told.unit.as_ref().is_none_or(|code| reference.unit_on(code, day).is_some()));
            prop_assert_eq!(told.mode == Mode::Anonymous, told.identity.is_empty());
        }
        prop_assert!(plan.releases.iter().all(|release| release.at < now));
        prop_assert!(plan.releases.is_sorted_by_key(|release| release.at));
    }

    #[test]
    fn what_a_release_counts_is_settled_before_its_day(seed: u64) {
        let plan = plan(seed, "2026-11-24T10:00:00Z");
        prop_assert_eq!(plan.releases.len(), 2);
        let (mut decided, mut counts) = (BTreeMap::new(), BTreeMap::new());
        for Happening { at, tip, act } in &plan.happenings {
            match act {
                Act::RecordOutcome(_) => drop(decided.insert(*tip, worked::day_of(*at))),
                Act::AttestValue { by, .. } => drop(counts.insert(*tip, decided[by])),
                Act::Confirm | Act::Revoke(_) => {
                    let told = plan.releases.iter().filter(|release| (release.from..=release.to).contains(&counts[tip]));
                    prop_assert!(told.into_iter().all(|release| *at < release.at), "{act:?} at {at}");
                }
                _ => (),
            }
        }
    }

    #[test]
    fn a_seed_repeats(seed: u64) {
        prop_assert_eq!(plan(seed, "2026-11-24T10:00:00Z"), plan(seed, "2026-11-24T02:00:00Z"));
    }

    #[test]
    fn nothing_leans_on_what_has_not_happened(seed: u64) {
        let (mut there, mut cases) = (BTreeSet::new(), BTreeMap::new());
        for Happening { tip, act, .. } in plan(seed, "2026-11-24T10:00:00Z").happenings {
            match act {
                Act::Submit => prop_assert!(there.insert(tip)),
                Act::MarkDuplicate { of, .. } => prop_assert!(there.contains(&of) && of != tip),
                Act::OpenCase { .. } => prop_assert!(cases.insert(tip, "open").is_none()),
                // An outcome makes a tip *handled*; one that is linked later would be *verifying* for ever.
                Act::LinkCase { of } => prop_assert_eq!(cases.get(&of), Some(&"open")),
                Act::RecordOutcome(_) => prop_assert_eq!(cases.insert(tip, "decided"), Some("open")),
                Act::AttestValue { by, .. } => prop_assert!(cases.contains_key(&by) && cases[&by] != "open"),
                Act::CloseCase(_) => prop_assert_eq!(cases.insert(tip, "closed"), Some("decided")),
                _ => prop_assert!(there.contains(&tip)),
            }
        }
    }
}
