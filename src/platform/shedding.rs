//! Bounded lanes: what one kind of caller asks for, however much it is, must not starve the others.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Lets so many be at work at a time, and so many wait for a place; whoever comes beyond is told at once, as is who
/// waited too long. What waits is bounded, and so is the memory of it.
#[derive(Clone, Debug)]
pub struct Lane {
    places: Arc<Semaphore>,
    width: usize,
    waiting: Arc<AtomicUsize>,
    most_waiting: usize,
    patience: Duration,
}

/// A place in a lane, until it is dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held for its end only")] OwnedSemaphorePermit);

/// The lane was full, or was so for longer than a caller can be asked to wait.
#[derive(Debug, thiserror::Error)]
#[error("too many at once")]
pub struct Overloaded;

/// One who stands in line; leaves it however it ends.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lane {
    /// A lane in which any number may wait.
    pub fn new(width: usize, patience: Duration) -> Self {
        Self::bounded(width, usize::MAX, patience)
    }

    pub fn bounded(width: usize, most_waiting: usize, patience: Duration) -> Self {
        let width = width.max(1);
        let (places, waiting) = (Arc::new(Semaphore::new(width)), Arc::default());
        Self { places, width, waiting, most_waiting, patience }
    }

    /// Waits for a place.
    pub async fn enter(&self) -> Result<Place, Overloaded> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(Place(place));
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= self.most_waiting {
            return Err(Overloaded);
        }
        let place = tokio::time::timeout(self.patience, self.places.clone().acquire_owned());
        Ok(Place(place.await.map_err(|_| Overloaded)?.map_err(|_| Overloaded)?))
    }

    /// Waits for a place, then runs `work` on a blocking thread.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Overloaded>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let place = self.enter().await?;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.map_err(|_| Overloaded)
    }

    /// How full the lane is: 0 when nobody is there, 1 when nobody more may even wait.
    pub fn fullness(&self) -> f64 {
        let taken = self.width.saturating_sub(self.places.available_permits());
        let waiting = self.waiting.load(Ordering::Relaxed);
        (taken + waiting) as f64 / self.width.saturating_add(self.most_waiting) as f64
    }
}

/// The lanes of a line. Each is as wide as keeps the machine busy and no wider: who is in another one waits at most for
/// what these have at work.
#[derive(Clone, Debug)]
pub struct Lanes {
    /// About a millisecond of a core each, and a wait for the disk that all share.
    pub submissions: Lane,
    /// Half a millisecond of a core each.
    pub openings: Lane,
    /// What officers ask for with a session.
    pub officers: Lane,
    /// What anybody may ask for: figures, lists.
    pub public: Lane,
    /// Those who wait because too many came from their network. A place here costs a timer.
    pub paced: Lane,
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            // Several lots of those that are stored together (`src/tips/intake/`): while one is written, others are sealed.
            submissions: Lane::bounded(128, 512, Duration::from_secs(20)),
            openings: Lane::bounded(16, 256, Duration::from_secs(5)),
            officers: Lane::bounded(64, 512, Duration::from_secs(20)),
            public: Lane::bounded(16, 256, Duration::from_secs(5)),
            paced: Lane::bounded(1024, 0, Duration::ZERO),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::poll;

    use super::*;

    #[tokio::test]
    async fn a_lane_takes_so_many_lets_so_many_wait_and_turns_away_the_rest() {
        let lane = Lane::bounded(1, 1, Duration::from_secs(600));
        let first = lane.enter().await.unwrap();
        let mut second = pin!(lane.enter());
        assert!(poll!(second.as_mut()).is_pending());
        assert_eq!(lane.fullness(), 1.0);
        lane.enter().await.unwrap_err();
        drop(first);
        let second = second.await.unwrap();
        assert_eq!(lane.fullness(), 0.5);
        drop(second);
        assert_eq!(lane.fullness(), 0.0);
    }

    #[tokio::test]
    async fn who_leaves_the_line_makes_room_in_it() {
        let lane = Lane::bounded(1, 1, Duration::from_secs(600));
        let _first = lane.enter().await.unwrap();
        {
            let mut gone = pin!(lane.enter());
            assert!(poll!(gone.as_mut()).is_pending());
        }
        let mut next = pin!(lane.enter());
        assert!(poll!(next.as_mut()).is_pending());
    }

    #[tokio::test]
    async fn who_waited_too_long_is_told() {
        let lane = Lane::bounded(1, 1, Duration::from_millis(1));
        let _first = lane.enter().await.unwrap();
        lane.enter().await.unwrap_err();
        assert_eq!(lane.fullness(), 0.5);
    }
}
