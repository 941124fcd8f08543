//! Which figures a report consists of.

use chrono::{Datelike, NaiveDate};

use super::{ReportKind, words::both};
use crate::{
    reference::Label,
    statistics::{
        measures::{Dimension, Measure},
        periods::Period,
    },
};

/// Figures of the whole period, each beside the same period before.
pub struct Compared {
    pub key: &'static str,
    pub title: Label,
    pub measures: &'static [Measure],
}

/// Figures told apart by one thing.
pub struct Split {
    pub key: &'static str,
    pub title: Label,
    pub head: Label,
    pub by: Dimension,
    /// Places as they are now, not as they were then.
    pub restate: bool,
    pub measures: &'static [Measure],
}

pub struct Plan {
    pub compared: Vec<Compared>,
    pub splits: Vec<Split>,
}

const MOVEMENT: &[Measure] =
    &[Measure::Received, Measure::ValuableSources, Measure::ValuableShare, Measure::Cases, Measure::Persons];

const VALUABLE: &[Measure] = &[Measure::ValuableSources];

const LINE: &[Measure] = &[
    Measure::Received,
    Measure::ValuableSources,
    Measure::ValuableShare,
    Measure::CasesOpened,
    Measure::Outcomes,
    Measure::Resolved,
    Measure::Transferred,
    Measure::Open,
    Measure::ResolvedShare,
    Measure::Misuse,
    Measure::FirstLookMedian,
    Measure::FirstLookP90,
    Measure::AcceptanceMedian,
    Measure::AcceptanceP90,
    Measure::DecisionMedian,
    Measure::DecisionP90,
    Measure::QuestionsAsked,
    Measure::QuestionsAnswered,
    Measure::TwoWayShare,
];

const YIELDS: &[Measure] = &[
    Measure::Cases,
    Measure::Persons,
    Measure::DrugsGrams,
    Measure::DrugsPills,
    Measure::GunsMilitary,
    Measure::GunsHomeMade,
    Measure::Rounds,
    Measure::Explosives,
    Measure::Fireworks,
    Measure::Property,
    Measure::Cash,
    Measure::Vehicles,
    Measure::Timber,
    Measure::Fines,
    Measure::VictimsRescued,
    Measure::Surrenders,
];

const FLOW: &[Measure] =
    &[Measure::Received, Measure::ValuableSources, Measure::Resolved, Measure::Transferred, Measure::Open];

impl Plan {
    pub fn of(kind: ReportKind, from: NaiveDate, to: NaiveDate) -> Self {
        match kind {
            ReportKind::Movement => {
                let key = ("summary", both("Tổng hợp", "Summary"));
                let compared = vec![Compared { key: key.0, title: key.1, measures: MOVEMENT }];
                Self { compared, splits: splits(VALUABLE, from, to) }
            }
            ReportKind::Full => {
                let compared = vec![
                    Compared { key: "line", title: both("Tiếp nhận, giải quyết", "The line"), measures: LINE },
                    Compared { key: "yields", title: both("Kết quả thu được", "Yields"), measures: YIELDS },
                ];
                let mut splits = splits(FLOW, from, to);
                splits.push(by_detail("outcomes", both("Theo loại kết quả", "By outcome"), &[Measure::Outcomes]));
                splits.push(by_detail("misuse", both("Tin không dùng được", "Misuse"), &[Measure::Misuse]));
                Self { compared, splits }
            }
        }
    }

    /// Every measure that the report shows, each once, in the order of showing.
    pub fn measures(&self) -> Vec<Measure> {
        let (compared, splits) = (&self.compared, &self.splits);
        let all = compared.iter().map(|part| part.measures).chain(splits.iter().map(|split| split.measures));
        let mut measures = Vec::new();
        for measure in all.flatten() {
            if !measures.contains(measure) {
                measures.push(*measure);
            }
        }
        measures
    }
}

fn splits(measures: &'static [Measure], from: NaiveDate, to: NaiveDate) -> Vec<Split> {
    let split = |key, (title, head): (Label, Label), by, restate| Split { key, title, head, by, restate, measures };
    let place = both("Địa bàn", "Place");
    let then = both("Theo địa bàn (khi đó)", "By place (as it was)");
    let now = both("Theo địa bàn (hiện nay)", "By place (as it is now)");
    let mut splits: Vec<Split> =
        by_time(from, to).into_iter().map(|(by, title, head)| split("time", (title, head), by, false)).collect();
    splits.extend([
        split("unit_then", (then, place.clone()), Dimension::Unit, false),
        split("unit_now", (now, place), Dimension::Unit, true),
        split(
            "category",
            (both("Theo lĩnh vực", "By subject"), both("Lĩnh vực", "Subject")),
            Dimension::Category,
            false,
        ),
        split("channel", (both("Theo kênh", "By channel"), both("Kênh", "Channel")), Dimension::Channel, false),
        split("mode", (both("Theo cách báo tin", "By mode"), both("Cách báo tin", "Mode")), Dimension::Mode, false),
    ]);
    splits
}

/// By the largest step of time that makes more than one part.
fn by_time(from: NaiveDate, to: NaiveDate) -> Option<(Dimension, Label, Label)> {
    if from.year() != to.year() {
        let (title, head) = (both("Theo năm", "By year"), both("Năm", "Year"));
        Some((Dimension::Period(Period::Year), title, head))
    } else if from.month() != to.month() {
        let (title, head) = (both("Theo tháng", "By month"), both("Tháng", "Month"));
        Some((Dimension::Period(Period::Month), title, head))
    } else {
        None
    }
}

fn by_detail(key: &'static str, title: Label, measures: &'static [Measure]) -> Split {
    Split { key, title, head: both("Loại", "Kind"), by: Dimension::Detail, restate: false, measures }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_report_has_every_measure() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let plan = Plan::of(ReportKind::Full, day("2023-01-01"), day("2023-12-31"));
        let shown = plan.measures();
        let missing: Vec<_> = Measure::ALL.iter().filter(|measure| !shown.contains(measure)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn detail_is_told_apart_only_where_there_is_any() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for kind in ReportKind::ALL {
            for split in Plan::of(kind, day("2023-06-01"), day("2023-06-30")).splits {
                let told = split.measures.iter().all(|measure| measure.has_detail());
                assert!(split.by != Dimension::Detail || told, "{}", split.key);
                assert_ne!(split.key, "time");
            }
        }
    }
}
