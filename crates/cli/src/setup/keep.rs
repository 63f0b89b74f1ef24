//! Tokens that change, in files beside the store.

use std::fs::{self, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Error, ErrorKind};
use kadry_http::Keep;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::task::spawn_blocking;

/// How often the lock is tried while another process holds it.
const AGAIN: Duration = Duration::from_millis(20);

/// How the names of these files end.
const TOKEN: &str = ".token";

/// A file that only we can read, and the lock beside it.
#[derive(Clone, Debug)]
pub(crate) struct FileKeep {
    path: PathBuf,
}

impl FileKeep {
    /// Returns the place of a credential beside the store.
    ///
    /// It is named by the credential and not by the provider: two boxes of one service user share the token, and each renewal would
    /// otherwise end the other's.
    pub(crate) fn beside(store: &Path, kind: &str, credential: &str) -> Self {
        let digest = Sha256::digest(credential);
        let short: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
        Self {
            path: store.with_extension(format!("{kind}-{short}{TOKEN}")),
        }
    }
}

fn config(message: &'static str) -> impl FnOnce(io::Error) -> Error {
    move |error| Error::new(ErrorKind::Config, message).from_source(error)
}

async fn blocking<T: Send + 'static>(
    message: &'static str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work)
        .await
        .map_err(io::Error::other)
        .and_then(std::convert::identity)
        .map_err(config(message))
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

#[async_trait]
impl Keep for FileKeep {
    async fn load(&self) -> Result<Option<SecretString>, Error> {
        let path = self.path.clone();
        blocking(
            "the token beside the store cannot be read",
            move || match read(&path) {
                Ok(token) => Ok(Some(SecretString::from(token))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
        )
        .await
    }

    async fn store(&self, token: &SecretString) -> Result<(), Error> {
        let (path, token) = (self.path.clone(), token.clone());
        blocking("the token beside the store cannot be written", move || {
            replace(&path, &token)
        })
        .await
    }

    async fn lock(&self) -> Result<Box<dyn Send + Sync>, Error> {
        let refused = || config("the token beside the store cannot be locked");
        folder(&self.path).map_err(refused())?;
        let mut path = self.path.clone().into_os_string();
        path.push(".lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(refused())?;
        // Asked again and again, and not waited for in a thread: whoever stops waiting must not leave a thread behind that takes
        // the lock and keeps it.
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Box::new(file)),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(AGAIN).await,
                Err(TryLockError::Error(error)) => return Err(refused()(error)),
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_last_token_is_found_again_and_only_we_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("romashka.sqlite");
        let keep = FileKeep::beside(&store, "kind", "account");
        assert!(keep.load().await.unwrap().is_none());
        keep.store(&"first".into()).await.unwrap();
        keep.store(&"second".into()).await.unwrap();
        let again = FileKeep::beside(&store, "kind", "account");
        let token = again.load().await.unwrap().unwrap();
        assert_eq!(token.expose_secret(), "second");
        let mode = fs::metadata(&keep.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn each_credential_has_a_file_of_its_own() {
        let of = |credential| FileKeep::beside(Path::new("/s/a.sqlite"), "kind", credential).path;
        assert_ne!(of("one"), of("other"));
        assert!(of("one").starts_with("/s"));
    }

    #[tokio::test]
    async fn the_lock_is_held_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let keep = FileKeep::beside(&folder.path().join("a.sqlite"), "kind", "account");
        let held = keep.lock().await.unwrap();
        let other = keep.clone();
        let waiting = tokio::time::timeout(Duration::from_millis(60), other.lock());
        assert!(waiting.await.is_err());
        drop(held);
        assert!(keep.lock().await.is_ok());
    }

    #[tokio::test]
    async fn a_token_that_others_can_read_is_told_and_closed_to_them_when_it_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("romashka.sqlite");
        let keep = FileKeep::beside(&store, "kind", "account");
        keep.store(&"first".into()).await.unwrap();
        drop(keep.lock().await.unwrap());
        fs::write(folder.path().join("romashka.sqlite"), "").unwrap();
        fs::write(folder.path().join("other.kind-00.token"), "").unwrap();
        assert_eq!(kept_beside(&store), [(keep.path.clone(), false)]);
        fs::set_permissions(&keep.path, Permissions::from_mode(0o644)).unwrap();
        assert_eq!(kept_beside(&store), [(keep.path.clone(), true)]);
        keep.load().await.unwrap();
        assert_eq!(kept_beside(&store), [(keep.path.clone(), false)]);
    }

    #[tokio::test]
    async fn a_link_in_the_place_of_a_token_is_replaced_and_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "not ours").unwrap();
        let keep = FileKeep::beside(&folder.path().join("a.sqlite"), "kind", "account");
        std::os::unix::fs::symlink(&elsewhere, &keep.path).unwrap();
        keep.store(&"ours".into()).await.unwrap();
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "not ours");
        assert!(!fs::symlink_metadata(&keep.path).unwrap().is_symlink());
    }

    #[tokio::test]
    async fn a_reader_finds_the_old_token_or_the_new_one_and_nothing_between() {
        let folder = tempfile::tempdir().unwrap();
        let keep = FileKeep::beside(&folder.path().join("a.sqlite"), "kind", "account");
        let (old, new) = ("o".repeat(60_000), "n".repeat(60_000));
        keep.store(&old.clone().into()).await.unwrap();
        let writer = async {
            for token in [&new, &old].into_iter().cycle().take(20) {
                keep.store(&token.clone().into()).await.unwrap();
            }
        };
        let reader = async {
            for _ in 0..40 {
                let found = keep.load().await.unwrap().unwrap();
                let found = found.expose_secret();
                assert!(*found == *old || *found == *new);
            }
        };
        tokio::join!(writer, reader);
    }
}
