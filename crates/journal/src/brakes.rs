//! How many people changes concern, for the limits that stop a slip and a drip alike.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Brake, ProviderId, RemoteId, Step};
use rusqlite::{Connection, params};

use crate::error::JournalError;
use crate::links::behind;
use crate::people::PersonId;
use crate::store::Journal;

/// How many people changes of one kind may concern on one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// On which platform.
    pub provider: ProviderId,
    /// Which kind of change.
    pub brake: Brake,
    /// Since when they are counted, in milliseconds since the Unix epoch.
    pub since_ms: i64,
    /// How many people at the most, the one of the run among them.
    pub people: u32,
}

/// The kinds of a step, as it keeps them: each between blanks.
pub(crate) fn words(step: &Step) -> String {
    let kinds = step.brakes();
    let words = kinds.iter().map(|brake| format!(" {brake} "));
    words.collect()
}

/// The kinds of all steps of a part, as it keeps them, by platform: each between line ends.
pub(crate) fn words_of(steps: &[Step]) -> String {
    let kinds = steps.iter().flat_map(|step| {
        let kinds = step.brakes().into_iter();
        kinds.map(|brake| on(&step.provider, brake))
    });
    kinds.collect::<BTreeSet<String>>().into_iter().collect()
}

fn on(provider: &ProviderId, brake: Brake) -> String {
    format!("\n{provider} {brake}\n")
}

/// Whom a step concerns, where it is about a thing: each whom the store knows, and a stand-in for each whom it does not.
fn concerns(db: &Connection, step: &Step) -> rusqlite::Result<BTreeSet<PersonId>> {
    let person = |id: &RemoteId| {
        let known = behind(db, &step.provider, id)?;
        Ok(known.map_or_else(|| stand_in(&step.provider, id), PersonId::new))
    };
    step.action.concerns().map(person).collect()
}

/// Who stands for a record that nobody is known by.
fn stand_in(provider: &ProviderId, id: &RemoteId) -> PersonId {
    PersonId::new(format!("record-{provider}:{id}"))
}

/// Counts somebody as who they are by whom only a record was known.
pub(crate) fn recognise(
    db: &Connection,
    provider: &ProviderId,
    id: &RemoteId,
    person: &PersonId,
) -> Result<(), JournalError> {
    let stand_in = stand_in(provider, id);
    let names = [stand_in.as_str(), person.as_str()];
    let is_known = db
        .prepare_cached("select 1 from person where id = ?1")?
        .exists([stand_in.as_str()])?;
    if !is_known {
        return Ok(());
    }
    db.prepare_cached(
        "insert into concern (provider, brake, person, last_ms)
         select provider, brake, ?2, last_ms from concern where person = ?1
         on conflict (provider, brake, person) do update set last_ms = max(last_ms, excluded.last_ms)",
    )?
    .execute(names)?;
    db.prepare_cached("update or ignore step_concern set person = ?2 where person = ?1")?
        .execute(names)?;
    for rest in ["concern", "step_concern"] {
        db.prepare_cached(&format!("delete from {rest} where person = ?1"))?
            .execute([stand_in.as_str()])?;
    }
    db.prepare_cached("delete from person where id = ?1")?
        .execute([stand_in.as_str()])?;
    Ok(())
}

/// Writes down whom a step concerns, where it is about a thing.
pub(crate) fn insert_concerns(db: &Connection, run: i64, step: &Step) -> rusqlite::Result<()> {
    for person in concerns(db, step)? {
        db.prepare_cached(
            "insert into person (id, made_ms) values (?1, 0) on conflict do nothing",
        )?
        .execute([person.as_str()])?;
        db.prepare_cached("insert into step_concern (run, seq, person) values (?1, ?2, ?3)")?
            .execute(params![run, step.seq, person.as_str()])?;
    }
    Ok(())
}

