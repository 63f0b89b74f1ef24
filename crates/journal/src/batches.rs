//! What is known of batches.

use kadry_core::{MatchKey, RunState, State};
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};
use serde_json::Value;

use crate::batch::PartState;
use crate::column::{parsed, word};
use crate::error::JournalError;
use crate::links::{Link, links_of};
use crate::people::{PersonId, aliases_of, one_behind};
use crate::read::{OPEN, RunStory, number_of, told};
use crate::store::Journal;
use crate::write::RunId;

/// A batch in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchSummary {
    /// Its id.
    pub id: RunId,
    /// Which flow it executes.
    pub flow: String,
    /// What it is about, such as the name of a file.
    pub label: String,
    /// Who asked for it.
    pub actor: String,
    /// Why, where the actor said so.
    pub reason: Option<String>,
    /// What was asked.
    pub intent: Value,
    /// The hash of the plan that was approved.
    pub plan_hash: String,
    /// Where it stands.
    pub state: RunState,
    /// When it began, in milliseconds since the Unix epoch.
    pub started_ms: i64,
    /// When it ended.
    pub ended_ms: Option<i64>,
    /// How many parts it has.
    pub parts: u32,
    /// How many of them are not begun.
    pub waiting: u32,
    /// How many runs of it have not ended, or ended with something left to go on with.
    pub open: u32,
}

/// How the people of a batch stand, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchCount {
    /// Everything is done, or nothing had to be.
    pub done: u32,
    /// Nothing was done, because something stands in the way.
    pub refused: u32,
    /// Something was not done, and there is nothing to go on with.
    pub failed: u32,
    /// Something is still to be done.
    pub open: u32,
}

/// A part of a batch and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number in the batch, from 1.
    pub number: u32,
    /// The line of the file that it comes from.
    pub line: Option<u32>,
    /// The person as the operator knows them.
    pub label: String,
    /// Whom it is about, where that is known.
    pub person: Option<PersonId>,
    /// Where it stands.
    pub state: PartState,
    /// What was approved, or why nothing was.
    pub body: Value,
    /// Its run, if it has begun.
    pub run: Option<RunId>,
}

/// What the store knows of a person by the keys that were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acquaintance {
    /// Who it is.
    pub person: Option<PersonId>,
    /// Every key of theirs.
    pub aliases: Vec<MatchKey>,
    /// Where they were seen.
    pub links: Vec<Link>,
    /// Whether a run of theirs has not come to its end.
    pub unfinished: bool,
}

impl BatchSummary {
    /// Reports whether something of it is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != RunState::Superseded
            && (self.state == RunState::Running || self.waiting > 0 || self.open > 0)
    }
}

