//! What earlier runs left open of one of many.

use kadry_core::{ProviderId, Stage};
use kadry_journal::{JournalError, PersonId, RunStory};

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
    /// What the platforms themselves have to be asked about: it may still take effect, was done since everybody was read, or is of a flow
    /// that nobody carries out for many.
    InDoubt,
}

impl Organisation {
    /// Returns what earlier runs left open on these platforms of somebody at whom nobody else is at work.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub(super) async fn earlier(
        &self,
        flow: &Flow,
        person: &PersonId,
        on: &[ProviderId],
        unfinished: &[RunStory],
        listings: &Listings,
    ) -> Result<Earlier, JournalError> {
        if unfinished.is_empty() {
            return Ok(Earlier::Nothing);
        }
        let stand_still = unfinished.iter().all(|story| stands_still(story, listings));
        let is_told = stand_still
            && match flow {
                Flow::Offboard(_) => true,
                // A close that was lost may land when they are in.
                Flow::Onboard(_) | Flow::Transfer(_) => self.may_land(person, on).await?.is_empty(),
                Flow::Undo(_) | Flow::Native(_) | Flow::Departments(_) => false,
            };
        if !is_told {
            return Ok(Earlier::InDoubt);
        }
        let left = self.interrupted_by(unfinished, on, Sender::Gone, None);
        Ok(Earlier::Told(left))
    }
}

/// Reports whether none of the steps of a run is under way, nothing has happened to them since everybody was read, and none was about to
/// take what a door hides that somebody may have closed meanwhile.
fn stands_still(story: &RunStory, listings: &Listings) -> bool {
    let events = story.steps.iter().flat_map(|step| &step.events);
    let last_ms = events
        .map(|row| row.at_ms)
        .fold(story.run.started_ms, i64::max);
    let is_older = listings.read_ms().is_some_and(|read_ms| last_ms < read_ms);
    let mut open = story.steps.iter().filter(|step| !step.state.is_final());
    is_older
        && open.all(|step| {
            let hides = matches!(step.step.stage, Stage::Release | Stage::HandOver);
            !hides && !is_lost(step)
        })
}
