//! Where secrets come from. They never stand in the configuration itself.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use kadry_core::{Error, ErrorKind};
use secrecy::SecretString;
use serde::Deserialize;
use toml::de::DeValue;

use super::document::{self, Key, Node};
use super::mistake::{Mistake, Wanted, What};
use super::{Environment, is_ours_to_mend};

/// The longest secret that is read from a file.
const LONGEST: u64 = 64 * 1024;

/// Where one secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// In a variable of the environment.
    Env(String),
    /// In a file.
    File(PathBuf),
    /// In the keyring of the system.
    Keyring(String),
}

/// Why a secret cannot be had.
#[derive(Debug)]
pub(crate) enum SecretFault {
    /// The variable is not set, or is empty.
    NoVariable(String),
    /// The file cannot be read.
    Unreadable(PathBuf, io::Error),
    /// Others than its owner can read the file.
    OthersCanRead {
        /// The file.
        path: PathBuf,
        /// Whether its mode is ours to change.
        ours: bool,
    },
    /// The file is empty.
    Empty(PathBuf),
    /// The file is too long to be a secret.
    TooLong(PathBuf),
    /// No keyring is built in.
    NoKeyring,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    env: Option<String>,
    file: Option<PathBuf>,
    keyring: Option<String>,
}

impl Source {
    /// Reads where a secret is.
    ///
    /// # Errors
    ///
    /// [`What::InlineSecret`] for the secret itself, and [`Wanted::Source`] for anything but one source.
    pub(crate) fn read(key: &Key<'_>, node: Node<'_>) -> Result<Self, Mistake> {
        if matches!(node.get_ref(), DeValue::String(_)) {
            let what = What::InlineSecret(key.get_ref().to_string());
            return Err(Mistake::at(key, what));
        }
        let wrong = Mistake::wrong(&node, Wanted::Source);
        if !matches!(node.get_ref(), DeValue::Table(_)) {
            return Err(wrong);
        }
        let table: Table = document::read(node)?;
        match (table.env, table.file, table.keyring) {
            (Some(name), None, None) => Ok(Self::Env(name)),
            (None, Some(path), None) => Ok(Self::File(path)),
            (None, None, Some(name)) => Ok(Self::Keyring(name)),
            _ => Err(wrong),
        }
    }

    /// Returns the secret. A relative path starts from the folder of the configuration.
    ///
    /// # Errors
    ///
    /// [`SecretFault`] when there is none, or when others can read it.
    pub(crate) fn resolve(
        &self,
        folder: &Path,
        environment: Environment<'_>,
    ) -> Result<SecretString, SecretFault> {
        match self {
            Self::Env(name) => environment(name)
                .map(|secret| secret.trim().to_owned())
                .filter(|secret| !secret.is_empty())
                .map(SecretString::from)
                .ok_or_else(|| SecretFault::NoVariable(name.clone())),
            Self::File(path) => in_file(&folder.join(path)),
            Self::Keyring(_) => Err(SecretFault::NoKeyring),
        }
    }
}

fn in_file(path: &Path) -> Result<SecretString, SecretFault> {
    let unreadable = |error| SecretFault::Unreadable(path.to_owned(), error);
    let file = File::open(path).map_err(unreadable)?;
    // Of the open file, so that it cannot be swapped between the look and the reading, and of what a link leads to. Only its owner can
    // open a file of such a mode, so its owner is ourselves, unless we are the superuser.
    let opened = file.metadata().map_err(unreadable)?;
    if opened.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    if opened.mode() & 0o077 != 0 {
        return Err(SecretFault::OthersCanRead {
            path: path.to_owned(),
            ours: is_ours_to_mend(&opened),
        });
    }
    let mut text = String::new();
    let read = file
        .take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > LONGEST {
        return Err(SecretFault::TooLong(path.to_owned()));
    }
    match text.trim() {
        "" => Err(SecretFault::Empty(path.to_owned())),
        secret => Ok(SecretString::from(secret)),
    }
}

