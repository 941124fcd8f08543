//! From the place of a fact to the place that it is counted for.

use chrono::NaiveDate;

use super::Dimension;
use crate::{
    reference::{Part, Reference, Unit, UnitKey},
    statistics::ledger::start_of_half,
};

/// Key of what has no place, or none of the wanted kind.
pub const NO_UNIT: &str = "none";

/// Key of what lies in a place that was split, in nobody knows which part.
pub const NOT_ATTRIBUTABLE: &str = "not_attributable";

/// The key of the place that a fact of a day counts for.
///
/// What it was part of is judged by the first day of that half month: no border has moved on another.
pub fn key_of(
    reference: &Reference,
    dimension: Dimension,
    unit: Option<&UnitKey>,
    day: NaiveDate,
    restate: bool,
) -> String {
    let Some(unit) = unit else { return NO_UNIT.to_owned() };
    let found = if restate { today_of(reference, unit) } else { Some(unit.clone()) };
    let Some(key) = found else { return NOT_ATTRIBUTABLE.to_owned() };
    let Some(level) = dimension.level() else { return key.to_string() };
    let Some(unit) = reference.unit(&key) else { return NO_UNIT.to_owned() };
    let day = day_within(unit, start_of_half(day), restate);
    let above = reference.ancestors_on(unit, day);
    let place = std::iter::once(unit).chain(above).find(|unit| unit.kind.level() == level);
    place.map_or_else(|| NO_UNIT.to_owned(), |place| place.key.to_string())
}

/// The nearest day on which the unit was there; of today's places, any day of theirs will do.
fn day_within(unit: &Unit, day: NaiveDate, restate: bool) -> NaiveDate {
    let day = if restate { unit.valid_to.unwrap_or(NaiveDate::MAX) } else { day };
    let last = unit.valid_to.unwrap_or(day);
    day.min(last).max(unit.key.valid_from)
}

/// What has become of a unit by the newest of the reference data; none if it was split.
fn today_of(reference: &Reference, unit: &UnitKey) -> Option<UnitKey> {
    let mut key = unit.clone();
    loop {
        let successors = reference.successors(&key);
        match successors.as_slice() {
            [] => return Some(key),
            // Each begins after the one before: the way ends.
            [(next, Part::Whole)] => key = next.key.clone(),
            [(_, Part::Part), ..] | [(_, Part::Whole), _, ..] => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    fn key(unit: Option<&str>, dimension: Dimension, day: &str, restate: bool) -> String {
        let reference = Reference::build(reference::shipped().unwrap()).unwrap();
        let unit: Option<UnitKey> = unit.map(|unit| unit.parse().unwrap());
        key_of(&reference, dimension, unit.as_ref(), day.parse().unwrap(), restate)
    }

    #[test]
    fn a_place_is_told_as_it_was_or_as_it_is() {
        let now = |unit| key(Some(unit), Dimension::Unit, "2023-06-01", true);
        assert_eq!(key(Some("14995@2019-12-01"), Dimension::Unit, "2023-06-01", false), "14995@2019-12-01");
        assert_eq!(now("14995@2019-12-01"), "15001@2025-07-01");
        assert_eq!(now("15001@2019-12-01"), "15001@2025-07-01");
        assert_eq!(now("15016@2019-12-01"), NOT_ATTRIBUTABLE);
        assert_eq!(now("15016@2025-07-01"), "15016@2025-07-01");
        assert_eq!(key(None, Dimension::Unit, "2023-06-01", true), NO_UNIT);
    }

    #[test]
    fn a_commune_counts_for_its_district_as_long_as_there_is_one() {
        let of = |dimension, day, restate| key(Some("15007@2019-12-01"), dimension, day, restate);
        assert!(of(Dimension::District, "2023-06-20", false).starts_with("387@"));
        assert_eq!(of(Dimension::Commune, "2023-06-20", false), "15007@2019-12-01");
        assert!(of(Dimension::Province, "2023-06-20", false).starts_with("38@"));
        assert_eq!(of(Dimension::District, "2023-06-20", true), NO_UNIT);
        assert!(of(Dimension::Province, "2023-06-20", true).starts_with("38@"));
    }
}
