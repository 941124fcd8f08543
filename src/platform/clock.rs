//! Time is handed in, so that a test or the demonstration can move it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// Tells the instant in UTC and the calendar day in the deployment's time zone.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Source,
    zone: Tz,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    /// Microseconds since the Unix epoch.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    pub fn system(zone: Tz) -> Self {
        Self { source: Source::System, zone }
    }

    /// A clock that stands still until it is told to move.
    pub fn manual(zone: Tz, start: DateTime<Utc>) -> Self {
        Self { source: Source::Manual(Arc::new(AtomicI64::new(start.timestamp_micros()))), zone }
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.source {
            // Microseconds are what PostgreSQL keeps; a finer instant would not compare equal after a round trip.
            Source::System => chrono::SubsecRound::trunc_subsecs(Utc::now(), 6),
            Source::Manual(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Today in the deployment's zone, by which periods, routing and limits are reckoned.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now())
    }

    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.zone).date_naive()
    }

    /// The time on the wall in the deployment's zone.
    pub fn wall(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.zone).naive_local()
    }

    /// The last instant of a local day: "as of" a day means that day included.
    pub fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let next = day.succ_opt().unwrap_or(day).and_hms_opt(0, 0, 0).unwrap_or_default();
        let midnight = self.zone.from_local_datetime(&next).earliest();
        midnight.map_or_else(|| next.and_utc(), |at| at.with_timezone(&Utc)) - Duration::microseconds(1)
    }

    /// Moves a manual clock forward; the system clock is not moved.
    pub fn advance(&self, by: Duration) {
        if let (Source::Manual(micros), Some(step)) = (&self.source, by.num_microseconds()) {
            micros.fetch_add(step, Ordering::SeqCst);
        }
    }

    /// Sets a manual clock; the system clock is not set.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Source::Manual(micros) = &self.source {
            micros.store(instant.timestamp_micros(), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_ha_noi() {
        let clock = Clock::manual(chrono_tz::Asia::Ho_Chi_Minh, DateTime::default());
        clock.set("2023-05-31T16:59:59Z".parse().unwrap());
        assert_eq!(clock.today(), "2023-05-31".parse().unwrap());
        clock.advance(Duration::seconds(1));
        assert_eq!(clock.today(), "2023-06-01".parse().unwrap());
    }

    #[test]
    fn the_end_of_a_day_is_its_last_instant() {
        let clock = Clock::manual(chrono_tz::Asia::Ho_Chi_Minh, DateTime::default());
        let day = "2023-12-31".parse().unwrap();
        assert_eq!(clock.day_of(clock.end_of(day)), day);
        assert_ne!(clock.day_of(clock.end_of(day) + Duration::microseconds(1)), day);
    }
}
