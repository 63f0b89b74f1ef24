//! What became of a run, as data. Sentences are made elsewhere.

use std::collections::BTreeMap;

use kadry_core::{
    Access, Employee, Grant, KindName, OnLeave, ProviderId, Reason, RemoteId, RunState, Stage,
    State, Step, Target,
};
use kadry_journal::{RunId, RunStory, StepError, StepStory};
use serde::{Deserialize, Serialize};

use crate::observe::{Held, Here, Seen, Snapshot};
use crate::plan::{Plan, Refused, Remark, Said};

/// What became of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReport {
    /// The step.
    pub step: Step,
    /// Where it stands.
    pub state: State,
    /// When its request left, in milliseconds after the run began; none when it did not.
    pub started_ms: Option<i64>,
    /// How long it took, in milliseconds; none while it is open.
    pub took_ms: Option<i64>,
    /// The record it was about, where one is known.
    pub record: Option<RemoteId>,
    /// What the platform answered to an operation that only it has.
    pub answer: Option<serde_json::Value>,
    /// What went wrong.
    pub error: Option<StepError>,
    /// When it may begin again, in milliseconds since the Unix epoch, where the platform said so.
    pub retry_at_ms: Option<i64>,
}

/// What was seen still open or attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residue {
    /// On which platform.
    pub provider: ProviderId,
    /// What.
    pub left: Left,
    /// Whether the same command can no longer see or take it, so that somebody has to do it by hand.
    pub by_hand: bool,
}

/// Something that is still open or attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// The door.
    DoorOpen {
        /// The record.
        record: RemoteId,
    },
    /// Grants.
    Attached {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
    },
}

/// What a platform can never show, the same for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caveat {
    /// Which platform.
    pub provider: ProviderId,
    /// What.
    pub reason: Reason,
}

/// What the last look at a platform showed of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Which platform.
    pub provider: ProviderId,
    /// What was seen.
    pub sight: Sight,
}

/// What was seen of a person on one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Nothing: the platform was silent.
    Unread,
    /// No record of the person.
    Nobody,
    /// A record.
    Record {
        /// Its id.
        id: RemoteId,
        /// The name on it; empty where the journal tells, which keeps none.
        #[serde(skip)]
        name: String,
        /// Whether the door is open.
        access: Access,
    },
}

/// How it went, in the order in which exit codes are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something that was asked for is not done, and the rest is.
    Partial,
    /// Nothing was changed.
    Failed,
    /// All is done, and something was seen that is still open or attached.
    Residue,
    /// All is done, also when there was nothing to do.
    Done,
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The run; none when there was nothing to do.
    pub run: Option<RunId>,
    /// Which flow.
    pub flow: String,
    /// The person as the operator typed them.
    pub person: String,
    /// Where the run stands.
    pub state: RunState,
    /// The steps, in the order of the plan.
    pub steps: Vec<StepReport>,
    /// Whether every platform was read after the last write and a new plan is empty.
    pub verified: bool,
    /// What the last look showed, by platform.
    pub doors: Vec<Door>,
    /// What was seen still open or attached.
    pub residue: Vec<Residue>,
    /// What can never be shown.
    pub caveats: Vec<Caveat>,
    /// What the plan said beside its steps.
    pub remarks: Vec<Remark>,
    /// The guards that say no to what would be left to do.
    pub refused: Vec<Refused>,
}

impl Report {
    /// Returns how it went.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.state {
            RunState::Failed | RunState::Refused => Outcome::Failed,
            RunState::Running | RunState::Partial | RunState::Superseded => Outcome::Partial,
            RunState::Done if !self.verified => Outcome::Partial,
            RunState::Done if !self.residue.is_empty() => Outcome::Residue,
            RunState::Done => Outcome::Done,
        }
    }
}

/// Returns where a run stands that has these steps.
///
/// It is done when everything is, and proven to be. It has failed when nothing was done, nothing is
/// on its way, and there is no platform where everything was right already.
#[must_use]
pub(crate) fn state_of(steps: &[StepReport], proven: bool, right_somewhere: bool) -> RunState {
    let any = |wanted: &[State]| steps.iter().any(|step| wanted.contains(&step.state));
    let on_its_way = any(&[
        State::Deferred,
        State::Started,
        State::Unsure,
        State::Parked,
    ]);
    let open = on_its_way || any(&[State::Waiting]);
    // A greeting is owed to somebody who is in already, whoever let them in.
    let owed = steps.iter().any(|step| {
        step.state == State::Waiting
            && step.step.stage == Stage::Welcome
            && matches!(step.step.target, Target::Known(_))
    });
    if proven && !open && !any(&[State::Failed]) {
        return RunState::Done;
    }
    let nothing_done = !any(&[State::Done]) && !on_its_way && !owed && !right_somewhere;
    if nothing_done {
        RunState::Failed
    } else {
        RunState::Partial
    }
}

