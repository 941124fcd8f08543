//! The attacker's program: everything public goes in, and linear programming tells how closely a figure can be known.
//!
//! It shares nothing with the code under attack but the regions: its unknowns are the full table, every stretch of days
//! by place by category by channel.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use microlp::{ComparisonOp, OptimizationDirection, Problem};

use super::{Axis, Born, Line, Region};

pub struct Attacker<'a> {
    /// Every cell of the full table, with what it truly holds.
    table: Vec<Line>,
    public: Vec<&'a Region>,
    /// Worlds found so far: each fits everything public.
    worlds: Vec<Vec<f64>>,
}

/// Every cell of the full table that the cuts of some regions allow, less those that everybody knows to be empty.
pub fn full_table(regions: &[&Region], lines: &[Line], born: &Born) -> Vec<Line> {
    let cuts = regions.iter().flat_map(|region| [region.span.from, region.span.end()]).chain(born.values().copied());
    let cuts: BTreeSet<NaiveDate> = cuts.collect();
    let cuts: Vec<NaiveDate> = cuts.into_iter().collect();
    let values = |of: fn(&Line) -> &String| lines.iter().map(of).cloned().collect::<BTreeSet<String>>();
    let (places, categories, channels) =
        (values(|line| &line.place), values(|line| &line.category), values(|line| &line.channel));
    let mut table = Vec::new();
    for cut in cuts.windows(2) {
        for place in &places {
            if born.get(&(Axis::Place, place.clone())).is_some_and(|born| cut[0] < *born) {
                continue;
            }
            for category in &categories {
                for channel in &channels {
                    let same = |line: &&Line| {
                        (cut[0]..cut[1]).contains(&line.day)
                            && (&line.place, &line.category, &line.channel) == (place, category, channel)
                    };
                    table.push(Line {
                        day: cut[0],
                        place: place.clone(),
                        category: category.clone(),
                        channel: channel.clone(),
                        count: lines.iter().filter(same).map(|line| line.count).sum(),
                    });
                }
            }
        }
    }
    table
}

impl<'a> Attacker<'a> {
    pub fn new(table: Vec<Line>, public: Vec<&'a Region>) -> Self {
        Self { table, public, worlds: Vec::new() }
    }

    /// The length of the shortest interval that the figure must lie in; a longer one than `enough` is not measured.
    pub fn interval(&mut self, region: &Region, enough: i64) -> i64 {
        let inside: Vec<bool> = self.table.iter().map(|cell| region.holds(cell)).collect();
        let truth = region.count(&self.table);
        let sum =
            |world: &Vec<f64>| world.iter().zip(&inside).filter(|(_, inside)| **inside).map(|(x, _)| x).sum::<f64>();
        let (mut low, mut high) = (truth, truth);
        for world in &self.worlds {
            (low, high) = (low.min(up(sum(world))), high.max(down(sum(world))));
        }
        for direction in [OptimizationDirection::Maximize, OptimizationDirection::Minimize] {
            if high - low >= enough {
                break;
            }
            let world = self.extreme(&inside, direction);
            (low, high) = (low.min(up(sum(&world))), high.max(down(sum(&world))));
            self.worlds.push(world);
        }
        high - low
    }

    fn extreme(&self, inside: &[bool], direction: OptimizationDirection) -> Vec<f64> {
        let mut problem = Problem::new(direction);
        let cells: Vec<_> =
            inside.iter().map(|inside| problem.add_var(if *inside { 1.0 } else { 0.0 }, (0.0, 100_000.0))).collect();
        for region in &self.public {
            let row = self.table.iter().zip(&cells).filter(|(cell, _)| region.holds(cell));
            let row: Vec<_> = row.map(|(_, variable)| (*variable, 1.0)).collect();
            if !row.is_empty() {
                problem.add_constraint(row, ComparisonOp::Eq, region.count(&self.table) as f64);
            }
        }
        let solution = problem.solve().expect("the true world fits").into_solution().expect("no limit is set");
        cells.iter().map(|cell| solution.var_value(*cell)).collect()
    }
}

/// Counts are whole: an interval's ends are drawn in to the next whole number.
fn up(value: f64) -> i64 {
    (value - 1e-6).ceil() as i64
}

fn down(value: f64) -> i64 {
    (value + 1e-6).floor() as i64
}
