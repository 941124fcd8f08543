//! The offices that the first deployment starts with.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::coded::{coded, is_code};
use super::{Label, ReferenceError};

coded! {
    /// Kind of an office.
    OfficeKind {
        CaTinh = "ca_tinh",
        CaHuyen = "ca_huyen",
        CaXa = "ca_xa",
        DonBp = "don_bp",
        KiemLam = "kiem_lam",
        HaiQuan = "hai_quan",
        Qltt = "qltt",
        Ubnd = "ubnd",
        Mttq = "mttq",
        DoanThe = "doan_the",
        Truong = "truong",
        CoQuan = "co_quan",
        DoanhNghiep = "doanh_nghiep",
    }
}

/// An office to create at first start; later it is edited in the database.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeSeed {
    pub code: String,
    pub kind: OfficeKind,
    pub name: Label,
    /// Code of the office above: today's, or the last one if the office is closed.
    pub parent: Option<String>,
    /// Takes tips for which no nearer office is known.
    pub intake: bool,
    pub valid_from: NaiveDate,
    /// The last day, inclusive.
    pub valid_to: Option<NaiveDate>,
    pub areas: Vec<AreaSeed>,
}

/// A unit that an office covers, with all units below it that no nearer office covers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaSeed {
    /// Unit code, read on the days of the area.
    pub unit: String,
    pub valid_from: NaiveDate,
    /// The last day, inclusive.
    pub valid_to: Option<NaiveDate>,
}

/// The offices that ship, parents before children.
///
/// # Errors
/// If the embedded file is malformed, or an office is given twice, ends before it begins,
/// covers an area outside its days, or stands before its parent or outlives it.
pub fn offices() -> Result<Vec<OfficeSeed>, ReferenceError> {
    read(include_str!("data/offices.json"))
}

fn read(text: &str) -> Result<Vec<OfficeSeed>, ReferenceError> {
    let offices: Vec<OfficeSeed> =
        serde_json::from_str(text).map_err(|source| ReferenceError::File { file: "offices.json", source })?;
    let mut known = BTreeMap::new();
    for office in &offices {
        office.check(&known)?;
        known.insert(office.code.as_str(), office);
    }
    Ok(offices)
}

impl OfficeSeed {
    fn check(&self, known: &BTreeMap<&str, &Self>) -> Result<(), ReferenceError> {
        let row = || format!("office {}", self.code);
        if !is_code(&self.code) {
            return Err(ReferenceError::Code { row: row() });
        }
        if known.contains_key(self.code.as_str()) {
            return Err(ReferenceError::Duplicate { row: row() });
        }
        if self.days().is_empty() || self.areas.iter().any(|area| area.days().is_empty()) {
            return Err(ReferenceError::EndsBeforeStart { row: row() });
        }
        if !self.areas.iter().all(|area| area.days().within(&self.days())) {
            return Err(ReferenceError::AreaOutsideOffice { row: row() });
        }
        let has_parent =
            |parent: &String| known.get(parent.as_str()).is_some_and(|above| self.days().within(&above.days()));
        match &self.parent {
            Some(parent) if !has_parent(parent) => Err(ReferenceError::NoParent { row: row(), parent: parent.clone() }),
            Some(_) | None => Ok(()),
        }
    }

    fn days(&self) -> Days {
        Days { from: self.valid_from, to: self.valid_to.unwrap_or(NaiveDate::MAX) }
    }
}

impl AreaSeed {
    fn days(&self) -> Days {
        Days { from: self.valid_from, to: self.valid_to.unwrap_or(NaiveDate::MAX) }
    }
}

/// First and last day, both inclusive.
struct Days {
    from: NaiveDate,
    to: NaiveDate,
}

impl Days {
    fn is_empty(&self) -> bool {
        self.to < self.from
    }

