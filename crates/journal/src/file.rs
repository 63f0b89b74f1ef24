//! The file of the store: whose it is, where it lies and who may read it.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

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

/// File systems that usually, or always, lie on another machine, whose locks may hold.
const REMOTE_FILE_SYSTEMS: [u64; 9] = [
    0x6573_5546, // FUSE, which sshfs and most shares of virtual machines are made of
    0x0102_1997, // 9P
    0x00c3_6400, // Ceph
    0x5346_414f, // AFS
    0x6b41_4653, // AFS of the kernel
    0x0bd0_0bd0, // Lustre
    0x4750_4653, // GPFS
    0x7461_636f, // OCFS2
    0x0116_1970, // GFS2
];

/// Where the kernel tells what is mounted.
const MOUNTS: &str = "/proc/self/mountinfo";

/// Those among them that are a share of another machine and nothing else, by the name that the kernel gives them.
const NETWORK_SHARES: [&str; 12] = [
    "9p",
    "afs",
    "ceph",
    "davfs",
    "davfs2",
    "glusterfs",
    "gvfsd-fuse",
    "lustre",
    "rclone",
    "s3fs",
    "smbnetfs",
    "sshfs",
];

/// Where in them the number of the schema stands, in SQLite's `user_version`; it is zero before there is one.
const SCHEMA_AT: std::ops::Range<usize> = 60..64;

/// What SQLite adds to the name of a store for the files that it makes beside it.
const SIDES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// How much a rehearsal writes: what a new store takes with its log, and a little more.
const REHEARSED_BYTES: usize = 512 * 1024;

/// Where a store lies and who may use it, as far as it can be told without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// How many bytes the store takes, its log included.
    pub bytes: u64,
    /// How many bytes are free for us on its disk.
    pub free_bytes: u64,
    /// Whether others than its owner may read or write it.
    pub shared: bool,
    /// Whether it lies on a file system of another machine, as far as its kind shows that.
    pub remote: bool,
    /// When the file was made, in milliseconds since the Unix epoch, where the file system remembers it.
    pub made_ms: Option<i64>,
}

impl Place {
    /// Returns what can be told of the file of a store.
    ///
    /// # Errors
    ///
    /// What the system says: there is no file, or it must not be looked at.
    pub fn of(path: &Path) -> io::Result<Self> {
        let file = fs::metadata(path)?;
        let log = log_bytes(path);
        let disk = rustix::fs::statvfs(path)?;
        let kind = kind_of_file_system(path)?;
        let made = file.created().ok();
        let made = made.and_then(|made| made.duration_since(SystemTime::UNIX_EPOCH).ok());
        Ok(Self {
            bytes: file.len().saturating_add(log),
            free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
            shared: file.permissions().mode() & 0o077 != 0,
            remote: is_remote(kind),
            made_ms: made.and_then(|made| i64::try_from(made.as_millis()).ok()),
        })
    }
}

fn is_remote(kind: u64) -> bool {
    NETWORK_FILE_SYSTEMS.contains(&kind) || REMOTE_FILE_SYSTEMS.contains(&kind)
}

/// Returns a file that SQLite makes beside a store.
pub(crate) fn side(store: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(store);
    name.push(end);
    PathBuf::from(name)
}

/// Returns how many bytes of a store stand in its log and not yet in its file.
pub(crate) fn log_bytes(store: &Path) -> u64 {
    let log = fs::metadata(side(store, "-wal")).ok();
    log.filter(Metadata::is_file).map_or(0, |log| log.len())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Tries whether the next opening of a store could make or write it, and leaves nothing behind.
///
/// # Errors
///
/// What [`Journal::open`](crate::Journal::open) would say of the place: [`JournalError::Open`], [`JournalError::NotAStore`],
/// [`JournalError::NetworkShare`] and [`JournalError::Full`].
pub fn rehearse(path: &Path) -> Result<(), JournalError> {
    match fs::metadata(path) {
        Ok(_) => rehearse_store(path),
        Err(error) if is_missing(&error) => {
            let mut folder = folder_of(path);
            while fs::metadata(folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                folder = folder_of(folder);
            }
            refuse_network(folder)?;
            rehearse_folder(folder)
        }
        Err(error) => Err(cannot_open(path, error)),
    }
}

/// Whether something is not there, or cannot be because what should be a folder on the way is none.
fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn rehearse_store(path: &Path) -> Result<(), JournalError> {
    refuse_network(path)?;
    refuse_others(path)?;
    // Beside the file that a link leads to, as SQLite does it.
    let path = path
        .canonicalize()
        .map_err(|error| cannot_open(path, error))?;
    for file in [path.clone(), side(&path, "-wal"), side(&path, "-shm")] {
        match OpenOptions::new().write(true).open(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(cannot_open(&file, error));
            }
            Ok(_) | Err(_) => {}
        }
    }
    let owners = owners_folder(&path);
    if owners.exists() {
        rehearse_folder(&owners)?;
    }
    rehearse_folder(folder_of(&path))
}

