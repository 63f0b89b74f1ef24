//! What is known of runs.

use std::collections::BTreeMap;

use kadry_core::{EmployeeRef, Event, ProviderId, RunState, State, Step};
use rusqlite::{Connection, Params, Row, params};
use serde_json::Value;

use crate::column::{event, parsed, word};
use crate::error::JournalError;
use crate::people::PersonId;
use crate::row::RunRow;
use crate::store::Journal;
use crate::write::{Note, RunId, StepError};

/// A run in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// Its id.
    pub id: RunId,
    /// Which flow it executes.
    pub flow: String,
    /// The person as the operator typed them.
    pub label: String,
    /// Who asked for it.
    pub actor: String,
    /// Why, where the actor said so.
    pub reason: Option<String>,
    /// Where it stands.
    pub state: RunState,
    /// When it began, in milliseconds since the Unix epoch.
    pub started_ms: i64,
    /// When it ended.
    pub ended_ms: Option<i64>,
    /// How many steps are done.
    pub done: u32,
    /// How many steps have failed.
    pub failed: u32,
    /// How many steps still wait for somebody: waiting, deferred, started, unsure or parked.
    pub open: u32,
    /// The run that took over.
    pub superseded_by: Option<RunId>,
    /// The batch that it is a part of.
    pub batch: Option<RunId>,
}

/// Everything about a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunStory {
    /// The run in one line.
    pub run: RunSummary,
    /// Whom it is about.
    pub person: PersonId,
    /// What was asked.
    pub intent: Value,
    /// The hash of the plan that was approved.
    pub plan_hash: String,
    /// The steps, in the order of the plan.
    pub steps: Vec<StepStory>,
    /// What the ending showed.
    pub ending: Option<Value>,
}

/// A step and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepStory {
    /// The step as approved.
    pub step: Step,
    /// Where it stands.
    pub state: State,
    /// What happened to it, oldest first.
    pub events: Vec<EventRow>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The number within the run, from 1: it orders the events of all steps.
    pub seq: u32,
    /// When it was recorded, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// What happened.
    pub event: Event,
    /// What is worth keeping about it.
    pub note: Note,
}

/// How much is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// How many people.
    pub people: u64,
    /// How many runs.
    pub runs: u64,
    /// When the first person was met, in milliseconds since the Unix epoch.
    pub first_ms: Option<i64>,
}

impl StepStory {
    /// Returns when the step was first begun.
    #[must_use]
    pub fn started_ms(&self) -> Option<i64> {
        self.events
            .iter()
            .find(|row| row.event == Event::Started)
            .map(|row| row.at_ms)
    }

    /// Returns when the last thing happened to a step to which nothing more will happen.
    #[must_use]
    pub fn ended_ms(&self) -> Option<i64> {
        let last = self.events.last()?;
        self.state.is_final().then_some(last.at_ms)
    }

    /// Returns the record that a create made or a look found last.
    #[must_use]
    pub fn record(&self) -> Option<&EmployeeRef> {
        self.events
            .iter()
            .rev()
            .find_map(|row| row.note.record.as_ref())
    }

    /// Returns what the platform answered to an operation that only it has, or what a look showed afterwards.
    #[must_use]
    pub fn answer(&self) -> Option<&serde_json::Value> {
        let mut events = self.events.iter().rev();
        events.find_map(|row| row.note.after.as_ref()?.native.as_ref())
    }

    /// Returns what went wrong last, unless the step is done after all.
    #[must_use]
    pub fn error(&self) -> Option<&StepError> {
        if self.state == State::Done {
            return None;
        }
        self.events
            .iter()
            .rev()
            .find_map(|row| row.note.error.as_ref())
    }

    /// Returns when the step may begin again, if its last event says so.
    #[must_use]
    pub fn retry_at_ms(&self) -> Option<i64> {
        self.events.last()?.note.retry_at_ms
    }
}

