//! The file of the store: whose it is, where it lies and who may read it.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::JournalError;

/// What marks a file as a store of ours, in SQLite's `application_id`: "KDRY".
pub(crate) const APPLICATION_ID: i32 = 0x4b44_5259;

/// SQLite's own mark, and where in the first hundred bytes of a file the `application_id` stands.
const HEADER: &[u8] = b"SQLite format 3\0";
const HEADER_BYTES: u64 = 100;
const APPLICATION_ID_AT: std::ops::Range<usize> = 68..72;

/// Network file systems that are known to have no locks, or locks that not every client sees.
const NETWORK_FILE_SYSTEMS: [u64; 4] = [
    0x6969,      // NFS
    0x517b,      // SMB
    0xff53_4d42, // CIFS
    0xfe53_4d42, // SMB 2 and later
];

/// Makes sure that there is a file for the store, ours or empty, on a local disk and for our eyes only, and returns its real path.
pub(crate) fn prepare(path: &Path) -> Result<PathBuf, JournalError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    make_folder(folder)?;
    refuse_network(if path.exists() { path } else { folder })?;
    refuse_others(path)?;
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|error| cannot_open(path, error))?;
    tighten(path, &file)?;
    // A commit is only as durable as the name of its file.
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| cannot_open(folder, error))?;
    // Two names of one store must not have two sets of owners.
    path.canonicalize()
        .map_err(|error| cannot_open(path, error))
}

/// Makes a folder that only we can enter, with the folders above it, unless it is there.
pub(crate) fn make_folder(folder: &Path) -> Result<(), JournalError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| cannot_open(folder, error))
}

/// Returns the folder in which the owners of a store keep their locks.
pub(crate) fn owners_folder(store: &Path) -> PathBuf {
    let mut name = OsString::from(store);
    name.push(".owners");
    PathBuf::from(name)
}

/// Returns the error of a path that cannot be used.
pub(crate) fn cannot_open(path: &Path, source: io::Error) -> JournalError {
    JournalError::Open {
        path: path.to_owned(),
        source: Arc::new(source),
    }
}

fn refuse_network(place: &Path) -> Result<(), JournalError> {
    let system = rustix::fs::statfs(place).map_err(|error| cannot_open(place, error.into()))?;
    // The field is signed on some machines, and its upper half is then filled with the sign.
    let kind = u64::try_from(system.f_type & 0xffff_ffff).unwrap_or(0);
    if NETWORK_FILE_SYSTEMS.contains(&kind) {
        return Err(JournalError::NetworkShare);
    }
    Ok(())
}

/// Refuses a file that is neither empty nor ours. SQLite is not asked: it would leave files of its own beside somebody else's.
fn refuse_others(path: &Path) -> Result<(), JournalError> {
    let mut header = Vec::new();
    match File::open(path) {
        Ok(file) => file
            .take(HEADER_BYTES)
            .read_to_end(&mut header)
            .map_err(|error| cannot_open(path, error))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot_open(path, error)),
    };
    let is_ours = header.starts_with(HEADER)
        && header.get(APPLICATION_ID_AT) == Some(APPLICATION_ID.to_be_bytes().as_slice());
    if header.is_empty() || is_ours {
        Ok(())
    } else {
        Err(JournalError::NotAStore)
    }
}

/// Takes away what group and others may do with a file.
fn tighten(path: &Path, file: &File) -> Result<(), JournalError> {
    let mode = file
        .metadata()
        .map_err(|error| cannot_open(path, error))?
        .permissions()
        .mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(0o600))
        .map_err(|error| cannot_open(path, error))
}
