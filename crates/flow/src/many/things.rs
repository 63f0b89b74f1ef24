//! Tags, units and departments that a batch makes: each of them once, by whoever is first, for everybody who is given it.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Offer, ProviderId, State, Step};
use kadry_journal::{Journal, JournalError, RunId, StepStory};
use tokio::sync::{Mutex, MutexGuard};

use super::draft::{Thing, thing};
use crate::defined::offered;
use crate::observe::{Seen, Snapshot};

/// What a batch has made since it was read what there is.
#[derive(Debug, Default)]
pub(super) struct Things(Mutex<Made>);

/// What was made, with what the platform calls it where it said so.
type Made = BTreeMap<Thing, Option<Offer>>;

/// What somebody's steps need that is not there.
pub(super) enum Needed<'a> {
    /// It may be about to be made: nobody knows what became of the step that makes it.
    InDoubt,
    /// These steps go before theirs; what the others of the plan make is there.
    Makes {
        steps: Vec<Step>,
        before: Vec<(Step, Option<Offer>)>,
        /// Held until the steps are through, so that nobody makes the same beside them.
        turn: Option<MutexGuard<'a, Made>>,
    },
}

impl Things {
    /// Works out what of somebody's things is still to be made, by them. `own` they make themselves, and `others` somebody else does or
    /// should have done; `missing` is what the platforms lacked when they were read.
    pub(super) async fn needed(
        &self,
        own: Vec<Step>,
        others: Vec<Step>,
        missing: &BTreeSet<Thing>,
        journal: &Journal,
        batch: &RunId,
    ) -> Result<Needed<'_>, JournalError> {
        let (mut steps, mut before) = (Vec::new(), Vec::new());
        let made = self.0.lock().await;
        let first_own = others.len();
        for (at, step) in others.into_iter().chain(own).enumerate() {
            let Some(thing) = thing(&step) else { continue };
            if !missing.contains(&thing) {
                before.push((step, None));
            } else if let Some(offer) = made.get(&thing) {
                before.push((step, offer.clone()));
            } else if at >= first_own {
                steps.push(step);
            } else {
                match fate(&journal.states_in_batch(batch, step.seq).await?) {
                    Fate::Made => before.push((step, None)),
                    Fate::InDoubt => return Ok(Needed::InDoubt),
                    Fate::NotMade => steps.push(step),
                }
            }
        }
        let turn = (!steps.is_empty()).then_some(made);
        Ok(Needed::Makes {
            steps,
            before,
            turn,
        })
    }
}

/// Notes what a run has made.
pub(super) async fn note(
    made: &mut MutexGuard<'_, Made>,
    steps: &[StepStory],
    snapshot: &Snapshot,
) {
    for step in steps.iter().filter(|step| step.state == State::Done) {
        let Some(thing) = thing(&step.step) else {
            continue;
        };
        let offer = what_it_is(&step.step, snapshot).await;
        made.insert(thing, offer);
    }
}

/// Asks what the platform calls a thing that was made. Who is given it asks again, where this is not known.
async fn what_it_is(step: &Step, snapshot: &Snapshot) -> Option<Offer> {
    let Seen::Here(here) = snapshot.seen.get(&step.provider)? else {
        return None;
    };
    let kadry_core::Action::Define { kind, what } = &step.action else {
        return None;
    };
    offered(here.provider.as_ref(), kind, what).await.ok()?
}

enum Fate {
    Made,
    NotMade,
    InDoubt,
}

/// What became of a step that makes a thing, in any run of the batch.
fn fate(states: &[State]) -> Fate {
    let is_in_doubt = |state: &State| match state {
        State::Waiting | State::Deferred | State::Started | State::Unsure | State::Parked => true,
        State::Done | State::Failed | State::Skipped | State::Superseded => false,
    };
    if states.contains(&State::Done) {
        Fate::Made
    } else if states.iter().any(is_in_doubt) {
        Fate::InDoubt
    } else {
        Fate::NotMade
    }
}

/// The things that steps make.
pub(super) fn things(steps: &[Step]) -> BTreeSet<Thing> {
    steps.iter().filter_map(thing).collect()
}

/// The platforms of steps.
pub(super) fn platforms(steps: &[Step]) -> BTreeSet<&ProviderId> {
    steps.iter().map(|step| &step.provider).collect()
}

/// Whether a step makes a thing.
pub(super) fn is_making(step: &Step) -> bool {
    thing(step).is_some()
}
