//! Places: what a unit's code meant when, and what became of it.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::coded::{coded, is_code};
use super::timeline::Timeline;
use super::{DatedRow, Label, ReferenceError};

coded! {
    /// Kind of a place; a parent is always of a higher level.
    UnitKind {
        Tinh = "tinh",
        Huyen = "huyen",
        Xa = "xa",
        Phuong = "phuong",
        ThiTran = "thi_tran",
        Ban = "ban",
        Thon = "thon",
        KhuPho = "khu_pho",
        ToDanPho = "to_dan_pho",
    }
}

impl UnitKind {
    /// 0 province, 1 district, 2 commune, 3 village or quarter.
    #[must_use]
    pub const fn level(self) -> u8 {
        match self {
            Self::Tinh => 0,
            Self::Huyen => 1,
            Self::Xa | Self::Phuong | Self::ThiTran => 2,
            Self::Ban | Self::Thon | Self::KhuPho | Self::ToDanPho => 3,
        }
    }
}

coded! {
    /// How much of the old unit a successor took over.
    Part {
        Whole = "whole",
        /// The old unit was split: its figures cannot be passed on without knowing the village.
        Part = "part",
    }
}

/// One meaning of a code, written `15016@2019-12-01`; codes are re-used, keys never.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitKey {
    pub code: String,
    pub valid_from: NaiveDate,
}

/// The text is no unit key: `code@YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a unit key reads code@YYYY-MM-DD")]
pub struct InvalidUnitKey;

impl fmt::Display for UnitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.code, self.valid_from)
    }
}

impl FromStr for UnitKey {
    type Err = InvalidUnitKey;

    fn from_str(text: &str) -> Result<Self, InvalidUnitKey> {
        let (code, day) = text.split_once('@').ok_or(InvalidUnitKey)?;
        let valid_from: NaiveDate = day.parse().map_err(|_| InvalidUnitKey)?;
        // chrono also reads 2019-12-1; keys are compared as text, so one spelling only.
        if !is_code(code) || valid_from.to_string() != day {
            return Err(InvalidUnitKey);
        }
        Ok(Self { code: code.to_owned(), valid_from })
    }
}

impl TryFrom<String> for UnitKey {
    type Error = InvalidUnitKey;

    fn try_from(text: String) -> Result<Self, InvalidUnitKey> {
        text.parse()
    }
}

impl From<UnitKey> for String {
    fn from(key: UnitKey) -> Self {
        key.to_string()
    }
}

/// A place on the days of its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub key: UnitKey,
    pub kind: UnitKind,
    /// Code of the unit above; what it means depends on the day.
    pub parent: Option<String>,
    pub name: Label,
    /// Remote communes have longer to forward urgent reports (TTLT 01/2021).
    pub remote: bool,
    /// Residents, where a census gives them.
    pub population: Option<u32>,
    /// The last day, inclusive.
    pub valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    kind: UnitKind,
    parent: Option<String>,
    name: Label,
    remote: bool,
    population: Option<u32>,
}

impl Unit {
    fn read(row: &DatedRow) -> Result<Self, ReferenceError> {
        row.check_code()?;
        let Body { kind, parent, name, remote, population } = row.read()?;
        let key = UnitKey { code: row.key.clone(), valid_from: row.valid_from };
        Ok(Self { key, kind, parent, name, remote, population, valid_to: row.valid_to })
    }
}

/// Reads the unit rows and checks that every parent stands above on all days of its children.
pub(super) fn build(rows: Vec<DatedRow>) -> Result<Timeline<Unit>, ReferenceError> {
    let units = Timeline::build(rows, Unit::read)?;
    units.all().try_for_each(|unit| check_parent(&units, unit))?;
    Ok(units)
}

fn check_parent(units: &Timeline<Unit>, unit: &Unit) -> Result<(), ReferenceError> {
    let Some(parent) = unit.parent.clone() else { return Ok(()) };
    let (from, to, row) = (unit.key.valid_from, unit.valid_to, format!("unit {}", unit.key));
    if !units.covers(&parent, from, to) {
        return Err(ReferenceError::NoParent { row, parent });
    }
    // Levels that only rise also rule out circles.
    if units.during(&parent, from, to).any(|above| above.kind.level() >= unit.kind.level()) {
        return Err(ReferenceError::ParentNotAbove { row, parent });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_has_one_spelling() {
        for text in
            ["", "@", "15016", "15016@", "15016@2019-12-1", "15016@2019-13-01", "a b@2019-12-01", "1@2019-12-01@"]
        {
            assert_eq!(text.parse::<UnitKey>(), Err(InvalidUnitKey), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_key_reads_back(code in "[A-Za-z0-9_-]{1,40}", days in 0..4_000_000) {
            let valid_from = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default();
            let key = UnitKey { code, valid_from };
            prop_assert_eq!(key.to_string().parse::<UnitKey>(), Ok(key));
        }

        #[test]
        fn any_text_is_answered(text in ".*") {
            if let Ok(key) = text.parse::<UnitKey>() {
                prop_assert_eq!(key.to_string(), text);
            }
        }
    }
}
