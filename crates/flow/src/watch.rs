//! Who wants to see how it goes.

use std::fmt;

use kadry_core::{ProviderId, State, Step};

/// Sees a run while it goes on.
pub trait Watch: fmt::Debug + Send + Sync {
    /// Sees that a step has come to a state.
    fn step(&self, step: &Step, state: State);

    /// Sees that a lost step is being looked for, which may take as long as a request's time-out.
    fn settling(&self, step: &Step);

    /// Sees which platforms are still being read; none when all have been.
    fn reading(&self, awaited: &[&ProviderId]);

    /// Sees that a platform is being read once more.
    fn verifying(&self, provider: &ProviderId);

    /// Sees how many records of a platform have been read, where everybody is.
    fn listing(&self, _provider: &ProviderId, _rows: u64) {}

    /// Sees of how many people of a batch it is known what became of them.
    fn people(&self, _done: u32, _of: u32) {}
}

/// Sees nothing.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn step(&self, _step: &Step, _state: State) {}

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {}
}
