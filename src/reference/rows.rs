//! Rows as the database stores them, and the rows that ship.

use std::cmp::Ordering;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::ReferenceError;
use super::coded::{coded, is_code};
use super::timeline::holds_on;

coded! {
    /// What a row is about; each kind has its own shape of body.
    RowKind {
        Unit = "unit",
        Succession = "succession",
        Category = "category",
        Channel = "channel",
        OutcomeKind = "outcome_kind",
        YieldKind = "yield_kind",
        RetentionRule = "retention_rule",
    }
}

impl RowKind {
    const fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Unit => ("units.json", include_str!("data/units.json")),
            Self::Succession => ("successions.json", include_str!("data/successions.json")),
            Self::Category => ("categories.json", include_str!("data/categories.json")),
            Self::Channel => ("channels.json", include_str!("data/channels.json")),
            Self::OutcomeKind => ("outcome_kinds.json", include_str!("data/outcome_kinds.json")),
            Self::YieldKind => ("yield_kinds.json", include_str!("data/yield_kinds.json")),
            Self::RetentionRule => ("retention_rules.json", include_str!("data/retention_rules.json")),
        }
    }
}

/// One fact and the days on which it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatedRow {
    pub kind: RowKind,
    /// Unique together with `kind` and `valid_from`.
    pub key: String,
    pub valid_from: NaiveDate,
    /// The last day, inclusive; `None` holds until further notice.
    pub valid_to: Option<NaiveDate>,
    pub body: serde_json::Value,
}

impl DatedRow {
    /// How errors name this row: `unit 15016@2019-12-01`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}@{}", self.kind, self.key, self.valid_from)
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        holds_on(self.valid_from, self.valid_to, day)
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, ReferenceError> {
        serde_path_to_error::deserialize(&self.body).map_err(|error| {
            let field = error.path().to_string();
            ReferenceError::Body { row: self.name(), field, source: error.into_inner() }
        })
    }

    pub(super) fn check_code(&self) -> Result<(), ReferenceError> {
        if is_code(&self.key) { Ok(()) } else { Err(ReferenceError::Code { row: self.name() }) }
    }

    pub(super) fn check_days(&self) -> Result<(), ReferenceError> {
        match self.valid_to {
            Some(last) if last < self.valid_from => Err(ReferenceError::EndsBeforeStart { row: self.name() }),
            Some(_) | None => Ok(()),
        }
    }

    /// Holds if this row is the next meaning of the same key, from the very next day on.
    pub(super) fn check_follows(&self, before: &Self) -> Result<(), ReferenceError> {
        if before.valid_from == self.valid_from {
            return Err(ReferenceError::Duplicate { row: self.name() });
        }
        let Some(ended) = before.valid_to.filter(|ended| *ended < self.valid_from) else {
            return Err(ReferenceError::Overlap { row: self.name() });
        };
        match ended.succ_opt().cmp(&Some(self.valid_from)) {
            Ordering::Equal => Ok(()),
            Ordering::Less | Ordering::Greater => Err(ReferenceError::Gap { row: self.name(), ended }),
        }
    }
}

/// The rows that ship with the program, for the first start on an empty database.
///
/// # Errors
/// [`ReferenceError::File`] if an embedded file is malformed. Whether the rows agree with
/// each other is for [`Reference::build`](super::Reference::build) to say.
pub fn shipped() -> Result<Vec<DatedRow>, ReferenceError> {
    let mut rows = Vec::new();
    for kind in RowKind::ALL.iter().copied() {
        let (file, text) = kind.file();
        let lines: Vec<Line> = serde_json::from_str(text).map_err(|source| ReferenceError::File { file, source })?;
        rows.extend(lines.into_iter().map(|line| line.into_row(kind)));
    }
    Ok(rows)
}

/// One row of a file; the file says the kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    key: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    body: serde_json::Value,
}

impl Line {
    fn into_row(self, kind: RowKind) -> DatedRow {
        let Self { key, valid_from, valid_to, body } = self;
        DatedRow { kind, key, valid_from, valid_to, body }
    }
}
