//! The store as whoever only reads it opens it: also on a full disk, and in a folder where nothing can be made.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::JournalError;
use crate::file;
use crate::store::{BUSY_TIMEOUT, STATEMENTS};

/// Opens a store for reading.
pub(crate) fn connect(path: &Path) -> Result<Connection, JournalError> {
    let shared = shared(path);
    match &shared {
        Err(error) if is_hindered(error) => {}
        _ => return shared.map_err(|error| cannot(path, error)),
    }
    // Beside whoever writes, readers need an index of the log, which is a file of its own. Where it can neither be made nor read,
    // nobody who writes is there either: the store is read without it.
    // https://www.sqlite.org/wal.html, "Read-Only Databases" and "Use of WAL Without Shared-Memory". Checked 2026-11.
    let otherwise = if file::log_bytes(path) == 0 {
        unchanging(path)
    } else {
        alone(path)
    };
    otherwise.or(shared).map_err(|error| cannot(path, error))
}

/// As one of many who use the store.
pub(crate) fn shared(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    set(Connection::open_with_flags(path, flags)?)
}

/// As a file that nobody changes.
fn unchanging(path: &Path) -> rusqlite::Result<Connection> {
    let mut place = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' => place.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => place.push(char::from(*byte)),
            byte => place.push_str(&format!("%{byte:02x}")),
        }
    }
    place.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    set(Connection::open_with_flags(place, flags)?)
}

/// As the only one: the index of the log is in memory then. The log itself stays as it is.
fn alone(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.pragma_update(None, "locking_mode", "exclusive")?;
    set(db)
}

fn set(db: Connection) -> rusqlite::Result<Connection> {
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.pragma_update(None, "query_only", true)?;
    // The files are looked at no sooner than something is asked of them.
    db.query_row("select count(*) from sqlite_schema", (), |_| Ok(()))?;
    Ok(db)
}

/// Whether what SQLite would make beside the store cannot be made or written.
fn is_hindered(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
        )
    )
}

fn cannot(path: &Path, error: rusqlite::Error) -> JournalError {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            file::cannot_open(path, std::io::Error::other(error))
        }
        Some(_) | None => error.into(),
    }
}