/// Only making a file proves that one can be made; this one has no name and goes at once.
fn rehearse_folder(folder: &Path) -> Result<(), JournalError> {
    tempfile::tempfile_in(folder)
        .and_then(|mut file| file.write_all(&vec![0; REHEARSED_BYTES]))
        .map_err(|error| cannot_open(folder, error))
}

/// What is not there before a store is opened, so that an opening that fails can take back what it made.
#[derive(Debug)]
pub(crate) struct Missing {
    /// The folders, the deepest first.
    folders: Vec<PathBuf>,
    is_file: bool,
}

impl Missing {
    /// Looks what is missing for a store.
    pub(crate) fn of(path: &Path) -> Self {
        let above = folder_of(path).ancestors();
        let folders = above.take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        Self {
            folders: folders.map(Path::to_owned).collect(),
            is_file: !path.exists(),
        }
    }

    /// Takes back what was made for a store that could not be begun. What others have put there meanwhile stays, and keeps its folder.
    pub(crate) fn take_back(&self, path: &Path) {
        // Another process that opens the same path holds its lock in there before it writes: the file is then theirs.
        let owners = owners_folder(path);
        fs::remove_dir(&owners).ok();
        if self.is_file && !owners.is_dir() && fs::metadata(path).is_ok_and(|file| file.len() == 0)
        {
            fs::remove_file(path).ok();
        }
        for folder in &self.folders {
            fs::remove_dir(folder).ok();
        }
    }
}

/// Reports whether nobody has begun a store in a file: it has no schema and no more than the page of its mark, and its log brings none.
/// Nobody else may be opening it.
pub(crate) fn is_blank(path: &Path) -> bool {
    let (Ok(header), Ok(file)) = (first_bytes(path), path.metadata()) else {
        return false;
    };
    if file.len() > PAGE_BYTES {
        return false;
    }
    let has_schema = header
        .get(SCHEMA_AT)
        .is_some_and(|number| number != [0; 4].as_slice());
    !has_schema && log_bytes(path) == 0
}

/// Removes a store that was blank when we opened it, with all that belongs to it. Nobody else may be opening it.
pub(crate) fn remove_blank(path: &Path) {
    // What cannot be removed costs the next opening nothing: it finds a store that nobody has begun.
    for end in SIDES {
        fs::remove_file(side(path, end)).ok();
    }
    fs::remove_file(path).ok();
}

/// How long a page of a store is: SQLite's own measure, which nothing here changes.
pub(crate) const PAGE_BYTES: u64 = 4096;

/// Makes sure that there is a file for the store, ours or empty, on a local disk and for our eyes only, and returns its real path.
pub(crate) fn prepare(path: &Path) -> Result<PathBuf, JournalError> {
    let folder = folder_of(path);
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
    if matches!(
        source.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    ) {
        return JournalError::Full;
    }
    JournalError::Open {
        path: path.to_owned(),
        source: Arc::new(source),
    }
}

/// Returns the number by which the system tells kinds of file systems apart.
fn kind_of_file_system(place: &Path) -> io::Result<u64> {
    let system = rustix::fs::statfs(place)?;
    // The field is signed on some machines, and its upper half is then filled with the sign.
    Ok(u64::try_from(system.f_type & 0xffff_ffff).unwrap_or(0))
}

