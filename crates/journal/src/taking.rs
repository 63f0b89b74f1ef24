//! Taking one of many: the claim, and what is known of the person at that moment, in one go.

use kadry_core::{MatchKey, ProviderId};
use rusqlite::{Connection, params};

use crate::batches::{Acquaintance, acquaintance};
use crate::error::JournalError;
use crate::people::PersonId;
use crate::read::{RunStory, RunSummary, SUMMARY, summaries, unfinished};
use crate::store::Journal;

/// What is known of somebody at the moment at which they are claimed.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What the keys that were given lead to; the keys of two people are an error of their own.
    pub known: Result<Acquaintance, JournalError>,
    /// Their runs that have not ended, or ended with something left open, oldest first.
    pub unfinished: Vec<RunStory>,
    /// Their runs that were begun since a moment, newest first.
    pub begun_since: Vec<RunSummary>,
}

impl Journal {
    /// Takes a person as [`Journal::claim`] does, never from a living process, and returns what is known of them
    /// in that commit. Runs are told that were begun since this moment, in milliseconds since the Unix epoch.
    ///
    /// # Repeats
    ///
    /// What this process holds already it keeps.
    ///
    /// # Errors
    ///
    /// As [`Journal::claim`].
    pub async fn take(
        &self,
        person: &PersonId,
        providers: &[ProviderId],
        keys: Vec<MatchKey>,
        since_ms: i64,
    ) -> Result<Taken, JournalError> {
        let (me, person, providers) = (self.owner().shadow(), person.clone(), providers.to_vec());
        self.store()
            .write(move |db| {
                me.claim(db, &person, &providers, false)?;
                let known = match acquaintance(db, &keys) {
                    Err(error) if !matches!(error, JournalError::TwoPeople) => return Err(error),
                    known => known,
                };
                Ok(Taken {
                    known,
                    unfinished: unfinished(db, &person)?,
                    begun_since: begun_since(db, &person, since_ms)?,
                })
            })
            .await
    }
}

/// Returns the runs of a person that were begun since a moment, newest first.
fn begun_since(
    db: &Connection,
    person: &PersonId,
    since_ms: i64,
) -> Result<Vec<RunSummary>, JournalError> {
    summaries(
        db,
        &format!("{SUMMARY} where person = ?1 and started_ms >= ?2 order by number desc"),
        params![person.as_str(), since_ms],
    )
}
