//! Which figures of a release are shown and which are withheld.

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions};

use super::{
    budget::Budget,
    readers::Readers,
    request::{Cell, Decision, Policy, Reason, Request},
    settle::Shape,
    view::View,
};

/// Programs of one attempt and its longest time; there are at most as many attempts as ranks.
const PROGRAMS: u32 = 20_000;

/// How many holes are looked at before the next plan is drawn.
const HOLES: usize = 8;

/// Decides on each figure of a release, so that whoever reads it with all earlier ones learns no small count, and no
/// withheld one to closer than the threshold.
///
/// The fewest and least important figures are withheld beside the small ones: an integer program, made stricter by
/// every hole that is found. When a bound is hit or no plan is safe, whole tables are closed, finest first, until one
/// is; at last nothing is shown.
pub fn protect(request: &Request<'_>, policy: &Policy) -> Vec<Decision> {
    let readers = Readers::of(request, policy);
    let plan = plan(&readers, request, policy);
    let reason = |region: usize| plan.as_ref().map_or(Reason::Bound, |plan| plan.reason(region, &readers));
    let decide = |(cell, region): (&Cell, &usize)| match (&cell.closed, &plan) {
        (None, Some(plan)) if !plan.hidden[*region] => Decision::Show(readers.values[*region]),
        (Some(closed), _) => Decision::Withhold(*closed),
        (None, _) => Decision::Withhold(reason(*region)),
    };
    request.cells.iter().zip(&readers.of_cell).map(decide).collect()
}

struct Plan {
    hidden: Vec<bool>,
    /// Regions of this rank and finer were closed as a whole.
    closed_from: u8,
}

impl Plan {
    /// By the table alone, never by the figure: a small one that had another reason than its neighbours would be known
    /// to lie between 1 and 9.
    fn reason(&self, region: usize, readers: &Readers) -> Reason {
        if readers.ranks[region] >= self.closed_from { Reason::Bound } else { Reason::Small }
    }
}

fn plan(readers: &Readers, request: &Request<'_>, policy: &Policy) -> Option<Plan> {
    let mut budget = Budget::new(PROGRAMS, policy.time);
    let views = readers.views(request, policy, &mut budget)?;
    let ranks = readers.ranks.iter().copied().max().unwrap_or(0);
    // One past the finest rank closes nothing.
    for closed_from in (1..=ranks + 1).rev() {
        let mut budget = Budget::new(PROGRAMS, policy.time);
        let search = Search { readers, views: &views, closed_from, cuts: Vec::new() };
        if let Some(hidden) = search.run(&mut budget) {
            return Some(Plan { hidden, closed_from });
        }
    }
    None
}

/// Of what is not withheld by a plan, some must be: at least one of `outside`, if `given` is withheld.
struct Cut {
    outside: Vec<usize>,
    given: Option<usize>,
}

struct Search<'a> {
    readers: &'a Readers,
    views: &'a [View<'a>],
    closed_from: u8,
    cuts: Vec<Cut>,
}

/// A secret that is given away, and what of the rest has nothing to do with it.
struct Hole<'a> {
    view: &'a View<'a>,
    secret: usize,
    /// All that can be withheld while the secret is given away.
    grown: Vec<bool>,
    shape: Option<Shape>,
    outside: Vec<usize>,
}

impl Hole<'_> {
    /// Takes in what it can: all at once, or else each half by itself.
    fn absorb(&mut self, regions: &[usize], budget: &mut Budget) -> Option<()> {
        if regions.is_empty() {
            return Some(());
        }
        regions.iter().for_each(|region| self.grown[*region] = true);
        if self.view.gives_away(self.secret, &self.grown, &mut self.shape, budget)? {
            return Some(());
        }
        regions.iter().for_each(|region| self.grown[*region] = false);
        match regions {
            [only] => self.outside.push(*only),
            _ => {
                let (first, second) = regions.split_at(regions.len() / 2);
                self.absorb(first, budget)?;
                self.absorb(second, budget)?;
            }
        }
        Some(())
    }
}

/// What a plan can still decide about a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lot {
    Hidden,
    Free,
}

impl Search<'_> {
    fn lot(&self, region: usize) -> Lot {
        let closed = self.readers.ranks[region] >= self.closed_from && !self.readers.is_shown[region];
        if self.readers.is_small[region] || closed { Lot::Hidden } else { Lot::Free }
    }

    fn run(mut self, budget: &mut Budget) -> Option<Vec<bool>> {
        loop {
            let hidden = self.least(budget)?;
            let mut holes = Vec::new();
            for (view, reader) in self.views.iter().enumerate() {
                let left = HOLES.saturating_sub(holes.len());
                if left > 0 {
                    holes.extend(reader.given_away(&hidden, left, budget)?.into_iter().map(|secret| (view, secret)));
                }
            }
            if holes.is_empty() {
                return Some(hidden);
            }
            for (view, secret) in holes {
                let cut = self.cut(&self.views[view], secret, &hidden, budget)?;
                if cut.outside.is_empty() && cut.given.is_none() {
                    return None;
                }
                self.cuts.push(cut);
            }
        }
    }

    /// Withholds more and more that does not close the hole; what is left is what can. Room only grows with what is
    /// withheld, so no plan that withholds none of it closes the hole.
    fn cut(&self, view: &View<'_>, secret: usize, hidden: &[bool], budget: &mut Budget) -> Option<Cut> {
        let mut open: Vec<usize> =
            (0..hidden.len()).filter(|region| !hidden[*region] && self.lot(*region) == Lot::Free).collect();
        open.sort_by_key(|region| std::cmp::Reverse(self.readers.weights[*region]));
        let mut hole = Hole { view, secret, grown: hidden.to_vec(), shape: None, outside: Vec::new() };
        hole.absorb(&open, budget)?;
        let given = view.secrets[secret].region.filter(|region| self.lot(*region) == Lot::Free);
        Some(Cut { outside: hole.outside, given })
    }

    /// The cheapest plan that all cuts allow.
    fn least(&self, budget: &mut Budget) -> Option<Vec<bool>> {
        budget.spend()?;
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let regions = 0..self.readers.weights.len();
        let variables: Vec<_> = regions
            .clone()
            .map(|region| {
                let weight = f64::from(self.readers.weights[region]);
                (self.lot(region) == Lot::Free).then(|| problem.add_binary_var(weight))
            })
            .collect();
        for cut in &self.cuts {
            let mut terms: Vec<_> = cut.outside.iter().filter_map(|region| Some((variables[*region]?, 1.0))).collect();
            terms.extend(cut.given.and_then(|region| Some((variables[region]?, -1.0))));
            let least = if cut.given.is_some() { 0.0 } else { 1.0 };
            problem.add_constraint(terms, ComparisonOp::Ge, least);
        }
        let mut options = SolveOptions::default();
        options.time_limit = Some(budget.rest());
        let outcome = problem.solve_with(options).ok()?;
        // A plan that is not the cheapest is a plan too, as long as it keeps the cuts.
        let solution = outcome.into_solution().ok()?;
        let lots = regions.map(|region| match self.lot(region) {
            Lot::Hidden => true,
            Lot::Free => variables[region].is_some_and(|variable| solution.var_value(variable) > 0.5),
        });
        Some(lots.collect())
    }
}
