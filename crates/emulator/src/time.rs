//! Wall time that follows tokio's clock.

use tokio::time::Instant;

/// Wall time that follows tokio's clock, so that a paused test clock moves it too.
#[derive(Clone, Debug)]
pub struct Clock {
    start_ms: i64,
    started: Instant,
}

impl Clock {
    /// Creates a clock that shows `unix_ms` now.
    #[must_use]
    pub fn starting_at(unix_ms: i64) -> Self {
        Self {
            start_ms: unix_ms,
            started: Instant::now(),
        }
    }

    /// Returns the milliseconds since the UNIX epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let passed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.start_ms.saturating_add(passed)
    }
}
