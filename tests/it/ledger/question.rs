//! What is asked of a ledger: any measure, told apart by up to two things, of any period, as of any day.

use chrono::Duration;
use proptest::prelude::*;
use tipline::statistics::measures::{Dimension, Measure, TableQuery};

use super::{history::History, world::World};

const QUESTIONS: usize = 60;

/// Parts of a thousand of the time that has passed, so that every question meets something.
#[derive(Clone, Debug)]
pub struct Question {
    measure: usize,
    by: Vec<Dimension>,
    from: i32,
    to: i32,
    as_of: i32,
    offices: usize,
    restate: bool,
}

pub fn questions() -> impl Strategy<Value = Vec<Question>> {
    let by = proptest::sample::subsequence(Dimension::ALL.to_vec(), 0..=2);
    let from = prop_oneof![3 => -100i32..100, 2 => 0i32..900];
    let long = prop_oneof![2 => 0i32..1100, 3 => 800i32..1200];
    let as_of = prop_oneof![2 => 0i32..1100, 3 => 600i32..1100];
    let one = (0..Measure::ALL.len(), by, from, long, as_of, 0usize..4, any::<bool>()).prop_map(
        |(measure, by, from, long, as_of, offices, restate)| Question {
            measure,
            by,
            from,
            to: from + long,
            as_of,
            offices,
            restate,
        },
    );
    // The n-th question is about the n-th measure, so that none is left out.
    proptest::collection::vec(one, QUESTIONS).prop_map(|asked| {
        let asked = asked.into_iter().enumerate();
        asked.map(|(at, one)| Question { measure: (at + one.measure / 7) % Measure::ALL.len(), ..one }).collect()
    })
}

impl Question {
    pub fn query(&self, world: &World, history: &History) -> TableQuery {
        let passed = (world.app.app.clock.today() - history.begun).num_days().max(1);
        let day = |part: i32| history.begun + Duration::days(passed * i64::from(part) / 1000);
        let measure = Measure::ALL[self.measure];
        let [intake, na_meo] = world.offices;
        TableQuery {
            measure,
            from: day(self.from),
            to: day(self.to),
            by: self.by.iter().copied().filter(|by| *by != Dimension::Detail || measure.has_detail()).collect(),
            as_of: day(self.as_of),
            offices: [vec![intake], vec![na_meo], vec![intake, na_meo], vec![na_meo, intake]][self.offices].clone(),
            restate: self.restate,
        }
    }
}
