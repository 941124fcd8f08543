//! Half months, from the 1st and from the 15th: every kind of period that police count in is made of whole ones.

use chrono::{Datelike, NaiveDate};

const MIDDLE: u32 = 15;

/// First day of the half month of a day.
pub fn start_of_half(day: NaiveDate) -> NaiveDate {
    day.with_day(if day.day() < MIDDLE { 1 } else { MIDDLE }).unwrap_or(day)
}

/// Last day of the half month of a day.
pub fn end_of_half(day: NaiveDate) -> NaiveDate {
    if day.day() < MIDDLE { day.with_day(MIDDLE - 1).unwrap_or(day) } else { end_of_month(day) }
}

/// Last day of the month of a day.
pub fn end_of_month(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    (first + chrono::Months::new(1)).pred_opt().unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn halves_leave_no_day_out_and_share_none(days in 0i32..40_000) {
            let day = NaiveDate::from_num_days_from_ce_opt(720_000 + days).unwrap();
            let (start, end) = (start_of_half(day), end_of_half(day));
            prop_assert!(start <= day && day <= end && (end - start).num_days() <= 16);
            prop_assert_eq!(start_of_half(end.succ_opt().unwrap()), end.succ_opt().unwrap());
            prop_assert_eq!(start_of_half(end), start);
        }
    }
}
