use std::{fmt, iter::Sum};

use entity::enums::TipStatus;

use super::{
    super::list::{Filter, ListError, check, queue_of},
    store,
};
use crate::{
    app::App,
    staff::{Permission, Staff},
};

/// Counted further is no state for a look at the queue. An office that has as many tips in a state is not helped by the
/// number, and each look would read the index of all of them.
pub const MOST_COUNTED: u64 = 1_000;

/// How many tips: exactly, or more than [`MOST_COUNTED`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that were counted.
    tips: u64,
    more: bool,
}

impl Tally {
    fn of(counted: i64) -> Self {
        let counted = counted.unsigned_abs();
        Self { tips: counted.min(MOST_COUNTED), more: counted > MOST_COUNTED }
    }

    /// As many as there are for sure.
    pub fn at_least(self) -> u64 {
        self.tips
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self { tips: sum.tips + one.tips, more: sum.more || one.more })
    }
}

/// `17`, or `1000+` of a sum that was not counted to its end.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.more { write!(f, "{MOST_COUNTED}+") } else { write!(f, "{}", self.tips) }
    }
}

/// How many tips each state has under a filter, whatever states and words the filter names.
///
/// Of a state with more than [`MOST_COUNTED`] only that: so a look costs the same, however long the queue is.
pub async fn count_states(app: &App, staff: &Staff, filter: &Filter) -> Result<Vec<(TipStatus, Tally)>, ListError> {
    staff.must(Permission::ReadTips)?;
    check(filter)?;
    let counts =
        store::count_states(app.db.read(), &queue_of(staff, filter), TipStatus::ALL, Some(MOST_COUNTED)).await?;
    Ok(counts.into_iter().map(|count| (count.status, Tally::of(count.tips))).collect())
}

/// How many tips are in the states that a filter names, whatever words it names: all of them, one by one, for a search
/// that reads through them anyway.
pub async fn count_lane(app: &App, staff: &Staff, filter: &Filter) -> Result<u64, ListError> {
    staff.must(Permission::ReadTips)?;
    check(filter)?;
    let counts = store::count_states(app.db.read(), &queue_of(staff, filter), &filter.states, None).await?;
    Ok(counts.into_iter().map(|count| count.tips.unsigned_abs()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_exact_unless_a_part_of_it_was_not_counted_to_its_end() {
        let most = i64::try_from(MOST_COUNTED).unwrap();
        let sum = |counts: &[i64]| counts.iter().map(|count| Tally::of(*count)).sum::<Tally>().to_string();
        assert_eq!(sum(&[]), "0");
        assert_eq!(sum(&[3, most, most]), (2 * MOST_COUNTED + 3).to_string());
        assert_eq!(sum(&[3, most + 1]), format!("{MOST_COUNTED}+"));
    }
}
