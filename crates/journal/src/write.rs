//! What becomes of a run: its beginning, its events, its end.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use kadry_core::{Before, Effect, EmployeeRef, ErrorKind, Event, RunState, State, Step};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::batch::{PartId, begin_part};
use crate::brakes::{self, Ceiling};
use crate::column::json;
use crate::error::JournalError;
use crate::people::{PersonId, must_exist};
use crate::row::{
    RunRow, StepRow, append, insert_run, insert_steps, lanes, open_steps, parked_steps,
};
use crate::store::Journal;

/// The id of a run: twelve characters, of which a person types the first few.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(String);

impl RunId {
    /// Returns the id that was written down as this text.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Returns the text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RunId {
    type Err = Infallible;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(id))
    }
}

/// A run that is about to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Which flow it executes, such as `offboard`.
    pub flow: String,
    /// Whom it is about.
    pub person: PersonId,
    /// The person as the operator typed them.
    pub label: String,
    /// Who asked for it.
    pub actor: String,
    /// Why, where the actor said so.
    pub reason: Option<String>,
    /// What was asked.
    pub intent: serde_json::Value,
    /// The hash of the plan that was approved.
    pub plan_hash: String,
    /// What it may not pass.
    pub ceilings: Vec<Ceiling>,
    /// The part of a batch that it carries out.
    pub part: Option<PartId>,
}

/// What is worth keeping about an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<StepError>,
    /// The record that a create made or a look found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<EmployeeRef>,
    /// What the step was about as the platform showed it afterwards, in its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Before>,
    /// Who decided it, where a person did: what they found, or that the run ends here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    /// Why they decided it, where they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the step may begin again, in milliseconds since the Unix epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at_ms: Option<i64>,
}

/// The lasting part of an error of a platform: what somebody needs who reads of it later, and nothing that names a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepError {
    /// Who has to act.
    pub kind: ErrorKind,
    /// What the platform or the pipeline said.
    pub message: String,
    /// Whether the far side changed.
    pub effect: Effect,
    /// The ids and keys that say more: why, which values differ, under which id the platform knows the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<(String, String)>,
    /// How long the platform asked to wait, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl StepError {
    /// Returns the first value of the context under a key.
    #[must_use]
    pub fn about(&self, key: &str) -> Option<&str> {
        self.context
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
    }
}

impl From<&kadry_core::Error> for StepError {
    fn from(error: &kadry_core::Error) -> Self {
        Self {
            kind: error.kind(),
            message: error.to_string(),
            effect: error.effect(),
            context: error
                .context()
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect(),
            retry_after_ms: error.retry_after_ms(),
        }
    }
}

/// What a run ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    /// Its open steps; what waits for a person goes on waiting.
    WithoutQuestions,
    /// What waits for a person as well.
    WithQuestions,
}

impl Journal {
    /// Begins a run: its row and all its steps, in one durable commit. The claims on its lanes must be held.
    ///
    /// A step whose target is sought by key begins deferred, every other one waiting.
    ///
    /// # Repeats
    ///
    /// A second call begins a second run.
    ///
    /// # Errors
    ///
    /// [`JournalError::TakenOver`] when a claim is not held or somebody else has begun its part, [`JournalError::OverCeiling`] when it would concern more people than it may,
    /// [`JournalError::NotFound`] for an unknown person, and the errors of the store.
    pub async fn begin(&self, run: &NewRun, steps: &[Step]) -> Result<RunId, JournalError> {
        let (run, steps) = (run.clone(), steps.to_vec());
        let (me, random) = (self.owner().shadow(), self.random().clone());
        let now_ms = self.clock().now_ms();
        let id = self
            .store()
            .write(move |db| {
                must_exist(db, &run.person)?;
                for lane in steps
                    .iter()
                    .map(|step| &step.provider)
                    .collect::<BTreeSet<_>>()
                {
                    me.must_hold(db, run.person.as_str(), lane.as_str())?;
                }
                let mut all = steps.iter();
                let concerns_others = all.any(|step| step.action.concerns().next().is_some());
                if !concerns_others {
                    brakes::must_hold(db, &run.ceilings, run.person.as_str())?;
                }
                let (number, id) = insert_run(db, &run, &random, now_ms)?;
                insert_steps(db, number, &steps)?;
                if concerns_others {
                    brakes::must_hold_all(db, &run.ceilings)?;
                }
                if let Some(part) = &run.part {
                    begin_part(db, part, number)?;
                }
                Ok(id)
            })
            .await?;
        tracing::debug!(run.id = %id, "run {id} has begun");
        Ok(id)
    }

