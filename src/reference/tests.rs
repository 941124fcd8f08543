//! What ships is sound and says what the law says; what is unsound is refused by name.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn key(text: &str) -> UnitKey {
    text.parse().unwrap()
}

fn reference() -> Reference {
    Reference::build(shipped().unwrap()).unwrap()
}

fn codes<'a>(units: &[&'a Unit]) -> Vec<&'a str> {
    units.iter().map(|unit| unit.key.code.as_str()).collect()
}

const LAST_OLD_DAY: &str = "2025-06-30";
const FIRST_NEW_DAY: &str = "2025-07-01";

#[test]
fn reference_can_be_shared_between_threads() {
    fn shared<T: Clone + std::fmt::Debug + Send + Sync + 'static>() {}
    shared::<Reference>();
    shared::<DatedRow>();
    shared::<OfficeSeed>();
}

#[test]
fn twelve_units_became_eight() {
    let reference = reference();
    assert_eq!(
        codes(&reference.units_on(day(LAST_OLD_DAY))),
        [
            "38", "387", "14995", "14998", "14999", "15001", "15004", "15007", "15010", "15013", "15016", "15019",
            "15022", "15025"
        ]
    );
    assert_eq!(
        codes(&reference.units_on(day(FIRST_NEW_DAY))),
        ["38", "15001", "15007", "15010", "15013", "15016", "15019", "15022", "15025"]
    );
    assert!(reference.units_on(day("2019-11-30")).is_empty());
}

#[test]
fn a_reused_code_means_what_it_meant_on_the_day() {
    let reference = reference();
    let name = |on| reference.unit_on("15016", day(on)).unwrap().name.text(Language::Vi).to_owned();
    assert_eq!(name(LAST_OLD_DAY), "Thị trấn Sơn Lư");
    assert_eq!(name(FIRST_NEW_DAY), "Xã Quan Sơn");
    assert_eq!(reference.unit(&key("15016@2019-12-01")).unwrap().kind, UnitKind::ThiTran);
    assert!(reference.unit(&key("15016@2020-01-01")).is_none());
    assert!(reference.unit_on("387", day(FIRST_NEW_DAY)).is_none());
}

#[test]
fn communes_stand_under_the_district_and_then_under_the_province() {
    let reference = reference();
    let above = |on: &str| {
        let commune = reference.unit_on("15013", day(on)).unwrap();
        codes(&reference.ancestors_on(commune, day(on)))
    };
    assert_eq!(above(LAST_OLD_DAY), ["387", "38"]);
    assert_eq!(above(FIRST_NEW_DAY), ["38"]);
    let old = reference.unit(&key("15013@2019-12-01")).unwrap();
    assert!(reference.ancestors_on(old, day(FIRST_NEW_DAY)).is_empty());
}

