//! Who a person is: an id of our own, and the aliases that lead to it.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use kadry_core::{Clock, Email, KeyName, MatchKey, Random};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::column::word;
use crate::error::JournalError;
use crate::store::Journal;

/// Our own id of a person, minted by the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(String);

impl PersonId {
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

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PersonId {
    type Err = Infallible;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(id))
    }
}

impl Journal {
    /// Returns the person behind these aliases, if the store knows one.
    ///
    /// # Errors
    ///
    /// [`JournalError::TwoPeople`] when the aliases belong to several people, and the errors of the store.
    pub async fn person(&self, aliases: &[MatchKey]) -> Result<Option<PersonId>, JournalError> {
        let aliases = aliases.to_vec();
        self.store().read(move |db| one_behind(db, &aliases)).await
    }

    /// Returns the person behind these aliases, making one if there is none, and adds the aliases that are new.
    ///
    /// # Repeats
    ///
    /// The same aliases again give the same person and change nothing. Without any alias each call makes a person.
    ///
    /// # Errors
    ///
    /// [`JournalError::TwoPeople`] when the aliases belong to several people, and the errors of the store.
    pub async fn remember(&self, aliases: &[MatchKey]) -> Result<PersonId, JournalError> {
        let aliases = aliases.to_vec();
        let (clock, random) = (self.clock().clone(), self.random().clone());
        self.store()
            .write(move |db| {
                let person = match one_behind(db, &aliases)? {
                    Some(person) => person,
                    None => mint(db, &clock, &random)?,
                };
                add_aliases(db, &person, &aliases)?;
                Ok(person)
            })
            .await
    }

    /// Writes a thing down that stands where a person does, so that runs about it have a lane and claims of their own. No alias leads to
    /// it.
    ///
    /// # Repeats
    ///
    /// The same thing again changes nothing.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn stand_for(&self, thing: &PersonId) -> Result<(), JournalError> {
        let (thing, now_ms) = (thing.clone(), self.clock().now_ms());
        self.store()
            .write(move |db| write_down(db, &thing, now_ms))
            .await
    }

    /// Returns who holds each of these aliases, in their order; what nobody holds is left out.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn holders(
        &self,
        aliases: &[MatchKey],
    ) -> Result<Vec<(MatchKey, PersonId)>, JournalError> {
        let aliases = aliases.to_vec();
        self.store()
            .read(move |db| {
                let mut holders = Vec::new();
                for alias in aliases {
                    if let Some(person) = one_behind(db, std::slice::from_ref(&alias))? {
                        holders.push((alias, person));
                    }
                }
                Ok(holders)
            })
            .await
    }

    /// Returns the aliases of a person, external ids first.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn aliases(&self, person: &PersonId) -> Result<Vec<MatchKey>, JournalError> {
        let person = person.clone();
        self.store().read(move |db| aliases_of(db, &person)).await
    }
}

/// Returns the aliases of a person, external ids first.
pub(crate) fn aliases_of(
    db: &Connection,
    person: &PersonId,
) -> Result<Vec<MatchKey>, JournalError> {
    let mut all = db.prepare_cached(
        "select name, value from alias where person = ?1 order by name desc, value",
    )?;
    let mut rows = all.query([person.as_str()])?;
    let mut aliases = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        aliases.push(match word(&name, "the name of an alias")? {
            KeyName::ExternalId => MatchKey::ExternalId(row.get(1)?),
            KeyName::Email => MatchKey::Email(Email::of_record(&row.get::<_, String>(1)?)),
        });
    }
    Ok(aliases)
}

/// Writes down somebody who needs no alias: who stands for a thing or for a record.
pub(crate) fn write_down(
    db: &Connection,
    person: &PersonId,
    now_ms: i64,
) -> Result<(), JournalError> {
    db.prepare_cached("insert into person (id, made_ms) values (?1, ?2) on conflict do nothing")?
        .execute(params![person.as_str(), now_ms])?;
    Ok(())
}

/// Refuses a person whom the store does not know.
pub(crate) fn must_exist(db: &Connection, person: &PersonId) -> Result<(), JournalError> {
    db.prepare_cached("select 1 from person where id = ?1")?
        .exists([person.as_str()])?
        .then_some(())
        .ok_or(JournalError::NotFound)
}

/// Adds aliases to a person; those that somebody has already stay where they are.
pub(crate) fn add_aliases(
    db: &Connection,
    person: &PersonId,
    aliases: &[MatchKey],
) -> Result<(), JournalError> {
    let mut add = db.prepare_cached(
        "insert into alias (name, value, person) values (?1, ?2, ?3) on conflict do nothing",
    )?;
    for alias in aliases {
        add.execute([name_of(alias), &alias.to_string(), person.as_str()])?;
    }
    Ok(())
}

/// Takes an alias from a person, and returns how many there were.
pub(crate) fn drop_alias(
    db: &Connection,
    person: &PersonId,
    alias: &MatchKey,
) -> Result<usize, JournalError> {
    Ok(db
        .prepare_cached("delete from alias where name = ?1 and value = ?2 and person = ?3")?
        .execute([name_of(alias), &alias.to_string(), person.as_str()])?)
}

/// Returns the one person behind these aliases.
pub(crate) fn one_behind(
    db: &Connection,
    aliases: &[MatchKey],
) -> Result<Option<PersonId>, JournalError> {
    let mut find = db.prepare_cached("select person from alias where name = ?1 and value = ?2")?;
    let mut found = None;
    for alias in aliases {
        let person: Option<String> = find
            .query_row([name_of(alias), &alias.to_string()], |row| row.get(0))
            .optional()?;
        match (&found, person) {
            (Some(one), Some(other)) if *one != other => return Err(JournalError::TwoPeople),
            (None, Some(person)) => found = Some(person),
            (_, Some(_) | None) => {}
        }
    }
    Ok(found.map(PersonId))
}

pub(crate) fn mint(
    db: &Connection,
    clock: &Clock,
    random: &Random,
) -> Result<PersonId, JournalError> {
    // Two processes may share a seed.
    loop {
        let id = random.uuid(clock).to_string();
        let new = db
            .prepare_cached(
                "insert into person (id, made_ms) values (?1, ?2) on conflict do nothing",
            )?
            .execute(params![id, clock.now_ms()])?;
        if new == 1 {
            return Ok(PersonId(id));
        }
    }
}

const fn name_of(alias: &MatchKey) -> &'static str {
    match alias.name() {
        KeyName::ExternalId => "external_id",
        KeyName::Email => "email",
    }
}
