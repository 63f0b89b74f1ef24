//! Which values are offered, by what a value is called.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use kadry_tables::Preset;
use toml::{Table, Value};

use crate::arguments::config_asked_for;
use crate::setup;

/// What of a configuration is offered.
#[derive(Debug, Default)]
struct Names {
    providers: BTreeSet<String>,
    roles: BTreeSet<String>,
}

/// Returns the command with what is offered for its values; the configuration is the one that these words would use.
pub(super) fn offered(command: Command, typed: &[OsString]) -> Command {
    with_values(command, &Arc::new(Names::read(typed)))
}

fn with_values(command: Command, names: &Arc<Names>) -> Command {
    command
        .mut_args(|argument| with_value(argument, names))
        .mut_subcommands(|below| with_values(below, names))
}

fn with_value(argument: Arg, names: &Arc<Names>) -> Arg {
    let called = argument.get_value_names().and_then(<[_]>::first);
    let Some(called) = called.filter(|_| argument.get_action().takes_values()) else {
        return argument;
    };
    let names = Arc::clone(names);
    match called.as_str() {
        "PROVIDER" => argument.add(ArgValueCompleter::new(move |begun: &OsStr| {
            beginning(begun, names.providers.iter().cloned())
        })),
        "ROLE" => argument.add(ArgValueCompleter::new(move |begun: &OsStr| {
            beginning(begun, names.roles.iter().cloned())
        })),
        "PRESET" => argument.add(ArgValueCompleter::new(|begun: &OsStr| {
            beginning(begun, Preset::NAMES.iter().map(ToString::to_string))
        })),
        "RECORD" | "PROVIDER:ID" => argument.add(ArgValueCompleter::new(move |begun: &OsStr| {
            beginning(begun, names.providers.iter().map(|name| format!("{name}:")))
        })),
        "WHO" => argument.add(ArgValueCompleter::new(move |begun: &OsStr| {
            let person = std::iter::once("person");
            let places = person.chain(names.providers.iter().map(String::as_str));
            beginning(begun, places.map(|name| format!("{name}:")))
        })),
        "FILE" | "ROSTER" => argument.value_hint(ValueHint::FilePath),
        "DIR" => argument.value_hint(ValueHint::DirPath),
        _ => argument,
    }
}

/// The names that begin as a word does. What only begins a value is not offered again once it stands there.
fn beginning(begun: &OsStr, names: impl Iterator<Item = String>) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    names
        .filter(|name| name.starts_with(begun.as_ref()))
        .filter(|name| !(name.ends_with(':') && name.as_str() == begun))
        .map(CompletionCandidate::new)
        .collect()
}

impl Names {
    /// Reads the names that stand in the configuration, whether or not all of it can be used; none when there is none.
    fn read(typed: &[OsString]) -> Self {
        let path = config_asked_for(typed).map(at_home);
        let text = setup::config_text(path).unwrap_or_default();
        let Ok(table) = text.parse::<Table>() else {
            return Self::default();
        };
        let is_used = |value: &Value| value.get("enabled") != Some(&Value::Boolean(false));
        let names = |key: &str| {
            let below = table.get(key).and_then(Value::as_table).into_iter();
            let used = below.flatten().filter(|(_, value)| is_used(value));
            used.map(|(name, _)| name.clone()).collect()
        };
        Self {
            providers: names("providers"),
            roles: names("roles"),
        }
    }
}

/// The path with the home folder in place of a tilde: the shell has not looked at the line yet.
fn at_home(path: String) -> PathBuf {
    let home = path.strip_prefix("~/").zip(etcetera::home_dir().ok());
    match home {
        Some((rest, home)) => home.join(rest),
        None => PathBuf::from(path),
    }
}