#[test]
fn the_town_was_split_and_every_commune_has_heirs() {
    let reference = reference();
    let heirs = |of: &str| -> Vec<(String, Part)> {
        let heirs = reference.successors(&key(of));
        heirs.into_iter().map(|(unit, part)| (unit.key.to_string(), part)).collect()
    };
    assert_eq!(
        heirs("15016@2019-12-01"),
        [("15016@2025-07-01".to_owned(), Part::Part), ("15019@2025-07-01".to_owned(), Part::Part)]
    );
    assert_eq!(heirs("14998@2019-12-01"), [("15016@2025-07-01".to_owned(), Part::Whole)]);
    for unit in reference.units_on(day(LAST_OLD_DAY)).iter().filter(|unit| unit.kind.level() == 2) {
        assert!(unit.remote);
        assert!(!heirs(&unit.key.to_string()).is_empty(), "{}", unit.key);
    }
    let came_from = |unit: &str| {
        let from = reference.predecessors(&key(unit));
        from.into_iter().map(|(unit, _)| unit.key.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(came_from("15001@2025-07-01"), ["14995", "14999", "15001"]);
    assert_eq!(came_from("15016@2025-07-01"), ["14998", "15016"]);
    assert_eq!(came_from("15019@2025-07-01"), ["15004", "15016", "15019"]);
    for same in ["15007", "15010", "15013", "15022", "15025"] {
        assert_eq!(came_from(&format!("{same}@2025-07-01")), [same]);
    }
}

#[test]
fn fifteen_categories_stand_in_order() {
    let reference = reference();
    let categories = reference.categories_on(day("2026-01-01"));
    let order: Vec<&str> = categories.iter().map(|category| category.code.as_str()).collect();
    assert_eq!(
        order,
        [
            "ttxh",
            "ma_tuy",
            "kinh_te",
            "moi_truong",
            "cong_nghe_cao",
            "vu_khi",
            "te_nan",
            "xnc",
            "giao_thong",
            "pccc",
            "hoc_duong",
            "mau_thuan",
            "can_bo",
            "khan_cap",
            "khac"
        ]
    );
    for category in categories {
        assert_eq!(category.priority == Priority::Urgent, category.code == "khan_cap");
        assert_eq!(category.routing == Routing::Oversight, category.code == "can_bo");
        assert_eq!(category.advice.is_some(), ["khan_cap", "mau_thuan"].contains(&category.code.as_str()));
    }
    let urgent = reference.category_on("khan_cap", day("2026-01-01")).unwrap();
    assert!(urgent.advice.as_ref().unwrap().vi.contains("113"));
}

#[test]
fn only_three_channels_are_open_to_residents() {
    let reference = reference();
    let channels = reference.channels_on(day("2026-01-01"));
    assert_eq!(channels.len(), 16);
    let open: Vec<_> = channels.iter().filter(|channel| !channel.staff_only).map(|c| c.code.as_str()).collect();
    assert_eq!(open, ["web", "qr", "app"]);
    assert_eq!(reference.channel_on("113", day("2026-01-01")).unwrap().order, 5);
}

#[test]
fn rule_v1_says_which_outcomes_qualify() {
    let reference = reference();
    let kinds = reference.outcome_kinds_on(day("2026-01-01"));
    assert_eq!(kinds.len(), 17);
    let with = |qualifies| {
        kinds.iter().filter(|kind| kind.qualifies == qualifies).map(|kind| kind.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(with(Qualifies::Always), ["khoi_to", "xphc", "cai_nghien", "ngan_chan", "thu_hoi", "bat_truy_na"]);
    assert_eq!(with(Qualifies::WithAction), ["chuyen"]);
    assert!(reference.outcome_kind_on("thang", day("2026-01-01")).is_none());
}

#[test]
fn yields_know_their_measures() {
    let reference = reference();
    assert_eq!(reference.yield_kinds_on(day("2026-01-01")).len(), 15);
    let drugs = reference.yield_kind_on("drugs", day("2026-01-01")).unwrap();
    assert_eq!(drugs.units, ["g", "pill"]);
    assert_eq!(drugs.kinds.len(), 5);
    assert!(!drugs.whole);
    assert!(reference.yield_kind_on("persons", day("2026-01-01")).unwrap().whole);
}

fn row(kind: RowKind, key: &str, from: &str, to: Option<&str>, body: Value) -> DatedRow {
    DatedRow { kind, key: key.to_owned(), valid_from: day(from), valid_to: to.map(day), body }
}

fn unit(code: &str, kind: &str, parent: Option<&str>, from: &str, to: Option<&str>) -> DatedRow {
    let name = json!({"vi": "Tên", "en": "Name"});
    row(RowKind::Unit, code, from, to, json!({"kind": kind, "parent": parent, "name": name, "remote": false}))
}

fn succession(from: &str, to: &str, part: &str) -> DatedRow {
    let begins = to.split_once('@').unwrap().1;
    row(RowKind::Succession, &format!("{from}>{to}"), begins, None, json!({"from": from, "to": to, "part": part}))
}

fn refused(rows: Vec<DatedRow>) -> ReferenceError {
    Reference::build(rows).unwrap_err()
}

#[test]
fn days_of_a_key_neither_overlap_nor_leave_a_gap() {
    let first = || unit("1", "xa", None, "2020-01-01", Some("2020-12-31"));
    let then = |from, to| refused(vec![unit("1", "xa", None, from, to), first()]);
    assert!(matches!(then("2020-01-01", None), ReferenceError::Duplicate { .. }));
    assert!(matches!(then("2020-12-31", None), ReferenceError::Overlap { .. }));
    assert!(matches!(then("2021-01-02", None), ReferenceError::Gap { .. }));
    assert!(matches!(then("2021-01-01", Some("2020-06-01")), ReferenceError::EndsBeforeStart { .. }));
    assert!(matches!(then("2019-01-01", None), ReferenceError::Overlap { .. }));
    assert_eq!(then("2021-01-02", None).to_string().split(':').next(), Some("unit 1@2021-01-02"));
    assert!(Reference::build(vec![unit("1", "xa", None, "2021-01-01", None), first()]).is_ok());
}

#[test]
fn a_parent_stands_above_on_every_day() {
    let child = || unit("2", "xa", Some("1"), "2020-01-01", None);
    let under = |parent: DatedRow| refused(vec![parent, child()]);
    assert!(matches!(refused(vec![child()]), ReferenceError::NoParent { .. }));
    assert!(matches!(under(unit("1", "tinh", None, "2020-01-02", None)), ReferenceError::NoParent { .. }));
    assert!(matches!(
        under(unit("1", "tinh", None, "2019-01-01", Some("2030-01-01"))),
        ReferenceError::NoParent { .. }
    ));
    assert!(matches!(under(unit("1", "phuong", None, "2019-01-01", None)), ReferenceError::ParentNotAbove { .. }));
    assert!(matches!(
        refused(vec![unit("1", "xa", Some("1"), "2020-01-01", None)]),
        ReferenceError::ParentNotAbove { .. }
    ));
    assert!(Reference::build(vec![child(), unit("1", "huyen", None, "2020-01-01", None)]).is_ok());
}

#[test]
fn a_succession_joins_two_units_without_a_day_between() {
    let with = |rows: Vec<DatedRow>| {
        let units = [
            unit("1", "xa", None, "2020-01-01", Some("2020-12-31")),
            unit("2", "xa", None, "2021-01-01", None),
            unit("3", "xa", None, "2021-01-01", None),
            unit("4", "xa", None, "2021-01-02", None),
        ];
        Reference::build(units.into_iter().chain(rows).collect())
    };
    let old = "1@2020-01-01";
    let refused = |rows| with(rows).unwrap_err();
    assert!(with(vec![succession(old, "2@2021-01-01", "whole")]).is_ok());
    assert!(matches!(refused(vec![succession(old, "9@2021-01-01", "whole")]), ReferenceError::NoSuchUnit { .. }));
    assert!(matches!(
        refused(vec![succession("1@2020-01-02", "2@2021-01-01", "whole")]),
        ReferenceError::NoSuchUnit { .. }
    ));
    assert!(matches!(refused(vec![succession(old, "4@2021-01-02", "whole")]), ReferenceError::NotAdjacent { .. }));
    assert!(matches!(refused(vec![succession(old, "2@2021-01-01", "part")]), ReferenceError::Shares { .. }));
    let twice = ["2@2021-01-01", "3@2021-01-01"];
    assert!(matches!(refused(twice.map(|to| succession(old, to, "whole")).to_vec()), ReferenceError::Shares { .. }));
    assert!(with(twice.map(|to| succession(old, to, "part")).to_vec()).is_ok());
    let misnamed = DatedRow { key: "1>2".to_owned(), ..succession(old, "2@2021-01-01", "whole") };
    assert!(matches!(refused(vec![misnamed]), ReferenceError::SuccessionKey { .. }));
}

#[test]
fn a_body_is_read_strictly() {
    let channel = |key: &str, body| refused(vec![row(RowKind::Channel, key, "2020-01-01", None, body)]);
    let label = json!({"vi": "Thư", "en": "Letter"});
    for body in [
        json!(null),
        json!({"order": 1, "label": label}),
        json!({"order": 1, "label": {"vi": "Thư", "en": ""}, "staff_only": true}),
        json!({"order": 1, "label": label, "staff_only": true, "colour": "red"}),
    ] {
        assert!(matches!(channel("letter", body), ReferenceError::Body { .. }));
    }
    let body = json!({"order": 1, "label": label, "staff_only": true});
    assert!(matches!(channel("thư", body), ReferenceError::Code { .. }));
    let measured = |units| {
        let body = json!({"order": 1, "label": label, "units": units, "whole": true});
        refused(vec![row(RowKind::YieldKind, "gold", "2020-01-01", None, body)])
    };
    assert!(matches!(measured(json!([])), ReferenceError::Choices { .. }));
    assert!(matches!(measured(json!(["g", "g"])), ReferenceError::Choices { .. }));
}

proptest! {
    #[test]
    fn order_of_rows_does_not_matter(rows in Just(shipped().unwrap()).prop_shuffle()) {
        let (shuffled, plain) = (Reference::build(rows).unwrap(), reference());
        prop_assert_eq!(format!("{shuffled:?}"), format!("{plain:?}"));
    }

    #[test]
    fn every_unit_of_a_day_has_all_its_ancestors(offset in 0_u64..4_000) {
        let (reference, on) = (reference(), day("2019-12-01") + Days::new(offset));
        for unit in reference.units_on(on) {
            let above = reference.ancestors_on(unit, on);
            let top = above.last().copied().unwrap_or(unit);
            prop_assert_eq!(top.key.code.as_str(), "38");
            prop_assert_eq!(reference.unit(&unit.key), Some(unit));
            prop_assert_eq!(reference.unit_on(&unit.key.code, on), Some(unit));
        }
    }

    #[test]
    fn any_two_rows_of_a_key_are_answered(from in 0_u64..40, len in 0_u64..40, next in 0_u64..40) {
        let at = |days| day("2020-01-01") + Days::new(days);
        let mut rows = vec![
            unit("1", "xa", None, "2020-01-01", None),
            unit("1", "xa", None, "2020-01-01", None),
        ];
        rows[0].valid_from = at(from);
        rows[0].valid_to = Some(at(from + len));
        rows[1].valid_from = at(next);
        let sound = next == from + len + 1;
        prop_assert_eq!(Reference::build(rows).is_ok(), sound);
    }
}
