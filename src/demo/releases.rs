//! What the public is told in the demonstration: 2021-2023 once they are over, and five years later on.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::{DemoError, accounts::Crew, refused, set_clock};
use crate::{
    app::App,
    releases::{self, NewRelease, Split},
};

/// A release to be, and when it is prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    pub at: DateTime<Utc>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// None: the usual ones.
    pub splits: Vec<Split>,
}

/// First and last year of each release, and whether it has all the usual tables. No year is released alone: figures of a
/// part that stay true would let anybody work out in which year a later correction lies, and the correction of the whole
/// would have to be withheld for that.
const ANNOUNCED: [(i32, i32, bool); 2] = [(2021, 2023, true), (2021, 2025, false)];

/// By then all that began in the year has been decided, confirmed and, where it was wrong, revoked.
const MONTH: u32 = 2;
const DAY: u32 = 20;

/// The second officer looks an hour after the first, and publishes another hour later.
const STEP: Duration = Duration::hours(1);

/// Those of the releases whose days have come, in the order of time.
pub fn announced(now: DateTime<Utc>) -> Vec<Announced> {
    let one = |(first, last, usual): (i32, i32, bool)| {
        let (from, to) = (NaiveDate::from_ymd_opt(first, 1, 1)?, NaiveDate::from_ymd_opt(last, 12, 31)?);
        // Nine in the morning in Quan Sơn.
        let at = NaiveDate::from_ymd_opt(last + 1, MONTH, DAY)?.and_hms_opt(2, 0, 0)?.and_utc();
        let splits = if usual { Vec::new() } else { vec![Split::Year] };
        (at + STEP * 2 < now).then_some(Announced { at, from, to, splits })
    };
    ANNOUNCED.into_iter().filter_map(one).collect()
}

/// One officer prepares it, another checks and publishes it.
pub async fn announce(app: &App, crew: &Crew, announced: &Announced) -> Result<(), DemoError> {
    let Announced { at, from, to, ref splits } = *announced;
    set_clock(app, at)?;
    let new = NewRelease { from, to, splits: splits.clone(), as_of: None };
    let prepared = releases::prepare(app, &crew.investigator, new).await.map_err(refused("prepare"))?;
    set_clock(app, at + STEP)?;
    releases::check(app, &crew.commander, prepared.head.id).await.map_err(refused("check"))?;
    set_clock(app, at + STEP * 2)?;
    releases::publish(app, &crew.commander, prepared.head.id).await.map_err(refused("publish"))?;
    Ok(())
}
