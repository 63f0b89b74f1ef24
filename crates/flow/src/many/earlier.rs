//! What earlier runs left open of one of many.

use kadry_core::ProviderId;
use kadry_journal::RunStory;

use crate::intent::Flow;
use crate::interrupted::{Interrupted, Sender, is_lost};
use crate::observe::Listings;
use crate::organisation::Organisation;

/// What earlier runs left open of somebody.
pub(super) enum Earlier {
    /// Nothing.
    Nothing,
    /// Steps of which none is under way: what was read of everybody since then tells as much as the platforms themselves.
    Told(Vec<Interrupted>),
    /// Something that may still take effect, or that was done since everybody was read.
    InDoubt,
}

impl Organisation {
    /// Returns what earlier runs of somebody whom we hold left open on these platforms.
    pub(super) fn earlier(
        &self,
        flow: &Flow,
        on: &[ProviderId],
        unfinished: &[RunStory],
        listings: &Listings,
    ) -> Earlier {
        if unfinished.is_empty() {
            return Earlier::Nothing;
        }
        // Whoever joins is written down anew, and greetings are owed.
        let leaves = matches!(flow, Flow::Offboard(_));
        if !leaves || !unfinished.iter().all(|story| is_told(story, listings)) {
            return Earlier::InDoubt;
        }
        Earlier::Told(self.interrupted_by(unfinished, on, Sender::Gone, None))
    }
}

/// Reports whether what was read of everybody tells how the steps of a run stand: none is under way, and nothing has happened to them
/// since.
fn is_told(story: &RunStory, listings: &Listings) -> bool {
    let events = story.steps.iter().flat_map(|step| &step.events);
    let last_ms = events
        .map(|row| row.at_ms)
        .fold(story.run.started_ms, i64::max);
    let is_older = listings.read_ms().is_some_and(|read_ms| last_ms < read_ms);
    is_older && !story.steps.iter().any(is_lost)
}
