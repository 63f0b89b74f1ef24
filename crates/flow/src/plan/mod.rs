//! What has to be written, worked out from what was asked and what was seen. Pure: nothing here waits, reads or writes.

pub(crate) mod brakes;
mod define;
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
mod transfer;
mod undo;

use std::collections::BTreeMap;

use kadry_core::{
    Access, Brake, Email, Employee, FieldName, Grant, KindName, MatchKey, Notice, ProviderId,
    Reason, RemoteId, Step,
};
use kadry_journal::{RunId, StepError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use brakes::{Limits, Most, Window};
pub use guards::{Guard, Refused};
pub(crate) use guards::{Rules, the_last, the_one_here};
pub(crate) use native::{leave_out_what_stands, settled as with_singles};
pub(crate) use offboard::hidden_by;
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

/// What can be said about one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The person has no record there.
    NobodyThere,
    /// Nobody can be found there: the record that was named bears no key.
    NoKey,
    /// The platform did not answer; a close is approved by key, anything else is left out.
    Silent {
        /// What it said.
        error: StepError,
    },
    /// Creating the record sends the person a mail.
    MailGoesOut,
    /// The platform has no place for a value, or does not let it change.
    NotWritten {
        /// Which field.
        field: FieldName,
        /// Why.
        reason: Reason,
    },
    /// The platform, or our rights there, cannot close the door. The other platforms go on.
    CannotClose {
        /// Why.
        reason: Reason,
    },
    /// A request of an interrupted run may still open the door, so it is closed once more later.
    Late {
        /// Until when, in milliseconds since the Unix epoch.
        until_ms: i64,
    },
    /// The platform cannot greet the person.
    NoWelcome {
        /// Why.
        reason: Reason,
    },
    /// Grants that the person keeps although they leave.
    Keeps {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Why.
        reason: Reason,
    },
    /// Grants that come back with the door.
    ComesBack {
        /// Which kind.
        kind: KindName,
        /// Their names; none when the platform does not show them.
        names: Option<Vec<String>>,
    },
    /// What is about to be made is called almost like something that exists.
    Resembles {
        /// Which kind.
        kind: KindName,
        /// What is about to be made.
        name: String,
        /// What exists.
        nearest: String,
    },
    /// What a change brings about that nobody asked for.
    Consequence {
        /// What.
        reason: Reason,
    },
    /// Nobody there has a key of the person, but these have the name.
    Possible {
        /// Who.
        people: Vec<Namesake>,
    },
    /// The platform cannot remove a record. The door is closed all the same.
    CannotRemove {
        /// Why.
        reason: Reason,
    },
    /// What the leaver alone keeps cannot be handed over.
    CannotHandOver {
        /// Which kind.
        kind: KindName,
        /// Why.
        reason: Reason,
    },
    /// The leaver alone keeps nothing here that could be seen, so the successor is given nothing.
    NothingToHandOver {
        /// How the successor was named.
        to: String,
    },
    /// What the person holds of a kind is not known, because a right of ours is missing.
    CannotRead {
        /// Which kind.
        kind: KindName,
        /// Which right.
        reason: Reason,
        /// Whether it cannot be seen behind a closed door either, so that a right that is given afterwards helps nobody.
        hidden: bool,
    },
    /// What the person holds of a kind is read and taken once the door is closed.
    TidiedLater {
        /// Which kind.
        kind: KindName,
    },
    /// What the person holds of a kind was not read: the door does not wait for it.
    NotRead {
        /// Which kind.
        kind: KindName,
    },
    /// Grants that will still be attached when everything planned is done.
    Stays {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Why they cannot be taken.
        reason: Reason,
    },
    /// A step that an undo does not take back, or not all of it.
    NotTakenBack {
        /// The step.
        step: Box<Step>,
        /// Why.
        reason: Reason,
    },
    /// What an earlier run left open in another tenant, where nobody looks now.
    LeftElsewhere {
        /// The run.
        run: RunId,
        /// The tenant.
        tenant: String,
    },
    /// A limit is a part of all people, and nobody has counted them yet, so that it does not apply.
    NotLimited {
        /// Of which kind of change.
        brake: Brake,
        /// In which window.
        window: Window,
    },
    /// More is to be done now than was approved, and is left to another command.
    MoreThanApproved,
    /// The door is closed, and somebody who changes places is not let in by that.
    StaysClosed {
        /// Whether the role wants the person in there.
        needed: bool,
    },
    /// The person has no record there yet. One is made when every platform was read, since that tells their name.
    MadeLater,
    /// The role does not speak of this platform, where the person is let in; what they are leaving did.
    StaysOpen,
    /// What the person holds beyond what is asked for, and keeps.
    Beyond {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Whether nobody knows what was asked for until now, so that nothing is taken.
        blind: bool,
    },
    /// Grants that the platform may take along with others that go.
    GoesAlong {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
    },
    /// Grants that should go and cannot be taken, because a right of ours is missing.
    CannotTake {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Which right.
        reason: Reason,
    },
}

impl Said {
    /// Reports whether something that was asked for is not done: the platform was silent, or it or our rights there do not allow it.
    #[must_use]
    pub const fn leaves_something_out(&self) -> bool {
        matches!(
            self,
            Self::Silent { .. }
                | Self::CannotClose { .. }
                | Self::CannotRemove { .. }
                | Self::CannotHandOver { .. }
                | Self::CannotRead { .. }
                | Self::CannotTake { .. }
                | Self::StaysClosed { needed: true }
                | Self::MadeLater
                | Self::MoreThanApproved
        )
    }

    /// Reports whether it is worth telling when the run has ended: something was left out, or could not be taken back.
    #[must_use]
    pub const fn outlives_the_plan(&self) -> bool {
        self.leaves_something_out() || matches!(self, Self::NotTakenBack { .. })
    }
}

/// Somebody who has the name of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namesake {
    /// The record.
    pub record: RemoteId,
    /// The name on it.
    pub name: String,
    /// The e-mail on it.
    pub email: Option<Email>,
    /// Whether the door is open.
    pub access: Access,
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
    Ok(Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
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
            (
                Flow::Onboard(_) | Flow::Transfer(_) | Flow::Undo(_) | Flow::Native(_),
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
