//! The store: how it is opened, and what is set on it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Clock, Random};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use tokio::task::spawn_blocking;

use crate::commit::Store;
use crate::error::JournalError;
use crate::file::{self, APPLICATION_ID, Missing};
use crate::lock::{Owner, Owners};
use crate::reading;
use crate::turn::Turns;

/// How long a process waits for another one's commit.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many prepared statements are kept: a little more than there are.
pub(crate) const STATEMENTS: usize = 96;

/// The schema, step by step. A file that was released is never edited.
const SCHEMA: &[M<'static>] = &[
    M::up(include_str!("../schema/sqlite/0001_first.sql")),
    M::up(include_str!("../schema/sqlite/0002_open.sql")),
    M::up(include_str!("../schema/sqlite/0003_started.sql")),
    M::up(include_str!("../schema/sqlite/0004_brakes.sql")),
    M::up(include_str!("../schema/sqlite/0005_batches.sql")),
    M::up(include_str!("../schema/sqlite/0006_parts.sql")),
    M::up(include_str!("../schema/sqlite/0007_concerns.sql")),
];

/// The journal. Handles of one opening are one owner of claims; the last one to go gives the claims back.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    owner: Owner,
    turns: Turns,
    clock: Clock,
    random: Random,
}

/// A store that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The journal in it.
    pub journal: Journal,
    /// Whether the store is new: its counters start at zero.
    pub fresh: bool,
}

impl Journal {
    /// Opens a store, making it with its folder if there is none. Only we can read it.
    ///
    /// # Repeats
    ///
    /// A second opening is another owner of claims on the same store; what owners that have died held is free after it.
    ///
    /// # Errors
    ///
    /// [`JournalError::Open`] when the system refuses, [`JournalError::NotAStore`] for a file that is something else, which is left
    /// as it is, [`JournalError::Newer`] for the store of a newer program, [`JournalError::NetworkShare`] where locks do not hold,
    /// [`JournalError::Damaged`] when it shows already, and the errors of the store.
    pub async fn open(path: &Path, clock: Clock, random: Random) -> Result<Opened, JournalError> {
        let path = path.to_owned();
        spawn_blocking(move || {
            let missing = Missing::of(&path);
            let opened = begin(&path, clock, random);
            if opened.is_err() {
                missing.take_back(&path);
            }
            opened
        })
        .await
        .map_err(|_| JournalError::Stopped)?
    }

    /// Opens a store to read it, also where nothing can be written: on a full disk, or in somebody else's folder. Nothing is made and
    /// nothing is changed; whatever would write fails. A store of an earlier schema is the exception: it is brought up to date.
    ///
    /// # Errors
    ///
    /// As [`Journal::open`]; [`JournalError::Open`] also when there is no store.
    pub async fn open_to_read(
        path: &Path,
        clock: Clock,
        random: Random,
    ) -> Result<Self, JournalError> {
        let path = path.to_owned();
        spawn_blocking(move || {
            let cannot = |error| file::cannot_open(&path, error);
            let path = path.canonicalize().map_err(cannot)?;
            file::look(&path)?;
            let db = if path.metadata().map_err(cannot)?.len() == 0 {
                let mut db = Connection::open_in_memory()?;
                bring_up_to_date(&mut db)?;
                db
            } else {
                let db = reading::connect(&path)?;
                if schema_of(&db)? < newest() {
                    drop(db);
                    return Ok(begin(&path, clock, random)?.journal);
                }
                db
            };
            Ok(Self::of(db, None, Owner::of_nothing(&path), clock, random))
        })
        .await
        .map_err(|_| JournalError::Stopped)?
    }

    /// Returns a store that is gone with its last handle.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn in_memory(clock: Clock, random: Random) -> Result<Self, JournalError> {
        spawn_blocking(move || {
            let mut db = Connection::open_in_memory()?;
            bring_up_to_date(&mut db)?;
            let owner = Owners::alone().enlist(&db, &clock, &random)?;
            Ok(Self::of(db, None, owner, clock, random))
        })
        .await
        .map_err(|_| JournalError::Stopped)?
    }

    /// Returns the time by which events are written down, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.0.clock.now_ms()
    }

    fn of(
        writer: Connection,
        reader: Option<Connection>,
        owner: Owner,
        clock: Clock,
        random: Random,
    ) -> Self {
        Self(Arc::new(Inner {
            store: Arc::new(Store::new(writer, reader)),
            owner,
            turns: Turns::default(),
            clock,
            random,
        }))
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.0.store
    }

    pub(crate) fn owner(&self) -> &Owner {
        &self.0.owner
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn random(&self) -> &Random {
        &self.0.random
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("owner", &self.0.owner.id())
            .finish_non_exhaustive()
    }
}

/// Opens a store for writing. One that nobody has begun goes again when it cannot be begun.
fn begin(path: &Path, clock: Clock, random: Random) -> Result<Opened, JournalError> {
    let path = file::prepare(path)?;
    let owners = Owners::beside(&path)?;
    let _opening = owners.opening()?;
    let blank = file::is_blank(&path);
    let begun = enlisted(&path, &owners, &clock, &random);
    if begun.is_err() && blank {
        file::remove_blank(&path);
        owners.dissolve();
    }
    let (db, owner, fresh) = begun?;
    // Where a second connection cannot be had, reads wait for writes.
    let reader = reading::shared(&path).ok();
    Ok(Opened {
        journal: Journal::of(db, reader, owner, clock, random),
        fresh,
    })
}

fn enlisted(
    path: &Path,
    owners: &Owners,
    clock: &Clock,
    random: &Random,
) -> Result<(Connection, Owner, bool), JournalError> {
    let mut db = connect(path)?;
    let fresh = bring_up_to_date(&mut db)?;
    owners.bury(&mut db)?;
    let owner = owners.enlist(&db, clock, random)?;
    Ok((db, owner, fresh))
}

fn connect(path: &Path) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            file::cannot_open(path, std::io::Error::other(error))
        }
        Some(_) | None => error.into(),
    })
}

/// Marks, sets and migrates, and returns whether the store is new.
pub(crate) fn bring_up_to_date(db: &mut Connection) -> Result<bool, JournalError> {
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.set_transaction_behavior(TransactionBehavior::Immediate);

    let tables: u32 = db.query_row("select count(*) from sqlite_schema", (), |row| row.get(0))?;
    let mark: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if mark != APPLICATION_ID {
        if mark != 0 || tables > 0 {
            return Err(JournalError::NotAStore);
        }
        // Before the log is switched on: so the mark stands in the file itself, where the next opening looks for it.
        db.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    let found = schema_of(db)?;
    if found == 0 && tables > 0 {
        return Err(JournalError::Damaged { what: "its header" });
    }
    db.pragma_update(None, "journal_mode", "wal")?;
    // NORMAL may lose the last commits when the power goes.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    Migrations::from_slice(SCHEMA).to_latest(db)?;
    Ok(found == 0)
}

/// Returns the number of a store's schema, which is zero before there is one.
pub(crate) fn schema_of(db: &Connection) -> Result<u32, JournalError> {
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let found = u32::try_from(found).map_err(|_| JournalError::Damaged {
        what: "the number of its schema",
    })?;
    let known = newest();
    if found > known {
        return Err(JournalError::Newer { found, known });
    }
    Ok(found)
}

/// Returns the number of the newest schema that this program knows.
fn newest() -> u32 {
    u32::try_from(SCHEMA.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_valid() {
        assert_eq!(Migrations::from_slice(SCHEMA).validate(), Ok(()));
    }
}
