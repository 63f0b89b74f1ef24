//! What the journal keeps of what was asked, so that a run can go on when whoever began it is gone.

use kadry_journal::RunStory;
use serde::{Deserialize, Serialize};

use crate::intent::Intent;
use crate::tenants::Tenants;

/// What was asked, and how far the plan went that was agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    /// What was asked.
    #[serde(flatten)]
    pub(crate) intent: Intent,
    /// Whether the plan held the doors alone, and what is behind them was agreed to without being listed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) doors_first: bool,
    /// In which tenants it was agreed to.
    #[serde(default, skip_serializing_if = "Tenants::is_empty")]
    pub(crate) tenants: Tenants,
}

impl Written {
    /// Reads what was asked of a run.
    ///
    /// # Errors
    ///
    /// The parser's, when another version has written it in another way.
    pub(crate) fn of(story: &RunStory) -> Result<Self, serde_json::Error> {
        Self::deserialize(&story.intent)
    }
}
