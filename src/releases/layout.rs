//! The tables of a release before anything is counted: which figures there are, and what each is about.
//!
//! Every group is there whether or not it has any sources: that one is missing must tell nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::Split;
use crate::{
    disclosure::{Axis, Born, Line, Reason, Region, Span},
    reference::{Label, Reference, RowKind, Unit, UnitKey},
    statistics::{
        measures::{Dimension, NO_UNIT, NOT_ATTRIBUTABLE, place_of},
        periods::Period,
    },
};

/// A figure to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub split: Split,
    pub keys: Vec<String>,
    pub label: Label,
    pub region: Region,
    /// Not shown, whatever its value.
    pub closed: Option<Reason>,
}

/// A group of values of an axis.
#[derive(Clone, Debug)]
struct Group {
    key: String,
    label: Label,
    members: BTreeSet<String>,
    closed: Option<Reason>,
}

/// Key of the values that the reference data does not know.
pub const OTHER: &str = "none";

/// Fewer residents than this, and a figure of the place is a figure of people whom everybody knows.
pub const MIN_POPULATION: u32 = 1_000;

pub struct Layout<'a> {
    reference: &'a Reference,
    span: Span,
    /// Values of the sources, known to the reference data or not.
    lines: &'a [Line],
}

impl<'a> Layout<'a> {
    pub fn new(reference: &'a Reference, span: Span, lines: &'a [Line]) -> Self {
        Self { reference, span, lines }
    }

    /// The places of all tables, the total first.
    pub fn places(&self, splits: &[Split]) -> Vec<Place> {
        let all = std::iter::once(&Split::Total).chain(splits.iter().filter(|split| **split != Split::Total));
        all.flat_map(|split| self.table(*split)).collect()
    }

    fn table(&self, split: Split) -> Vec<Place> {
        let whole = [(None, Label { vi: "Cả kỳ".to_owned(), en: "Whole period".to_owned() }, self.span)];
        let years = || self.periods(Period::Year);
        match split {
            Split::Total => whole.into_iter().map(|period| of_period(split, period)).collect(),
            Split::Year => years().into_iter().map(|period| of_period(split, period)).collect(),
            Split::Month => self.periods(Period::Month).into_iter().map(|period| of_period(split, period)).collect(),
            Split::Unit => self.cross(split, &whole, Axis::Place, |span| self.units_then(span)),
            Split::UnitNow => self.cross(split, &whole, Axis::Place, |_| self.units_now()),
            Split::Category => self.cross(split, &whole, Axis::Category, |_| self.categories()),
            Split::Channel => self.cross(split, &whole, Axis::Channel, |_| self.channels()),
            Split::YearUnit => self.cross(split, &years(), Axis::Place, |span| self.units_then(span)),
            Split::YearUnitNow => self.cross(split, &years(), Axis::Place, |_| self.units_now()),
            Split::YearCategory => self.cross(split, &years(), Axis::Category, |_| self.categories()),
            Split::YearChannel => self.cross(split, &years(), Axis::Channel, |_| self.channels()),
        }
    }

    fn periods(&self, period: Period) -> Vec<(Option<String>, Label, Span)> {
        let ends = (self.span.from, self.span.to);
        let keys = period.keys_between(self.span.from, self.span.to).into_iter();
        let found = keys.filter_map(|key| {
            let (from, to) = period.span_of(&key, ends)?;
            Some((Some(key.clone()), period.label_of(&key), Span { from, to }))
        });
        found.collect()
    }

    fn cross(
        &self,
        split: Split,
        periods: &[(Option<String>, Label, Span)],
        axis: Axis,
        groups: impl Fn(Span) -> Vec<Group>,
    ) -> Vec<Place> {
        let mut places = Vec::new();
        for (period, period_label, span) in periods {
            for group in groups(*span) {
                let label = match period {
                    None => group.label,
                    Some(_) => both(period_label, &group.label),
                };
                let region = Region::part(*span, axis, group.members);
                let keys = period.iter().cloned().chain([group.key]).collect();
                places.push(Place { split, keys, label, region, closed: group.closed });
            }
        }
        places
    }

