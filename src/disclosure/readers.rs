//! All readers that a release must be safe from.
//!
//! In each world (the sources as known by the new release, and as known by each earlier one) there are two: one who was
//! told what changed between the releases, and can use the figures of all of them in that world; and one who takes the
//! releases that agree with that world for its description. A third compares what was certain then with what is now.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    board::Board,
    budget::Budget,
    change::Consequences,
    region::{Region, Slice},
    request::{Cell, Earlier, Policy, Request, World},
    settle::Settled,
    view::{Kind, Secret, View},
};

pub struct Readers {
    board: Board,
    /// Unknowns of every region, those of the new release first.
    regions: Vec<Vec<usize>>,
    index: BTreeMap<Region, usize>,
    /// Of each cell that was asked for.
    pub of_cell: Vec<usize>,
    // Of each region of the new release:
    pub values: Vec<i64>,
    pub ranks: Vec<u8>,
    pub weights: Vec<u32>,
    /// Withheld whatever the plan.
    pub is_small: Vec<bool>,
    /// Already public, in so many words or by what follows: to withhold it would be a pretence. It still may have to be
    /// withheld from whoever takes the new release for a description of an earlier world.
    pub is_shown: Vec<bool>,
}

/// Withheld only if there is no other way.
const PUBLIC: u32 = 1_000_000;

/// What a figure is worth: the total above all, a nothing least.
fn weight(rank: u8, value: i64) -> u32 {
    let full = match rank {
        0 => 100_000,
        1 => 400,
        2 => 40,
        _ => 8,
    };
    if value == 0 { full / 4 } else { full }
}

impl Readers {
    pub fn of(request: &Request<'_>, policy: &Policy) -> Self {
        let mut index = BTreeMap::new();
        let mut all: Vec<Region> = Vec::new();
        let mut find = |region: &Region| {
            *index.entry(region.clone()).or_insert_with(|| {
                all.push(region.clone());
                all.len() - 1
            })
        };
        let of_cell: Vec<usize> = request.cells.iter().map(|cell| find(&cell.region)).collect();
        for earlier in request.earlier {
            for region in earlier.shown.iter().map(|(region, _)| region).chain(&earlier.withheld) {
                find(region);
            }
        }
        let worlds: Vec<_> = worlds(request).map(|world| world.lines.as_slice()).collect();
        let board = Board::lay(&all, &worlds, request.born);
        let regions: Vec<Vec<usize>> = all.iter().map(|region| board.cells(region)).collect();
        let own = of_cell.iter().max().map_or(0, |last| last + 1);
        let values: Vec<i64> = all.iter().take(own).map(|region| region.count(&request.now.lines)).collect();
        let mut readers = Self {
            ranks: vec![u8::MAX; own],
            weights: vec![0; own],
            is_small: values.iter().map(|value| policy.is_small(*value)).collect(),
            is_shown: vec![false; own],
            board,
            regions,
            index,
            of_cell,
            values,
        };
        readers.rank(request.cells);
        readers.find_shown(request);
        readers
    }

    fn rank(&mut self, cells: &[Cell]) {
        for (cell, region) in cells.iter().zip(&self.of_cell) {
            let rank = &mut self.ranks[*region];
            *rank = cell.rank.min(*rank);
            self.weights[*region] = weight(*rank, self.values[*region]);
            self.is_small[*region] |= cell.closed.is_some();
        }
    }

    /// What already follows from releases that agree with today's world.
    fn find_shown(&mut self, request: &Request<'_>) {
        let truth = self.board.truth(&request.now.lines);
        let known = self.agreeing(request.earlier, &truth);
        let known = || known.iter().filter_map(|region| self.regions.get(*region));
        let settled = Settled::of(&self.board, &truth, known());
        let certain = Consequences::of(&self.board, known(), |cell| settled.is_certain(cell));
        let follows = |region: usize| certain.hold(&self.regions[region]) && !self.is_small[region];
        self.is_shown = (0..self.values.len()).map(follows).collect();
        for (weight, _) in self.weights.iter_mut().zip(&self.is_shown).filter(|(_, is_shown)| **is_shown) {
            *weight = PUBLIC;
        }
    }

    fn position(&self, region: &Region) -> Option<usize> {
        self.index.get(region).copied()
    }

    fn sum(&self, region: usize, truth: &[i64]) -> i64 {
        self.regions[region].iter().map(|cell| truth[*cell]).sum()
    }

    fn agrees(&self, earlier: &Earlier, truth: &[i64]) -> bool {
        let same =
            |(region, value): &(Region, i64)| self.position(region).is_some_and(|at| self.sum(at, truth) == *value);
        earlier.shown.iter().all(same)
    }

    fn shown(&self, earlier: &Earlier) -> Vec<usize> {
        earlier.shown.iter().filter_map(|(region, _)| self.position(region)).collect()
    }

    /// Regions shown by the releases that agree with a world in all they show.
    fn agreeing(&self, earlier: &[Earlier], truth: &[i64]) -> Vec<usize> {
        earlier.iter().filter(|earlier| self.agrees(earlier, truth)).flat_map(|earlier| self.shown(earlier)).collect()
    }

