//! Ways that a tip comes in, ways that it ends, and what police gained.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::coded::{coded, is_code};
use super::{DatedRow, Label, ReferenceError};

/// A way by which a tip comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub code: String,
    /// Place in lists, lowest first.
    pub order: u16,
    pub label: Label,
    /// An officer writes the tip down: residents never submit by this channel themselves.
    pub staff_only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelBody {
    order: u16,
    label: Label,
    staff_only: bool,
}

impl Channel {
    pub(super) fn read(row: &DatedRow) -> Result<Self, ReferenceError> {
        row.check_code()?;
        let ChannelBody { order, label, staff_only } = row.read()?;
        Ok(Self { code: row.key.clone(), order, label, staff_only })
    }
}

coded! {
    /// Whether an outcome by itself makes a source valuable, by rule v1.
    Qualifies {
        Always = "always",
        /// Only if the body that took over confirmed that it acted.
        WithAction = "with_action",
        /// Never by itself: a yield above 0 still counts.
        Never = "never",
    }
}

/// A way in which a case ends or moves on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeKind {
    pub code: String,
    /// Place in lists, lowest first.
    pub order: u16,
    pub label: Label,
    pub qualifies: Qualifies,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeBody {
    order: u16,
    label: Label,
    qualifies: Qualifies,
}

impl OutcomeKind {
    pub(super) fn read(row: &DatedRow) -> Result<Self, ReferenceError> {
        row.check_code()?;
        let OutcomeBody { order, label, qualifies } = row.read()?;
        Ok(Self { code: row.key.clone(), order, label, qualifies })
    }
}

/// Something that an outcome brought in, and how it is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YieldKind {
    pub code: String,
    /// Place in lists, lowest first.
    pub order: u16,
    pub label: Label,
    /// Codes of the units of measure allowed: `g`, `VND`, `person` and the like; never empty.
    pub units: Vec<String>,
    /// Only whole amounts make sense.
    pub whole: bool,
    /// A finer kind that has to be named (which drug); empty where there is none.
    pub kinds: Vec<Choice>,
}

/// One of several labelled codes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub code: String,
    pub label: Label,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YieldBody {
    order: u16,
    label: Label,
    units: Vec<String>,
    whole: bool,
    #[serde(default)]
    kinds: Vec<Choice>,
}

impl YieldKind {
    pub(super) fn read(row: &DatedRow) -> Result<Self, ReferenceError> {
        row.check_code()?;
        let YieldBody { order, label, units, whole, kinds } = row.read()?;
        let (unit_codes, kind_codes) = (units.iter(), kinds.iter().map(|kind| &kind.code));
        if units.is_empty() || !are_distinct_codes(unit_codes) || !are_distinct_codes(kind_codes) {
            return Err(ReferenceError::Choices { row: row.name() });
        }
        Ok(Self { code: row.key.clone(), order, label, units, whole, kinds })
    }
}

fn are_distinct_codes<'a>(mut codes: impl Iterator<Item = &'a String>) -> bool {
    let mut seen = BTreeSet::new();
    codes.all(|code| is_code(code) && seen.insert(code))
}
