//! What can be told of the setup, whatever is wrong with it: nothing here stops at the first fault.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use kadry_core::ProviderId;
use kadry_http::Precedence;
use kadry_journal::{JournalError, Opened, Place};

use super::config::Config;
use super::fault::Fault;
use super::keep;
use super::limits::{self, Limit};
use super::platforms::{self, Prepared, Surroundings};
use super::{
    Global, Purpose, clock, document, find_config, is_there, journal, random, read_unshared, store,
};

/// What can be told of the setup.
#[derive(Debug)]
pub(crate) struct Examined {
    /// The configuration and what stands in it, if it can be read.
    pub(crate) config: Result<Known, Fault>,
    /// What can be told of the store; nothing where nobody says where it is.
    pub(crate) store: Option<Result<Opening, Fault>>,
    /// The platforms that were asked for, each ready to be reached or with what keeps it from that.
    pub(crate) connects: Vec<(ProviderId, Prepared)>,
}

/// A configuration that can be read.
#[derive(Debug)]
pub(crate) struct Known {
    /// What it says.
    pub(crate) config: Config,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The names of its roles.
    pub(crate) roles: Vec<String>,
    /// What `[limits]` says.
    pub(crate) limits: Vec<Limit>,
    /// Its folder, if every user of the system can put another file in its place.
    pub(crate) open_folder: Option<PathBuf>,
    /// Whether the file belongs to another user than us and the superuser.
    pub(crate) foreign: bool,
}

/// A store, only looked at.
#[derive(Debug)]
pub(crate) struct Opening {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The file; nothing when there is none.
    pub(crate) place: Option<Place>,
    /// The files beside it that hold tokens, and whether others than their owner can read them.
    pub(crate) kept: Vec<(PathBuf, bool)>,
    /// The journal in it; nothing when there is no store.
    pub(crate) journal: Option<Result<Opened, Fault>>,
    /// Whether the next run could make it or write into it.
    pub(crate) rehearsed: Result<(), JournalError>,
}

/// Looks at everything that a command would need, and changes nothing.
///
/// # Errors
///
/// A [`Fault`] when `on` names a platform that is not used: that is a slip of whoever types. What is wrong with the setup itself is in
/// what is returned.
pub(crate) async fn examine(global: &Global, on: Option<&[String]>) -> Result<Examined, Fault> {
    let known = known(global);
    let store = match (&known, global.store.as_deref()) {
        (_, Some(given)) => Some(Ok(given.to_owned())),
        (Ok(known), None) => Some(store::path(None, &known.config, &known.path)),
        (Err(_), None) => None,
    };
    let mut connects = Vec::new();
    if let (Ok(known), Some(Ok(store))) = (&known, &store) {
        let on = match known.config.find_on(on) {
            // It is no slip of whoever types, and the report says it.
            Err(Fault::NoProviders) => Vec::new(),
            on => on?,
        };
        let (clock, random) = (clock(), random());
        let around = Surroundings {
            folder: known.path.parent().unwrap_or(Path::new("")),
            store,
            clock: &clock,
            random: &random,
            precedence: Precedence::Usual,
        };
        let environment = |name: &str| std::env::var(name).ok();
        connects = platforms::each(&known.config, &on, &around, &environment);
    }
    let store = match store {
        Some(Ok(path)) => Some(Ok(opening(path).await)),
        Some(Err(fault)) => Some(Err(fault)),
        None => None,
    };
    Ok(Examined {
        config: known,
        store,
        connects,
    })
}

fn known(global: &Global) -> Result<Known, Fault> {
    let path = match &global.config {
        Some(path) => path.clone(),
        None => find_config()?,
    };
    let text = read_unshared(&path)?;
    let config = Config::parse(&text, &path)?;
    let (roles, limits) = outline(&text);
    Ok(Known {
        config,
        roles,
        limits,
        open_folder: open_folder(&path),
        foreign: fs::metadata(&path).is_ok_and(|file| is_foreign(file.uid())),
        path,
    })
}

/// The names of the roles, and the limits, of a text that was found to be a configuration.
fn outline(text: &str) -> (Vec<String>, Vec<Limit>) {
    let mut roles = Vec::new();
    let mut counted = Vec::new();
    for (key, value) in document::parse(text).into_iter().flatten() {
        match key.get_ref().as_ref() {
            "roles" => {
                let names = document::table(value).into_iter().flatten();
                roles.extend(names.map(|(name, _)| name.get_ref().to_string()));
            }
            "limits" => counted = limits::read(value).unwrap_or_default(),
            _ => {}
        }
    }
    roles.sort();
    (roles, counted)
}

fn is_foreign(owner: u32) -> bool {
    owner != 0 && owner != rustix::process::geteuid().as_raw()
}

/// The folder of a file, if others than its owner and group can put another file in the file's place.
fn open_folder(path: &Path) -> Option<PathBuf> {
    let folder = keep::folder_of(path);
    let mode = fs::metadata(folder).ok()?.mode();
    // The sticky bit keeps everybody from moving what belongs to others.
    (mode & 0o002 != 0 && mode & 0o1000 == 0).then(|| folder.to_owned())
}

async fn opening(path: PathBuf) -> Opening {
    let place = Place::of(&path).ok();
    let kept = keep::kept_beside(&path);
    let journal = match is_there(&path) {
        Ok(false) => None,
        Ok(true) | Err(_) => Some(journal(&path, Purpose::Look, clock(), random()).await),
    };
    let rehearsed = kadry_journal::rehearse(&path);
    Opening {
        path,
        place,
        kept,
        journal,
        rehearsed,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn roles_and_limits_are_found_wherever_they_stand() {
        let text = "[roles.b]\n[limits]\nsuspend = { run = 10, month = \"15%\" }\n[roles.a]\n";
        let (roles, limits) = outline(text);
        assert_eq!(roles, ["a", "b"]);
        let limits: Vec<_> = limits.iter().map(ToString::to_string).collect();
        assert_eq!(limits, ["suspend.month = 15%", "suspend.run = 10"]);
    }

    #[test]
    fn a_folder_that_everybody_can_write_is_told_unless_it_is_sticky() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("kadry.toml");
        for (mode, open) in [(0o755, false), (0o777, true), (0o1777, false)] {
            fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            assert_eq!(open_folder(&config).is_some(), open, "{mode:o}");
        }
    }

    #[tokio::test]
    async fn what_is_not_there_is_told_and_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let global = Global {
            config: Some(folder.path().join("kadry.toml")),
            store: Some(folder.path().join("kadry.sqlite")),
            ..Global::default()
        };
        let examined = examine(&global, None).await.unwrap();
        assert!(matches!(examined.config, Err(Fault::Unreadable(..))));
        let store = examined.store.unwrap().unwrap();
        assert!(store.place.is_none() && store.journal.is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
