//! What can go wrong between us and the store.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use kadry_core::IllegalEvent;
use rusqlite::ErrorCode;

use crate::brakes::Ceiling;
use crate::write::RunId;

/// Why the store did not do what it was asked. Nothing in it names a person: it can be logged.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JournalError {
    /// The file or its folder cannot be used.
    #[error("cannot open the store {}", path.display())]
    Open {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// A newer program has written the store.
    #[error(
        "the store has schema {found}, and this program knows schemas up to {known}: use the newer program"
    )]
    Newer {
        /// The schema of the store.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// The file is something else. It was not touched.
    #[error("the file is not a store of kadry; it was not touched")]
    NotAStore,
    /// The store cannot be read.
    #[error("the store is damaged ({what}): restore it from a copy")]
    Damaged {
        /// Where it shows.
        what: &'static str,
    },
    /// The store lies on a network file system, whose locks cannot be relied on.
    #[error("the store lies on a network share, where locks do not hold: put it on a local disk")]
    NetworkShare,
    /// Another process is working on the person.
    #[error("process {pid} is working on this person{}", run.as_ref().map(|run| format!(" in run {run}")).unwrap_or_default())]
    Claimed {
        /// The run of that process, if it has begun one.
        run: Option<RunId>,
        /// The process.
        pid: u32,
        /// Who started the run, if it has begun one.
        actor: Option<String>,
    },
    /// The person is not claimed by this process, or not any more: somebody else goes on with it.
    #[error("this process does not hold the person any more: another one has taken over")]
    TakenOver,
    /// The run would concern more people than it may. Nothing was begun.
    #[error("{people} people would be concerned by {} on {}, and {} may be", ceiling.brake, ceiling.provider, ceiling.people)]
    OverCeiling {
        /// Which ceiling.
        ceiling: Box<Ceiling>,
        /// How many people it would be.
        people: u32,
    },
    /// The aliases belong to more than one person.
    #[error("the keys belong to more than one person")]
    TwoPeople,
    /// There is no such run, step or person.
    #[error("there is no such run, step or person in the store")]
    NotFound,
    /// Several runs begin with these characters.
    #[error("several runs begin with these characters: give more of them")]
    Ambiguous,
    /// The run has ended: nothing of it is open.
    #[error("the run has ended and nothing of it is open")]
    Ended,
    /// A step of the run is started, and nobody has looked what became of it.
    #[error("a step of the run is started and not settled")]
    Unsettled,
    /// The event cannot follow the state of its step: our own fault.
    #[error(transparent)]
    Illegal(#[from] IllegalEvent),
    /// There is no room left on the disk.
    #[error("the disk that holds the store is full")]
    Full,
    /// Another process kept the store locked for too long.
    #[error("another process kept the store busy for too long")]
    Busy,
    /// The program was ending before the store could answer.
    #[error("the program ended before the store answered")]
    Stopped,
    /// A value cannot be written as JSON: our own fault.
    #[error("a value cannot be written to the store")]
    Unwritable(#[source] Arc<serde_json::Error>),
    /// Anything else that SQLite says.
    #[error("the store failed")]
    Sql(#[source] Arc<rusqlite::Error>),
    /// The schema could not be brought up to date.
    #[error("the schema of the store could not be brought up to date")]
    Schema(#[source] Arc<rusqlite_migration::Error>),
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        // The index of the log cannot grow: SQLite tells of it as of any failure of the disk.
        let extended = error.sqlite_error().map(|error| error.extended_code);
        if extended == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { what: "its pages" },
            Some(ErrorCode::NotADatabase) => Self::Damaged { what: "its header" },
            _ => Self::Sql(Arc::new(error)),
        }
    }
}

impl From<rusqlite_migration::Error> for JournalError {
    fn from(error: rusqlite_migration::Error) -> Self {
        if let rusqlite_migration::Error::RusqliteError { err, .. } = error {
            err.into()
        } else {
            Self::Schema(Arc::new(error))
        }
    }
}
