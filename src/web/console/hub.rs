//! What the threads of one server share about officers at work: sessions that were just renewed, who has which tip
//! open, and how much the doctor found. Kept in memory only: nothing of it outlives the moment, and another node knows nothing of it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use entity::ids::{OfficerId, TipId};

use crate::{
    app::App,
    doctor,
    staff::{self, RefreshError, Staff, Tokens},
};

/// A browser that asks for several things at once sends the same refresh token with each. Within this time all of
/// them are given the tokens that the first one got; later, it is what it looks like: a stolen token.
const GRACE_SECONDS: i64 = 20;

/// An officer counts as present this long after the last sign: pages with scripts give one every few seconds, pages
/// without when they are loaded.
const PRESENT_SECONDS: i64 = 45;

/// The doctor looks at every office: once in so long is enough for a number in the navigation.
const WARNED_SECONDS: i64 = 60;

#[derive(Default)]
pub struct Hub {
    /// By the refresh token that was traded. The lock is held while one trades, so that the others wait for it.
    renewed: tokio::sync::Mutex<HashMap<String, (Tokens, DateTime<Utc>)>>,
    present: Mutex<HashMap<TipId, HashMap<OfficerId, Seen>>>,
    /// How much the doctor found, and when; the same for every administrator.
    warned: Mutex<Option<(usize, DateTime<Utc>)>>,
}

struct Seen {
    name: String,
    at: DateTime<Utc>,
}

impl Hub {
    /// Trades a refresh token, once for all who hold it at this moment.
    pub async fn refresh(&self, app: &App, token: &str) -> Result<Tokens, RefreshError> {
        let now = app.clock.now();
        let mut renewed = self.renewed.lock().await;
        renewed.retain(|_, (_, at)| now - *at < Duration::seconds(GRACE_SECONDS));
        if let Some((tokens, _)) = renewed.get(token) {
            return Ok(tokens.clone());
        }
        let tokens = staff::refresh(app, token).await?;
        renewed.insert(token.to_owned(), (tokens.clone(), now));
        Ok(tokens)
    }

    /// Notes that an officer has a tip open, and tells who else does.
    pub fn meet(&self, tip: TipId, officer: OfficerId, name: &str, now: DateTime<Utc>) -> Vec<String> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        present.retain(|_, officers| {
            officers.retain(|_, seen| now - seen.at < Duration::seconds(PRESENT_SECONDS));
            !officers.is_empty()
        });
        let officers = present.entry(tip).or_default();
        officers.insert(officer, Seen { name: name.to_owned(), at: now });
        let mut others: Vec<String> =
            officers.iter().filter(|(id, _)| **id != officer).map(|(_, seen)| seen.name.clone()).collect();
        others.sort_unstable();
        others
    }

    /// How much the doctor has found of late. Only for administrators, who are told of all.
    pub async fn warnings(&self, app: &App, staff: &Staff) -> usize {
        let now = app.clock.now();
        let kept = *self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((count, at)) = kept
            && now - at < Duration::seconds(WARNED_SECONDS)
        {
            return count;
        }
        // The page is shown although the doctor could not look; its own page says why.
        let Ok(told) = doctor::describe(app, staff).await else { return 0 };
        self.warn(told.warnings(now), now);
        told.warnings(now)
    }

    /// Keeps what the doctor has just found.
    pub fn warn(&self, count: usize, now: DateTime<Utc>) {
        *self.warned.lock().unwrap_or_else(PoisonError::into_inner) = Some((count, now));
    }

    /// An officer went elsewhere.
    pub fn part(&self, tip: TipId, officer: OfficerId) {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(officers) = present.get_mut(&tip) {
            officers.remove(&officer);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn officers_on_one_tip_see_each_other_until_they_leave() {
        let hub = Hub::default();
        let (tip, other) = (TipId::from(Uuid::from_u128(1)), TipId::from(Uuid::from_u128(2)));
        let (ana, binh) = (OfficerId::from(Uuid::from_u128(3)), OfficerId::from(Uuid::from_u128(4)));
        let now: DateTime<Utc> = "2026-11-23T02:00:00Z".parse().unwrap();
        assert!(hub.meet(tip, ana, "Ana", now).is_empty());
        assert!(hub.meet(tip, ana, "Ana", now).is_empty(), "nobody meets herself");
        assert_eq!(hub.meet(tip, binh, "Bình", now), ["Ana"]);
        assert!(hub.meet(other, binh, "Bình", now).is_empty());
        assert_eq!(hub.meet(tip, ana, "Ana", now), ["Bình"]);
        hub.part(tip, binh);
        assert!(hub.meet(tip, ana, "Ana", now).is_empty());
        let later = now + Duration::seconds(PRESENT_SECONDS);
        assert!(hub.meet(tip, binh, "Bình", later).is_empty(), "who gives no sign has left");
    }
}
