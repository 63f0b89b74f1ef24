//! What has to be written, worked out from what was asked and what was seen. Pure: nothing here waits, reads or writes.

pub(crate) mod brakes;
mod define;
mod departments;
mod diff;
mod guards;
mod handover;
pub(crate) mod holdings;
mod lane;
mod native;
mod offboard;
mod onboard;
mod resolve;
pub(crate) mod resume;
mod said;
mod transfer;
mod undo;

use std::collections::BTreeMap;

use kadry_core::{Access, Email, Employee, Grant, MatchKey, Notice, ProviderId, Step};
use kadry_journal::StepError;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use brakes::{Limits, Most, Window};
pub use departments::BranchFault;
pub use guards::{Guard, Refused};
pub(crate) use guards::{Rules, the_last, the_last_with, the_one_here};
pub(crate) use native::{leave_out_what_stands, settled as with_singles};
pub(crate) use offboard::hidden_by;
pub use said::{Namesake, Said};
pub(crate) use transfer::settled;

use crate::intent::{Flow, Intent};
use crate::observe::{Here, Seen, Snapshot};
use lane::Lane;

/// What a plan says beside its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// On which platform.
    pub provider: ProviderId,
    /// What.
    pub what: Said,
}

/// The steps that were shown, are stored and will be executed, and what is to be said about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps, numbered from 1; the steps of one platform follow each other.
    pub steps: Vec<Step>,
    /// What the plan says beside them.
    pub remarks: Vec<Remark>,
}

impl Plan {
    /// Reports whether the plan does all that was asked for: no platform was silent, and nothing is left out.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let left_out = |remark: &Remark| remark.what.leaves_something_out();
        !self.remarks.iter().any(left_out)
    }

    /// Reports whether there is no door that the plan passes over: no platform was silent, and each could be closed.
    #[must_use]
    pub fn minds_every_door(&self) -> bool {
        let passed_over =
            |remark: &Remark| matches!(remark.what, Said::Silent { .. } | Said::CannotClose { .. });
        !self.remarks.iter().any(passed_over)
    }

    /// Forgets that a platform was silent, because it has been read since.
    pub(crate) fn has_answered(&mut self, which: impl Fn(&ProviderId) -> bool) {
        let said =
            |remark: &Remark| matches!(remark.what, Said::Silent { .. }) && which(&remark.provider);
        self.remarks.retain(|remark| !said(remark));
    }

    /// Leaves out the steps that `keep` refuses, and numbers the rest after the `before` steps of a plan that goes before it. For plans
    /// in which no step makes the record of another.
    pub(crate) fn only(&mut self, before: usize, keep: impl Fn(&Step) -> bool) {
        self.steps.retain(keep);
        for (at, step) in self.steps.iter_mut().enumerate() {
            step.seq = u32::try_from(before + at + 1).unwrap_or(u32::MAX);
        }
    }

    /// Adds the steps of another plan, and what it says that was not said yet.
    pub(crate) fn extend(&mut self, more: Self) {
        self.steps.extend(more.steps);
        self.say(more.remarks);
    }

    /// Says what was not said yet.
    pub(crate) fn say(&mut self, remarks: Vec<Remark>) {
        for remark in remarks {
            if !self.remarks.contains(&remark) {
                self.remarks.push(remark);
            }
        }
    }

    /// Returns the hash of the steps, in hexadecimal. It shows edits; it is no signature.
    ///
    /// # Errors
    ///
    /// The serialiser's, which is our own fault.
    pub fn hash(&self) -> Result<String, serde_json::Error> {
        hash_of(&self.steps)
    }
}

/// Returns the hash of a value, in hexadecimal.
///
/// # Errors
///
/// The serialiser's, which is our own fault.
pub(crate) fn hash_of<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let bytes = serde_json::to_vec(value)?;
    Ok(hexadecimal(&Sha256::digest(&bytes)))
}

/// Returns bytes as text, in one piece: hundreds of thousands are made for a long list.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let digits = [byte >> 4, byte & 0xf].into_iter();
        text.extend(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)));
    }
    text
}

/// What interrupted runs of the same person leave to the plan, by platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inherited {
    /// The greetings of people who were let in before the interruption.
    pub welcomes: BTreeMap<ProviderId, Notice>,
    /// Until when a request of an interrupted run may still open a door, in milliseconds since the
    /// Unix epoch.
    pub late: BTreeMap<ProviderId, i64>,
    /// What was approved to be handed over and was not.
    pub hand_overs: BTreeMap<ProviderId, Vec<Grant>>,
}

/// Who may not be touched by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protected {
    /// E-mails that no flow touches.
    pub exempt: Vec<Email>,
    /// E-mails that are touched only when the intent is privileged.
    pub privileged: Vec<Email>,
}

