//! The periods that police count in: which one a day belongs to, from when to when it is, and the one before.
//!
//! All begin on the 1st or the 15th of a month, so that sums of half months make any of them.

use std::{fmt, str::FromStr};

use chrono::{Datelike, Months, NaiveDate};

use super::ledger::end_of_month;
use crate::{
    platform::fault::{Code, Faults},
    reference::Label,
};

/// A kind of period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    Year,
    Quarter,
    Month,
    /// From the 15th to the 14th, named by the month in which it ends.
    PoliceMonth,
    /// From 1 December to 30 November, named by the year in which it ends.
    ProcuracyYear,
    /// From 1 November to 31 October, named by the year in which it ends: residential areas' safety is judged by it.
    SafetyYear,
    /// From 1 September to 31 August, named by both years.
    SchoolYear,
}

/// The text is no kind of period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no kind of period")]
pub struct UnknownPeriod;

impl Period {
    pub const ALL: [Self; 7] = [
        Self::Year,
        Self::Quarter,
        Self::Month,
        Self::PoliceMonth,
        Self::ProcuracyYear,
        Self::SafetyYear,
        Self::SchoolYear,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::PoliceMonth => "police_month",
            Self::ProcuracyYear => "procuracy_year",
            Self::SafetyYear => "safety_year",
            Self::SchoolYear => "school_year",
        }
    }

    /// First and last day of the period that a day belongs to.
    pub fn around(self, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        let from = match self {
            Self::Year => first_of(day, 1),
            Self::Quarter => on(day.year(), day.month0() / 3 * 3 + 1, 1, day),
            Self::Month => on(day.year(), day.month(), 1, day),
            Self::PoliceMonth if day.day() >= POLICE_MONTH => on(day.year(), day.month(), POLICE_MONTH, day),
            Self::PoliceMonth => {
                let before = on(day.year(), day.month(), 1, day) - Months::new(1);
                on(before.year(), before.month(), POLICE_MONTH, day)
            }
            Self::ProcuracyYear => first_of(day, 12),
            Self::SafetyYear => first_of(day, 11),
            Self::SchoolYear => first_of(day, 9),
        };
        let next = from + Months::new(self.months());
        (from, next.pred_opt().unwrap_or(next))
    }

    /// Whether it is made of whole quarters of the calendar.
    pub fn is_of_quarters(self) -> bool {
        matches!(self, Self::Year | Self::Quarter)
    }

    fn months(self) -> u32 {
        match self {
            Self::Year | Self::ProcuracyYear | Self::SafetyYear | Self::SchoolYear => 12,
            Self::Quarter => 3,
            Self::Month | Self::PoliceMonth => 1,
        }
    }

    /// The key of the period that a day belongs to; keys of one kind sort as their periods do.
    pub fn key_of(self, day: NaiveDate) -> String {
        let (from, to) = self.around(day);
        match self {
            Self::Year | Self::ProcuracyYear | Self::SafetyYear => format!("{:04}", to.year()),
            Self::Quarter => format!("{:04}-Q{}", to.year(), to.month().div_ceil(3)),
            Self::Month | Self::PoliceMonth => format!("{:04}-{:02}", to.year(), to.month()),
            Self::SchoolYear => format!("{:04}-{:04}", from.year(), to.year()),
        }
    }

    /// The keys of all periods that have a day from `from` to `to`, in their order.
    pub fn keys_between(self, from: NaiveDate, to: NaiveDate) -> Vec<String> {
        self.between(from, to).map(|(from, _)| self.key_of(from)).collect()
    }

    /// The whole periods that have a day from `from` to `to`.
    fn between(self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
        let next = move |(_, last): &(NaiveDate, NaiveDate)| Some(self.around(last.succ_opt()?));
        std::iter::successors(Some(self.around(from)), next).take_while(move |(first, _)| *first <= to)
    }

    /// The days of the period with this key that lie from `from` to `to`.
    pub fn span_of(self, key: &str, (from, to): (NaiveDate, NaiveDate)) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = self.between(from, to).find(|(first, _)| self.key_of(*first) == key)?;
        Some((first.max(from), last.min(to)))
    }

    pub fn label_of(self, key: &str) -> Label {
        let (vi, en) = match self {
            Self::Year => (format!("Năm {key}"), key.to_owned()),
            Self::Quarter => {
                let (year, quarter) = key.split_once("-Q").unwrap_or((key, ""));
                (format!("Quý {quarter}/{year}"), format!("Quarter {quarter}, {year}"))
            }
            Self::Month => month_label(key),
            Self::PoliceMonth => {
                let (vi, en) = month_label(key);
                (format!("{vi} (từ ngày 15 đến ngày 14)"), format!("{en} (from the 15th to the 14th)"))
            }
            Self::ProcuracyYear => (format!("Năm kiểm sát {key}"), format!("Procuracy year {key}")),
            Self::SafetyYear => (format!("Năm an toàn khu dân cư {key}"), format!("Residential safety year {key}")),
            Self::SchoolYear => (format!("Năm học {key}"), format!("School year {key}")),
        };
        Label { vi, en }
    }
}

/// The day of the month on which the police month begins.
const POLICE_MONTH: u32 = 15;

fn on(year: i32, month: u32, day: u32, otherwise: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(otherwise)
}

