//! From what the operator gave to an organisation that flows can work on: the configuration, the secrets, the platforms, the journal.

mod actor;
mod choose;
mod config;
mod document;
mod examine;
mod fault;
mod keep;
mod ledger;
mod limits;
mod mistake;
mod platforms;
mod provider;
mod registry;
mod roles;
mod secrets;
mod store;
mod template;
mod whole;

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy as _;
use kadry_core::{Clock, Random};
use kadry_flow::plan::Protected;
use kadry_flow::{Organisation, Timing};
use kadry_http::Precedence;
use kadry_journal::{Journal, JournalError, Opened, Salvage};

pub(crate) use choose::one_of;
pub(crate) use config::{Config, ProviderRow};
pub(crate) use examine::{Examined, Known, Opening, examine};
pub(crate) use fault::Fault;
pub(crate) use limits::Limit;
pub(crate) use mistake::What;
pub(crate) use platforms::finish_errands;
pub(crate) use registry::{IMPORT_EXAMPLES, KINDS, RosterKeys};
pub(crate) use secrets::{SecretFault, Source};
pub(crate) use whole::replace;

use crate::error::{self, Exit, Failure};
use crate::words::Words;
use platforms::Surroundings;

/// What the configuration is called.
const CONFIG: &str = "kadry.toml";

/// What holds for every command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Global {
    /// `--config`.
    pub(crate) config: Option<PathBuf>,
    /// `--store`.
    pub(crate) store: Option<PathBuf>,
    /// `--actor`, else `KADRY_ACTOR`.
    pub(crate) actor: Option<String>,
    /// `--reason`.
    pub(crate) reason: Option<String>,
}

/// Looks a variable of the environment up.
pub(crate) type Environment<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// Everything that a command needs which works on platforms.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The configuration.
    pub(crate) config: Config,
    /// The platforms, the journal and who is protected.
    pub(crate) organisation: Organisation,
    /// Whether the store is new: its counters start at zero.
    pub(crate) fresh: bool,
    /// Where the store is.
    pub(crate) store: PathBuf,
    /// Where the configuration is.
    pub(crate) config_path: PathBuf,
}

/// What [`open_with`] is given instead of looking for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// The text of the configuration.
    pub(crate) text: &'a str,
    /// Where the configuration is, or would be: relative paths in it start from its folder.
    pub(crate) config_path: &'a Path,
    /// Where the store is.
    pub(crate) store: &'a Path,
}

/// What a command wants of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To read it if it is there; nothing is made.
    Look,
    /// To write into it; it is made if it is not there.
    Write,
}

/// Finds and reads the configuration, resolves the secrets, opens the journal and makes the platforms ready to be reached. The
/// platforms that are not wanted may lack their secrets; they cannot be reached then.
///
/// # Errors
///
/// A [`Failure`] for whatever is wrong with the configuration, its secrets or the store.
pub(crate) async fn open(
    global: &Global,
    wanted: Wanted<'_>,
    words: &Words,
) -> Result<Setup, Failure> {
    let opened = async {
        let (config, config_path) = read_config(global)?;
        let store = store::path(global.store.as_deref(), &config, &config_path)?;
        let environment = |name: &str| std::env::var(name).ok();
        assemble(config, config_path, store, wanted, &environment).await
    };
    opened.await.map_err(|fault| error::of_setup(words, &fault))
}

/// Does the same with a configuration that is at hand and another environment.
///
/// # Errors
///
/// As [`open`].
pub(crate) async fn open_with(
    given: Given<'_>,
    environment: Environment<'_>,
    words: &Words,
) -> Result<Setup, Failure> {
    let opened = async {
        let config = Config::parse(given.text, given.config_path)?;
        let (path, store) = (given.config_path.to_owned(), given.store.to_owned());
        let wanted = Wanted {
            purpose: Purpose::Write,
            on: None,
            precedence: Precedence::Usual,
        };
        assemble(config, path, store, wanted, environment).await
    };
    opened.await.map_err(|fault| error::of_setup(words, &fault))
}

