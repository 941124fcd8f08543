//! The crosswalk: which unit became which, so that a series can be restated.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::timeline::Timeline;
use super::units::{Part, Unit, UnitKey};
use super::{DatedRow, ReferenceError};

type Links = BTreeMap<UnitKey, Vec<(UnitKey, Part)>>;

/// Links between units, both ways; both ends of each exist.
#[derive(Clone, Debug, Default)]
pub(super) struct Crosswalk {
    pub successors: Links,
    pub predecessors: Links,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Succession {
    from: UnitKey,
    to: UnitKey,
    part: Part,
}

impl Crosswalk {
    /// Reads succession rows; each must join two units without a day between them.
    pub fn build(rows: Vec<DatedRow>, units: &Timeline<Unit>) -> Result<Self, ReferenceError> {
        let rows = Timeline::build(rows, |row| read(row, units))?;
        let mut crosswalk = Self::default();
        for Succession { from, to, part } in rows.all().cloned() {
            crosswalk.successors.entry(from.clone()).or_default().push((to.clone(), part));
            crosswalk.predecessors.entry(to).or_default().push((from, part));
        }
        crosswalk.successors.iter().try_for_each(|(from, heirs)| check_shares(from, heirs))?;
        Ok(crosswalk)
    }
}

fn read(row: &DatedRow, units: &Timeline<Unit>) -> Result<Succession, ReferenceError> {
    let succession: Succession = row.read()?;
    let Succession { from, to, .. } = &succession;
    if row.key != format!("{from}>{to}") || row.valid_from != to.valid_from {
        return Err(ReferenceError::SuccessionKey { row: row.name() });
    }
    let end = |key: &UnitKey| {
        let missing = || ReferenceError::NoSuchUnit { row: row.name(), unit: key.to_string() };
        units.starting(&key.code, key.valid_from).ok_or_else(missing)
    };
    let (old, new) = (end(from)?, end(to)?);
    if old.valid_to.and_then(|last| last.succ_opt()) != Some(new.key.valid_from) {
        return Err(ReferenceError::NotAdjacent { row: row.name() });
    }
    Ok(succession)
}

/// A unit passed on whole twice would be counted twice; a lone part would lose the rest.
fn check_shares(from: &UnitKey, heirs: &[(UnitKey, Part)]) -> Result<(), ReferenceError> {
    let expected = if heirs.len() == 1 { Part::Whole } else { Part::Part };
    if heirs.iter().all(|(_, part)| *part == expected) {
        Ok(())
    } else {
        Err(ReferenceError::Shares { row: format!("successions of {from}") })
    }
}
