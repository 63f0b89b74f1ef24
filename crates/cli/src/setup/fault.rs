//! What can be wrong before any platform is asked, as data; `crate::error` says it in sentences.

use std::io;
use std::path::PathBuf;

use kadry_core::ProviderId;
use kadry_journal::JournalError;

use super::mistake::What;
use super::secrets::SecretFault;

/// What is wrong before any platform is asked.
#[derive(Debug)]
pub(crate) enum Fault {
    /// There is no configuration in these places.
    NoConfig(Vec<PathBuf>),
    /// A file cannot be read.
    Unreadable(PathBuf, io::Error),
    /// A file cannot be written.
    Unwritable(PathBuf, io::Error),
    /// There is a file already.
    Exists(PathBuf),
    /// Others than its owner can write the configuration.
    OthersCanWrite {
        /// The configuration.
        path: PathBuf,
        /// Whether its mode is ours to change.
        ours: bool,
    },
    /// Something in the configuration cannot be used.
    Mistake {
        /// The configuration.
        path: PathBuf,
        /// The line, from 1.
        line: Option<usize>,
        /// What it is.
        what: What,
    },
    /// A secret cannot be had.
    Secret {
        /// Whose.
        provider: ProviderId,
        /// Its key.
        key: &'static str,
        /// Why.
        why: SecretFault,
    },
    /// The way to a platform cannot be set up.
    Wiring {
        /// To which.
        provider: ProviderId,
        /// Why.
        error: kadry_core::Error,
    },
    /// The system does not say where the store could be.
    NoStateFolder,
    /// There is no store where `--store` says.
    NoStore(PathBuf),
    /// The store cannot be opened.
    Journal(JournalError),
    /// No platform is configured, or all are switched off.
    NoProviders,
    /// There is no such role.
    UnknownRole {
        /// The name as typed.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// No such platform is configured.
    UnknownProvider {
        /// The name as typed.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
        /// The names that are configured.
        configured: Vec<String>,
        /// Those of the kind, when the name is one of a kind.
        of_kind: Vec<String>,
    },
    /// The platform is switched off.
    SwitchedOff(ProviderId),
    /// The role gives nothing on a platform that was asked for.
    RoleWithout {
        /// The role.
        role: String,
        /// The platform.
        provider: ProviderId,
    },
    /// The role gives nothing on any platform that is used.
    RoleOfNothing(String),
    /// Neither a role nor platforms were named.
    NothingAsked,
}