/// The latest first day of this month that is not after the day.
fn first_of(day: NaiveDate, month: u32) -> NaiveDate {
    let year = if day.month() >= month { day.year() } else { day.year() - 1 };
    on(year, month, 1, day)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_label(key: &str) -> (String, String) {
    let (year, month) = key.rsplit_once('-').unwrap_or((key, ""));
    let number: usize = month.parse().unwrap_or(0);
    let name = number.checked_sub(1).and_then(|at| MONTHS.get(at)).copied().unwrap_or(month);
    (format!("Tháng {number}/{year}"), format!("{name} {year}"))
}

/// The same period before (cùng kỳ): a year earlier, or for a longer span as many years as it reaches over.
///
/// The end of a month stays the end of a month.
pub fn before(from: NaiveDate, to: NaiveDate) -> (NaiveDate, NaiveDate) {
    let years = (1..=MAX_YEARS).find(|years| back(to, *years) < from).unwrap_or(MAX_YEARS);
    let last = back(to, years);
    (back(from, years), if to == end_of_month(to) { end_of_month(last) } else { last })
}

/// No period of ours is longer.
const MAX_YEARS: u32 = 101;

fn back(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(12 * years)).unwrap_or(day)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Period {
    type Err = UnknownPeriod;

    fn from_str(text: &str) -> Result<Self, UnknownPeriod> {
        Self::ALL.into_iter().find(|period| period.as_str() == text).ok_or(UnknownPeriod)
    }
}

/// Longest period of a figure, in calendar years begun: enough for any series of ours, and its months still make a page.
const LONGEST: i32 = 100;

/// Judges the period of a figure and the day as of which it is asked for.
pub fn judge(from: NaiveDate, to: NaiveDate, as_of: Option<NaiveDate>, today: NaiveDate) -> Faults {
    let mut faults = Faults::default();
    if to < from {
        faults.add("to", Code::PeriodReversed);
    } else if to.year() - from.year() >= LONGEST {
        faults.add("to", Code::PeriodTooLong);
    }
    // Nobody knows yet how it will stand.
    faults.check(as_of.is_none_or(|day| day <= today), "as_of", Code::DateInFuture);
    faults
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::ledger::start_of_half;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_begin_and_end_as_police_count_them() {
        for (period, on, from, to, key) in [
            (Period::Year, "2023-06-01", "2023-01-01", "2023-12-31", "2023"),
            (Period::Quarter, "2023-06-30", "2023-04-01", "2023-06-30", "2023-Q2"),
            (Period::Month, "2024-02-29", "2024-02-01", "2024-02-29", "2024-02"),
            (Period::PoliceMonth, "2023-06-14", "2023-05-15", "2023-06-14", "2023-06"),
            (Period::PoliceMonth, "2023-12-15", "2023-12-15", "2024-01-14", "2024-01"),
            (Period::ProcuracyYear, "2022-12-01", "2022-12-01", "2023-11-30", "2023"),
            (Period::SafetyYear, "2023-10-31", "2022-11-01", "2023-10-31", "2023"),
            (Period::SchoolYear, "2023-01-31", "2022-09-01", "2023-08-31", "2022-2023"),
        ] {
            assert_eq!(period.around(day(on)), (day(from), day(to)), "{period} {on}");
            assert_eq!(period.key_of(day(on)), key);
        }
        let all = (day("2021-01-01"), day("2023-12-31"));
        assert_eq!(Period::SafetyYear.keys_between(all.0, all.1), ["2021", "2022", "2023", "2024"]);
        assert_eq!(Period::SafetyYear.span_of("2024", all), Some((day("2023-11-01"), day("2023-12-31"))));
        assert_eq!(Period::SafetyYear.span_of("2025", all), None);
    }

    #[test]
    fn the_same_period_before_is_as_long() {
        let before = |from, to| before(day(from), day(to));
        assert_eq!(before("2023-01-01", "2023-12-31"), (day("2022-01-01"), day("2022-12-31")));
        assert_eq!(before("2024-02-01", "2024-02-29"), (day("2023-02-01"), day("2023-02-28")));
        assert_eq!(before("2025-02-01", "2025-02-28"), (day("2024-02-01"), day("2024-02-29")));
        assert_eq!(before("2021-01-01", "2023-12-31"), (day("2018-01-01"), day("2020-12-31")));
        assert_eq!(before("2022-12-01", "2023-11-30"), (day("2021-12-01"), day("2022-11-30")));
        assert_eq!(before("2023-05-15", "2023-06-14"), (day("2022-05-15"), day("2022-06-14")));
    }

    proptest! {
        #[test]
        fn periods_are_whole_half_months_and_leave_no_day_out(at in 0usize..7, days in 0i32..40_000) {
            let (period, day) = (Period::ALL[at], NaiveDate::from_num_days_from_ce_opt(720_000 + days).unwrap());
            let (from, to) = period.around(day);
            prop_assert!(from <= day && day <= to);
            prop_assert_eq!(start_of_half(from), from);
            let next = to.succ_opt().unwrap();
            prop_assert_eq!(start_of_half(next), next);
            prop_assert_eq!(period.around(next).0, next);
            prop_assert!(period.key_of(from) < period.key_of(next));
            prop_assert_eq!(period.key_of(from), period.key_of(to));
        }

        #[test]
        fn the_period_before_ends_before(days in 0i32..40_000, long in 0i32..3_000) {
            let from = NaiveDate::from_num_days_from_ce_opt(720_000 + days).unwrap();
            let to = from + chrono::Duration::days(i64::from(long));
            let (first, last) = before(from, to);
            prop_assert!(first <= last && last < from);
        }
    }
}
