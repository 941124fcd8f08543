//! Releases as they leave. A figure that is withheld has no value here, whoever asks.

use chrono::NaiveDate;
use entity::enums::ReleaseState;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{codes, texts};
use crate::{
    reference::Language,
    releases::{Changed, Head, Release, ReleasedCell, Split},
    valuations::rule,
};

/// A release without its tables.
#[derive(Serialize, ToSchema)]
pub struct ReleaseHead {
    id: Uuid,
    measure: String,
    from: NaiveDate,
    to: NaiveDate,
    /// The day whose knowledge it is.
    as_of: NaiveDate,
    #[schema(schema_with = codes::release_tables)]
    tables: Vec<&'static str>,
    /// Version of the rule by which a source counts as valuable.
    rule: i32,
    rule_text: &'static str,
    /// Counts below it are not shown, nor what would tell of them.
    threshold: i32,
    #[schema(schema_with = codes::release_state)]
    state: ReleaseState,
    /// SHA-256 over what is frozen.
    hash: String,
    /// The release that this one corrects.
    revises: Option<Uuid>,
    published_on: Option<NaiveDate>,
    /// The how many-th of all published ones.
    number: Option<i32>,
    /// The ledger is made up, for demonstration.
    synthetic: bool,
}

impl ReleaseHead {
    pub fn of(head: Head, synthetic: bool, language: Language) -> Self {
        Self {
            id: head.id.into(),
            measure: head.measure,
            from: head.from,
            to: head.to,
            as_of: head.as_of,
            tables: head.splits.iter().map(|split| split.as_str()).collect(),
            rule: head.rule,
            rule_text: rule::text(language),
            threshold: head.threshold,
            state: head.state,
            hash: head.hash,
            revises: head.revises.map(Into::into),
            published_on: head.published_on,
            number: head.number,
            synthetic,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ReleaseHeads {
    items: Vec<ReleaseHead>,
}

impl ReleaseHeads {
    pub fn of(heads: Vec<Head>, synthetic: bool, language: Language) -> Self {
        Self { items: heads.into_iter().map(|head| ReleaseHead::of(head, synthetic, language)).collect() }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Release)]
pub struct ReleaseBody {
    #[serde(flatten)]
    head: ReleaseHead,
    contents: Vec<ReleaseTable>,
    /// Of a revision: what both tell, and tell differently.
    changes: Vec<ReleaseChange>,
}

#[derive(Serialize, ToSchema)]
struct ReleaseTable {
    #[schema(schema_with = codes::release_table)]
    by: &'static str,
    cells: Vec<ReleaseCell>,
}

/// A figure, or why there is none.
#[derive(Serialize, ToSchema)]
pub struct ReleaseCell {
    /// `2021`, `2021-03`, `15016@2019-12-01` (or `none`), or a code; a year and one of these; for the total none.
    keys: Vec<String>,
    label: String,
    from: NaiveDate,
    to: NaiveDate,
    /// Null: withheld.
    value: Option<i64>,
    /// Why: `small` (too few, or it would tell of too few: which of the two is not told), `area` (too few people live
    /// there), `bound` (not shown to be safe, so the whole table is closed).
    #[schema(schema_with = codes::withheld)]
    withheld: Option<&'static str>,
    withheld_text: Option<&'static str>,
}

#[derive(Serialize, ToSchema)]
struct ReleaseChange {
    #[schema(schema_with = codes::release_table)]
    by: &'static str,
    keys: Vec<String>,
    label: String,
    before: i64,
    after: i64,
}

impl ReleaseCell {
    pub fn of(cell: ReleasedCell, language: Language) -> Self {
        let reason = cell.figure.err();
        Self {
            keys: cell.keys,
            label: cell.label.text(language).to_owned(),
            from: cell.region.span.from,
            to: cell.region.span.to,
            value: cell.figure.ok(),
            withheld: reason.map(|reason| reason.as_str()),
            withheld_text: reason.map(|reason| texts::withheld(reason, language)),
        }
    }
}

impl ReleaseChange {
    fn of(changed: Changed, language: Language) -> Self {
        let label = changed.label.text(language).to_owned();
        let Changed { split, keys, before, after, .. } = changed;
        Self { by: split.as_str(), keys, label, before, after }
    }
}

impl ReleaseBody {
    pub fn of(release: Release, synthetic: bool, language: Language) -> Self {
        let mut contents: Vec<ReleaseTable> = Vec::new();
        for cell in release.cells {
            let by = cell.split.as_str();
            let cell = ReleaseCell::of(cell, language);
            match contents.iter_mut().find(|table| table.by == by) {
                Some(table) => table.cells.push(cell),
                None => contents.push(ReleaseTable { by, cells: vec![cell] }),
            }
        }
        Self {
            head: ReleaseHead::of(release.head, synthetic, language),
            contents,
            changes: release.changes.into_iter().map(|changed| ReleaseChange::of(changed, language)).collect(),
        }
    }
}

/// A published figure.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "from": "2021-01-01", "to": "2023-12-31", "by": "year", "total": 87, "total_withheld": null,
    "groups": [{"keys": ["2021"], "label": "Năm 2021", "from": "2021-01-01", "to": "2021-12-31", "value": 26,
                "withheld": null, "withheld_text": null}],
    "release": "0b5e8a52-6c0e-4d8e-9a53-0f4b4f0f2c11", "number": 1, "revises": null, "as_of": "2024-01-15",
    "published_on": "2024-01-20", "rule": 1, "rule_text": "…", "threshold": 10, "hash": "…", "synthetic": false
}))]
pub struct PublishedFigure {
    from: NaiveDate,
    to: NaiveDate,
    #[schema(schema_with = codes::release_table)]
    by: &'static str,
    /// Null: withheld.
    total: Option<i64>,
    #[schema(schema_with = codes::withheld)]
    total_withheld: Option<&'static str>,
    /// Empty without `by`.
    groups: Vec<ReleaseCell>,
    /// The release that it is from.
    release: Uuid,
    number: Option<i32>,
    revises: Option<Uuid>,
    as_of: NaiveDate,
    published_on: Option<NaiveDate>,
    rule: i32,
    rule_text: &'static str,
    threshold: i32,
    hash: String,
    /// The ledger is made up, for demonstration.
    synthetic: bool,
}

impl PublishedFigure {
    pub fn of(release: Release, total: &[ReleasedCell], by: Split, synthetic: bool, language: Language) -> Self {
        let head = ReleaseHead::of(release.head, synthetic, language);
        let figure = total.first().map(|cell| cell.figure);
        let groups = if by == Split::Total { Vec::new() } else { release.cells };
        Self {
            from: head.from,
            to: head.to,
            by: by.as_str(),
            total: figure.and_then(Result::ok),
            total_withheld: figure.and_then(Result::err).map(|reason| reason.as_str()),
            groups: groups.into_iter().map(|cell| ReleaseCell::of(cell, language)).collect(),
            release: head.id,
            number: head.number,
            revises: head.revises,
            as_of: head.as_of,
            published_on: head.published_on,
            rule: head.rule,
            rule_text: head.rule_text,
            threshold: head.threshold,
            hash: head.hash,
            synthetic,
        }
    }
}
