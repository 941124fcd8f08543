//! Where connections to PostgreSQL are opened, so that they outlive who opens them.
//!
//! The driver ties a connection to the runtime in which it was opened, and the connection is dead with it. Request
//! threads have a runtime each, and when the server is told to stop they end one by one, while others still answer with
//! what is in the pool, and the jobs after them. So what may open a connection is polled inside the runtime of the whole
//! server, on whichever thread that is.

use std::{future::poll_fn, pin::pin};

use tokio::runtime::Handle;

/// The runtime in which connections are opened; none: it does not matter.
#[derive(Clone, Debug)]
pub struct Home(pub(super) Option<Handle>);

impl Home {
    pub async fn run<F: Future>(&self, work: F) -> F::Output {
        let mut work = pin!(work);
        poll_fn(|context| {
            // Not across a wait: it holds for this thread, on which others are polled in between.
            let _inside = self.0.as_ref().map(Handle::enter);
            work.as_mut().poll(context)
        })
        .await
    }
}