fn refuse_network(place: &Path) -> Result<(), JournalError> {
    let kind = kind_of_file_system(place).map_err(|error| cannot_open(place, error))?;
    let is_share = || {
        // A system that does not say what is mounted says nothing against it.
        let mounts = fs::read_to_string(MOUNTS).unwrap_or_default();
        let place = place.canonicalize().unwrap_or_else(|_| place.to_owned());
        name_of_file_system(&mounts, &place).is_some_and(is_network_share)
    };
    if NETWORK_FILE_SYSTEMS.contains(&kind) || (REMOTE_FILE_SYSTEMS.contains(&kind) && is_share()) {
        return Err(JournalError::NetworkShare);
    }
    Ok(())
}

/// Returns the name of the file system on which a place lies: that of the deepest mount above it, and of several there the last.
fn name_of_file_system<'a>(mounts: &'a str, place: &Path) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let (mount, system) = line.split_once(" - ")?;
        let at = unescaped(mount.split(' ').nth(4)?);
        let is_above = place.starts_with(&at);
        is_above.then_some((at.len(), system.split(' ').next()?))
    };
    let above = mounts.lines().filter_map(mount);
    above
        .max_by_key(|(length, _)| *length)
        .map(|(_, name)| name)
}

/// The kernel writes blanks and the like of a path in octal.
fn unescaped(path: &str) -> String {
    [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ]
    .into_iter()
    .fold(path.to_owned(), |path, (code, letter)| {
        path.replace(code, letter)
    })
}

fn is_network_share(name: &str) -> bool {
    NETWORK_SHARES.contains(&name.strip_prefix("fuse.").unwrap_or(name))
}

/// Makes sure that a store that is only read is ours or empty and lies on a local disk.
pub(crate) fn look(path: &Path) -> Result<(), JournalError> {
    refuse_network(path)?;
    refuse_others(path)
}

/// Reports whether a file begins like one of SQLite.
pub(crate) fn is_sqlite(path: &Path) -> bool {
    first_bytes(path).is_ok_and(|header| header.starts_with(HEADER))
}

fn first_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    File::open(path)?
        .take(HEADER_BYTES)
        .read_to_end(&mut header)?;
    Ok(header)
}

/// Refuses a file that is neither empty nor ours. SQLite is not asked: it would leave files of its own beside somebody else's.
fn refuse_others(path: &Path) -> Result<(), JournalError> {
    let header = match first_bytes(path) {
        Ok(header) => header,
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_others_may_read_is_told_from_one_of_ours_and_the_log_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        fs::write(&path, [0; 7]).unwrap();
        fs::write(folder.path().join("a.sqlite-wal"), [0; 5]).unwrap();
        for (mode, shared) in [(0o600, false), (0o640, true), (0o602, true)] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let place = Place::of(&path).unwrap();
            assert_eq!((place.shared, place.bytes), (shared, 12), "{mode:o}");
        }
        assert!(Place::of(&folder.path().join("missing")).is_err());
    }

    #[test]
    fn a_share_that_only_its_name_tells_from_a_local_disk_is_told() {
        let mounts = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n\
            90 22 0:51 / /srv/our\\040share rw - fuse.sshfs olga@host:/ rw\n\
            91 22 0:52 / /srv rw - fuse.gocryptfs /home/cipher rw\n";
        let name = |place: &str| name_of_file_system(mounts, Path::new(place));
        assert_eq!(name("/srv/our share/kadry"), Some("fuse.sshfs"));
        assert_eq!(name("/srv/other"), Some("fuse.gocryptfs"));
        assert_eq!(name("/var/lib"), Some("ext4"));
        assert!(is_network_share("fuse.sshfs") && is_network_share("9p"));
        assert!(!is_network_share("fuse.gocryptfs") && !is_network_share("ext4"));
    }

    #[test]
    fn a_share_of_another_machine_is_remote_and_a_disk_of_ours_is_not() {
        for (kind, remote) in [(0x6969, true), (0x6573_5546, true), (0xef53, false)] {
            assert_eq!(is_remote(kind), remote, "{kind:x}");
        }
    }
}
