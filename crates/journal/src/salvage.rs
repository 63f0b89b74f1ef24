//! What can still be read of a store whose pages are damaged.
//!
//! Every table is read from both ends until it cannot be read any further, so that one bad page costs the rows on it and no others.
//! Indexes are not trusted: rows are asked for in the order in which they lie. The damaged store itself is never changed.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use tokio::task::spawn_blocking;

use crate::error::JournalError;
use crate::file::{PAGE_BYTES, cannot_open, is_sqlite, log_bytes, prepare, side};
use crate::store::{bring_up_to_date, schema_of};

/// What can still be read of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Salvage {
    /// How many people.
    pub people: u64,
    /// How many links to records.
    pub links: u64,
    /// How many runs.
    pub runs: u64,
    /// How many steps of runs.
    pub steps: u64,
    /// How many events of steps.
    pub events: u64,
}

impl Salvage {
    const fn is_empty(&self) -> bool {
        self.people + self.links + self.runs + self.steps + self.events == 0
    }
}

/// The tables that hold something lasting, those that others refer to first, and the order in which their rows lie. Who is at work just
/// now is not among them.
const TABLES: [(&str, &[&str]); 13] = [
    ("person", &["rowid"]),
    ("alias", &["rowid"]),
    ("tenant", &["rowid"]),
    ("link", &["rowid"]),
    ("batch", &["rowid"]),
    ("run", &["rowid"]),
    ("part", &["rowid"]),
    ("head_count", &["rowid"]),
    ("file", &["rowid"]),
    ("concern", &["provider", "brake", "person"]),
    ("step", &["run", "seq"]),
    ("step_concern", &["run", "seq", "person"]),
    ("event", &["run", "number"]),
];

/// Sees to it that whatever refers to something that is lost refers to nothing or to as much as is known.
const TIE_UP: &str = "
    insert or ignore into person (id, made_ms)
        select person, 0 from alias union select person, 0 from link union select person, 0 from run
        union select person, 0 from concern union select person, 0 from step_concern
        union select person, 0 from part where person is not null;
    delete from part where batch not in (select number from batch);
    update run set batch = null, part = null where batch is not null and batch not in (select number from batch);
    update run set superseded_by = null
        where superseded_by is not null and superseded_by not in (select id from run);
    delete from event where not exists (
        select 1 from step where step.run = event.run and step.seq = event.seq);
    delete from event where run not in (select number from run);
    delete from step where run not in (select number from run);
    delete from step_concern where not exists (
        select 1 from step where step.run = step_concern.run and step.seq = step_concern.seq);";

/// Counts what can still be read of a store.
///
/// # Errors
///
/// [`JournalError::Open`] when the file itself cannot be read, and the errors of the store where nothing at all can be read.
pub async fn salvageable(path: &Path) -> Result<Salvage, JournalError> {
    let path = path.to_owned();
    blocking(move || rescue(&path, Connection::open_in_memory()?)).await
}

