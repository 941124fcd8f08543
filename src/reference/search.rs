//! Places as people type them.

use chrono::NaiveDate;

use super::{Reference, Unit, fold};

/// From here down a place says something: "the province" or "the district" is everywhere.
const COMMUNE: u8 = 2;

impl Reference {
    /// The communes and villages of a day, each by code.
    #[must_use]
    pub fn places_on(&self, day: NaiveDate) -> Vec<&Unit> {
        self.units_on(day).into_iter().filter(|unit| unit.kind.level() >= COMMUNE).collect()
    }

    /// The places that a person may mean, who types with or without accents and with or without the kind of place.
    /// Whoever names one exactly means that one.
    #[must_use]
    pub fn places_named(&self, typed: &str, day: NaiveDate) -> Vec<&Unit> {
        let wanted = fold(typed);
        if wanted.is_empty() {
            return Vec::new();
        }
        let names = |unit: &Unit| [fold(&unit.name.vi), fold(&unit.name.en)];
        let ends =
            |name: &String| name.strip_suffix(&wanted).is_some_and(|kind| kind.is_empty() || kind.ends_with(' '));
        let places = self.places_on(day);
        let exact: Vec<&Unit> = places.iter().copied().filter(|unit| names(unit).iter().any(ends)).collect();
        if !exact.is_empty() {
            return exact;
        }
        places.into_iter().filter(|unit| names(unit).iter().any(|name| name.contains(&wanted))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::shipped;

    fn named(typed: &str, day: &str) -> Vec<String> {
        let reference = Reference::build(shipped().unwrap()).unwrap();
        let found = reference.places_named(typed, day.parse().unwrap());
        found.iter().map(|unit| unit.key.code.clone()).collect()
    }

    #[test]
    fn a_place_is_found_with_and_without_accents() {
        for typed in ["Xã Na Mèo", "na meo", "NA MÈO", " xa  na meo ", "Na Mèo Commune"] {
            assert_eq!(named(typed, "2024-06-03"), ["15013"], "{typed}");
        }
    }

    #[test]
    fn what_may_mean_several_places_names_them_and_nonsense_none() {
        assert!(named("son", "2024-06-03").len() > 1);
        for nothing in ["", "  ", "atlantis", "Tỉnh Thanh Hóa"] {
            assert!(named(nothing, "2024-06-03").is_empty(), "{nothing}");
        }
    }

    #[test]
    fn a_name_means_what_it_meant_on_the_day() {
        assert_eq!(named("Quan Sơn", "2025-07-01"), ["15016"]);
        assert!(named("Quan Sơn", "2024-06-03").is_empty());
    }
}
