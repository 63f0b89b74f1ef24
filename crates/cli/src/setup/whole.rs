//! Files that are there as a whole or not at all.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::NamedTempFile;

use super::keep::folder_of;

/// Writes a new file that only we can read.
///
/// # Repeats
///
/// A file that is there already is left as it is.
///
/// # Errors
///
/// What the system says; [`io::ErrorKind::AlreadyExists`] when there is one. Nothing is left behind.
pub(crate) fn make(path: &Path, text: &str) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    beside(path, text, 0o600)?.persist_noclobber(path)?;
    File::open(folder_of(path))?.sync_all()
}

/// Writes a file that everybody may read whom the mask of the process lets.
///
/// # Repeats
///
/// The file is replaced.
///
/// # Errors
///
/// What the system says. The file stays as it was then.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    beside(path, text, 0o666)?.persist(path)?;
    Ok(())
}

/// Writes a file under another name; it goes when it is dropped.
fn beside(path: &Path, text: &str, mode: u32) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(".kadry-")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder_of(path))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_new_file_is_for_our_eyes_only_and_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kadry.toml");
        make(&path, "first").unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = make(&path, "second").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_replaced_is_one_that_others_may_read_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kadry.1");
        replace(&path, "first").unwrap();
        replace(&path, "second").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_ne!(mode & 0o066, 0o066, "the mask of the process holds");
        assert_eq!(mode & 0o600, 0o600);
    }
}
