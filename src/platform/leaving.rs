//! A node that is to stop says so first to who sends it requests.
//!
//! A proxy learns from `/readyz` that a node is going, and looks only now and then. What it sends meanwhile, on a
//! connection that the node is closing, is lost, and it may not send it twice.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Who asked so lately whether the node is ready goes by the answer.
const WATCHED: Duration = Duration::from_secs(5);

/// In this time a proxy that looks every second has seen it twice.
const NOTICE: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub struct Leaving {
    leaves: AtomicBool,
    asked: Mutex<Option<Instant>>,
}

impl Leaving {
    /// Whether the node is to be sent requests. Notes that somebody goes by it.
    pub fn takes_requests(&self) -> bool {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        !self.leaves()
    }

    /// Whether every answer is the last on its connection: a proxy that keeps connections would send its next request
    /// on one that is being closed.
    pub fn leaves(&self) -> bool {
        self.leaves.load(Ordering::Acquire)
    }

    /// Says no from now on, and waits until it was seen. If nobody looks, nobody is waited for.
    pub async fn give_notice(&self) {
        if self.begin() {
            tokio::time::sleep(NOTICE).await;
        }
    }

    /// Whether somebody looks.
    fn begin(&self) -> bool {
        self.leaves.store(true, Ordering::Release);
        let asked = *self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.is_some_and(|asked| asked.elapsed() < WATCHED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_looks_is_told_and_given_time_and_nobody_else_is_waited_for() {
        let soon = Duration::from_millis(200);
        let alone = Leaving::default();
        tokio::time::timeout(soon, alone.give_notice()).await.unwrap();
        let watched = Leaving::default();
        assert!(watched.takes_requests());
        tokio::time::timeout(soon, watched.give_notice()).await.unwrap_err();
        assert!(!watched.takes_requests());
    }
}