/// Works out the plan of an intent over what was seen.
///
/// # Errors
///
/// Every guard that says no; then nothing may be written anywhere.
pub fn plan(
    intent: &Intent,
    keys: &[MatchKey],
    snapshot: &Snapshot,
    inherited: &Inherited,
    protected: &Protected,
) -> Result<Plan, Vec<Refused>> {
    let label = intent.who.to_string();
    let rules = Rules {
        protected,
        privileged: intent.privileged(),
    };
    let everywhere = rules.forbid(keys).into_iter();
    let mut refused: Vec<Refused> = everywhere
        .map(|guard| Refused {
            provider: None,
            guard,
        })
        .collect();
    if let Some(guard) = unknown_successor(intent, snapshot) {
        refused.push(guard);
    }
    let mut plan = Plan::default();
    let can_close = |here: &Here| {
        let open = |one: &Employee| one.access == Access::Open;
        here.provider.capability().suspend.is_yes() || !here.matches.iter().any(open)
    };
    let person = transfer::person(&intent.flow, keys, snapshot);
    let every_door_closes = snapshot.here().all(|(_, here)| can_close(here));
    for (provider, seen) in &snapshot.seen {
        let mut lane = Lane::new(provider, &label, plan.steps.len());
        let looked = Looked {
            keys,
            rules,
            every_door_closes,
        };
        let outcome = match (&intent.flow, seen) {
            (Flow::Onboard(onboard), Seen::Here(here)) => onboard::lane(
                onboard,
                here,
                looked,
                inherited.welcomes.get(provider),
                &mut lane,
            ),
            (Flow::Offboard(offboard), Seen::Here(here)) => offboard::lane(
                offboard,
                here,
                looked,
                inherited.late.get(provider),
                inherited
                    .hand_overs
                    .get(provider)
                    .map_or(&[][..], Vec::as_slice),
                &mut lane,
            ),
            (Flow::Transfer(transfer), Seen::Here(here)) => {
                let left = transfer::Left {
                    person: person.as_ref(),
                    welcome: inherited.welcomes.get(provider),
                };
                transfer::lane(transfer, here, looked, left, &mut lane)
            }
            (Flow::Undo(undo), Seen::Here(here)) => undo::lane(undo, here, looked, &mut lane),
            (Flow::Native(native), Seen::Here(here)) => {
                native::lane(native, here, looked, &mut lane)
            }
            (Flow::Departments(asked), Seen::Here(here)) => {
                departments::lane(asked, here, &mut lane)
            }
            (
                Flow::Onboard(_)
                | Flow::Transfer(_)
                | Flow::Undo(_)
                | Flow::Native(_)
                | Flow::Departments(_),
                Seen::Silent(error),
            ) => {
                // Nobody can be let in where nothing can be seen, and nothing taken back.
                lane.say(Said::Silent {
                    error: StepError::from(error.as_ref()),
                });
                Ok(())
            }
            (Flow::Offboard(_), Seen::Silent(error)) => {
                lane.say(Said::Silent {
                    error: StepError::from(error.as_ref()),
                });
                offboard::close_by_key(keys, &mut lane);
                Ok(())
            }
        };
        match outcome {
            Ok(()) => lane.into_plan(&mut plan),
            Err(guards) => refused.extend(guards.into_iter().map(|guard| Refused {
                provider: Some(provider.clone()),
                guard,
            })),
        }
    }
    if refused.is_empty() {
        Ok(plan)
    } else {
        Err(refused)
    }
}

/// Says no when a successor was named whom no platform knows: a slip must not pass for somebody.
fn unknown_successor(intent: &Intent, snapshot: &Snapshot) -> Option<Refused> {
    let Flow::Offboard(offboard) = &intent.flow else {
        return None;
    };
    offboard.successor.as_ref()?;
    let nowhere = snapshot.is_complete() && snapshot.here().all(|(_, here)| here.heir.is_empty());
    nowhere.then_some(Refused {
        provider: None,
        guard: Guard::UnknownSuccessor,
    })
}

/// Whom was looked for, and what allows to touch them.
#[derive(Clone, Copy, Debug)]
struct Looked<'a> {
    keys: &'a [MatchKey],
    rules: Rules<'a>,
    /// Whether there is no door that will stay open for lack of a right.
    every_door_closes: bool,
}

/// Says who may be the person by nothing but their name.
fn say_possible(here: &Here, lane: &mut Lane<'_>) {
    let namesake = |one: &Employee| Namesake {
        record: one.at.id.clone(),
        name: one.profile.full_name(),
        email: one.at.email().cloned(),
        access: one.access,
    };
    let people: Vec<Namesake> = here.possible.iter().map(namesake).collect();
    if !people.is_empty() {
        lane.say(Said::Possible { people });
    }
}
