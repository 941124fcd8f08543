//! Keeps one network's flood from being everybody's: each network has so many tickets for nothing, and those beyond
//! cost work or a wait, the more the busier the line is. Nobody is ever refused for where they come from.
//!
//! Lives in memory only, under a key that is drawn anew every hour; nothing of it is logged, stored or counted.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use vault::{
    chance::Chance,
    source::{Source, SourceKey},
};

/// After so long all is forgotten, and every network begins anew.
const FORGET: Duration = Duration::from_secs(60 * 60);

/// An empty bucket is full again after so long.
const REFILL: Duration = Duration::from_secs(5 * 60);

/// Networks that are remembered: a few megabytes. More of them at once are a flood from everywhere, against which
/// counting by network does nothing; then all is forgotten, too.
const MOST_SOURCES: usize = 50_000;

/// What a ticket beyond the bucket costs: about 2^14 hashes, some ten milliseconds, when the line has nothing to do, and
/// a second or two when as many wait as ever may.
const LEAST_WORK: u8 = 14;
const MORE_WORK: u8 = 7;

/// What a page waits in its stead, for browsers that run no scripts.
const LEAST_WAIT: Duration = Duration::from_millis(500);
const MORE_WAIT: Duration = Duration::from_secs(4);

/// The buckets of all networks.
#[derive(Clone, Debug)]
pub struct Pacing {
    /// Tickets that a network may draw at once for nothing; 0: any number.
    burst: u32,
    chance: Chance,
    buckets: Arc<Mutex<Buckets>>,
}

struct Buckets {
    key: SourceKey,
    since: Instant,
    left: HashMap<Source, Bucket>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl std::fmt::Debug for Buckets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Buckets(..)")
    }
}

impl Pacing {
    pub fn new(burst: u32, chance: Chance) -> Self {
        let buckets = Buckets { key: SourceKey::draw(&chance), since: Instant::now(), left: HashMap::new() };
        Self { burst, chance, buckets: Arc::new(Mutex::new(buckets)) }
    }

    /// Takes a token for a request from this address; false: there was none left.
    pub fn take(&self, address: IpAddr) -> bool {
        self.take_at(address, Instant::now())
    }

    fn take_at(&self, address: IpAddr, now: Instant) -> bool {
        if self.burst == 0 {
            return true;
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(buckets.since) > FORGET || buckets.left.len() >= MOST_SOURCES {
            *buckets = Buckets { key: SourceKey::draw(&self.chance), since: now, left: HashMap::new() };
        }
        let source = buckets.key.source_of(address);
        let full = f64::from(self.burst);
        let bucket = buckets.left.entry(source).or_insert(Bucket { tokens: full, at: now });
        let refilled = now.duration_since(bucket.at).as_secs_f64() / REFILL.as_secs_f64() * full;
        (bucket.tokens, bucket.at) = ((bucket.tokens + refilled).min(full), now);
        let taken = bucket.tokens >= 1.0;
        if taken {
            bucket.tokens -= 1.0;
        }
        taken
    }
}

/// Zero bits that a ticket asks for. `fullness`: of the lane of submissions, from 0 to 1.
pub fn work(fullness: f64) -> u8 {
    LEAST_WORK + (f64::from(MORE_WORK) * fullness.clamp(0.0, 1.0).sqrt()).round() as u8
}

/// What a page waits.
pub fn wait(fullness: f64) -> Duration {
    LEAST_WAIT + MORE_WAIT.mul_f64(fullness.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn a_network_that_draws_too_much_runs_dry_alone_and_not_for_long() {
        let (pacing, now) = (Pacing::new(10, Chance::seeded(1)), Instant::now());
        let taken = (0..30).filter(|n| pacing.take_at(at(&format!("203.0.113.{n}")), now)).count();
        assert_eq!(taken, 10);
        assert!(pacing.take_at(at("203.0.114.1"), now), "another network");
        assert!(pacing.take_at(at("203.0.113.1"), now + REFILL / 10), "a tenth of the time gives one of ten back");
        assert!(!pacing.take_at(at("203.0.113.1"), now + REFILL / 10));
        let full = (0..30).filter(|_| pacing.take_at(at("203.0.113.1"), now + 3 * REFILL)).count();
        assert_eq!(full, 10, "never more than full");
    }

    #[test]
    fn all_is_forgotten_within_the_hour_and_when_networks_are_too_many() {
        let (pacing, now) = (Pacing::new(1, Chance::seeded(1)), Instant::now());
        assert!(pacing.take_at(at("203.0.113.1"), now) && !pacing.take_at(at("203.0.113.1"), now));
        let before = pacing.buckets.lock().unwrap().key.source_of(at("203.0.113.1"));
        assert!(pacing.take_at(at("203.0.113.1"), now + FORGET + Duration::from_secs(1)));
        assert!(pacing.buckets.lock().unwrap().key.source_of(at("203.0.113.1")) != before);
        for n in 0..60_000_u32 {
            pacing.take_at(IpAddr::V4((0x0A00_0000 + n * 256).into()), now + FORGET);
        }
        assert!(pacing.buckets.lock().unwrap().left.len() <= MOST_SOURCES);
    }

    #[test]
    fn zero_paces_nobody() {
        let pacing = Pacing::new(0, Chance::seeded(1));
        assert!((0..1000).all(|_| pacing.take(at("203.0.113.1"))));
    }

    #[test]
    fn the_price_rises_with_the_load_and_stays_one_that_can_be_paid() {
        assert_eq!((work(0.0), work(1.0), work(f64::MAX)), (14, 21, 21));
        assert!(work(0.05) > work(0.0) && wait(0.05) > wait(0.0));
        assert_eq!((wait(0.0), wait(100.0)), (LEAST_WAIT, LEAST_WAIT + MORE_WAIT));
    }
}
