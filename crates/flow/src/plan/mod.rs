//! What has to be written, worked out from what was asked and what was seen. Pure: nothing here waits, reads or writes.

mod diff;
mod guards;
mod lane;
mod offboard;
mod onboard;
mod resolve;

use std::collections::BTreeMap;

use kadry_core::{
    Access, Action, Before, Email, Error, FieldName, KindName, MatchKey, Notice, ProviderId,
    Reason, Stage, Step, Target, Wish,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub(crate) use guards::the_one;
pub use guards::{Guard, Refused};

use crate::intent::{Flow, Intent};
use crate::observe::{Seen, Snapshot};
use lane::Lane;

/// What a plan says beside its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// On which platform.
    pub provider: ProviderId,
    /// What.
    pub what: Said,
}

/// What can be said about one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The person has no record there.
    NobodyThere,
    /// The platform did not answer; a close is approved by key, anything else is left out.
    Silent {
        /// What it said.
        error: String,
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
    /// Grants that will still be attached when everything planned is done.
    Stays {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Why they cannot be taken.
        reason: Reason,
    },
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
    /// Returns the hash of the steps, in hexadecimal. It shows edits; it is no signature.
    ///
    /// # Errors
    ///
    /// The serialiser's, which is our own fault.
    pub fn hash(&self) -> Result<String, serde_json::Error> {
        hash_of(&self.steps)
    }
}

fn hash_of<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let bytes = serde_json::to_vec(value)?;
    Ok(Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// What an interrupted run of the same person still owes, by platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// The greeting of a person who was let in before the interruption.
    pub welcomes: BTreeMap<ProviderId, Notice>,
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
    owed: &Owed,
    protected: &Protected,
) -> Result<Plan, Vec<Refused>> {
    let label = intent.who.to_string();
    let mut plan = Plan::default();
    let mut refused = guards::person(keys, protected, intent.privileged());
    for (provider, seen) in &snapshot.seen {
        let mut lane = Lane::new(provider, &label, plan.steps.len());
        let outcome = match (&intent.flow, seen) {
            (Flow::Onboard(onboard), Seen::Here(here)) => {
                onboard::lane(onboard, here, owed.welcomes.get(provider), &mut lane)
            }
            (Flow::Offboard(offboard), Seen::Here(here)) => {
                offboard::lane(offboard, here, &mut lane)
            }
            (flow, Seen::Silent(error)) => {
                silent(flow, keys, error, &mut lane);
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

/// A platform that did not answer: a close is approved by key; letting somebody in has to wait until it can be seen.
fn silent(flow: &Flow, keys: &[MatchKey], error: &Error, lane: &mut Lane<'_>) {
    lane.say(Said::Silent {
        error: error.to_string(),
    });
    let (stage, action) = match flow {
        Flow::Onboard(onboard) => {
            let wish = Wish {
                fields: onboard.fields.clone(),
                ..Wish::default()
            };
            (Stage::Create, Action::Create { wish })
        }
        Flow::Offboard(_) => (
            Stage::Close,
            Action::SetAccess {
                access: Access::Suspended,
            },
        ),
    };
    lane.step(
        stage,
        action,
        &Target::Sought(keys.to_vec()),
        Before::default(),
    );
}
