//! Why a flow did not begin, or could not go on.

use kadry_core::{Error, ProviderId};
use kadry_journal::JournalError;

use crate::plan::Refused;

/// Why a flow did not begin, or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// Guards said no; nothing was written.
    #[error("a guard says no")]
    Refused(Vec<Refused>),
    /// Every platform was read, and nobody there is this person.
    #[error("no platform knows this person")]
    KnownNowhere,
    /// A record that the operator named cannot be read.
    #[error("the record on {provider} cannot be read")]
    NoSuchRecord {
        /// Which platform.
        provider: ProviderId,
        /// What it said; none when it answered that there is none.
        source: Option<Error>,
    },
    /// The journal failed: what cannot be written down is not done.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A plan cannot be written as JSON: our own fault.
    #[error("a plan cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}
