//! One command about many people. What is approved for each of them stands in a part; a part that is begun is a run of its own.

use kadry_core::{EmployeeRef, MatchKey, ProviderId, RunState, Step};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::brakes::{self, Ceiling};
use crate::column::json;
use crate::counts::Counts;
use crate::error::JournalError;
use crate::links::Sighting;
use crate::lock::Shadow;
use crate::people::{PersonId, add_aliases, mint, one_behind};
use crate::row::fresh_id;
use crate::store::Journal;
use crate::write::RunId;

/// A batch that is about to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// Which flow it executes, such as `import`.
    pub flow: String,
    /// What it is about as the operator knows it, such as the name of a file.
    pub label: String,
    /// Who asked for it.
    pub actor: String,
    /// Why, where the actor said so.
    pub reason: Option<String>,
    /// What was asked.
    pub intent: Value,
    /// The hash of the plan that was approved.
    pub plan_hash: String,
    /// What all its parts together may not pass.
    pub ceilings: Vec<Ceiling>,
    /// How many there were when it was approved.
    pub counts: Counts,
}

/// A part of a batch that is about to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPart {
    /// The line of the file that it comes from.
    pub line: Option<u32>,
    /// The person as the operator knows them.
    pub label: String,
    /// The aliases of the person; none where the records bear a name alone, or nobody can tell whose they are.
    pub keys: Vec<MatchKey>,
    /// The records that were seen as theirs: on which platform, and in which tenant of it.
    pub seen: Vec<(ProviderId, String, EmployeeRef)>,
    /// Where it stands at the beginning.
    pub state: PartState,
    /// What was approved, or why nothing is: JSON, ready to be kept.
    pub body: String,
    /// The steps that it will begin with.
    pub steps: Vec<Step>,
}

/// Where a part of a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartState {
    /// Approved, not begun.
    Waiting,
    /// A run of its own has begun.
    Begun,
    /// Nothing had to be done.
    Unchanged,
    /// A guard said no, or the line of the file is wrong.
    Refused,
    /// It was not begun: what was seen of the person had changed since it was approved.
    Moved,
    /// It was not begun, and never will be: a later run has been at work on the person, or the batch was given up.
    Superseded,
}

impl PartState {
    /// Returns the word that JSON and the journal use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Begun => "begun",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Moved => "moved",
            Self::Superseded => "superseded",
        }
    }
}

/// The part of a batch that a run carries out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartId {
    /// The batch.
    pub batch: RunId,
    /// The number of the part in it, from 1.
    pub number: u32,
}

