//! How long things may take.

/// How long things may take, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long one platform may take to be read.
    pub observe_ms: u64,
    /// The same, when doors must close now.
    pub observe_now_ms: u64,
    /// The same when doors must close now and another platform has answered already, unless that one took longer than half of it:
    /// whoever takes longer is closed by key, and no other door waits.
    pub hurry_ms: u64,
    /// The same for a platform that has not given any sign of life; a quarter longer than the first that was read, where that is more.
    pub lifeless_ms: u64,
    /// How long a door that must close now waits for the list of what will be hidden behind it.
    pub glance_ms: u64,
    /// How long a platform that was silent may take when it is asked once more.
    pub deferred_ms: u64,
    /// How long a step waits that takes rights of which somebody has to keep one, while another process is about such a step, in
    /// milliseconds.
    pub turn_ms: u64,
    /// How long such a look may hang until another one is begun beside it.
    pub look_again_ms: u64,
    /// How long a door waits for what has to go before it.
    pub release_ms: u64,
    /// How long one request is tried again by the pipeline below.
    pub retry_for_ms: u64,
    /// How long after its time-out a lost request may still take effect.
    pub margin_ms: u64,
}

impl Timing {
    /// Returns how long after the beginning of a step its request can have left at the latest: it
    /// was tried again for a while, and no pause of more than a minute is waited for in a process.
    pub(crate) const fn tried_for_ms(&self) -> u64 {
        self.retry_for_ms.saturating_add(60_000)
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            observe_ms: 30_000,
            observe_now_ms: 5_000,
            hurry_ms: 700,
            lifeless_ms: 300,
            glance_ms: 100,
            deferred_ms: 10_000,
            turn_ms: 60_000,
            look_again_ms: 2_500,
            release_ms: 30_000,
            retry_for_ms: 30_000,
            margin_ms: 2_000,
        }
    }
}
