//! Which sums come nearest to what is asked, and by which lines they differ from it.

use chrono::NaiveDate;

use super::store::Region;
use crate::statistics::ledger::{BEFORE_ALL, end_of_half, start_of_half};

/// The whole half months nearest to a region: at either end, and in what was known by when.
#[derive(Clone, Copy, Debug)]
pub struct Near {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub known: NaiveDate,
    /// Whether anything was recorded after what the region knows.
    anything_later: bool,
}

/// What the sums of `Near` are, beside the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    TooMany,
    TooFew,
}

/// First and last day; the last is before the first if there are none.
pub type Days = (NaiveDate, NaiveDate);

const NONE: Days = (NaiveDate::MAX, BEFORE_ALL);

/// The databases' last day is in the year 9999.
pub const EVER: Days = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(last) => (BEFORE_ALL, last),
    None => NONE,
};

impl Near {
    pub fn of(region: &Region, anything_later: bool) -> Self {
        // What was not recorded yet does not count yet: then there is nothing in the days that are too many.
        let end = |day| if anything_later { nearest_end_of_half(day) } else { end_of_half(day) };
        Self {
            from: next(nearest_end_of_half(previous(region.from))),
            to: if region.to < region.known { nearest_end_of_half(region.to) } else { end(region.to) },
            known: end(region.known),
            anything_later,
        }
    }

    /// Days in which facts count, days on which they were recorded, and whether the sums have them too many.
    pub fn differences(self, region: &Region) -> Vec<(Days, Days, Sign)> {
        let ever = (BEFORE_ALL, self.known);
        let asked = (region.from, region.to);
        let later = if self.anything_later { (next(region.known), self.known) } else { NONE };
        let all = [
            ((self.from, previous(region.from)), ever, Sign::TooMany),
            ((region.from, previous(self.from)), ever, Sign::TooFew),
            ((next(region.to), self.to), ever, Sign::TooMany),
            ((next(self.to), region.to), ever, Sign::TooFew),
            (asked, later, Sign::TooMany),
            (asked, (next(self.known), region.known), Sign::TooFew),
        ];
        let some = |(first, last): Days| first <= last;
        all.into_iter().filter(|(effective, recorded, _)| some(*effective) && some(*recorded)).collect()
    }
}

pub fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

pub fn previous(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

/// The last day of a half month that is nearest to a day: of its own, or of the one before.
fn nearest_end_of_half(day: NaiveDate) -> NaiveDate {
    let (before, end) = (previous(start_of_half(day)), end_of_half(day));
    if end - day <= day - before { end } else { before }
}
