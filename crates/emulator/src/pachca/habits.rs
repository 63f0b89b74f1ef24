//! What the vendor leaves open, and an installation may have otherwise.

/// The habits of one installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// How many milliseconds after a tag was detached from a chat its people leave. The vendor says only: in the background.
    pub detach_ms: u32,
    /// How many messages one sender may write into one chat in 24 hours. The vendor has raised it once already.
    pub messages_a_day: usize,
    /// How many people may have access at once, by the plan that was paid for. There is no limit if absent.
    pub seats: Option<u32>,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            detach_ms: 200,
            messages_a_day: 7_500,
            seats: None,
        }
    }
}