impl Journal {
    /// Returns the runs of a person that have not ended, or ended with something left open, oldest first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn unfinished(&self, person: &PersonId) -> Result<Vec<RunStory>, JournalError> {
        let person = person.clone();
        self.store().read(move |db| unfinished(db, &person)).await
    }

    /// Returns every run that is no part of a batch and has not ended, or ended with something left open, oldest first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn all_unfinished(&self) -> Result<Vec<RunSummary>, JournalError> {
        self.store().read(|db| summaries(db, &all_open(), ())).await
    }

    /// Returns the runs that have come to an end with a step about which a person is asked, those of batches as well, oldest first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn all_asking(&self) -> Result<Vec<RunSummary>, JournalError> {
        self.store()
            .read(|db| summaries(db, &all_asking(), ()))
            .await
    }

    /// Returns the runs that have come to an end, with nothing open, before all was done that was asked for, and after which nothing was
    /// begun for the same person; oldest first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn all_cut_short(&self) -> Result<Vec<RunSummary>, JournalError> {
        self.store()
            .read(|db| summaries(db, &all_cut_short(), ()))
            .await
    }

    /// Returns at most so many runs that are no part of a batch, newest first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn runs(&self, limit: u32) -> Result<Vec<RunSummary>, JournalError> {
        self.store()
            .read(move |db| {
                summaries(
                    db,
                    &format!("{SUMMARY} where batch is null order by number desc limit ?1"),
                    [limit],
                )
            })
            .await
    }

    /// Reads the whole store and compares what stands in it with what must.
    ///
    /// # Errors
    ///
    /// [`JournalError::Damaged`] when something does not fit, and the errors of the store.
    pub async fn look_through(&self) -> Result<(), JournalError> {
        self.store()
            .read(|db| {
                // One finding is enough: a store that is damaged is restored, not mended.
                let found: String = db.query_row("pragma quick_check(1)", (), |row| row.get(0))?;
                if found == "ok" {
                    Ok(())
                } else {
                    Err(JournalError::Damaged { what: "its pages" })
                }
            })
            .await
    }

    /// Returns everything about the run with this id, or with an id that begins like this.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotFound`] when there is none, [`JournalError::Ambiguous`] when there are several, and the errors of the
    /// store.
    pub async fn story(&self, run: &str) -> Result<RunStory, JournalError> {
        let prefix = run.to_ascii_lowercase();
        self.store()
            .read(move |db| told(db, number_of(db, &prefix)?))
            .await
    }

    /// Returns the steps of the run with this id, in their order.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotFound`] when there is none, and the errors of the store.
    pub async fn steps(&self, run: &RunId) -> Result<Vec<StepStory>, JournalError> {
        let run = run.clone();
        self.store()
            .read(move |db| steps_of(db, RunRow::find(db, &run)?.number))
            .await
    }

    /// Reports whether another run than this one has begun to open or close a door on a platform since then, to take anything there or to
    /// remove a record, in milliseconds since the Unix epoch.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn doors_moved(
        &self,
        provider: &ProviderId,
        since_ms: i64,
        but: &RunId,
    ) -> Result<bool, JournalError> {
        let (provider, but) = (provider.clone(), but.clone());
        self.store()
            .read(move |db| {
                let moved = db
                    .prepare_cached(
                        "select exists (
                             select 1 from event join step on step.run = event.run and step.seq = event.seq
                             join run on run.number = event.run
                             where event.event = 'started' and event.at_ms >= ?3
                               and step.provider = ?2 and run.id <> ?1
                               and (step.action in ('set_access', 'remove') or instr(step.brakes, ' revoke ') > 0))",
                    )?
                    .query_row(params![but.as_str(), provider.as_str(), since_ms], |row| row.get(0))?;
                Ok(moved)
            })
            .await
    }

    /// Returns at most so many runs of a person, newest first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn runs_of(
        &self,
        person: &PersonId,
        limit: u32,
    ) -> Result<Vec<RunSummary>, JournalError> {
        let person = person.clone();
        self.store()
            .read(move |db| {
                summaries(
                    db,
                    &format!("{SUMMARY} where person = ?1 order by number desc limit ?2"),
                    params![person.as_str(), limit],
                )
            })
            .await
    }
}

/// A run that has not come to its end, or came to one that left something open.
pub(crate) const OPEN: &str = "state in ('running', 'partial') and (state = 'running' or exists (
    select 1 from step where step.run = run.number and step.state in ('waiting', 'deferred', 'started', 'unsure')))";

/// Returns the runs of a person that have not ended, or ended with something left open, oldest first.
pub(crate) fn unfinished(
    db: &Connection,
    person: &PersonId,
) -> Result<Vec<RunStory>, JournalError> {
    let mut open = db.prepare_cached(&format!(
        "select number from run where {OPEN} and person = ?1 order by number"
    ))?;
    let numbers = open
        .query_map([person.as_str()], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    numbers.into_iter().map(|run| told(db, run)).collect()
}

/// Returns the question for every such run. Words stand in the text, so that the partial indexes on them are used.
pub(crate) fn all_open() -> String {
    format!(
        "{SUMMARY} where batch is null and state in ('running', 'partial') and number in (
             select number from run where state = 'running' union
             select run from step where state in ('waiting', 'deferred', 'started', 'unsure'))
         order by number"
    )
}

/// Returns the question for every run that asks a person.
pub(crate) fn all_asking() -> String {
    format!(
        "{SUMMARY} where state = 'partial' and number in (select run from step where state = 'parked')
         order by number"
    )
}

fn all_cut_short() -> String {
    format!(
        "{SUMMARY} where batch is null and state = 'partial'
           and not exists (select 1 from run as later where later.person = run.person and later.number > run.number)
           and not exists (select 1 from step where step.run = run.number
                           and step.state in ('waiting', 'deferred', 'started', 'unsure', 'parked'))
         order by number"
    )
}

/// The columns that [`summary`] reads.
pub(crate) const SUMMARY: &str =
    "select number, id, flow, label, actor, reason, state, started_ms, ended_ms, superseded_by,
    (select batch.id from batch where batch.number = run.batch) as batch_id from run";