/// The secrets of one provider, by their keys.
#[derive(Debug, Default)]
pub(crate) struct Secrets(BTreeMap<&'static str, SecretString>);

impl Secrets {
    /// Adds a secret.
    pub(crate) fn insert(&mut self, key: &'static str, secret: SecretString) {
        self.0.insert(key, secret);
    }

    /// Returns a secret.
    ///
    /// # Errors
    ///
    /// `Config` when the kind asks for one that it has not declared, which is our own fault.
    pub(crate) fn get(&self, key: &'static str) -> kadry_core::Result<SecretString> {
        self.0
            .get(key)
            .cloned()
            .ok_or_else(|| Error::new(ErrorKind::Config, format!("{key} was not asked for")))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use secrecy::ExposeSecret as _;

    use super::*;

    fn file(text: &str, mode: u32) -> (tempfile::TempDir, Source) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, Source::File(PathBuf::from("token")))
    }

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn a_file_of_ours_gives_its_text_without_the_end_of_the_line() {
        let (folder, source) = file("seed\n", 0o600);
        let secret = source.resolve(folder.path(), &nothing).unwrap();
        assert_eq!(secret.expose_secret(), "seed");
        assert!(!format!("{secret:?}").contains("seed"));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        for mode in [0o640, 0o604, 0o660] {
            let (folder, source) = file("seed", mode);
            let refused = source.resolve(folder.path(), &nothing);
            assert!(
                matches!(refused, Err(SecretFault::OthersCanRead { .. })),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn a_file_that_only_its_owner_can_read_is_taken_whether_it_can_be_written_or_not() {
        for mode in [0o400, 0o600] {
            let (folder, source) = file("seed", mode);
            assert!(source.resolve(folder.path(), &nothing).is_ok(), "{mode:o}");
        }
    }

    #[test]
    fn a_link_is_as_open_as_what_it_leads_to() {
        for (mode, is_taken) in [(0o600, true), (0o644, false)] {
            let (folder, _) = file("seed", mode);
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(folder.path().join("token"), &link).unwrap();
            let resolved = Source::File(link).resolve(folder.path(), &nothing);
            assert_eq!(resolved.is_ok(), is_taken, "{mode:o}");
        }
    }

    #[test]
    fn a_file_that_is_too_long_or_no_text_or_no_file_is_refused() {
        let (folder, source) = file(&"s".repeat(70_000), 0o600);
        let resolved = source.resolve(folder.path(), &nothing);
        assert!(matches!(resolved, Err(SecretFault::TooLong(_))));
        fs::write(folder.path().join("token"), [0xff, 0xfe]).unwrap();
        let resolved = source.resolve(folder.path(), &nothing);
        assert!(matches!(resolved, Err(SecretFault::Unreadable(..))));
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        for mode in [0o700, 0o755] {
            fs::set_permissions(&inner, Permissions::from_mode(mode)).unwrap();
            let resolved = Source::File(inner.clone()).resolve(folder.path(), &nothing);
            assert!(matches!(resolved, Err(SecretFault::Unreadable(..))));
        }
    }

    #[test]
    fn no_fault_and_no_source_holds_the_secret() {
        let (folder, source) = file("seed-text", 0o644);
        let fault = source.resolve(folder.path(), &nothing).unwrap_err();
        assert!(!format!("{fault:?} {source:?}").contains("seed-text"));
    }

    #[test]
    fn an_empty_file_a_missing_one_and_a_missing_variable_are_told_apart() {
        let (folder, source) = file(" \n", 0o600);
        let resolve = |source: &Source| source.resolve(folder.path(), &nothing);
        assert!(matches!(resolve(&source), Err(SecretFault::Empty(_))));
        let missing = Source::File(PathBuf::from("missing"));
        assert!(matches!(
            resolve(&missing),
            Err(SecretFault::Unreadable(..))
        ));
        let variable = Source::Env("KADRY_TEST".to_owned());
        assert!(matches!(
            resolve(&variable),
            Err(SecretFault::NoVariable(_))
        ));
        let empty = variable.resolve(folder.path(), &|_| Some(String::new()));
        assert!(matches!(empty, Err(SecretFault::NoVariable(_))));
        let keyring = Source::Keyring("kadry".to_owned());
        assert!(matches!(resolve(&keyring), Err(SecretFault::NoKeyring)));
    }
}