    /// Adds steps to a run that is going on, in one durable commit; `plan_hash` is that of all its steps. The claims on their lanes
    /// must be held.
    ///
    /// # Repeats
    ///
    /// The same steps a second time are refused: their numbers are taken.
    ///
    /// # Errors
    ///
    /// [`JournalError::TakenOver`] when a claim is not held or a later run took over, [`JournalError::NotFound`] for an unknown run,
    /// and the errors of the store.
    pub async fn extend(
        &self,
        run: &RunId,
        steps: &[Step],
        plan_hash: &str,
    ) -> Result<(), JournalError> {
        let (id, steps, plan_hash) = (run.clone(), steps.to_vec(), plan_hash.to_owned());
        let me = self.owner().shadow();
        self.store()
            .write(move |db| {
                let row = RunRow::find(db, &id)?;
                // One that came to an end with something left open may go on.
                if !matches!(row.state, RunState::Running | RunState::Partial) {
                    return Err(JournalError::TakenOver);
                }
                let lanes: BTreeSet<_> = steps.iter().map(|step| &step.provider).collect();
                for lane in lanes {
                    me.must_hold(db, &row.person, lane.as_str())?;
                }
                insert_steps(db, row.number, &steps)?;
                db.prepare_cached("update run set plan_hash = ?2 where number = ?1")?
                    .execute(params![row.number, plan_hash])?;
                Ok(())
            })
            .await?;
        tracing::debug!(run.id = %run, "run {run} goes on with more steps");
        Ok(())
    }

    /// Appends one event and returns the state after it. When this returns, both are durable.
    ///
    /// # Repeats
    ///
    /// A second event of the same name is refused unless the table of [`State::on`] allows it.
    ///
    /// # Errors
    ///
    /// [`JournalError::Illegal`] when the event cannot follow, [`JournalError::TakenOver`] when the lane is not ours any more,
    /// [`JournalError::NotFound`] for an unknown run or step, and the errors of the store. After any of them nothing has changed.
    pub async fn record(
        &self,
        run: &RunId,
        seq: u32,
        event: Event,
        note: &Note,
    ) -> Result<State, JournalError> {
        let (id, me, note) = (run.clone(), self.owner().shadow(), json(note)?);
        let now_ms = self.clock().now_ms();
        let state = self
            .store()
            .write(move |db| {
                let row = StepRow::find(db, &id, seq)?;
                me.must_hold(db, &row.person, &row.provider)?;
                if event == Event::Started {
                    brakes::count(db, row.run, seq, &row.person, now_ms)?;
                }
                append(db, row.run, seq, row.state, event, &note, now_ms)
            })
            .await?;
        tracing::debug!(run.id = %run, step.seq = seq, "step {seq} of run {run} is {state}");
        Ok(state)
    }