    fn within(&self, outer: &Self) -> bool {
        outer.from <= self.from && self.to <= outer.to
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reference, shipped};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn covering<'a>(offices: &'a [OfficeSeed], unit: &str, on: NaiveDate) -> Vec<&'a str> {
        let covers = |area: &AreaSeed| area.unit == unit && area.days().from <= on && on <= area.days().to;
        offices.iter().filter(|office| office.areas.iter().any(covers)).map(|o| o.code.as_str()).collect()
    }

    #[test]
    fn shipped_areas_are_units_of_their_days() {
        let reference = Reference::build(shipped().unwrap()).unwrap();
        for area in offices().unwrap().into_iter().flat_map(|office| office.areas) {
            assert!(reference.unit_on(&area.unit, area.valid_from).is_some(), "{area:?}");
            if let Some(last) = area.valid_to {
                assert!(reference.unit_on(&area.unit, last).is_some(), "{area:?}");
            }
        }
    }

    #[test]
    fn every_commune_has_one_police_office_on_every_turning_day() {
        let (reference, offices) = (Reference::build(shipped().unwrap()).unwrap(), offices().unwrap());
        for on in ["2019-12-01", "2025-02-28", "2025-06-30", "2025-07-01", "2040-01-01"].map(day) {
            for unit in reference.units_on(on).iter().filter(|unit| unit.kind.level() == 2) {
                let found = covering(&offices, &unit.key.code, on);
                let code = format!("ca-xa-{}-{}", unit.key.code, &unit.key.valid_from.to_string()[..4]);
                assert_eq!(found, [code.as_str()], "{on}");
                let office = offices.iter().find(|office| office.code == code).unwrap();
                assert_eq!(office.name.vi.to_lowercase(), format!("công an {}", unit.name.vi).to_lowercase());
            }
        }
    }

    #[test]
    fn the_district_police_closed_before_the_district() {
        let offices = offices().unwrap();
        assert_eq!(covering(&offices, "387", day("2025-02-28")), ["ca-huyen-387"]);
        assert!(covering(&offices, "387", day("2025-03-01")).is_empty());
        assert_eq!(covering(&offices, "38", day("2025-03-01")), ["ca-tinh-38"]);
        let intake: Vec<_> = offices.iter().filter(|office| office.intake).map(|o| o.code.as_str()).collect();
        assert_eq!(intake, ["ca-tinh-38"]);
    }

    #[test]
    fn an_unsound_list_is_refused() {
        let office = |code: &str, parent: &str, to: &str, area_to: &str| {
            format!(
                r#"{{"code":"{code}","kind":"ca_xa","name":{{"vi":"a","en":"a"}},"parent":{parent},"intake":false,
                "valid_from":"2020-01-01","valid_to":{to},
                "areas":[{{"unit":"1","valid_from":"2020-01-01","valid_to":{area_to}}}]}}"#
            )
        };
        let refused = |offices: &[String]| read(&format!("[{}]", offices.join(","))).unwrap_err();
        let (ends, top) = (r#""2021-01-01""#, office("top", "null", "null", "null"));
        assert!(matches!(refused(&[top.clone(), top.clone()]), ReferenceError::Duplicate { .. }));
        assert!(matches!(refused(&[office("a b", "null", "null", "null")]), ReferenceError::Code { .. }));
        assert!(matches!(refused(&[office("a", r#""top""#, "null", "null"), top]), ReferenceError::NoParent { .. }));
        let closed = office("top", "null", ends, ends);
        assert!(matches!(refused(&[closed, office("a", r#""top""#, "null", "null")]), ReferenceError::NoParent { .. }));
        assert!(matches!(refused(&[office("a", "null", ends, "null")]), ReferenceError::AreaOutsideOffice { .. }));
        let backwards = office("a", "null", r#""2019-01-01""#, "null");
        assert!(matches!(refused(&[backwards]), ReferenceError::EndsBeforeStart { .. }));
        assert!(matches!(refused(&["7".to_owned()]), ReferenceError::File { .. }));
    }
}