/// Writes what can still be read of a store into a new one.
///
/// # Repeats
///
/// A file that is there already is left as it is.
///
/// # Errors
///
/// As [`salvageable`]; [`JournalError::Open`] also when there is a file already, or none can be made.
pub async fn salvage(path: &Path, into: &Path) -> Result<Salvage, JournalError> {
    let (path, into) = (path.to_owned(), into.to_owned());
    blocking(move || {
        if into.exists() {
            let there = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(cannot_open(&into, there));
        }
        let made = prepare(&into)?;
        rescue(&path, Connection::open(&made)?).inspect_err(|_| {
            // A half store would pass for a whole one.
            fs::remove_file(&made).ok();
        })
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JournalError> + Send + 'static,
) -> Result<T, JournalError> {
    spawn_blocking(work)
        .await
        .map_err(|_| JournalError::Stopped)?
}

fn rescue(path: &Path, mut into: Connection) -> Result<Salvage, JournalError> {
    bring_up_to_date(&mut into)?;
    let cannot = |error| cannot_open(path, error);
    // SQLite would write into what it finds beside the store, so it gets a copy.
    let folder = tempfile::tempdir().map_err(cannot)?;
    let copy = folder.path().join("copy");
    fs::copy(path, &copy).map_err(cannot)?;
    whole_pages(&copy).map_err(cannot)?;
    if log_bytes(path) > 0 {
        let log = side(path, "-wal");
        fs::copy(&log, side(&copy, "-wal")).map_err(|error| cannot_open(&log, error))?;
    }
    let found = collect(&copy, &mut into);
    if matches!(&found, Err(JournalError::Newer { .. })) {
        return found;
    }
    if !matches!(&found, Ok(saved) if !saved.is_empty()) && log_bytes(path) == 0 {
        // The page that says where the tables are is gone; a store that was made in one go has them in the same places.
        let spare = folder.path().join("spare");
        bring_up_to_date(&mut Connection::open(&spare)?)?;
        first_page(&spare, &copy).map_err(cannot)?;
        if let Ok(saved) = collect(&copy, &mut into)
            && !saved.is_empty()
        {
            return Ok(saved);
        }
    }
    match found {
        Ok(saved) if !saved.is_empty() => Ok(saved),
        Ok(_) | Err(JournalError::Damaged { .. }) if !is_sqlite(path) => {
            Err(JournalError::NotAStore)
        }
        Ok(_) => Err(JournalError::Damaged { what: "its pages" }),
        found => found,
    }
}

/// Fills up what was cut off a file: SQLite reads no store that is shorter than its header says.
fn whole_pages(copy: &Path) -> std::io::Result<()> {
    let mut header = [0; 100];
    let mut file = fs::OpenOptions::new().read(true).write(true).open(copy)?;
    if file.read_exact(&mut header).is_err() {
        return Ok(());
    }
    let pages = u32::from_be_bytes([header[28], header[29], header[30], header[31]]);
    let wanted = u64::from(pages).saturating_mul(PAGE_BYTES);
    let length = file.metadata()?.len();
    // A number of pages that is damaged itself must not fill the disk.
    let next = length.next_multiple_of(PAGE_BYTES);
    let bearable = next.max(wanted.min(length.saturating_mul(2)));
    file.set_len(bearable)
}

/// Puts the first page of a store that was just made in the place of the first page of a copy.
fn first_page(spare: &Path, copy: &Path) -> std::io::Result<()> {
    let length = fs::metadata(copy)?.len();
    let mut page = fs::read(spare)?;
    page.truncate(usize::try_from(PAGE_BYTES).unwrap_or(usize::MAX));
    let pages = u32::try_from(length / PAGE_BYTES).unwrap_or(u32::MAX);
    if let Some(place) = page.get_mut(28..32) {
        place.copy_from_slice(&pages.to_be_bytes());
    }
    let mut file = fs::OpenOptions::new().write(true).open(copy)?;
    file.write_all(&page)
}

/// Copies what can be read of a store into an empty one.
fn collect(copy: &Path, into: &mut Connection) -> Result<Salvage, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let from = Connection::open_with_flags(copy, flags)?;
    if let Err(newer @ JournalError::Newer { .. }) = schema_of(&from) {
        return Err(newer);
    }
    into.pragma_update(None, "foreign_keys", false)?;
    let transaction = into.transaction()?;
    for (table, order) in TABLES {
        for direction in ["asc", "desc"] {
            if read_through(&from, &transaction, table, order, direction)? {
                break;
            }
        }
    }
    transaction.execute_batch(TIE_UP)?;
    let count = |table: &str| {
        let count = format!("select count(*) from {table}");
        let count: i64 = transaction.query_row(&count, (), |row| row.get(0))?;
        Ok::<_, JournalError>(count.unsigned_abs())
    };
    let salvage = Salvage {
        people: count("person")?,
        links: count("link")?,
        runs: count("run")?,
        steps: count("step")?,
        events: count("event")?,
    };
    transaction.commit()?;
    Ok(salvage)
}

/// Copies the rows of a table from one of its ends, and reports whether it could be read to the other.
fn read_through(
    from: &Connection,
    into: &Connection,
    table: &str,
    order: &[&str],
    direction: &str,
) -> Result<bool, JournalError> {
    let order = order.iter().map(|column| format!("{column} {direction}"));
    let order = order.collect::<Vec<_>>().join(", ");
    let read = format!("select * from {table} not indexed order by {order}");
    let Ok(mut select) = from.prepare(&read) else {
        return Ok(false);
    };
    let columns = select.column_count();
    let places = vec!["?"; columns].join(", ");
    let names = select.column_names().join(", ");
    let mut insert = into.prepare_cached(&format!(
        "insert or ignore into {table} ({names}) values ({places})"
    ))?;
    let Ok(mut rows) = select.query(()) else {
        return Ok(false);
    };
    loop {
        match rows.next() {
            Ok(Some(row)) => {
                let values: rusqlite::Result<Vec<Value>> =
                    (0..columns).map(|at| row.get(at)).collect();
                // A row that is no row any more is lost, and what follows it may be whole.
                if let Ok(values) = values {
                    insert.execute(params_from_iter(values)).ok();
                }
            }
            Ok(None) => return Ok(true),
            Err(_) => return Ok(false),
        }
    }
}