/// Returns what became of the steps of a run, from the journal alone.
#[must_use]
pub fn steps_of(story: &RunStory) -> Vec<StepReport> {
    let mut steps: Vec<StepReport> = story
        .steps
        .iter()
        .map(|step| step_of(step, story.run.started_ms))
        .collect();
    let made: BTreeMap<u32, RemoteId> = steps
        .iter()
        .filter_map(|step| Some((step.step.seq, step.record.clone()?)))
        .collect();
    for step in &mut steps {
        if let Target::CreatedBy(seq) = &step.step.target {
            step.record = step.record.take().or_else(|| made.get(seq).cloned());
        }
    }
    steps
}

fn step_of(story: &StepStory, began_ms: i64) -> StepReport {
    let started = story.started_ms();
    let record = story
        .record()
        .map(|who| who.id.clone())
        .or_else(|| match &story.step.target {
            Target::Known(who) => Some(who.id.clone()),
            Target::Nobody | Target::CreatedBy(_) | Target::Sought(_) => None,
        });
    StepReport {
        step: story.step.clone(),
        state: story.state,
        started_ms: started.map(|at| at.saturating_sub(began_ms)),
        took_ms: started
            .zip(story.ended_ms())
            .map(|(from, to)| to.saturating_sub(from)),
        record,
        answer: story.answer().cloned(),
        error: story.error().cloned(),
        retry_at_ms: story.retry_at_ms(),
    }
}

/// Returns what is still open or attached after an offboarding: what the last look showed, what the plan could not take, and what
/// steps that are not done were about to take.
#[must_use]
pub(crate) fn residue<'a>(
    plan: &Plan,
    undone: impl IntoIterator<Item = &'a Step>,
    taken: &[(ProviderId, Grant)],
    after: &Snapshot,
) -> Vec<Residue> {
    let is_taken = |provider: &ProviderId, grant: &Grant| {
        taken
            .iter()
            .any(|(at, taken)| at == provider && taken.same(grant))
    };
    let mut residue = Vec::new();
    for (provider, here) in after.here() {
        for employee in &here.matches {
            seen(provider, here, employee, &mut residue);
        }
    }
    let is_gone = |provider: &ProviderId| {
        let mut here = after.here();
        here.any(|(id, here)| id == provider && here.matches.is_empty())
    };
    for known in foreseen(plan) {
        if let Left::Attached { kind, names } = known.left
            && !is_gone(&known.provider)
        {
            attach(&known.provider, &kind, names, true, &mut residue);
        }
    }
    for step in undone
        .into_iter()
        .filter(|step| matches!(step.stage, Stage::Release | Stage::Tidy))
    {
        for (kind, grants) in step.action.drops() {
            let shown = after
                .here()
                .any(|(id, here)| *id == step.provider && is_seen(here, kind));
            if !shown {
                let left = grants
                    .iter()
                    .filter(|grant| !is_taken(&step.provider, grant));
                let left = left.map(|grant| grant.name.clone()).collect();
                if !is_gone(&step.provider) {
                    // Where it was read and not shown, the same command cannot see it either.
                    let by_hand = after.here().any(|(id, _)| *id == step.provider);
                    attach(&step.provider, kind, left, by_hand, &mut residue);
                }
            }
        }
    }
    residue
}

/// Adds what an interrupted run knew to stay attached, as far as it cannot be seen any more.
pub(crate) fn still_attached(foreseen: &[Residue], after: &Snapshot, residue: &mut Vec<Residue>) {
    for known in foreseen {
        let Left::Attached { kind, names } = &known.left else {
            continue;
        };
        let mut here = after.here();
        let shown = here.any(|(id, here)| {
            *id == known.provider && (here.matches.is_empty() || is_seen(here, kind))
        });
        if !shown {
            attach(&known.provider, kind, names.clone(), known.by_hand, residue);
        }
    }
}

