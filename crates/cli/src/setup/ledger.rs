//! Request budgets that processes share, in files beside the store.
//!
//! A budget is a short text, read and written under the lock of its file. A right to have a request under way is the lock of a file of
//! its own, which the system lets go of when the process ends, however it ends. Nothing here is worth a wait or an error, and the whole
//! folder may be removed at any time.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use kadry_http::{Ledger, Missed, Term};

use super::keep::short_hash;

/// The longest text that is read of a budget: more than a thousand recipients at once.
const LONGEST: u64 = 64 * 1024;

/// A folder that only we can read, with a few files for each credential.
#[derive(Clone, Debug)]
pub(crate) struct FileLedger {
    store: PathBuf,
    folder: PathBuf,
}

impl FileLedger {
    /// Returns the place of a credential beside the store. It is named by the credential: several providers may use it.
    ///
    /// Nothing is made as long as there is no store: whoever only looks makes none.
    pub(crate) fn beside(store: &Path, kind: &str, credential: &str) -> Self {
        Self {
            folder: budgets_folder(store).join(format!("{kind}-{}", short_hash(credential))),
            store: store.to_owned(),
        }
    }

    /// Opens a file of the folder to read and write it, and makes it if it is not there.
    fn open(&self, name: &str) -> io::Result<File> {
        let path = self.folder.join(name);
        match open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.store.exists() => {
                let mut made = DirBuilder::new();
                made.recursive(true).mode(0o700).create(&self.folder)?;
                open(&path)
            }
            opened => opened,
        }
    }

    /// Opens and locks a file, unless another process has it locked.
    fn lock(&self, name: &str) -> Result<File, Missed> {
        let file = self.open(name).map_err(|_| self.missed())?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Missed::Busy),
            Err(TryLockError::Error(_)) => Err(Missed::Broken),
        }
    }

    /// Returns why a file cannot be opened.
    fn missed(&self) -> Missed {
        if self.store.exists() {
            Missed::Broken
        } else {
            Missed::Nowhere
        }
    }

    /// Takes the file of a right away whose holder hangs beyond its term: what it holds then is the lock of no file.
    fn free_overdue(&self, name: &str, term: Term) -> io::Result<()> {
        let path = self.folder.join(name);
        let is_overdue = || {
            let until_ms = fs::read_to_string(&path)?.parse::<u64>().ok();
            io::Result::Ok(until_ms.is_some_and(|until_ms| until_ms <= term.from_ms))
        };
        if !is_overdue()? {
            return Ok(());
        }
        // One at a time, and only what is still so: the next one may have taken its place already.
        match self.lock("overdue") {
            Ok(_turn) if is_overdue()? => fs::remove_file(&path),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// Returns the folder of all budgets of a store.
pub(crate) fn budgets_folder(store: &Path) -> PathBuf {
    let mut name = OsString::from(store);
    name.push(".budgets");
    PathBuf::from(name)
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

fn read(file: &File) -> io::Result<String> {
    let mut text = Vec::new();
    file.take(LONGEST).read_to_end(&mut text)?;
    // What is no text is damaged, and reads as such.
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn write(mut file: &File, text: &str) -> io::Result<()> {
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)
}

fn broken<T>(result: io::Result<T>) -> Result<T, Missed> {
    result.map_err(|_| Missed::Broken)
}

impl Ledger for FileLedger {
    fn change(
        &self,
        budget: &str,
        change: &mut dyn FnMut(&str) -> Option<String>,
    ) -> Result<(), Missed> {
        let file = self.lock(budget)?;
        let text = broken(read(&file))?;
        change(&text).map_or(Ok(()), |text| broken(write(&file, &text)))
    }

    fn slot(&self, line: &str, number: usize, term: Term) -> Result<Box<dyn Send + Sync>, Missed> {
        let name = format!("{line}.under-way-{number}");
        let held = match self.lock(&name) {
            Ok(held) => held,
            Err(Missed::Busy) => {
                // Where that does not work, the next look may find it free.
                self.free_overdue(&name, term).ok();
                return Err(Missed::Busy);
            }
            Err(missed) => return Err(missed),
        };
        // Whoever waited may have taken the file away meanwhile: its lock keeps nobody out any more.
        let ours = broken(held.metadata())?.ino();
        if !fs::metadata(self.folder.join(&name)).is_ok_and(|now| now.ino() == ours) {
            return Err(Missed::Busy);
        }
        // Where not even this can be written, a process that hangs is waited for a little longer.
        write(&held, &term.until_ms.to_string()).ok();
        Ok(Box::new(held))
    }

    fn wait(&self, line: &str) -> Option<Box<dyn Send + Sync>> {
        let file = self.open(&waiting(line)).ok()?;
        file.try_lock_shared().ok()?;
        Some(Box::new(file))
    }

    fn is_awaited(&self, line: &str) -> bool {
        matches!(self.lock(&waiting(line)), Err(Missed::Busy))
    }
}

fn waiting(line: &str) -> String {
    format!("{line}.waiting")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;