/// Notes that a step of a person has begun, or one of a thing that concerns people.
pub(crate) fn count(
    db: &Connection,
    run: i64,
    seq: u32,
    person: &str,
    now_ms: i64,
) -> Result<(), JournalError> {
    let (provider, kinds): (String, String) = db
        .prepare_cached("select provider, brakes from step where run = ?1 and seq = ?2")?
        .query_row(params![run, seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if kinds.is_empty() {
        return Ok(());
    }
    let mut people: Vec<String> = db
        .prepare_cached("select person from step_concern where run = ?1 and seq = ?2")?
        .query_map(params![run, seq], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if people.is_empty() {
        people.push(person.to_owned());
    }
    for brake in kinds.split_whitespace() {
        for person in &people {
            db.prepare_cached(
                "insert into concern (provider, brake, person, last_ms) values (?1, ?2, ?3, ?4)
                 on conflict (provider, brake, person) do update set last_ms = max(last_ms, excluded.last_ms)",
            )?
            .execute(params![provider, brake, person, now_ms])?;
        }
    }
    Ok(())
}

/// Returns how many others a kind of change has concerned since some moment, or may still concern in a run that is open: what was approved
/// and not begun goes on at any time, without anybody counting again.
pub(crate) fn others(
    db: &Connection,
    ceiling: &Ceiling,
    person: &str,
) -> Result<u32, JournalError> {
    let people = db
        .prepare_cached(&format!("select count(*) from ({CONCERNED})"))?
        .query_row(of(ceiling, person), |row| row.get(0))?;
    Ok(people)
}

/// Whom changes have concerned or may still concern, but for one person.
const CONCERNED: &str = "
    select person from concern
    where provider = ?1 and brake = ?2 and last_ms >= ?3 and person <> ?4
    union
    select coalesce(step_concern.person, run.person) as whom from step join run on run.number = step.run
    left join step_concern on step_concern.run = step.run and step_concern.seq = step.seq
    where step.state in ('waiting', 'deferred', 'started', 'unsure')
      and step.provider = ?1 and instr(step.brakes, ?5) > 0
      and (run.state in ('running', 'partial') or run.state = 'failed' and run.batch is not null)
      and whom <> ?4
    union
    select person from part
    where state = 'waiting' and instr(brakes, ?6) > 0 and person <> ?4";

/// The values that [`CONCERNED`] asks for.
fn of<'a>(
    ceiling: &'a Ceiling,
    person: &'a str,
) -> (&'a str, &'a str, i64, &'a str, String, String) {
    let provider = ceiling.provider.as_str();
    let brake = ceiling.brake.as_str();
    let in_steps = format!(" {brake} ");
    let in_parts = on(&ceiling.provider, ceiling.brake);
    (
        provider,
        brake,
        ceiling.since_ms,
        person,
        in_steps,
        in_parts,
    )
}

/// Refuses a run that would pass a ceiling.
pub(crate) fn must_hold(
    db: &Connection,
    ceilings: &[Ceiling],
    person: &str,
) -> Result<(), JournalError> {
    for ceiling in ceilings {
        let people = others(db, ceiling, person)?.saturating_add(1);
        if people > ceiling.people {
            return Err(JournalError::OverCeiling {
                ceiling: Box::new(ceiling.clone()),
                people,
            });
        }
    }
    Ok(())
}

/// Refuses what has been written, when it passes a ceiling.
pub(crate) fn must_hold_all(db: &Connection, ceilings: &[Ceiling]) -> Result<(), JournalError> {
    for ceiling in ceilings {
        let people = others(db, ceiling, "")?;
        if people > ceiling.people {
            return Err(JournalError::OverCeiling {
                ceiling: Box::new(ceiling.clone()),
                people,
            });
        }
    }
    Ok(())
}

impl Journal {
    /// Returns whom steps about things concern, by platform and kind of change. A record that nobody is known by stands for somebody.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn concerned_by(
        &self,
        steps: &[Step],
    ) -> Result<BTreeMap<(ProviderId, Brake), BTreeSet<PersonId>>, JournalError> {
        let is_of_a_thing = |step: &&Step| step.action.concerns().next().is_some();
        let steps: Vec<Step> = steps.iter().filter(is_of_a_thing).cloned().collect();
        if steps.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.store()
            .read(move |db| {
                let mut all: BTreeMap<(ProviderId, Brake), BTreeSet<PersonId>> = BTreeMap::new();
                for step in &steps {
                    let people = concerns(db, step)?;
                    for brake in step.brakes() {
                        let known = all.entry((step.provider.clone(), brake)).or_default();
                        known.extend(people.iter().cloned());
                    }
                }
                Ok(all)
            })
            .await
    }

    /// Returns whom changes of a ceiling's kind have concerned since then, or may still concern in open runs and batches.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn concerned_people(
        &self,
        ceiling: &Ceiling,
    ) -> Result<BTreeSet<PersonId>, JournalError> {
        let ceiling = ceiling.clone();
        self.store()
            .read(move |db| {
                let mut all = db.prepare_cached(CONCERNED)?;
                let people = all.query_map(of(&ceiling, ""), |row| row.get::<_, String>(0))?;
                Ok(people
                    .map(|person| person.map(PersonId::new))
                    .collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    /// Returns how many others than this person changes of a ceiling's kind have concerned since then, or may still concern in open runs.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn concerned(
        &self,
        ceiling: &Ceiling,
        but: Option<&PersonId>,
    ) -> Result<u32, JournalError> {
        let (ceiling, but) = (ceiling.clone(), but.cloned());
        self.store()
            .read(move |db| others(db, &ceiling, but.as_ref().map_or("", PersonId::as_str)))
            .await
    }
}
