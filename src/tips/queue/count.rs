use std::{fmt, iter::Sum};

use entity::enums::TipStatus;

use super::{
    super::{
        custody::store::OPEN,
        list::{Filter, ListError, check, queue_of},
    },
    store,
};
use crate::{
    app::App,
    staff::{Permission, Staff},
};

/// Counted further is no state for a look at the queue. An office that has as many tips in a state is not helped by the
/// number, and each look would read the index of all of them.
pub const MOST_COUNTED: u64 = 1_000;

/// The same for a state in which a tip has ended: nobody plans a day by it, and after years it is most of what each look
/// would count.
pub const MOST_COUNTED_ENDED: u64 = 100;

fn most_counted(state: TipStatus) -> u64 {
    if OPEN.contains(&state) { MOST_COUNTED } else { MOST_COUNTED_ENDED }
}

/// How many tips: exactly, or more than were counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that were counted.
    tips: u64,
    /// There are more than this in one of the states.
    beyond: Option<u64>,
}

impl Tally {
    fn of(state: TipStatus, counted: i64) -> Self {
        let (counted, most) = (counted.unsigned_abs(), most_counted(state));
        Self { tips: counted.min(most), beyond: Some(most).filter(|most| counted > *most) }
    }

    /// As many as there are for sure.
    pub fn at_least(self) -> u64 {
        self.tips
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self { tips: sum.tips + one.tips, beyond: sum.beyond.max(one.beyond) })
    }
}

/// `17`, or `1000+` of a sum that was not counted to its end.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.beyond {
            Some(most) => write!(f, "{most}+"),
            None => write!(f, "{}", self.tips),
        }
    }
}

/// How many tips each state has under a filter, whatever states and words the filter names.
///
/// Of a state with more than [`MOST_COUNTED`] ([`MOST_COUNTED_ENDED`]) only that: so a look costs the same, however long
/// the queue is.
pub async fn count_states(app: &App, staff: &Staff, filter: &Filter) -> Result<Vec<(TipStatus, Tally)>, ListError> {
    staff.must(Permission::ReadTips)?;
    check(filter)?;
    let most = |state| Some(most_counted(state));
    let counts = store::count_states(app.db.read(), &queue_of(staff, filter), TipStatus::ALL, most).await?;
    Ok(counts.into_iter().map(|count| (count.status, Tally::of(count.status, count.tips))).collect())
}

/// How many tips are in the states that a filter names, whatever words it names: all of them, one by one, for a search
/// that reads through them anyway.
pub async fn count_lane(app: &App, staff: &Staff, filter: &Filter) -> Result<u64, ListError> {
    staff.must(Permission::ReadTips)?;
    check(filter)?;
    let counts = store::count_states(app.db.read(), &queue_of(staff, filter), &filter.states, |_| None).await?;
    Ok(counts.into_iter().map(|count| count.tips.unsigned_abs()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_exact_unless_a_part_of_it_was_not_counted_to_its_end() {
        use TipStatus as S;
        let most = i64::try_from(MOST_COUNTED).unwrap();
        let of_ended = i64::try_from(MOST_COUNTED_ENDED).unwrap();
        let sum = |counts: &[(S, i64)]| counts.iter().map(|of| Tally::of(of.0, of.1)).sum::<Tally>().to_string();
        assert_eq!(sum(&[]), "0");
        assert_eq!(sum(&[(S::Received, 3), (S::Accepted, most)]), (MOST_COUNTED + 3).to_string());
        assert_eq!(sum(&[(S::Received, 3), (S::Accepted, most + 1)]), format!("{MOST_COUNTED}+"));
        assert_eq!(sum(&[(S::Closed, of_ended), (S::Spam, 5)]), (MOST_COUNTED_ENDED + 5).to_string());
        assert_eq!(sum(&[(S::Closed, of_ended + 1), (S::Spam, 5)]), format!("{MOST_COUNTED_ENDED}+"));
    }
}
