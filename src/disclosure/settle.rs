//! What follows from what is known: which unknowns are certain, which hang together, and how far each can move.

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions};

use super::{
    board::{Board, Row},
    budget::Budget,
};

/// No world of ours comes near; a bound for unknowns that nothing else bounds. To show that an interval is wide it is
/// enough to look at a part of the worlds.
const CEILING: i64 = 1_000_000;

/// Branches of one program. Ours come out whole at the root nearly always; one that does not is answered "unknown".
const NODES: u64 = 2_000;

/// A world, and what somebody knows of it.
pub struct Settled<'a> {
    truth: &'a [i64],
    certain: Vec<bool>,
    /// Sums with two or more unknowns that are not certain, reduced to these.
    rows: Vec<Row>,
    /// Unknowns of one part move together; parts move freely of each other.
    part: Vec<usize>,
}

/// One possible world, told by how far some unknowns are from the true one.
pub type Shift = Vec<(usize, i64)>;

/// By what two states of knowledge leave a sum the same room.
pub type Shape = (usize, usize, usize);

impl<'a> Settled<'a> {
    /// `known`: sums of unknowns that are public.
    pub fn of<'k>(board: &Board, truth: &'a [i64], known: impl Iterator<Item = &'k Vec<usize>>) -> Self {
        let mut rows: Vec<Row> = board.links.clone();
        rows.extend(known.map(|cells| cells.iter().map(|cell| (*cell, 1)).collect::<Row>()));
        let mut certain = vec![false; board.size];
        for cell in &board.void {
            certain[*cell] = true;
        }
        while settle_once(&mut rows, &mut certain, truth) {}
        let part = parts(&rows, board.size);
        Self { truth, certain, rows, part }
    }

    pub fn is_certain(&self, cell: usize) -> bool {
        self.certain[cell]
    }

    /// What of a sum is not certain.
    fn open(&self, sum: &[usize]) -> Vec<usize> {
        sum.iter().copied().filter(|cell| !self.certain[*cell]).collect()
    }

    /// Equal shapes under growing secrecy: the sum has the same room.
    pub fn shape(&self, sum: &[usize]) -> Shape {
        let open = self.open(sum);
        let inside = |cell: usize| open.iter().any(|own| self.part[*own] == self.part[cell]);
        let cells = (0..self.part.len()).filter(|cell| !self.certain[*cell] && inside(*cell)).count();
        let rows = self.rows.iter().filter(|row| row.first().is_some_and(|(cell, _)| inside(*cell))).count();
        (open.len(), cells, rows)
    }

    /// Whether the sum can differ by `room` between two worlds that fit all that is known. None: not found out.
    ///
    /// `seen` is told every world on the way, so that it need not be looked for again.
    pub fn has_room(
        &self,
        sum: &[usize],
        room: i64,
        budget: &mut Budget,
        mut seen: impl FnMut(&Shift),
    ) -> Option<bool> {
        let open = self.open(sum);
        let (mut found, mut left) = (0, open);
        while let Some(first) = left.first() {
            let part = self.part[*first];
            let (own, others): (Vec<usize>, Vec<usize>) = left.iter().partition(|cell| self.part[**cell] == part);
            for direction in [OptimizationDirection::Maximize, OptimizationDirection::Minimize] {
                let shift = self.extreme(part, &own, direction, budget)?;
                let moved: i64 = shift.iter().filter(|(cell, _)| own.contains(cell)).map(|(_, by)| by).sum();
                seen(&shift);
                found += moved.abs();
                if found >= room {
                    return Some(true);
                }
            }
            left = others;
        }
        Some(found >= room)
    }

    /// The world in which a sum of one part is largest or smallest.
    fn extreme(&self, part: usize, sum: &[usize], to: OptimizationDirection, budget: &mut Budget) -> Option<Shift> {
        budget.spend()?;
        let mut problem = Problem::new(to);
        let cells: Vec<usize> =
            (0..self.part.len()).filter(|cell| self.part[*cell] == part && !self.certain[*cell]).collect();
        let rows = || self.rows.iter().filter(|row| row.first().is_some_and(|(cell, _)| self.part[*cell] == part));
        let mut variables = vec![None; self.part.len()];
        for cell in &cells {
            let weight = if sum.contains(cell) { 1.0 } else { 0.0 };
            let bounds = rows().filter(|row| row.iter().any(|(own, _)| own == cell)).filter_map(|row| self.bound(row));
            let most = bounds.min().unwrap_or(self.truth[*cell] + CEILING).min(i64::from(i32::MAX));
            variables[*cell] = Some(problem.add_integer_var(weight, (0, i32::try_from(most).ok()?)));
        }
        for row in rows() {
            let terms: Vec<_> = row
                .iter()
                .filter_map(|(cell, times)| Some((variables[*cell]?, if *times > 0 { 1.0 } else { -1.0 })))
                .collect();
            problem.add_constraint(terms, ComparisonOp::Eq, as_float(self.sum(row))?);
        }
        let mut options = SolveOptions::default();
        (options.node_limit, options.time_limit) = (Some(NODES), Some(budget.rest()));
        let outcome = problem.solve_with(options).ok()?;
        let solution = outcome.is_optimal().then(|| outcome.into_solution().ok())??;
        let shift = cells.iter().filter_map(|cell| {
            let value = as_whole(solution.var_value(variables[*cell]?));
            Some((*cell, value - self.truth[*cell]))
        });
        Some(shift.filter(|(_, by)| *by != 0).collect())
    }

    fn sum(&self, row: &Row) -> i64 {
        row.iter().map(|(cell, times)| times * self.truth[*cell]).sum()
    }

    /// No unknown of a sum without minus signs is above the sum.
    fn bound(&self, row: &Row) -> Option<i64> {
        row.iter().all(|(_, times)| *times > 0).then(|| self.sum(row))
    }
}

/// Draws the conclusions that need no program: true when there were any.
fn settle_once(rows: &mut Vec<Row>, certain: &mut [bool], truth: &[i64]) -> bool {
    let mut any = false;
    for row in rows.iter_mut() {
        row.retain(|(cell, _)| !certain[*cell]);
        let one_sign = row.windows(2).all(|pair| pair[0].1.signum() == pair[1].1.signum());
        let alone = row.len() == 1;
        let nothing = one_sign && row.iter().all(|(cell, _)| truth[*cell] == 0);
        if !row.is_empty() && (alone || nothing) {
            row.drain(..).for_each(|(cell, _)| certain[cell] = true);
            any = true;
        }
    }
    rows.retain(|row| !row.is_empty());
    any
}

/// The part of each unknown: that of the least unknown which it hangs together with.
fn parts(rows: &[Row], size: usize) -> Vec<usize> {
    let mut above: Vec<usize> = (0..size).collect();
    fn root(above: &mut [usize], mut cell: usize) -> usize {
        while above[cell] != cell {
            above[cell] = above[above[cell]];
            cell = above[cell];
        }
        cell
    }
    for row in rows {
        for pair in row.windows(2) {
            let (a, b) = (root(&mut above, pair[0].0), root(&mut above, pair[1].0));
            above[a.max(b)] = a.min(b);
        }
    }
    (0..size).map(|cell| root(&mut above, cell)).collect()
}

/// Counts fit: the ceiling is far below 2^53.
fn as_float(value: i64) -> Option<f64> {
    i32::try_from(value).ok().map(f64::from)
}

#[expect(clippy::cast_possible_truncation, reason = "an unknown lies between 0 and i32::MAX")]
fn as_whole(value: f64) -> i64 {
    value.round() as i64
}