/// Opens the journal alone. The configuration is read only for the name of the store, unless `--store` gives it. A store that is not
/// there is not made.
///
/// # Errors
///
/// As [`open`].
pub(crate) async fn open_records(
    global: &Global,
    purpose: Purpose,
    words: &Words,
) -> Result<Journal, Failure> {
    let opened = async {
        let path = find_store(global)?;
        // Nothing is decided about runs of a store that is not there.
        let purpose = if is_there(&path)? {
            purpose
        } else {
            Purpose::Look
        };
        let opened = journal(&path, purpose, clock(), random()).await?;
        Ok(opened.journal)
    };
    opened.await.map_err(|fault| error::of_setup(words, &fault))
}

/// Writes what can still be read of the store into a new one.
///
/// # Repeats
///
/// A file that is there already is left as it is.
///
/// # Errors
///
/// As [`open_records`], and for a file that is there already or cannot be made.
pub(crate) async fn salvage_store(
    global: &Global,
    into: &Path,
    words: &Words,
) -> Result<Salvage, Failure> {
    let saved = async {
        let path = find_store(global)?;
        if !is_there(&path)? {
            return Err(Fault::NoStore(path));
        }
        if is_there(into)? {
            return Err(Fault::Exists(into.to_owned()));
        }
        let saved = kadry_journal::salvage(&path, into).await;
        saved.map_err(Fault::Journal)
    };
    saved.await.map_err(|fault| {
        if !matches!(fault, Fault::Journal(JournalError::Damaged { .. })) {
            return error::of_setup(words, &fault);
        }
        Failure {
            kind: "store",
            message: words.say("salvaged-nothing"),
            hint: Some(words.say("salvaged-nothing-hint")),
            exit: Exit::Failed,
        }
    })
}

/// Returns where the store is. One that `--store` names has to be there.
fn find_store(global: &Global) -> Result<PathBuf, Fault> {
    match &global.store {
        Some(path) if !is_there(path)? => Err(Fault::NoStore(path.clone())),
        Some(path) => Ok(path.clone()),
        None => {
            let (config, config_path) = read_config(global)?;
            store::path(None, &config, &config_path)
        }
    }
}

/// Writes a commented `kadry.toml` into a folder, for our eyes only, and returns its path.
///
/// # Repeats
///
/// A file that is there already is left as it is.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 when there is one already or it cannot be written.
pub(crate) fn write_template(folder: &Path, words: &Words) -> Result<PathBuf, Failure> {
    let path = folder.join(CONFIG);
    template::write(&path, words.lang())
        .map(|()| path)
        .map_err(|fault| error::of_setup(words, &fault))
}

/// Reads the configuration, and nothing else.
///
/// # Errors
///
/// A [`Failure`] when there is none, or when it cannot be used.
pub(crate) fn config(global: &Global, words: &Words) -> Result<Config, Failure> {
    let read = read_config(global).map_err(|fault| error::of_setup(words, &fault));
    read.map(|(config, _)| config)
}

/// Returns who asks: `--actor` or `KADRY_ACTOR`, else the user of the operating system.
pub(crate) fn actor(global: &Global) -> String {
    let given = global.actor.as_deref().map(str::trim);
    match given.filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None => actor::system_user(&|name| std::env::var(name).ok()),
    }
}

fn clock() -> Clock {
    Clock::starting_at(jiff::Timestamp::now().as_millisecond())
}

fn random() -> Random {
    Random::seeded(uuid::Uuid::new_v4().as_u64_pair().1)
}

/// What a command wants of its surroundings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// What it wants of the store.
    pub(crate) purpose: Purpose,
    /// The platforms that it needs, or all.
    pub(crate) on: Option<&'a [String]>,
    /// Whose requests leave first.
    pub(crate) precedence: Precedence,
}

/// Opens the journal. Who only looks makes no store: nothing is known as long as there is none.
async fn journal(
    path: &Path,
    purpose: Purpose,
    clock: Clock,
    random: Random,
) -> Result<Opened, Fault> {
    let opened = match purpose {
        Purpose::Write => Journal::open(path, clock, random).await,
        Purpose::Look => {
            let journal = if is_there(path)? {
                Journal::open_to_read(path, clock, random).await
            } else {
                Journal::in_memory(clock, random).await
            };
            journal.map(|journal| Opened {
                journal,
                fresh: false,
            })
        }
    };
    opened.map_err(Fault::Journal)
}

