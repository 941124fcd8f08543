//! Bounded lanes for work that costs a core: a flood of log-ins must not starve the rest of the line.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

/// Runs costly, blocking work off the request threads, at most so many at a time.
#[derive(Clone, Debug)]
pub struct Lane {
    places: Arc<Semaphore>,
    patience: Duration,
}

/// The lane was full for longer than a caller can be asked to wait.
#[derive(Debug, thiserror::Error)]
#[error("too many at once")]
pub struct Overloaded;

impl Lane {
    pub fn new(width: usize, patience: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(width.max(1))), patience }
    }

    /// Waits for a place, then runs `work` on a blocking thread.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Overloaded>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let waiting = tokio::time::timeout(self.patience, self.places.clone().acquire_owned());
        let place = waiting.await.map_err(|_| Overloaded)?.map_err(|_| Overloaded)?;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.map_err(|_| Overloaded)
    }
}