/// The same of one run, with what a story has beside it.
const TOLD: &str =
    "select id, flow, label, actor, reason, state, started_ms, ended_ms, superseded_by,
    (select batch.id from batch where batch.number = run.batch) as batch_id,
    person, intent, plan_hash, ending from run where number = ?1";

pub(crate) fn summaries(
    db: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<RunSummary>, JournalError> {
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query(params)?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next()? {
        runs.push(summary(db, row)?);
    }
    Ok(runs)
}

fn summary(db: &Connection, row: &Row<'_>) -> Result<RunSummary, JournalError> {
    let mut run = uncounted(row)?;
    let mut count =
        db.prepare_cached("select state, count(*) from step where run = ?1 group by state")?;
    let mut states = count.query([row.get::<_, i64>("number")?])?;
    while let Some(row) = states.next()? {
        let state = word(&row.get::<_, String>(0)?, "the state of a step")?;
        run.count(state, row.get(1)?);
    }
    Ok(run)
}

/// As [`summary`], before any step is counted.
fn uncounted(row: &Row<'_>) -> Result<RunSummary, JournalError> {
    Ok(RunSummary {
        id: RunId::new(row.get::<_, String>("id")?),
        flow: row.get("flow")?,
        label: row.get("label")?,
        actor: row.get("actor")?,
        reason: row.get("reason")?,
        state: word(&row.get::<_, String>("state")?, "the state of a run")?,
        started_ms: row.get("started_ms")?,
        ended_ms: row.get("ended_ms")?,
        done: 0,
        failed: 0,
        open: 0,
        superseded_by: row
            .get::<_, Option<String>>("superseded_by")?
            .map(RunId::new),
        batch: row.get::<_, Option<String>>("batch_id")?.map(RunId::new),
    })
}

impl RunSummary {
    fn count(&mut self, state: State, steps: u32) {
        match state {
            State::Done => self.done += steps,
            State::Failed => self.failed += steps,
            State::Waiting | State::Deferred | State::Started | State::Unsure | State::Parked => {
                self.open += steps;
            }
            State::Skipped | State::Superseded => {}
        }
    }
}

/// Returns the row of the run whose id is this, or begins like this.
pub(crate) fn number_of(db: &Connection, prefix: &str) -> Result<i64, JournalError> {
    if prefix.is_empty() {
        return Err(JournalError::NotFound);
    }
    let mut find = db.prepare_cached(
        "select number, id = ?1 from run where id >= ?1 and id < ?2 order by id limit 2",
    )?;
    let found = find
        .query_map([prefix, &format!("{prefix}{}", char::MAX)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<rusqlite::Result<Vec<(i64, bool)>>>()?;
    match *found.as_slice() {
        [] => Err(JournalError::NotFound),
        [(number, _)] | [(number, true), _] => Ok(number),
        [_, ..] => Err(JournalError::Ambiguous),
    }
}

pub(crate) fn told(db: &Connection, run: i64) -> Result<RunStory, JournalError> {
    let mut select = db.prepare_cached(TOLD)?;
    let mut rows = select.query([run])?;
    let row = rows.next()?.ok_or(JournalError::NotFound)?;
    let mut story = RunStory {
        run: uncounted(row)?,
        person: PersonId::new(row.get::<_, String>("person")?),
        intent: parsed(&row.get::<_, String>("intent")?, "an intent")?,
        plan_hash: row.get("plan_hash")?,
        steps: steps_of(db, run)?,
        ending: row
            .get::<_, Option<String>>("ending")?
            .map(|ending| parsed(&ending, "the ending of a run"))
            .transpose()?,
    };
    for step in &story.steps {
        story.run.count(step.state, 1);
    }
    Ok(story)
}

fn steps_of(db: &Connection, run: i64) -> Result<Vec<StepStory>, JournalError> {
    let mut select =
        db.prepare_cached("select seq, state, body from step where run = ?1 order by seq")?;
    let mut rows = select.query([run])?;
    let mut steps = BTreeMap::new();
    while let Some(row) = rows.next()? {
        steps.insert(
            row.get::<_, u32>(0)?,
            StepStory {
                step: parsed(&row.get::<_, String>(2)?, "a step")?,
                state: word(&row.get::<_, String>(1)?, "the state of a step")?,
                events: Vec::new(),
            },
        );
    }
    let mut select = db.prepare_cached(
        "select seq, number, at_ms, event, kind, note from event where run = ?1 order by number",
    )?;
    let mut rows = select.query([run])?;
    while let Some(row) = rows.next()? {
        let kind: Option<String> = row.get(4)?;
        steps
            .get_mut(&row.get(0)?)
            .ok_or(JournalError::Damaged { what: "an event" })?
            .events
            .push(EventRow {
                seq: row.get(1)?,
                at_ms: row.get(2)?,
                event: event(&row.get::<_, String>(3)?, kind.as_deref())?,
                note: parsed(&row.get::<_, String>(5)?, "a note")?,
            });
    }
    Ok(steps.into_values().collect())
}