/// Returns the failure of a damaged store with what can still be read of it; what cannot even be counted is not told.
pub(crate) async fn with_what_is_left(failure: Failure, global: &Global, words: &Words) -> Failure {
    let Ok(path) = find_store(global) else {
        return failure;
    };
    let Ok(left) = kadry_journal::salvageable(&path).await else {
        return failure;
    };
    let left = error::salvaged(words, "store-left", &left);
    Failure {
        message: format!("{} {left}", failure.message),
        ..failure
    }
}

/// Reports whether there is a store. One that must not be looked at is not taken for one that is not there.
fn is_there(path: &Path) -> Result<bool, Fault> {
    path.try_exists().map_err(|error| {
        Fault::Journal(JournalError::Open {
            path: path.to_owned(),
            source: Arc::new(error),
        })
    })
}

async fn assemble(
    config: Config,
    config_path: PathBuf,
    store: PathBuf,
    wanted: Wanted<'_>,
    environment: Environment<'_>,
) -> Result<Setup, Fault> {
    let (clock, random) = (clock(), random());
    let around = Surroundings {
        folder: config_path.parent().unwrap_or(Path::new("")),
        store: &store,
        clock: &clock,
        random: &random,
        precedence: wanted.precedence,
    };
    // Before the store is opened: a command that cannot begin leaves no empty store behind.
    config.find_on(None)?;
    let connects = platforms::platforms(&config, wanted.on, &around, environment)?;
    let opened = journal(&store, wanted.purpose, clock.clone(), random).await?;
    let mut timing = Timing::default();
    if let Some(retry_for) = config.retry_for() {
        timing.retry_for_ms = u64::try_from(retry_for.as_millis()).unwrap_or(u64::MAX);
    }
    let organisation = Organisation {
        journal: opened.journal,
        connects,
        protected: Protected {
            exempt: config.exempt.clone(),
            privileged: config.privileged.clone(),
        },
        limits: limits::together(&config.limits),
        timing,
        clock,
        halt: kadry_flow::CancellationToken::new(),
    };
    Ok(Setup {
        config,
        organisation,
        fresh: opened.fresh,
        store,
        config_path,
    })
}

/// Returns the text of the configuration that would be used, if there is one that can be read; nothing in it is checked.
pub(crate) fn config_text(given: Option<PathBuf>) -> Option<String> {
    let path = match given {
        Some(path) => path,
        None => find_config().ok()?,
    };
    read_unshared(&path).ok()
}

fn read_config(global: &Global) -> Result<(Config, PathBuf), Fault> {
    let path = match &global.config {
        Some(path) => path.clone(),
        None => find_config()?,
    };
    let text = read_unshared(&path)?;
    Ok((Config::parse(&text, &path)?, path))
}

fn find_config() -> Result<PathBuf, Fault> {
    let mut places = vec![PathBuf::from(CONFIG)];
    if let Ok(base) = etcetera::choose_base_strategy() {
        places.push(base.config_dir().join("kadry").join(CONFIG));
    }
    first_of(places)
}

/// Returns the first place where there is a file. One that must not be looked at is not taken for one where there is none.
fn first_of(places: Vec<PathBuf>) -> Result<PathBuf, Fault> {
    for place in &places {
        match place.try_exists() {
            Ok(true) => return Ok(place.clone()),
            Ok(false) => {}
            Err(error) => return Err(Fault::Unreadable(place.clone(), error)),
        }
    }
    Err(Fault::NoConfig(places))
}

/// Reports whether a key stands at the top of a configuration.
pub(crate) fn is_key_of_configuration(key: &str) -> bool {
    config::TOP.contains(&key)
}

/// Reports whether the mode of what was opened is ours to change: it is a file, and it belongs to us or we are the superuser.
fn is_ours_to_mend(opened: &Metadata) -> bool {
    let we = rustix::process::geteuid();
    opened.is_file() && (we.is_root() || we.as_raw() == opened.uid())
}

/// Reads a configuration that only its owner can write: whoever writes it decides where secrets are sent.
fn read_unshared(path: &Path) -> Result<String, Fault> {
    let unreadable = |error| Fault::Unreadable(path.to_owned(), error);
    let mut file = File::open(path).map_err(unreadable)?;
    let opened = file.metadata().map_err(unreadable)?;
    if opened.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    if opened.mode() & 0o022 != 0 {
        return Err(Fault::OthersCanWrite {
            path: path.to_owned(),
            ours: is_ours_to_mend(&opened),
        });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

#[cfg(test)]
mod tests;
