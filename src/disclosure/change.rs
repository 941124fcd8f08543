//! What two releases tell of the time between them: a figure that is certain then and certain now tells how many
//! sources came or went, and that is a small count too.

use super::board::{Board, Row};

/// Sums are reckoned modulo this prime: exact, and fast. Whole numbers that differ and agree modulo it would have to be
/// determinants of ones and minus ones far larger than tables of ours give.
const PRIME: i64 = 1_000_000_007;

/// The sums that follow from some sums by adding and subtracting, whatever the unknowns are.
pub struct Consequences {
    /// Each begins with a 1 where no other has anything.
    echelon: Vec<(usize, Vec<i64>)>,
    size: usize,
}

impl Consequences {
    pub fn of<'k>(board: &Board, known: impl Iterator<Item = &'k Vec<usize>>, certain: impl Fn(usize) -> bool) -> Self {
        let mut all = Self { echelon: Vec::new(), size: board.size };
        for cell in (0..board.size).filter(|cell| certain(*cell)) {
            all.add(&[(cell, 1)].to_vec());
        }
        for row in &board.links {
            all.add(row);
        }
        for cells in known {
            all.add(&cells.iter().map(|cell| (*cell, 1)).collect());
        }
        all
    }

    pub fn hold(&self, sum: &[usize]) -> bool {
        let row = sum.iter().map(|cell| (*cell, 1)).collect();
        self.rest(&row).iter().all(|value| *value == 0)
    }

    fn add(&mut self, row: &Row) {
        let mut rest = self.rest(row);
        if let Some(lead) = rest.iter().position(|value| *value != 0) {
            let times = inverse(rest[lead]);
            rest.iter_mut().for_each(|value| *value = *value * times % PRIME);
            self.echelon.push((lead, rest));
        }
    }

    /// What is left of a sum when all that is known has been taken off.
    fn rest(&self, row: &Row) -> Vec<i64> {
        let mut rest = vec![0; self.size];
        for (cell, times) in row {
            rest[*cell] = (rest[*cell] + times).rem_euclid(PRIME);
        }
        for (lead, known) in &self.echelon {
            let times = rest[*lead];
            if times != 0 {
                for (value, own) in rest.iter_mut().zip(known) {
                    *value = (*value - times * own).rem_euclid(PRIME);
                }
            }
        }
        rest
    }
}

/// By Fermat: the power of the prime less two.
fn inverse(value: i64) -> i64 {
    let (mut base, mut exponent, mut result) = (value.rem_euclid(PRIME), PRIME - 2, 1);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent /= 2;
    }
    result
}