impl Journal {
    /// Begins a batch: its row and all its parts, in one durable commit. Whoever they are about and where they were seen is remembered. The
    /// parts are taken one by one, so that they need not all be held at once.
    ///
    /// # Repeats
    ///
    /// A second call begins a second batch.
    ///
    /// # Errors
    ///
    /// [`JournalError::OverCeiling`] when it would concern more people than it may, the first error among the parts, and the errors of the
    /// store. After any of them nothing has changed.
    pub async fn begin_batch(
        &self,
        batch: &NewBatch,
        parts: impl Iterator<Item = Result<NewPart, JournalError>> + Send + 'static,
    ) -> Result<RunId, JournalError> {
        let batch = batch.clone();
        let (me, random, clock) = (
            self.owner().id().to_owned(),
            self.random().clone(),
            self.clock().clone(),
        );
        let now_ms = clock.now_ms();
        self.store()
            .write(move |db| {
                let (number, id) = insert_batch(db, &batch, &me, &random, now_ms)?;
                let mut insert = db.prepare_cached(
                    "insert into part (batch, number, line, label, person, state, brakes, body)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?;
                for (at, part) in (1_u32..).zip(parts) {
                    let part = part?;
                    let person = acquaint(db, &part, &clock, &random)?;
                    insert.execute(params![
                        number,
                        at,
                        part.line,
                        part.label,
                        person.as_ref().map(PersonId::as_str),
                        part.state.as_str(),
                        brakes::words_of(&part.steps),
                        part.body
                    ])?;
                }
                drop(insert);
                brakes::must_hold_all(db, &batch.ceilings)?;
                batch.counts.note(db, now_ms)?;
                Ok(id)
            })
            .await
    }

    /// Remembers who people are, where they were seen and how many there are, in one durable commit.
    ///
    /// # Repeats
    ///
    /// The last sighting and the last count count.
    ///
    /// # Errors
    ///
    /// The first error among them, and the errors of the store. After any of them nothing has changed.
    pub async fn acquaint(
        &self,
        parts: impl Iterator<Item = Result<NewPart, JournalError>> + Send + 'static,
        counts: Counts,
    ) -> Result<(), JournalError> {
        let (random, clock) = (self.random().clone(), self.clock().clone());
        self.store()
            .write(move |db| {
                for part in parts {
                    acquaint(db, &part?, &clock, &random)?;
                }
                counts.note(db, clock.now_ms())
            })
            .await
    }

    /// Takes a batch for this process, to go on with it.
    ///
    /// # Repeats
    ///
    /// What this process has it keeps.
    ///
    /// # Errors
    ///
    /// [`JournalError::Claimed`] while another living process is at work on it, [`JournalError::NotFound`] for an unknown batch, and the
    /// errors of the store.
    pub async fn hold_batch(&self, batch: &RunId) -> Result<(), JournalError> {
        let (me, batch) = (self.owner().shadow(), batch.clone());
        self.store()
            .write(move |db| {
                let number = must_be_ours(db, &me, &batch)?;
                db.prepare_cached("update batch set owner = ?2 where number = ?1")?
                    .execute(params![number, me.id()])?;
                Ok(())
            })
            .await
    }

    /// Writes down that a part is not begun, and why.
    ///
    /// # Repeats
    ///
    /// A part that has left `waiting` stays as it is.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotFound`] for an unknown part, and the errors of the store.
    pub async fn set_aside(
        &self,
        part: &PartId,
        state: PartState,
        why: &Value,
    ) -> Result<(), JournalError> {
        let (part, why) = (part.clone(), json(why)?);
        self.store()
            .write(move |db| {
                let (batch, _) = owner_of(db, &part.batch)?;
                db.prepare_cached(
                    "update part set state = ?3, body = json_set(body, '$.why', json(?4))
                     where batch = ?1 and number = ?2 and state = 'waiting'",
                )?
                .execute(params![batch, part.number, state.as_str(), why])?;
                Ok(())
            })
            .await
    }
}

/// Returns the row of a batch and who works on it.
pub(crate) fn owner_of(db: &Connection, batch: &RunId) -> Result<(i64, String), JournalError> {
    db.prepare_cached("select number, owner from batch where id = ?1")?
        .query_row([batch.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(JournalError::NotFound)
}

/// Returns the row of a batch on which no other living process is at work.
pub(crate) fn must_be_ours(
    db: &Connection,
    me: &Shadow,
    batch: &RunId,
) -> Result<i64, JournalError> {
    let (number, owner) = owner_of(db, batch)?;
    match me.is_anothers(db, &owner)? {
        None => Ok(number),
        Some(pid) => Err(JournalError::Claimed {
            run: Some(batch.clone()),
            pid,
            actor: None,
        }),
    }
}

/// Notes that the run of a part begins.
pub(crate) fn begin_part(db: &Connection, part: &PartId, run: i64) -> Result<(), JournalError> {
    let (batch, _) = owner_of(db, &part.batch)?;
    let begun = db
        .prepare_cached(
            "update part set state = 'begun' where batch = ?1 and number = ?2 and state = 'waiting'",
        )?
        .execute(params![batch, part.number])?;
    if begun == 0 {
        return Err(JournalError::TakenOver);
    }
    db.prepare_cached("update run set batch = ?2, part = ?3 where number = ?1")?
        .execute(params![run, batch, part.number])?;
    Ok(())
}

fn insert_batch(
    db: &Connection,
    batch: &NewBatch,
    owner: &str,
    random: &kadry_core::Random,
    now_ms: i64,
) -> Result<(i64, RunId), JournalError> {
    let (intent, id) = (json(&batch.intent)?, fresh_id(db, random)?);
    let number = db
        .prepare_cached(
            "insert into batch (id, flow, label, actor, reason, intent, plan_hash, state, owner, started_ms)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) returning number",
        )?
        .query_row(
            params![
                id,
                batch.flow,
                batch.label,
                batch.actor,
                batch.reason,
                intent,
                batch.plan_hash,
                RunState::Running.as_str(),
                owner,
                now_ms
            ],
            |row| row.get(0),
        )?;
    Ok((number, RunId::new(id)))
}

/// Remembers whom a part is about, and where they were seen.
fn acquaint(
    db: &Connection,
    part: &NewPart,
    clock: &kadry_core::Clock,
    random: &kadry_core::Random,
) -> Result<Option<PersonId>, JournalError> {
    if part.keys.is_empty() && part.seen.is_empty() {
        return Ok(None);
    }
    let mut sightings = Vec::with_capacity(part.seen.len());
    for (provider, tenant, who) in &part.seen {
        sightings.push(Sighting::new(provider, tenant, who, clock.now_ms())?);
    }
    let mut person = one_behind(db, &part.keys)?;
    if part.keys.is_empty() {
        // A record that bears a name alone is known by itself.
        for sighting in &sightings {
            person = person.or(sighting.holder(db)?);
        }
    }
    let person = match person {
        Some(person) => person,
        None => mint(db, clock, random)?,
    };
    add_aliases(db, &person, &part.keys)?;
    for sighting in &sightings {
        sighting.take(db, &person)?;
        sighting.note_tenant(db)?;
    }
    Ok(Some(person))
}
