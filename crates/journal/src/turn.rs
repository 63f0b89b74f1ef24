//! Whose turn it is on a platform: what only one at a time may do, across processes.
//!
//! Of two who administer a platform each would take the other for the one who stays. So whoever may be the last one looks, sends and
//! hears while nobody else of that kind does. A turn is the lock of a file beside the store: it ends with the process, however that ends.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use kadry_core::ProviderId;
use tokio::sync::{Mutex as Gate, OwnedMutexGuard};
use tokio::task::spawn_blocking;

use crate::error::JournalError;
use crate::file::cannot_open;
use crate::store::Journal;

/// How often a turn is asked for that another process has, in milliseconds.
const ASKED_AGAIN_MS: i64 = 50;

/// The turns of this process, by platform.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<BTreeMap<ProviderId, Arc<Gate<()>>>>);

impl Turns {
    fn on(&self, provider: &ProviderId) -> Arc<Gate<()>> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(provider.clone()).or_default())
    }
}

/// A turn on a platform; it ends when this is dropped.
#[derive(Debug)]
pub struct Turn {
    /// Before the gate, so that whoever waits at it finds the file free.
    _held: Option<File>,
    _gate: OwnedMutexGuard<()>,
}

impl Journal {
    /// Waits until it is our turn on a platform.
    ///
    /// # Repeats
    ///
    /// A second call waits for the end of the first one's turn, also within one process.
    ///
    /// # Errors
    ///
    /// [`JournalError::Open`] when the file of the turns cannot be made.
    pub async fn turn(&self, provider: &ProviderId) -> Result<Turn, JournalError> {
        let gate = self.turns().on(provider).lock_owned().await;
        let Some(path) = self.owner().turn_file(provider) else {
            return Ok(Turn {
                _held: None,
                _gate: gate,
            });
        };
        loop {
            let at = path.clone();
            let held = spawn_blocking(move || take(&at))
                .await
                .map_err(|_| JournalError::Stopped)?;
            match held.map_err(|error| cannot_open(&path, error))? {
                Some(held) => {
                    return Ok(Turn {
                        _held: Some(held),
                        _gate: gate,
                    });
                }
                None => {
                    let again_ms = self.clock().now_ms().saturating_add(ASKED_AGAIN_MS);
                    self.clock().wait_until(again_ms).await;
                }
            }
        }
    }
}

/// Returns the path of the file that is locked for a platform. Names are the operator's, so that their bytes stand in it as digits.
pub(crate) fn file_of(owners: &Path, provider: &ProviderId) -> PathBuf {
    let bytes = provider.as_str().bytes();
    let digits: String = bytes.map(|byte| format!("{byte:02x}")).collect();
    owners.join(format!("turn-{digits}"))
}

/// Locks the file, making it if there is none; none while somebody else holds it.
fn take(path: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // A file that nobody held is removed when a store is opened: its lock keeps nobody out any more.
    let held = file.metadata()?.ino();
    let is_there = fs::metadata(path).is_ok_and(|now| now.ino() == held);
    Ok(is_there.then_some(file))
}
