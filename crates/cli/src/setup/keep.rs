//! Tokens that change, in files beside the store.

use std::fs::{self, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Error, ErrorKind};
use kadry_http::Keep;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::task::spawn_blocking;

use crate::error::{KEPT, KEPT_CAUSE, io_word};

/// How often the lock is tried while another process holds it.
const AGAIN: Duration = Duration::from_millis(20);

/// How often what was just made may go away again before it counts as a place where nothing can be made.
const PATIENCE: u32 = 100;

/// How much room there has to be for a token: several times what any takes.
const ROOM: usize = 64 * 1024;

/// How the names of these files end.
const TOKEN: &str = ".token";

/// A file that only we can read, and the lock beside it.
#[derive(Clone, Debug)]
pub(crate) struct FileKeep {
    path: PathBuf,
    /// The folders on the way that are not there yet, the deepest first.
    missing: Vec<PathBuf>,
}

impl FileKeep {
    /// Returns the place of a credential beside the store.
    ///
    /// It is named by the credential and not by the provider: two boxes of one service user share the token, and each renewal would
    /// otherwise end the other's.
    pub(crate) fn beside(store: &Path, kind: &str, credential: &str) -> Self {
        let short = short_hash(credential);
        let above = folder_of(store).ancestors();
        let missing = above.take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        Self {
            path: store.with_extension(format!("{kind}-{short}{TOKEN}")),
            missing: missing.map(Path::to_owned).collect(),
        }
    }
}

/// Returns what stands for a credential in the names of files.
pub(super) fn short_hash(credential: &str) -> String {
    let digest = Sha256::digest(credential);
    digest.iter().take(4).map(|b| format!("{b:02x}")).collect()
}

/// What was tried with a token.
#[derive(Clone, Copy, Debug)]
enum Tried {
    Read,
    Write,
    Lock,
}

impl Tried {
    const fn message(self) -> &'static str {
        match self {
            Self::Read => "the token beside the store cannot be read",
            Self::Write => "the token beside the store cannot be written",
            Self::Lock => "the token beside the store cannot be locked",
        }
    }

    /// Returns the error of a file or folder that the system does not let us use.
    fn failed(self, place: &Path, cause: io::Error) -> Error {
        Error::new(ErrorKind::Config, self.message())
            .with(KEPT, place.display())
            .with(KEPT_CAUSE, io_word(&cause))
            .from_source(cause)
    }
}

async fn blocking<T: Send + 'static>(
    tried: Tried,
    place: PathBuf,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work)
        .await
        .map_err(io::Error::other)
        .and_then(std::convert::identity)
        .map_err(|cause| tried.failed(&place, cause))
}

/// Returns the folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Lists the files beside a store that hold tokens, and whether others than their owner may do anything with them.
pub(crate) fn kept_beside(store: &Path) -> Vec<(PathBuf, bool)> {
    let stem = store.with_extension("");
    let Some(stem) = stem.file_name().and_then(|stem| stem.to_str()) else {
        return Vec::new();
    };
    let is_kept = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        let rest = name.and_then(|name| name.strip_prefix(stem)?.strip_prefix('.'));
        rest.is_some_and(|rest| rest.ends_with(TOKEN))
    };
    let files = fs::read_dir(folder_of(store)).into_iter().flatten();
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    let mut kept: Vec<_> = paths
        .filter(is_kept)
        .filter_map(|path| {
            let file = fs::metadata(&path).ok()?;
            let shared = is_shared(&file);
            file.is_file().then_some((path, shared))
        })
        .collect();
    kept.sort();
    kept
}

fn is_shared(file: &Metadata) -> bool {
    file.permissions().mode() & 0o077 != 0
}

