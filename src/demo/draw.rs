//! Draws for the plan, all from one seed.

use std::{collections::BTreeMap, ops::RangeInclusive};

use vault::chance::Chance;

/// Draws that repeat with the seed.
pub struct Draw(Chance);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(Chance::seeded(seed))
    }

    /// A number of the range, its ends included.
    pub fn within(&self, range: RangeInclusive<u32>) -> u32 {
        let (low, high) = range.into_inner();
        let drawn = self.0.below(u64::from(high.saturating_sub(low)) + 1);
        low + u32::try_from(drawn).unwrap_or(0)
    }

    /// A multiple of `step` above `from`, up to `to`.
    pub fn amount(&self, from: i64, to: i64, step: i64) -> i64 {
        let steps = u64::try_from((to - from) / step.max(1)).unwrap_or(0);
        from + step * i64::try_from(self.0.below(steps + 1)).unwrap_or(0)
    }

    /// True so many times in a hundred.
    pub fn chance_of(&self, percent: u64) -> bool {
        self.0.below(100) < percent
    }

    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(usize::try_from(self.0.below(from.len() as u64)).unwrap_or(0))
    }

    /// One of some texts; none of none.
    pub fn text<'a>(&self, from: &'a [String]) -> &'a str {
        self.pick(from).map_or("", String::as_str)
    }

    /// A key, the likelier the greater its weight.
    pub fn weighted<'a>(&self, weights: &'a BTreeMap<String, u32>) -> &'a str {
        let all = weights.values().copied().map(u64::from).sum();
        let mut left = self.0.below(all);
        for (key, weight) in weights {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return key,
            }
        }
        ""
    }

    /// Each key as many times as it weighs, in any order.
    pub fn deck(&self, weights: &BTreeMap<String, u32>) -> Vec<String> {
        let mut deck: Vec<String> =
            weights.iter().flat_map(|(key, weight)| std::iter::repeat_n(key.clone(), *weight as usize)).collect();
        for last in (1..deck.len()).rev() {
            deck.swap(last, usize::try_from(self.0.below(last as u64 + 1)).unwrap_or(0));
        }
        deck
    }
}
