//! How many people there were when all were last counted: what is far fewer now was cut off.

use kadry_core::ProviderId;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::JournalError;
use crate::read::Census;
use crate::store::Journal;

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

impl Journal {
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