/// Reads a token. What others may do with its file is taken away first: a copy that was put back may have come without its mode.
fn read(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    if is_shared(&file.metadata()?) {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    let mut token = String::new();
    file.read_to_string(&mut token)?;
    Ok(token)
}

/// Returns the folder of a file, made for us alone if it is not there: whoever only looks has made no store yet.
fn folder(path: &Path) -> io::Result<&Path> {
    let folder = folder_of(path);
    let mut made = fs::DirBuilder::new();
    made.recursive(true).mode(0o700).create(folder)?;
    Ok(folder)
}

/// Stores a token, on a full disk in the room that the last one takes: a crash in between may spoil both, and otherwise the new one is
/// lost for certain.
fn store(path: &Path, token: &SecretString) -> io::Result<()> {
    match replace(path, token) {
        Err(full) if is_full(&full) => overwrite(path, token).map_err(|_| full),
        stored => stored,
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

fn overwrite(path: &Path, token: &SecretString) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(token.expose_secret().as_bytes())?;
    let length = file.stream_position()?;
    file.set_len(length)?;
    file.sync_all()
}

/// Replaces the file as a whole: a reader finds the old token or the new one, also after the power has gone.
fn replace(path: &Path, token: &SecretString) -> io::Result<()> {
    let folder = folder(path)?;
    // A temporary file is made for its owner alone.
    let mut file = tempfile::Builder::new()
        .prefix(".token-")
        .tempfile_in(folder)?;
    file.write_all(token.expose_secret().as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(folder)?.sync_all()
}

/// The turn of one process. What was made for it goes with it, unless a token has come to stand there.
#[derive(Debug)]
struct Turn {
    path: PathBuf,
    /// The folders that were not there before, the deepest first.
    folders: Vec<PathBuf>,
    _held: File,
}

impl Drop for Turn {
    fn drop(&mut self) {
        // While it is held, so that whoever waits for it finds out that it is gone. What stays is in nobody's way.
        fs::remove_file(&self.path).ok();
        for folder in &self.folders {
            fs::remove_dir(folder).ok();
        }
    }
}

impl FileKeep {
    fn lock_file(&self) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(".lock");
        PathBuf::from(path)
    }

    /// Opens the file that is locked, with its folder; none if they went away in between.
    fn open_lock(&self) -> io::Result<Option<File>> {
        let opened = folder(&self.path).and_then(|_| {
            OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(self.lock_file())
        });
        match opened {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes sure that a token can be kept before it is asked for: one that is exchanged and not kept is lost.
    fn has_room(&self) -> io::Result<()> {
        let written = tempfile::tempfile_in(folder_of(&self.path))
            .and_then(|mut room| room.write_all(&[0; ROOM]));
        match written {
            Err(error) if is_full(&error) && self.path.exists() => Ok(()),
            written => written,
        }
    }
}

#[async_trait]
impl Keep for FileKeep {
    async fn load(&self) -> Result<Option<SecretString>, Error> {
        let path = self.path.clone();
        blocking(Tried::Read, path.clone(), move || match read(&path) {
            Ok(token) => Ok(Some(SecretString::from(token))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn store(&self, token: &SecretString) -> Result<(), Error> {
        let (path, token) = (self.path.clone(), token.clone());
        let place = folder_of(&path).to_owned();
        blocking(Tried::Write, place, move || store(&path, &token)).await
    }

    async fn lock(&self) -> Result<Box<dyn Send + Sync>, Error> {
        let refused = |cause| Tried::Lock.failed(folder_of(&self.path), cause);
        let path = self.lock_file();
        let mut vanished = 0;
        loop {
            let Some(held) = self.open_lock().map_err(refused)? else {
                vanished += 1;
                if vanished > PATIENCE {
                    return Err(refused(io::ErrorKind::NotFound.into()));
                }
                continue;
            };
            // Asked again and again, and not waited for in a thread: whoever stops waiting must not leave a thread behind that takes
            // the lock and keeps it.
            match held.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                Err(TryLockError::Error(error)) => return Err(refused(error)),
            }
            // Whoever had it before has removed the file meanwhile: its lock keeps nobody out any more.
            let ours = held.metadata().map_err(refused)?.ino();
            if fs::metadata(&path).is_ok_and(|now| now.ino() == ours) {
                let turn = Turn {
                    path,
                    folders: self.missing.clone(),
                    _held: held,
                };
                self.has_room().map_err(refused)?;
                return Ok(Box::new(turn));
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;