    /// The units that there were in a span; what is left of closed ones stands with what has no place.
    fn units_then(&self, span: Span) -> Vec<Group> {
        let there = |unit: &&Unit| unit.key.valid_from <= span.to && unit.valid_to.is_none_or(|last| last >= span.from);
        let mut units: Vec<&Unit> = self.reference.all_units().filter(there).collect();
        units.sort_by_key(|unit| (unit.kind.level(), unit.key.clone()));
        let own = units.into_iter().map(|unit| Group {
            key: unit.key.to_string(),
            label: unit.name.clone(),
            members: BTreeSet::from([unit.key.to_string()]),
            closed: area(unit),
        });
        self.with_the_rest(own.collect(), Axis::Place, span)
    }

    fn units_now(&self) -> Vec<Group> {
        let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for unit in self.reference.all_units().filter(|unit| unit.key.valid_from <= self.span.to) {
            let now = place_of(self.reference, Dimension::Unit, Some(&unit.key), self.span.from, true);
            groups.entry(now).or_default().insert(unit.key.to_string());
        }
        let split = groups.remove(NOT_ATTRIBUTABLE).map(|members| {
            let (vi, en) = ("Không quy được về địa bàn hiện nay", "Not attributable to a place of today");
            Group { key: NOT_ATTRIBUTABLE.to_owned(), label: label(vi, en), members, closed: None }
        });
        let mut own: Vec<(Option<u8>, Group)> =
            groups.into_iter().map(|(key, members)| self.unit_now(key, members)).collect();
        own.sort_by_key(|(level, _)| *level);
        let own = own.into_iter().map(|(_, group)| group).chain(split).collect();
        self.with_the_rest(own, Axis::Place, self.span)
    }

    fn unit_now(&self, key: String, members: BTreeSet<String>) -> (Option<u8>, Group) {
        let unit = key.parse::<UnitKey>().ok().and_then(|key| self.reference.unit(&key));
        let label = unit.map_or_else(|| label(&key, &key), |unit| unit.name.clone());
        (unit.map(|unit| unit.kind.level()), Group { key, label, members, closed: unit.and_then(area) })
    }

    fn categories(&self) -> Vec<Group> {
        let known = [self.span.to, self.span.from].map(|day| self.reference.categories_on(day));
        let known = known.into_iter().flatten().map(|category| (category.code.clone(), category.label.clone()));
        self.codes(known, Axis::Category)
    }

    fn channels(&self) -> Vec<Group> {
        let known = [self.span.to, self.span.from].map(|day| self.reference.channels_on(day));
        let known = known.into_iter().flatten().map(|channel| (channel.code.clone(), channel.label.clone()));
        self.codes(known, Axis::Channel)
    }

    fn codes(&self, known: impl Iterator<Item = (String, Label)>, axis: Axis) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (key, label) in known {
            if groups.iter().all(|group| group.key != key) {
                groups.push(Group { members: BTreeSet::from([key.clone()]), key, label, closed: None });
            }
        }
        self.with_the_rest(groups, axis, self.span)
    }

    /// Adds a last group of all that stands in none, so that the parts make the whole.
    fn with_the_rest(&self, mut groups: Vec<Group>, axis: Axis, span: Span) -> Vec<Group> {
        let named: BTreeSet<&String> = groups.iter().flat_map(|group| &group.members).collect();
        let closed = self.reference.all_units().filter(|unit| axis == Axis::Place && unit.key.valid_from <= span.to);
        let values = self.lines.iter().map(|line| line.at(axis).to_owned());
        let rest = values.chain(closed.map(|unit| unit.key.to_string())).chain([NO_UNIT.to_owned()]);
        let rest: BTreeSet<String> = rest.filter(|value| !named.contains(value)).collect();
        let label = match axis {
            Axis::Place => label("Không rõ địa bàn", "Place not known"),
            Axis::Category | Axis::Channel => label("Không rõ", "Not known"),
        };
        groups.push(Group { key: OTHER.to_owned(), label, members: rest, closed: None });
        groups
    }

    /// From which day on each value can occur.
    pub fn born(&self) -> Born {
        let mut born = Born::new();
        for unit in self.reference.all_units() {
            born.insert((Axis::Place, unit.key.to_string()), unit.key.valid_from);
        }
        for (axis, kind) in [(Axis::Category, RowKind::Category), (Axis::Channel, RowKind::Channel)] {
            for value in self.lines.iter().map(|line| line.at(axis)) {
                if let Some(day) = self.reference.begins(kind, value) {
                    born.insert((axis, value.to_owned()), day);
                }
            }
        }
        born
    }
}

