//! What is left open by the vendor, or is so strange that some clients have to be spared it.

/// The habits of one installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// How many milliseconds after a tag was detached from a chat its people leave. The vendor says only: in the background.
    pub detach_ms: u32,
    /// Answers in the form that the vendor's own Python SDK survives, where its API does otherwise. An unset status is
    /// `{"data":null}` instead of the bare `null`, and a frequency limit is JSON instead of text.
    // Seen with pachca-sdk 1.6.1, which reads `body["data"]` of a null, and parses every 429 as JSON. Checked 2026-11.
    pub sdk_answers: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            detach_ms: 200,
            sdk_answers: false,
        }
    }
}
