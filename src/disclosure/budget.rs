use std::time::{Duration, Instant};

/// How much may be spent on one release: programs, and conclusions drawn without one. They are counted first, so that the same release is protected alike on
/// every machine; the clock is for the machine that is too slow.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    left: u32,
    until: Instant,
}

impl Budget {
    pub fn new(programs: u32, time: Duration) -> Self {
        Self { left: programs, until: Instant::now() + time }
    }

    /// One more program; none when the bound is hit.
    pub fn spend(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        (Instant::now() < self.until).then_some(())
    }

    pub fn rest(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}
