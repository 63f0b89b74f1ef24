//! Time and randomness, which come in as arguments.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use tokio::time::Instant;
use uuid::Uuid;

/// Wall time that moves with tokio's clock, so that a paused clock in a test moves it too.
#[derive(Clone, Debug)]
pub struct Clock {
    epoch_ms: i64,
    started: Instant,
}

impl Clock {
    /// Returns a clock that now shows this time, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn starting_at(unix_ms: i64) -> Self {
        Self {
            epoch_ms: unix_ms,
            started: Instant::now(),
        }
    }

    /// Returns the time in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let passed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.epoch_ms.saturating_add(passed)
    }

    /// Waits until this time; returns at once when it has passed.
    pub async fn wait_until(&self, unix_ms: i64) {
        let left = u64::try_from(unix_ms.saturating_sub(self.now_ms())).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(left)).await;
    }
}

/// A stream of random numbers that is the same for the same seed.
#[derive(Clone, Debug)]
pub struct Random(Arc<Mutex<ChaCha12Rng>>);

impl Random {
    /// Returns the stream of a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha12Rng::seed_from_u64(seed))))
    }

    /// Returns the next number.
    #[must_use]
    pub fn next_u64(&self) -> u64 {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next_u64()
    }

    /// Returns an id that sorts by the time of its making.
    #[must_use]
    pub fn uuid(&self, clock: &Clock) -> Uuid {
        let mut bytes = [0; 10];
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        uuid::Builder::from_unix_timestamp_millis(
            u64::try_from(clock.now_ms()).unwrap_or(0),
            &bytes,
        )
        .into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_clock_follows_a_paused_runtime() {
        let clock = Clock::starting_at(1_000);
        clock.wait_until(61_000).await;
        assert_eq!(clock.now_ms(), 61_000);
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_seed_gives_the_same_ids() {
        let clock = Clock::starting_at(1_000);
        assert_eq!(
            Random::seeded(7).uuid(&clock),
            Random::seeded(7).uuid(&clock)
        );
        assert_ne!(
            Random::seeded(7).uuid(&clock),
            Random::seeded(8).uuid(&clock)
        );
    }
}