/// Returns what a plan leaves attached.
pub(crate) fn foreseen(plan: &Plan) -> Vec<Residue> {
    let mut residue = Vec::new();
    for remark in &plan.remarks {
        if let Said::Stays { kind, names, .. } = &remark.what {
            attach(&remark.provider, kind, names.clone(), true, &mut residue);
        }
    }
    residue
}

fn names(grants: &[Grant]) -> Vec<String> {
    grants.iter().map(|grant| grant.name.clone()).collect()
}

fn is_seen(here: &Here, kind: &KindName) -> bool {
    matches!(here.held.get(kind), Some(Held::Seen(_)))
}

fn seen(provider: &ProviderId, here: &Here, employee: &Employee, residue: &mut Vec<Residue>) {
    if employee.access == Access::Open {
        residue.push(Residue {
            provider: provider.clone(),
            left: Left::DoorOpen {
                record: employee.at.id.clone(),
            },
            by_hand: false,
        });
    }
    for kind in here
        .provider
        .capability()
        .grants
        .iter()
        .filter(|kind| kind.on_leave == OnLeave::Revoke)
    {
        let held = here.held.get(&kind.name).map_or(&[][..], Held::seen);
        attach(provider, &kind.name, names(held), false, residue);
    }
}

fn attach(
    provider: &ProviderId,
    kind: &KindName,
    names: Vec<String>,
    by_hand: bool,
    residue: &mut Vec<Residue>,
) {
    let known = residue.iter_mut().find_map(|one| match &mut one.left {
        Left::Attached { kind: known, names } if one.provider == *provider && known == kind => {
            Some(names)
        }
        Left::Attached { .. } | Left::DoorOpen { .. } => None,
    });
    match known {
        Some(known) => {
            for name in names {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
        }
        None if names.is_empty() => {}
        None => residue.push(Residue {
            provider: provider.clone(),
            left: Left::Attached {
                kind: kind.clone(),
                names,
            },
            by_hand,
        }),
    }
}

/// Returns what a look showed of the person, platform by platform.
#[must_use]
pub(crate) fn doors(seen: &Snapshot) -> Vec<Door> {
    let sights = |seen: &Seen| match seen {
        Seen::Silent(_) => vec![Sight::Unread],
        // Departments have no doors.
        Seen::Here(here) if here.grown.is_some() => Vec::new(),
        Seen::Here(here) if here.matches.is_empty() => vec![Sight::Nobody],
        Seen::Here(here) => here.matches.iter().map(sight).collect(),
    };
    let doors = seen.seen.iter().flat_map(|(provider, seen)| {
        sights(seen).into_iter().map(|sight| Door {
            provider: provider.clone(),
            sight,
        })
    });
    doors.collect()
}

fn sight(employee: &Employee) -> Sight {
    Sight::Record {
        id: employee.at.id.clone(),
        name: employee.profile.full_name(),
        access: employee.access,
    }
}

/// Returns the grants that steps have taken.
#[must_use]
pub(crate) fn taken(steps: &[StepReport]) -> Vec<(ProviderId, Grant)> {
    let done = steps
        .iter()
        .filter(|step| step.state == State::Done)
        .map(|step| &step.step);
    let drops = |step: &Step| {
        let grants = step
            .action
            .drops()
            .into_iter()
            .flat_map(|(_, grants)| grants.to_vec());
        grants
            .map(|grant| (step.provider.clone(), grant))
            .collect::<Vec<_>>()
    };
    done.flat_map(drops).collect()
}

/// Returns what the platforms on which the person has a record can never show, and what they hide that the plan did not wait to read.
#[must_use]
pub(crate) fn caveats(plan: &Plan, snapshot: &Snapshot) -> Vec<Caveat> {
    let unread = plan.remarks.iter().filter_map(|remark| {
        let Said::NotRead { kind } = &remark.what else {
            return None;
        };
        Some(Caveat {
            provider: remark.provider.clone(),
            reason: Reason::about("not-read-in-time", kind.to_string()),
        })
    });
    let with_record = snapshot.here().filter(|(_, here)| !here.matches.is_empty());
    with_record
        .flat_map(|(provider, here)| {
            let caveat = |reason: &Reason| Caveat {
                provider: provider.clone(),
                reason: reason.clone(),
            };
            here.provider
                .capability()
                .caveats
                .iter()
                .map(caveat)
                .collect::<Vec<_>>()
        })
        .chain(unread)
        .collect()
}
