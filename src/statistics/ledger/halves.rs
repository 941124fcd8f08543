//! Half months, from the 1st and from the 15th: every kind of period that police count in is made of whole ones. And
//! quarters, which most of these periods are made of as well.

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

/// First day of the quarter of a day.
pub fn start_of_quarter(day: NaiveDate) -> NaiveDate {
    let month = day.month0() / 3 * 3 + 1;
    NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day)
}

/// Last day of the quarter of a day.
pub fn end_of_quarter(day: NaiveDate) -> NaiveDate {
    end_of_month(start_of_quarter(day) + chrono::Months::new(2))
}

/// First and last day of the whole quarters between two days; none if there are none.
pub fn quarters_within(from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let first = if start_of_quarter(from) == from { from } else { end_of_quarter(from).succ_opt()? };
    let last = if end_of_quarter(to) == to { to } else { start_of_quarter(to).pred_opt()? };
    (first < last).then_some((first, last))
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

        #[test]
        fn quarters_are_whole_halves_and_only_whole_ones_are_within(days in 0i32..40_000, length in 0i64..1000) {
            let day = NaiveDate::from_num_days_from_ce_opt(720_000 + days).unwrap();
            let (start, end) = (start_of_quarter(day), end_of_quarter(day));
            prop_assert!(start <= day && day <= end && (89..92).contains(&(end - start).num_days()));
            prop_assert_eq!((start_of_half(start), end_of_half(end)), (start, end));
            let to = day + chrono::Days::new(length.unsigned_abs());
            match quarters_within(day, to) {
                Some((first, last)) => {
                    prop_assert!(day <= first && last <= to && (first - day).num_days() < 92 && (to - last).num_days() < 92);
                    prop_assert_eq!((start_of_quarter(first), end_of_quarter(last)), (first, last));
                }
                None => prop_assert!(end_of_quarter(day) >= to || start_of_quarter(to) <= end_of_quarter(day).succ_opt().unwrap()),
            }
        }
    }
}
