//! Rows of runs, steps and events, as writes see them.

use kadry_core::{Event, Random, RunState, State, Step, Target};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::brakes;
use crate::column::{event_columns, json, word};
use crate::error::JournalError;
use crate::write::{NewRun, RunId};

/// What a write has to know of a run.
pub(crate) struct RunRow {
    pub(crate) number: i64,
    pub(crate) person: String,
    pub(crate) state: RunState,
}

impl RunRow {
    pub(crate) fn find(db: &Connection, id: &RunId) -> Result<Self, JournalError> {
        let found: Option<(i64, String, String)> = db
            .prepare_cached("select number, person, state from run where id = ?1")?
            .query_row([id.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let (number, person, state) = found.ok_or(JournalError::NotFound)?;
        Ok(Self {
            number,
            person,
            state: word(&state, "the state of a run")?,
        })
    }
}

/// What a write has to know of a step.
pub(crate) struct StepRow {
    pub(crate) run: i64,
    pub(crate) person: String,
    pub(crate) provider: String,
    pub(crate) state: State,
}

impl StepRow {
    pub(crate) fn find(db: &Connection, run: &RunId, seq: u32) -> Result<Self, JournalError> {
        let found: Option<(i64, String, String, String)> = db
            .prepare_cached(
                "select run.number, run.person, step.provider, step.state
                 from run join step on step.run = run.number where run.id = ?1 and step.seq = ?2",
            )?
            .query_row(params![run.as_str(), seq], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let (run, person, provider, state) = found.ok_or(JournalError::NotFound)?;
        Ok(Self {
            run,
            person,
            provider,
            state: word(&state, "the state of a step")?,
        })
    }
}

/// A step to which something may still happen.
pub(crate) struct OpenStep {
    pub(crate) seq: u32,
    pub(crate) provider: String,
    pub(crate) state: State,
}

/// Returns the steps of a run to which something may still happen by itself.
pub(crate) fn open_steps(db: &Connection, run: i64) -> Result<Vec<OpenStep>, JournalError> {
    steps_that(db, run, |state| !state.is_final())
}

/// Returns the steps of a run that wait for what a person finds.
pub(crate) fn parked_steps(db: &Connection, run: i64) -> Result<Vec<OpenStep>, JournalError> {
    steps_that(db, run, |state| state == State::Parked)
}

fn steps_that(
    db: &Connection,
    run: i64,
    are: impl Fn(State) -> bool,
) -> Result<Vec<OpenStep>, JournalError> {
    let mut all =
        db.prepare_cached("select seq, provider, state from step where run = ?1 order by seq")?;
    let mut rows = all.query([run])?;
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        let state: State = word(&row.get::<_, String>(2)?, "the state of a step")?;
        if are(state) {
            steps.push(OpenStep {
                seq: row.get(0)?,
                provider: row.get(1)?,
                state,
            });
        }
    }
    Ok(steps)
}

/// Returns the providers of a run.
pub(crate) fn lanes(db: &Connection, run: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("select distinct provider from step where run = ?1")?
        .query_map([run], |row| row.get(0))?
        .collect()
}

/// Moves a step from a state by an event: the row of the event and the state of the step.
pub(crate) fn append(
    db: &Connection,
    run: i64,
    seq: u32,
    from: State,
    event: Event,
    note: &str,
    now_ms: i64,
) -> Result<State, JournalError> {
    let state = from.on(event)?;
    let (event, kind) = event_columns(event)?;
    db.prepare_cached(
        "insert into event (run, number, seq, at_ms, event, kind, note)
         select ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6 from event where run = ?1",
    )?
    .execute(params![run, seq, now_ms, event, kind, note])?;
    db.prepare_cached("update step set state = ?3 where run = ?1 and seq = ?2")?
        .execute(params![run, seq, state.as_str()])?;
    Ok(state)
}

/// Draws an id that no run and no batch has: one id never means two things. People type these ids, so they are short.
pub(crate) fn fresh_id(db: &Connection, random: &Random) -> Result<String, JournalError> {
    let mut taken = db.prepare_cached(
        "select 1 from run where id = ?1 union all select 1 from batch where id = ?1",
    )?;
    loop {
        let id = format!("{:012x}", random.next_u64() >> 16);
        if !taken.exists([&id])? {
            return Ok(id);
        }
    }
}

/// Adds a run, and returns its number and its new id.
pub(crate) fn insert_run(
    db: &Connection,
    run: &NewRun,
    random: &Random,
    now_ms: i64,
) -> Result<(i64, RunId), JournalError> {
    let (intent, id) = (json(&run.intent)?, fresh_id(db, random)?);
    let number = db
        .prepare_cached(
            "insert into run (id, flow, person, label, actor, reason, intent, plan_hash, state, started_ms)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) returning number",
        )?
        .query_row(
            params![
                id,
                run.flow,
                run.person.as_str(),
                run.label,
                run.actor,
                run.reason,
                intent,
                run.plan_hash,
                RunState::Running.as_str(),
                now_ms
            ],
            |row| row.get(0),
        )?;
    Ok((number, RunId::new(id)))
}

/// Adds the steps of a run.
pub(crate) fn insert_steps(db: &Connection, run: i64, steps: &[Step]) -> Result<(), JournalError> {
    let mut insert = db.prepare_cached(
        "insert into step (run, seq, provider, action, state, brakes, body) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for step in steps {
        let state = match step.target {
            Target::Sought(_) => State::Deferred,
            Target::Nobody | Target::Known(_) | Target::CreatedBy(_) => State::Waiting,
        };
        insert.execute(params![
            run,
            step.seq,
            step.provider.as_str(),
            step.action.name(),
            state.as_str(),
            brakes::words(step),
            json(step)?
        ])?;
        brakes::insert_concerns(db, run, step)?;
    }
    Ok(())
}
