//! The place that somebody has, as far as the journal tells: what our own runs have given them.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Fields, ProviderId, RunState};
use kadry_journal::{JournalError, PersonId, RunStory};

use crate::intent::{Flow, RoleSection, Transfer, Undo, Who};
use crate::organisation::Organisation;
use crate::written::Written;

/// What was asked for the last time that somebody was given a place, or another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// By platform; absent where none of our runs has given anything, or where the person has left since.
    pub sections: BTreeMap<ProviderId, RoleSection>,
    /// The values that were given with it.
    pub fields: Fields,
}

impl Organisation {
    /// Returns the place that the runs of the journal have given somebody. Nothing is asked of any platform.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub async fn placement(&self, who: &Who) -> Result<Placement, JournalError> {
        match self.placed(who).await? {
            Some(person) => self.placement_of(&person).await,
            None => Ok(Placement::default()),
        }
    }

    /// Returns the place that the runs of the journal have given somebody whom the store knows.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub(crate) async fn placement_of(&self, person: &PersonId) -> Result<Placement, JournalError> {
        let mut placed = Placed::default();
        for run in self.journal.runs_of(person, u32::MAX).await? {
            let story = self.journal.story(run.id.as_str()).await?;
            placed.by(&story);
        }
        Ok(placed.placement)
    }

    async fn placed(&self, who: &Who) -> Result<Option<PersonId>, JournalError> {
        if let Who::Record(provider, id) = who {
            return self.journal.person_behind(provider, id).await;
        }
        let keys: Vec<_> = who.key().into_iter().collect();
        self.journal.person(&keys).await
    }
}

/// A place that is put together from runs, the latest first.
#[derive(Debug, Default)]
struct Placed {
    placement: Placement,
    /// The platforms of which no earlier run tells any more.
    known: BTreeSet<ProviderId>,
    /// The runs that were taken back.
    undone: BTreeSet<String>,
}

impl Placed {
    fn by(&mut self, story: &RunStory) {
        let nothing_done = matches!(story.run.state, RunState::Failed | RunState::Refused);
        if nothing_done || self.undone.contains(story.run.id.as_str()) {
            return;
        }
        // What another version wrote in another way tells nothing here.
        let Ok(written) = Written::of(story) else {
            return;
        };
        let is_done = story.run.state == RunState::Done;
        match written.intent.flow {
            Flow::Onboard(onboard) => {
                self.remember(onboard.fields);
                self.give(&onboard.sections);
                self.known.extend(onboard.sections.into_keys());
            }
            Flow::Transfer(transfer) => self.moved(transfer, is_done),
            Flow::Offboard(offboard) if is_done => self.known.extend(offboard.on),
            Flow::Undo(Undo { run, .. }) if is_done => {
                self.undone.insert(run);
            }
            Flow::Offboard(_) | Flow::Undo(_) | Flow::Native(_) | Flow::Departments(_) => {}
        }
    }

    /// What was left is gone when all is done; until then the same command still has to take it. A department or a title alone leaves
    /// what a role gave.
    fn moved(&mut self, transfer: Transfer, is_done: bool) {
        let covered: Vec<ProviderId> = transfer.providers().into_iter().cloned().collect();
        self.remember(transfer.fields);
        self.remember(transfer.known);
        self.give(&transfer.sections);
        if transfer.role && !is_done {
            self.give(&transfer.former);
        }
        if transfer.role {
            self.known.extend(covered);
        }
    }

    fn remember(&mut self, fields: Fields) {
        for (field, value) in fields {
            self.placement.fields.entry(field).or_insert(value);
        }
    }

    fn give(&mut self, sections: &BTreeMap<ProviderId, RoleSection>) {
        for (provider, section) in sections {
            if self.known.contains(provider) {
                continue;
            }
            let place = self.placement.sections.entry(provider.clone()).or_default();
            for (key, names) in &section.grants {
                let known = place.grants.entry(key.clone()).or_default();
                let new = names.iter().filter(|name| !known.contains(name));
                let new: Vec<String> = new.cloned().collect();
                known.extend(new);
            }
        }
    }
}
