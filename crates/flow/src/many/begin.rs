//! From an approved plan to the journal: what has moved since is found first, and all of it is written down before anything is sent.

use std::sync::{Arc, Mutex, PoisonError};

use kadry_core::ProviderId;
use kadry_journal::{JournalError, NewBatch, NewPart, PartState, RunId};
use serde::{Deserialize, Serialize};

use super::limits::Concerned;
use super::{
    Asked, Drafting, Head, Person, PlanFile, PlanFileError, PlanWriter, Planned, Verdict, Why,
    foreseen,
};
use crate::braking::passed;
use crate::error::FlowError;
use crate::organisation::Organisation;
use crate::plan::{Remark, Said};

/// How many people are planned at a time.
const CHUNK: usize = 256;

/// What is known of a batch as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// What the plan was of.
    #[serde(flatten)]
    pub head: Head,
    /// The command as it was typed, to be typed again where only a new plan goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// Somebody of whom something has changed since the plan was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The line of the file that the plan was made from.
    pub line: Option<u32>,
    /// The person as the operator knows them.
    pub person: String,
    /// On which platforms; none where a guard says no by now.
    pub on: Vec<ProviderId>,
}

impl Drafting {
    /// Plans once more for everybody in a plan, and writes the plan down again without whoever has moved. Returns who has.
    ///
    /// # Errors
    ///
    /// The errors of the files and of the journal.
    pub async fn hold_against(
        &mut self,
        plan: &PlanFile,
        into: &mut PlanWriter,
    ) -> Result<Vec<Moved>, FlowError> {
        let mut moved = Vec::new();
        self.compares = true;
        let mut planned = plan.planned();
        // What is planned for somebody now concerns them no more than what was approved, and nobody who has moved.
        let mut concerned = Concerned::default();
        loop {
            let chunk: Vec<Planned> = planned.by_ref().take(CHUNK).collect::<Result<_, _>>()?;
            if chunk.is_empty() {
                self.concerned = concerned;
                return Ok(moved);
            }
            let asked = chunk.iter().filter_map(again).collect();
            let mut now = self.plan(asked).await?.into_iter();
            for mut approved in chunk {
                if approved.who.intent.is_some()
                    && let Some(now) = now.next()
                {
                    let is_read = |id: &ProviderId| now.who.observed.contains_key(id);
                    match approved.differs(&now, is_read) {
                        None => approved.hears_of_silence(&now),
                        Some(on) => {
                            moved.push(Moved {
                                line: approved.who.line,
                                person: approved.who.person.clone(),
                                on: on.clone(),
                            });
                            let why = now.who.why.unwrap_or(Why::Moved(on));
                            let who = approved.who;
                            approved = Person::aside(who.line, who.person, why);
                        }
                    }
                }
                concerned.add(&approved.who, &approved.steps);
                into.add(&approved)?;
            }
        }
    }
}

impl Planned {
    /// Takes over that a platform is silent by now.
    fn hears_of_silence(&mut self, now: &Self) {
        let is_new = |remark: &&Remark| {
            matches!(remark.what, Said::Silent { .. }) && !self.who.remarks.contains(remark)
        };
        let new: Vec<Remark> = now.who.remarks.iter().filter(is_new).cloned().collect();
        self.who.remarks.extend(new);
    }
}

/// What was asked for somebody for whom something is planned.
fn again(planned: &Planned) -> Option<Asked> {
    let intent = planned.who.intent.clone()?;
    Some(Asked {
        line: planned.who.line,
        label: planned.who.person.clone(),
        fields: kadry_core::Fields::new(),
        is_there: true,
        what: Ok(*intent),
    })
}

impl Organisation {
    /// Writes a plan for many down as it was approved. Returns the batch; none when nothing is to be done for anybody.
    ///
    /// # Errors
    ///
    /// [`FlowError::Refused`] when it would pass a limit by now, and the errors of the file and of the journal. After any of them nothing
    /// has changed.
    pub async fn begin_batch(
        &self,
        plan: &PlanFile,
        drafting: &Drafting,
        batch: &Batch,
    ) -> Result<Option<RunId>, FlowError> {
        let ceilings = drafting.keep_within(&batch.head.allow).await?;
        let fault = Arc::new(Mutex::new(None));
        let parts = parts(plan, batch, Arc::clone(&fault));
        let counts = drafting.counts(&batch.head);
        if plan.steps == 0 {
            let written = self.journal.acquaint(parts, counts).await;
            return written
                .map(|()| None)
                .map_err(|error| told(&fault, error.into()));
        }
        let new = NewBatch {
            flow: batch.head.flow.clone(),
            label: batch.head.about.clone(),
            actor: batch.head.actor.clone(),
            reason: batch.head.reason.clone(),
            intent: serde_json::to_value(batch)?,
            plan_hash: plan.written.plan_hash.clone(),
            ceilings: ceilings.iter().map(|kept| kept.ceiling.clone()).collect(),
            counts,
        };
        let begun = self.journal.begin_batch(&new, parts).await;
        begun
            .map(Some)
            .map_err(|error| told(&fault, passed(error, &ceilings)))
    }
}

/// A fault of the file that was met while the journal read from it.
type Fault = Arc<Mutex<Option<PlanFileError>>>;

fn told(fault: &Fault, error: FlowError) -> FlowError {
    let fault = fault.lock().unwrap_or_else(PoisonError::into_inner).take();
    fault.map_or(error, FlowError::from)
}

/// Returns the parts of a batch, as the journal keeps them.
fn parts(
    plan: &PlanFile,
    batch: &Batch,
    fault: Fault,
) -> impl Iterator<Item = Result<NewPart, JournalError>> + Send + use<> {
    let batch = batch.clone();
    plan.planned().map(move |planned| {
        let noted = |error| {
            *fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            JournalError::Stopped
        };
        part(planned.map_err(&noted)?, &batch).map_err(|error| noted(error.into()))
    })
}

fn part(mut planned: Planned, batch: &Batch) -> Result<NewPart, serde_json::Error> {
    if let Some(intent) = &mut planned.who.intent {
        intent.actor.clone_from(&batch.head.actor);
        intent.reason.clone_from(&batch.head.reason);
    }
    let is_told = foreseen(&planned) == Verdict::Surplus;
    let who = &mut planned.who;
    let state = match &who.why {
        Some(Why::Moved(_)) => PartState::Moved,
        // Nobody asked for anything that could be refused.
        Some(_) if is_told => PartState::Unchanged,
        Some(_) => PartState::Refused,
        None if planned.steps.is_empty() => PartState::Unchanged,
        None => PartState::Waiting,
    };
    Ok(NewPart {
        line: who.line,
        label: who.person.clone(),
        keys: std::mem::take(&mut who.keys),
        seen: std::mem::take(&mut who.seen),
        state,
        body: serde_json::to_string(&planned)?,
        steps: planned.steps,
    })
}
