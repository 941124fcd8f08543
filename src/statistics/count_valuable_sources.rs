use chrono::NaiveDate;
use sea_orm::DbErr;

use super::{
    By, Group,
    groups::groups,
    measures::{Measure, TableQuery, compute},
    periods, scope_of,
};
use crate::{
    app::App,
    platform::fault::{Fault, FieldFault, Public, store_code},
    staff::{Permission, Refused, Staff},
};

/// What is to be counted. Both days belong to the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountQuery {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// None: the total only.
    pub by: Option<By>,
    /// As it stood at the end of this day; none: as it stands now.
    pub as_of: Option<NaiveDate>,
}

/// How many valuable sources there were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The version of the rule; `valuations::rule::text` has it in words.
    pub rule: i32,
    /// The day whose knowledge it is: that whole day, or today as far as it has come.
    pub as_of: NaiveDate,
    /// Where there are groups, always their sum.
    pub total: u64,
    pub groups: Vec<Group>,
}

#[derive(Debug, thiserror::Error)]
pub enum CountError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("fields are wrong")]
    Fields(Vec<FieldFault>),
    #[error(transparent)]
    Store(#[from] DbErr),
}

impl Fault for CountError {
    fn public(&self) -> Public {
        match self {
            Self::Refused(refused) => refused.code().into(),
            Self::Fields(fields) => fields.clone().into(),
            Self::Store(error) => store_code(error).into(),
        }
    }
}

/// Counts the valuable sources of a period in the offices where the officer may, and in all beneath these.
///
/// What counts was confirmed by the end of `as_of` and not revoked by then. Years and months without any are told
/// as 0, so that a gap is never mistaken for a forgotten figure.
pub async fn count_valuable_sources(app: &App, staff: &Staff, query: &CountQuery) -> Result<Count, CountError> {
    staff.must(Permission::Count)?;
    let today = app.clock.today();
    check(query, today)?;
    let table = app
        .db
        .snapshot(async |txn| {
            let query = TableQuery {
                measure: Measure::ValuableSources,
                from: query.from,
                to: query.to,
                by: query.by.map(By::dimension).into_iter().collect(),
                as_of: query.as_of.unwrap_or(today),
                offices: scope_of(txn, staff).await?,
                restate: false,
            };
            compute(txn, &app.reference, &query).await
        })
        .await
        .map_err(|error: DbErr| CountError::Store(error))?;
    Ok(Count {
        from: query.from,
        to: query.to,
        rule: table.rule,
        as_of: table.as_of,
        total: table.total.unwrap_or(0).max(0).unsigned_abs(),
        groups: groups(&app.reference, &table),
    })
}

fn check(query: &CountQuery, today: NaiveDate) -> Result<(), CountError> {
    periods::judge(query.from, query.to, query.as_of, today).into_result().map_err(CountError::Fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::fault::Code;

    fn judge(from: &str, to: &str, as_of: Option<&str>) -> Vec<Code> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let query = CountQuery { from: day(from), to: day(to), by: None, as_of: as_of.map(day) };
        match check(&query, day("2024-03-01")) {
            Ok(()) => Vec::new(),
            Err(error) => error.public().fields.into_iter().map(|fault| fault.code).collect(),
        }
    }

    #[test]
    fn a_period_runs_forward_and_is_not_endless() {
        assert_eq!(judge("2021-01-01", "2023-12-31", None), []);
        assert_eq!(judge("2023-06-01", "2023-06-01", Some("2024-03-01")), []);
        assert_eq!(judge("2023-06-02", "2023-06-01", None), [Code::PeriodReversed]);
        assert_eq!(judge("1925-01-01", "2024-12-31", None), []);
        assert_eq!(judge("1924-12-31", "2024-01-01", None), [Code::PeriodTooLong]);
        assert_eq!(judge("0000-01-01", "9999-12-31", Some("2024-03-02")), [Code::PeriodTooLong, Code::DateInFuture]);
    }
}
