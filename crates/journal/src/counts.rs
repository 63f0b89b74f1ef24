//! How many people there were when all were last counted: what is far fewer now was cut off. And how those of a batch stand.

use kadry_core::{ProviderId, RunState};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::batch::PartState;
use crate::column::word;
use crate::error::JournalError;
use crate::read::Census;
use crate::store::Journal;
use crate::write::RunId;

/// How many there were when a command about many was approved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The people on each platform, in which tenant of it.
    pub heads: Vec<(ProviderId, String, u32)>,
    /// The lines of a file, under what tells its kind from others.
    pub lines: Option<(String, u32)>,
}

impl Counts {
    /// Writes them down. The last ones count.
    pub(crate) fn note(&self, db: &Connection, now_ms: i64) -> Result<(), JournalError> {
        for (provider, tenant, people) in &self.heads {
            db.prepare_cached(
                "insert into head_count (provider, tenant, people, at_ms) values (?1, ?2, ?3, ?4)
                 on conflict (provider, tenant) do update set people = excluded.people, at_ms = excluded.at_ms",
            )?
            .execute(params![provider.as_str(), tenant, people, now_ms])?;
        }
        if let Some((file, lines)) = &self.lines {
            db.prepare_cached(
                "insert into file (name, lines, at_ms) values (?1, ?2, ?3)
                 on conflict (name) do update set lines = excluded.lines, at_ms = excluded.at_ms",
            )?
            .execute(params![file, lines, now_ms])?;
        }
        Ok(())
    }
}

/// In which way some people of a batch stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What became of their parts.
    pub part: PartState,
    /// Where their runs stand, if they have begun.
    pub run: Option<RunState>,
    /// Whether something of a run that is not done is.
    pub some_done: bool,
    /// Whether something may still happen by itself to a step of a run that is not done.
    pub some_open: bool,
}

impl Journal {
    /// Returns in which ways the people of a batch stand, each way once.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn standings(&self, batch: &RunId) -> Result<Vec<Standing>, JournalError> {
        let batch = batch.clone();
        self.store()
            .read(move |db| {
                let mut select = db.prepare_cached(
                    "select distinct part.state, run.state,
                     run.state <> 'done' and exists (
                         select 1 from step where step.run = run.number and step.state = 'done'),
                     run.state <> 'done' and exists (
                         select 1 from step where step.run = run.number
                         and step.state in ('waiting', 'deferred', 'started', 'unsure'))
                     from batch join part on part.batch = batch.number
                     left join run on run.batch = part.batch and run.part = part.number
                     where batch.id = ?1",
                )?;
                let mut rows = select.query([batch.as_str()])?;
                let mut standings = Vec::new();
                while let Some(row) = rows.next()? {
                    let run: Option<String> = row.get(1)?;
                    let run = run.map(|run| word(&run, "the state of a run"));
                    standings.push(Standing {
                        part: word(&row.get::<_, String>(0)?, "the state of a part")?,
                        run: run.transpose()?,
                        some_done: row.get::<_, Option<bool>>(2)?.unwrap_or(false),
                        some_open: row.get::<_, Option<bool>>(3)?.unwrap_or(false),
                    });
                }
                Ok(standings)
            })
            .await
    }

    /// Returns how much is known.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn census(&self) -> Result<Census, JournalError> {
        self.store()
            .read(|db| {
                let count = |sql: &str| db.query_row(sql, (), |row| row.get::<_, i64>(0));
                Ok(Census {
                    people: count("select count(*) from person")?.unsigned_abs(),
                    runs: count("select count(*) from run")?.unsigned_abs(),
                    first_ms: db
                        .query_row("select min(made_ms) from person", (), |row| row.get(0))?,
                })
            })
            .await
    }

    /// Returns how many lines the last file of this kind had that was accepted, and when that was, in milliseconds since the Unix epoch.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn lines(&self, file: &str) -> Result<Option<(u32, i64)>, JournalError> {
        let file = file.to_owned();
        self.store()
            .read(move |db| {
                Ok(db
                    .prepare_cached("select lines, at_ms from file where name = ?1")?
                    .query_row([file], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?)
            })
            .await
    }

    /// Returns how many people there were in a tenant of a platform when all were last counted; none when nobody has counted them there.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn heads_in(
        &self,
        provider: &ProviderId,
        tenant: &str,
    ) -> Result<Option<u32>, JournalError> {
        let (provider, tenant) = (provider.clone(), tenant.to_owned());
        self.store()
            .read(move |db| {
                Ok(db
                    .prepare_cached(
                        "select people from head_count where provider = ?1 and tenant = ?2",
                    )?
                    .query_row([provider.as_str(), &tenant], |row| row.get(0))
                    .optional()?)
            })
            .await
    }

    /// Returns how many people there were on a platform when all were last counted, in the tenant in which we stood last, and when that
    /// was, in milliseconds since the Unix epoch.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn heads(&self, provider: &ProviderId) -> Result<Option<(u32, i64)>, JournalError> {
        let provider = provider.clone();
        self.store()
            .read(move |db| {
                Ok(db
                    .prepare_cached(
                        "select head_count.people, head_count.at_ms from head_count
                         left join tenant on tenant.provider = head_count.provider
                         where head_count.provider = ?1
                           and head_count.tenant = coalesce(tenant.tenant, head_count.tenant)
                         order by head_count.at_ms desc limit 1",
                    )?
                    .query_row([provider.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?)
            })
            .await
    }
}