fn of_period(split: Split, (key, label, span): (Option<String>, Label, Span)) -> Place {
    Place { split, keys: key.into_iter().collect(), label, region: Region::total(span), closed: None }
}

/// Villages are small wherever no census says otherwise; communes are not.
fn area(unit: &Unit) -> Option<Reason> {
    let too_small = match unit.population {
        Some(people) => people < MIN_POPULATION,
        None => unit.kind.level() > 2,
    };
    too_small.then_some(Reason::Area)
}

fn label(vi: &str, en: &str) -> Label {
    Label { vi: vi.to_owned(), en: en.to_owned() }
}

fn both(period: &Label, group: &Label) -> Label {
    Label { vi: format!("{}, {}", group.vi, period.vi.to_lowercase()), en: format!("{}, {}", group.en, period.en) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    fn shipped() -> Reference {
        Reference::build(reference::shipped().unwrap()).unwrap()
    }

    fn span(from: &str, to: &str) -> Span {
        Span { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    fn line(on: &str, place: &str) -> Line {
        let (category, channel) = ("ma_tuy".to_owned(), "web".to_owned());
        Line { day: on.parse().unwrap(), place: place.to_owned(), category, channel, count: 1 }
    }

    #[test]
    fn every_source_stands_once_in_every_table() {
        let reference = shipped();
        let units: Vec<String> = reference.all_units().map(|unit| unit.key.to_string()).collect();
        for whole in
            [span("2021-01-01", "2023-12-31"), span("2024-07-01", "2026-06-30"), span("2026-01-01", "2026-12-31")]
        {
            let mut lines = vec![line("2026-05-05", "none"), line("2021-05-05", "lost@2019-12-01")];
            for day in ["2021-01-01", "2023-12-31", "2024-12-31", "2025-07-01", "2026-03-01"] {
                lines.extend(
                    units.iter().filter(|unit| unit.split_once('@').unwrap().1 <= day).map(|unit| line(day, unit)),
                );
            }
            lines.retain(|line| whole.holds(line.day));
            let places = Layout::new(&reference, whole, &lines).places(&Split::ALL);
            for split in Split::ALL {
                for line in &lines {
                    let times = places.iter().filter(|place| place.split == split && place.region.holds(line)).count();
                    assert_eq!(times, 1, "{split} {line:?}");
                }
            }
            let keys: BTreeSet<_> = places.iter().map(|place| (place.split, place.keys.clone())).collect();
            assert_eq!(keys.len(), places.len());
        }
    }

    #[test]
    fn groups_are_the_same_whatever_was_counted() {
        let (reference, whole) = (shipped(), span("2021-01-01", "2023-12-31"));
        let keys = |lines: &[Line]| -> Vec<_> {
            Layout::new(&reference, whole, lines).places(&Split::ALL).into_iter().map(|place| place.keys).collect()
        };
        assert_eq!(keys(&[]), keys(&[line("2022-05-05", "15013@2019-12-01")]));
    }

    #[test]
    fn todays_communes_are_made_of_what_was_there() {
        let (reference, whole) = (shipped(), span("2021-01-01", "2023-12-31"));
        let places = Layout::new(&reference, whole, &[]).places(&[Split::UnitNow]);
        let of = |key: &str| {
            let place = places.iter().find(|place| place.keys == [key]).unwrap();
            place.region.slice.clone().unwrap().members.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(of("15001@2025-07-01"), ["14995@2019-12-01", "14999@2019-12-01", "15001@2019-12-01"]);
        assert_eq!(of(NOT_ATTRIBUTABLE), ["15016@2019-12-01"]);
    }
}