    /// Writes down how a run stands and what its ending showed. A run that is said to be running stays open.
    ///
    /// # Repeats
    ///
    /// The last ending counts, so that a resumed run can end again.
    ///
    /// # Errors
    ///
    /// [`JournalError::Unsettled`] when it is said to have ended while a step is started, [`JournalError::TakenOver`] when one of its
    /// lanes is not ours any more or a later run took over, [`JournalError::NotFound`] for an unknown run, and the errors of the store.
    pub async fn finish(
        &self,
        run: &RunId,
        state: RunState,
        ending: &serde_json::Value,
    ) -> Result<(), JournalError> {
        let (id, me, ending) = (run.clone(), self.owner().shadow(), json(ending)?);
        let now_ms = self.clock().now_ms();
        self.store()
            .write(move |db| {
                let row = RunRow::find(db, &id)?;
                if row.state == RunState::Superseded {
                    return Err(JournalError::TakenOver);
                }
                for lane in lanes(db, row.number)? {
                    me.must_hold(db, &row.person, &lane)?;
                }
                for step in open_steps(db, row.number)? {
                    if step.state == State::Started && state != RunState::Running {
                        return Err(JournalError::Unsettled);
                    }
                }
                let ended_ms = (state != RunState::Running).then_some(now_ms);
                db.prepare_cached(
                    "update run set state = ?2, ending = ?3, ended_ms = ?4 where number = ?1",
                )?
                .execute(params![row.number, state.as_str(), ending, ended_ms])?;
                Ok(())
            })
            .await?;
        tracing::debug!(run.id = %run, "run {run} is {state}");
        Ok(())
    }

    /// Ends a run for good, as a person has decided: nothing of it is carried out any more, and nothing of it is asked.
    ///
    /// # Repeats
    ///
    /// A run that is superseded already stays as it is.
    ///
    /// # Errors
    ///
    /// As [`Journal::supersede`].
    pub async fn abandon(&self, run: &RunId, note: &Note) -> Result<(), JournalError> {
        self.end(run, None, note, Ends::WithQuestions).await
    }

    /// Ends a run for a later one, or because nothing is left of it: its waiting, deferred and unsure steps become superseded.
    ///
    /// # Repeats
    ///
    /// A run that is superseded already stays as it is.
    ///
    /// # Errors
    ///
    /// [`JournalError::Illegal`] while a step is started and not settled, [`JournalError::Claimed`] while a living process holds a
    /// lane with an open step, [`JournalError::Ended`] when nothing of the run is open or was left undone, [`JournalError::NotFound`] for an unknown
    /// run, and the errors of the store.
    pub async fn supersede(&self, run: &RunId, by: Option<&RunId>) -> Result<(), JournalError> {
        self.end(run, by, &Note::default(), Ends::WithoutQuestions)
            .await
    }

    async fn end(
        &self,
        run: &RunId,
        by: Option<&RunId>,
        note: &Note,
        ends: Ends,
    ) -> Result<(), JournalError> {
        let (id, by, me) = (run.clone(), by.cloned(), self.owner().shadow());
        let note = json(note)?;
        let now_ms = self.clock().now_ms();
        self.store()
            .write(move |db| {
                let row = RunRow::find(db, &id)?;
                if row.state == RunState::Superseded {
                    return Ok(());
                }
                if let Some(by) = &by {
                    RunRow::find(db, by)?;
                }
                let mut open = open_steps(db, row.number)?;
                if ends == Ends::WithQuestions {
                    open.extend(parked_steps(db, row.number)?);
                }
                let is_over = !matches!(row.state, RunState::Running | RunState::Partial);
                if is_over && open.is_empty() {
                    return Err(JournalError::Ended);
                }
                for step in open {
                    me.must_be_free(db, &row.person, &step.provider)?;
                    append(db, row.number, step.seq, step.state, Event::Superseded, &note, now_ms)?;
                }
                db.prepare_cached(
                    "update run set state = ?2, superseded_by = ?3, ended_ms = coalesce(ended_ms, ?4)
                     where number = ?1",
                )?
                .execute(params![
                    row.number,
                    RunState::Superseded.as_str(),
                    by.as_ref().map(RunId::as_str),
                    now_ms
                ])?;
                Ok(())
            })
            .await?;
        tracing::debug!(run.id = %run, "run {run} is superseded");
        Ok(())
    }
}