impl Journal {
    /// Returns what is known of each of these people, by the keys that were given of them. Somebody whose keys are two people's is an error
    /// of their own.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn acquaintances(
        &self,
        people: Vec<Vec<MatchKey>>,
    ) -> Result<Vec<Result<Acquaintance, JournalError>>, JournalError> {
        self.store()
            .read(move |db| {
                let known = |keys: &Vec<MatchKey>| match acquaintance(db, keys) {
                    Err(error) if !matches!(error, JournalError::TwoPeople) => Err(error),
                    known => Ok(known),
                };
                people.iter().map(known).collect()
            })
            .await
    }

    /// Returns the batch with this id, or with an id that begins like this; none when it is not a batch.
    ///
    /// # Errors
    ///
    /// [`JournalError::Ambiguous`] when there are several, or a run whose id begins like this as well, and the errors of the store.
    pub async fn batch(&self, prefix: &str) -> Result<Option<BatchSummary>, JournalError> {
        let prefix = prefix.to_ascii_lowercase();
        self.store()
            .read(move |db| {
                if prefix.is_empty() {
                    return Ok(None);
                }
                let end = format!("{prefix}{}", char::MAX);
                let where_id = batch_where("where id >= ?1 and id < ?2 order by id limit 2");
                let mut found = batches(db, &where_id, [&prefix, &end])?;
                if let Some(at) = found.iter().position(|batch| batch.id.as_str() == prefix) {
                    return Ok(Some(found.swap_remove(at)));
                }
                if found.len() > 1 {
                    return Err(JournalError::Ambiguous);
                }
                let Some(batch) = found.pop() else {
                    return Ok(None);
                };
                match number_of(db, &prefix) {
                    Err(JournalError::NotFound) => Ok(Some(batch)),
                    Ok(_) => Err(JournalError::Ambiguous),
                    Err(error) => Err(error),
                }
            })
            .await
    }

    /// Returns at most so many batches, newest first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn batches(&self, limit: u32) -> Result<Vec<BatchSummary>, JournalError> {
        self.store()
            .read(move |db| batches(db, &batch_where("order by number desc limit ?1"), [limit]))
            .await
    }

    /// Returns how the people of a batch stand.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn count_people(&self, batch: &RunId) -> Result<BatchCount, JournalError> {
        let batch = batch.clone();
        self.store().read(move |db| count_people(db, &batch)).await
    }

    /// Returns the run of a batch that has a step of this number, if one has; of several the one that does not know what became of it.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn run_with_step(
        &self,
        batch: &RunId,
        seq: u32,
    ) -> Result<Option<RunId>, JournalError> {
        let batch = batch.clone();
        self.store()
            .read(move |db| {
                let id: Option<String> = db
                    .prepare_cached(
                        "select run.id from batch join run on run.batch = batch.number
                         join step on step.run = run.number
                         where batch.id = ?1 and step.seq = ?2
                         order by step.state in ('started', 'unsure', 'parked') desc limit 1",
                    )?
                    .query_row(params![batch.as_str(), seq], |row| row.get(0))
                    .optional()?;
                Ok(id.map(RunId::new))
            })
            .await
    }

    /// Returns every batch of which something is open, oldest first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn unfinished_batches(&self) -> Result<Vec<BatchSummary>, JournalError> {
        self.store()
            .read(|db| {
                let begun = batch_where("where state in ('running', 'partial') order by number");
                let mut all = batches(db, &begun, ())?;
                all.retain(BatchSummary::is_open);
                Ok(all)
            })
            .await
    }

    /// Reports whether another living process is at work on a batch.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn batch_is_at_work(&self, batch: &RunId) -> Result<bool, JournalError> {
        let (me, batch) = (self.owner().shadow(), batch.clone());
        self.store()
            .read(move |db| {
                let owner: String = db
                    .prepare_cached("select owner from batch where id = ?1")?
                    .query_row([batch.as_str()], |row| row.get(0))?;
                Ok(me.is_anothers(db, &owner)?.is_some())
            })
            .await
    }

    /// Returns at most so many parts of a batch after one of them, in their order; those that wait alone, if that is asked.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn parts(
        &self,
        batch: &RunId,
        after: u32,
        limit: u32,
        only: Option<PartState>,
    ) -> Result<Vec<Part>, JournalError> {
        let batch = batch.clone();
        self.store()
            .read(move |db| {
                let mut select = db.prepare_cached(
                    "select part.number, part.line, part.label, part.person, part.state, part.body, run.id
                     from batch join part on part.batch = batch.number
                     left join run on run.batch = part.batch and run.part = part.number
                     where batch.id = ?1 and part.number > ?2 and (?4 is null or part.state = ?4)
                     order by part.number limit ?3",
                )?;
                let mut rows = select.query(params![
                    batch.as_str(),
                    after,
                    limit,
                    only.map(PartState::as_str)
                ])?;
                let mut parts = Vec::new();
                while let Some(row) = rows.next()? {
                    parts.push(part(row)?);
                }
                Ok(parts)
            })
            .await
    }

    /// Returns at most so many runs of a batch after one of its parts, each with the number of its part.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn runs_of_batch(
        &self,
        batch: &RunId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<(u32, RunStory)>, JournalError> {
        self.runs_where(batch, after, limit, "").await
    }

    /// Returns at most so many runs of a batch after one of its parts that have not ended, or ended with something left open.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn open_runs_of_batch(
        &self,
        batch: &RunId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<(u32, RunStory)>, JournalError> {
        const OPEN: &str = "and run.state in ('running', 'partial', 'failed') and (run.state = 'running' or exists (
            select 1 from step where step.run = run.number and step.state in ('waiting', 'deferred', 'started', 'unsure')))";
        self.runs_where(batch, after, limit, OPEN).await
    }

    async fn runs_where(
        &self,
        batch: &RunId,
        after: u32,
        limit: u32,
        which: &'static str,
    ) -> Result<Vec<(u32, RunStory)>, JournalError> {
        let batch = batch.clone();
        self.store()
            .read(move |db| {
                let mut select = db.prepare_cached(&format!(
                    "select run.part, run.number from batch join run on run.batch = batch.number
                     where batch.id = ?1 and run.part > ?2 {which} order by run.part limit ?3"
                ))?;
                let numbers = select
                    .query_map(params![batch.as_str(), after, limit], |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })?
                    .collect::<rusqlite::Result<Vec<(u32, i64)>>>()?;
                numbers
                    .into_iter()
                    .map(|(part, run)| Ok((part, told(db, run)?)))
                    .collect()
            })
            .await
    }

    /// Returns how the steps with a number stand in the runs of a batch: its numbers go through all of it, so that there is one, or several
    /// when somebody else had to make what the first one did not.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn states_in_batch(
        &self,
        batch: &RunId,
        seq: u32,
    ) -> Result<Vec<State>, JournalError> {
        let batch = batch.clone();
        self.store()
            .read(move |db| {
                let mut select = db.prepare_cached(
                    "select step.state from batch join run on run.batch = batch.number
                     join step on step.run = run.number and step.seq = ?2 where batch.id = ?1",
                )?;
                let mut rows = select.query(params![batch.as_str(), seq])?;
                let mut states = Vec::new();
                while let Some(row) = rows.next()? {
                    states.push(word(&row.get::<_, String>(0)?, "the state of a step")?);
                }
                Ok(states)
            })
            .await
    }
}

