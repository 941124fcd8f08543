use chrono::{Days, NaiveDate};

use super::{
    Release, ReleaseError, Split,
    freeze::{Plan, freeze},
};
use crate::{
    app::App,
    disclosure::Span,
    platform::fault::{Code, Faults},
    staff::{Permission, Staff},
};

/// Days from the end of a period until it may be told: by then what happened in it is no news that points at anybody,
/// and most of what is confirmed late has been confirmed.
pub const DELAY_DAYS: u64 = 14;

/// Longest period: enough for any series of ours.
const MAX_DAYS: i64 = 10 * 366;

/// What is to be told. Both days belong to the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRelease {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Beside the total; none: the usual ones.
    pub splits: Vec<Split>,
    /// As it stood at the end of this day; none: as it stands now.
    pub as_of: Option<NaiveDate>,
}

/// Counts and freezes the figures of a period, and withholds what must not be told. Nobody outside sees it yet.
pub async fn prepare(app: &App, staff: &Staff, new: NewRelease) -> Result<Release, ReleaseError> {
    staff.must(Permission::Investigate)?;
    let today = app.clock.today();
    check(&new, today)?;
    let splits = if new.splits.is_empty() { Split::USUAL.to_vec() } else { new.splits };
    let plan = Plan {
        period: Span { from: new.from, to: new.to },
        splits: std::iter::once(Split::Total)
            .chain(splits.into_iter().filter(|split| *split != Split::Total))
            .collect(),
        as_of: new.as_of.unwrap_or(today),
        revises: None,
    };
    freeze(app, staff, plan).await
}

fn check(new: &NewRelease, today: NaiveDate) -> Result<(), ReleaseError> {
    let mut faults = Faults::default();
    let as_of = new.as_of.unwrap_or(today);
    let ripe = new.to.checked_add_days(Days::new(DELAY_DAYS));
    if new.to < new.from {
        faults.add("to", Code::PeriodReversed);
    } else if (new.to - new.from).num_days() >= MAX_DAYS {
        faults.add("to", Code::PeriodTooLong);
    } else if ripe.is_none_or(|ripe| as_of < ripe) {
        faults.add("to", Code::PeriodTooRecent);
    }
    faults.check(as_of <= today, "as_of", Code::DateInFuture);
    let twice = (1..new.splits.len()).any(|at| new.splits[..at].contains(&new.splits[at]));
    faults.check(!twice, "tables", Code::UnknownTable);
    faults.into_result().map_err(ReleaseError::Fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::fault::Fault;

    fn judge(from: &str, to: &str, as_of: Option<&str>, splits: &[Split]) -> Vec<Code> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let new = NewRelease { from: day(from), to: day(to), splits: splits.to_vec(), as_of: as_of.map(day) };
        match check(&new, day("2024-03-01")) {
            Ok(()) => Vec::new(),
            Err(error) => error.public().fields.into_iter().map(|fault| fault.code).collect(),
        }
    }

    #[test]
    fn a_period_is_told_when_it_is_over_for_a_while() {
        assert_eq!(judge("2021-01-01", "2023-12-31", None, &[Split::Year]), []);
        assert_eq!(judge("2024-02-01", "2024-02-16", None, &[]), []);
        assert_eq!(judge("2024-02-01", "2024-02-17", None, &[]), [Code::PeriodTooRecent]);
        // Known then, it was too early then.
        assert_eq!(judge("2021-01-01", "2023-12-31", Some("2024-01-05"), &[]), [Code::PeriodTooRecent]);
        assert_eq!(judge("2021-01-01", "2023-12-31", Some("2024-03-02"), &[]), [Code::DateInFuture]);
        assert_eq!(judge("2023-02-01", "2023-01-31", None, &[]), [Code::PeriodReversed]);
        assert_eq!(
            judge("2010-01-01", "2023-12-31", None, &[Split::Year, Split::Year]),
            [Code::PeriodTooLong, Code::UnknownTable]
        );
    }
}