    /// Every reader with the secrets that can still be kept.
    pub fn views<'a>(&'a self, request: &Request<'_>, policy: &Policy, budget: &mut Budget) -> Option<Vec<View<'a>>> {
        let mut views: Vec<View<'a>> = Vec::new();
        let now = self.board.truth(&request.now.lines);
        for (at, world) in worlds(request).enumerate() {
            let truth = self.board.truth(&world.lines);
            // How many had been told by then: all, before the new one.
            let told = at.checked_sub(1).map_or(request.earlier.len(), |at| at + 1);
            for mut view in self.of_world(request, policy, told, truth, &now) {
                if view.secrets.is_empty() || views.iter().any(|other| is_covered(&view, other)) {
                    continue;
                }
                view.forget_what_is_out(budget)?;
                views.push(view);
            }
        }
        for then in request.then {
            let mut view = self.of_change(request, policy, then, &now);
            view.forget_what_is_out(budget)?;
            views.push(view);
        }
        views.retain(|view| !view.secrets.is_empty());
        Some(views)
    }

    fn of_world<'a>(
        &'a self,
        request: &Request<'_>,
        policy: &Policy,
        told: usize,
        truth: Vec<i64>,
        now: &[i64],
    ) -> [View<'a>; 2] {
        let small = (0..self.board.size).filter(|cell| policy.is_small(truth[*cell]));
        let small: Vec<Secret> = small.map(|cell| Secret { cells: vec![cell], region: None }).collect();
        let own = (0..self.values.len()).map(|own| Secret { cells: self.regions[own].clone(), region: Some(own) });
        let own: Vec<Secret> = own.collect();
        let secrets = |of: &mut dyn Iterator<Item = &Earlier>, own: &[Secret]| {
            let withheld = of.flat_map(|earlier| &earlier.withheld).filter_map(|region| self.position(region));
            let withheld = withheld.map(|at| Secret { cells: self.regions[at].clone(), region: None });
            let all: BTreeSet<Secret> = withheld.chain(small.clone()).chain(own.to_vec()).collect();
            all.into_iter().collect::<Vec<Secret>>()
        };
        // Who takes the new release for a description of this world asks what it withheld too.
        let same = secrets(&mut request.earlier.iter().filter(|earlier| self.agrees(earlier, &truth)), &own);
        let told = secrets(&mut request.earlier.iter().take(told), if truth == now { &own } else { &[] });
        let unmoved = (0..self.values.len()).map(|own| self.sum(own, &truth) == self.sum(own, now)).collect();
        let kind = Kind::Count { room: policy.threshold };
        let every = request.earlier.iter().flat_map(|earlier| self.shown(earlier)).collect();
        let agreeing = self.agreeing(request.earlier, &truth);
        let view = |known, news, secrets| View {
            board: &self.board,
            regions: &self.regions,
            truth: truth.clone(),
            known,
            news,
            kind,
            secrets,
        };
        [view(every, vec![true; self.values.len()], told), view(agreeing, unmoved, same)]
    }

    /// Who knows exactly what was, and would know exactly what is: small movements of all but long totals.
    fn of_change<'a>(&'a self, request: &Request<'_>, policy: &Policy, then: &World, now: &[i64]) -> View<'a> {
        let before = self.board.truth(&then.lines);
        let known_then = self.agreeing(request.earlier, &before);
        let known = || known_then.iter().filter_map(|region| self.regions.get(*region));
        let settled = Settled::of(&self.board, &before, known());
        let certain = Consequences::of(&self.board, known(), |cell| settled.is_certain(cell));
        let total = |cells: &[usize], truth: &[i64]| cells.iter().map(|cell| truth[*cell]).sum::<i64>();
        let moved = |cells: &[usize]| (total(cells, now) - total(cells, &before)).abs();
        let wide = |cells: &[usize], days: i64| days >= policy.wide_days && self.is_time_only(cells);
        let slices: BTreeSet<Slice> = self.index.keys().filter_map(|region| region.slice.clone()).collect();
        let runs = self.board.runs(&slices).into_iter().map(|(span, cells)| (span.days(), cells));
        let regions = self.index.iter().map(|(region, at)| (region.span.days(), self.regions[*at].clone()));
        let mut secrets: Vec<Secret> = runs
            .chain(regions)
            .filter(|(days, cells)| policy.is_small(moved(cells)) && !wide(cells, *days) && certain.hold(cells))
            .map(|(_, cells)| Secret { cells, region: None })
            .collect();
        secrets.sort();
        secrets.dedup();
        let known = self.agreeing(request.earlier, now);
        View {
            board: &self.board,
            regions: &self.regions,
            truth: now.to_vec(),
            known,
            news: vec![true; self.values.len()],
            kind: Kind::Change,
            secrets,
        }
    }

    fn is_time_only(&self, cells: &[usize]) -> bool {
        cells.iter().all(|cell| *cell < self.board.stretches())
    }
}

fn worlds<'r>(request: &'r Request<'_>) -> impl Iterator<Item = &'r World> {
    std::iter::once(request.now).chain(request.then)
}

/// Another reader in the same world knows the same from elsewhere and can use as much of the new release.
fn is_covered(view: &View<'_>, other: &View<'_>) -> bool {
    let same = |a: &[usize], b: &[usize]| a.iter().all(|region| b.contains(region));
    view.truth == other.truth
        && same(&view.known, &other.known)
        && same(&other.known, &view.known)
        && view.news.iter().zip(&other.news).all(|(own, others)| !own || *others)
        && view.secrets.iter().all(|secret| other.secrets.contains(secret))
}