/// Returns what is known of whoever these keys lead to.
pub(crate) fn acquaintance(
    db: &Connection,
    keys: &[MatchKey],
) -> Result<Acquaintance, JournalError> {
    let Some(person) = one_behind(db, keys)? else {
        return Ok(Acquaintance::default());
    };
    let unfinished = db
        .prepare_cached(&format!("select 1 from run where {OPEN} and person = ?1"))?
        .exists([person.as_str()])?;
    Ok(Acquaintance {
        aliases: aliases_of(db, &person)?,
        links: links_of(db, &person)?,
        unfinished,
        person: Some(person),
    })
}

/// A run that has not ended, or ended with something left to go on with.
const GOES_ON: &str = "(run.state = 'running' or run.state in ('partial', 'failed') and exists (
    select 1 from step where step.run = run.number and step.state in ('waiting', 'deferred', 'started', 'unsure') and not exists (
        select 1 from step as before where before.run = step.run and before.provider = step.provider
            and before.seq < step.seq and before.state in ('failed', 'parked'))))";

/// Returns the question for batches, with how many of their parts and runs are left.
fn batch_where(rest: &str) -> String {
    format!(
        "select number, id, flow, label, actor, reason, intent, plan_hash, state, started_ms, ended_ms,
         (select count(*) from part where part.batch = batch.number) as parts,
         (select count(*) from part where part.batch = batch.number and part.state = 'waiting') as waiting,
         (select count(*) from run where run.batch = batch.number and {GOES_ON}) as open
         from batch {rest}"
    )
}

fn count_people(db: &Connection, batch: &RunId) -> Result<BatchCount, JournalError> {
    let mut count = BatchCount::default();
    let mut select = db.prepare_cached(&format!(
        "select part.state, run.state, {GOES_ON}, count(*)
         from batch join part on part.batch = batch.number
         left join run on run.batch = part.batch and run.part = part.number
         where batch.id = ?1 group by 1, 2, 3"
    ))?;
    let mut rows = select.query([batch.as_str()])?;
    while let Some(row) = rows.next()? {
        let part = word(&row.get::<_, String>(0)?, "the state of a part")?;
        let run = row.get::<_, Option<String>>(1)?;
        let run: Option<RunState> = run
            .map(|run| word(&run, "the state of a run"))
            .transpose()?;
        let (is_open, people): (Option<bool>, u32) = (row.get(2)?, row.get(3)?);
        *match (part, run) {
            (PartState::Unchanged, _) | (PartState::Begun, Some(RunState::Done)) => &mut count.done,
            (PartState::Refused | PartState::Moved | PartState::Superseded, _) => {
                &mut count.refused
            }
            (PartState::Waiting, _) | (PartState::Begun, None) => &mut count.open,
            (PartState::Begun, Some(_)) if is_open == Some(true) => &mut count.open,
            (PartState::Begun, Some(_)) => &mut count.failed,
        } += people;
    }
    Ok(count)
}

fn batches(
    db: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<BatchSummary>, JournalError> {
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query(params)?;
    let mut batches = Vec::new();
    while let Some(row) = rows.next()? {
        batches.push(batch(row)?);
    }
    Ok(batches)
}

fn batch(row: &Row<'_>) -> Result<BatchSummary, JournalError> {
    Ok(BatchSummary {
        id: RunId::new(row.get::<_, String>("id")?),
        flow: row.get("flow")?,
        label: row.get("label")?,
        actor: row.get("actor")?,
        reason: row.get("reason")?,
        intent: parsed(&row.get::<_, String>("intent")?, "an intent")?,
        plan_hash: row.get("plan_hash")?,
        state: word(&row.get::<_, String>("state")?, "the state of a batch")?,
        started_ms: row.get("started_ms")?,
        ended_ms: row.get("ended_ms")?,
        parts: row.get("parts")?,
        waiting: row.get("waiting")?,
        open: row.get("open")?,
    })
}

fn part(row: &Row<'_>) -> Result<Part, JournalError> {
    Ok(Part {
        number: row.get(0)?,
        line: row.get(1)?,
        label: row.get(2)?,
        person: row.get::<_, Option<String>>(3)?.map(PersonId::new),
        state: word(&row.get::<_, String>(4)?, "the state of a part")?,
        body: parsed(&row.get::<_, String>(5)?, "a part")?,
        run: row.get::<_, Option<String>>(6)?.map(RunId::new),
    })
}
