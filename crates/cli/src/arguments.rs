//! What can be typed: the flags of every command, and the command.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, ValueEnum};

use crate::commands::{Command, native};

/// Give, change and take away people's access on several platforms with one command
#[derive(Debug, Parser)]
#[command(name = "kadry", version, arg_required_else_help = true, after_help = FIRST_STEPS)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) flags: Flags,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Returns everything that can be typed.
    pub(crate) fn everything() -> clap::Command {
        native::with_operations(Self::command(), &|_| true)
    }

    /// Reads what was typed, the name of the program first. Only the operations that are named are put together for it, without a text:
    /// most of the time of a short command would go into all the others. So a fault is only sure; what it says, and the help, are
    /// found out with everything that can be typed.
    ///
    /// # Errors
    ///
    /// What is wrong with it, or that it asks for the help or the version.
    pub(crate) fn read(all: &[OsString]) -> Result<Self, clap::Error> {
        let is_typed = |name: &str| all.iter().skip(1).any(|word| word == name);
        let command = native::with_operations(Self::command(), &is_typed);
        Self::from_arg_matches(&command.try_get_matches_from(all)?)
    }
}

const FIRST_STEPS: &str = "First steps:
  kadry demo          see the whole story; nothing to configure
  kadry init          write a commented kadry.toml into this folder
  kadry check         see whether anything would stand in the way of a run
  kadry providers     see what each configured platform can do, and why not

To try everything in an empty folder, on emulated platforms:
  kadry emulate --print-config > kadry.toml            # a configuration
  chmod 600 kadry.toml
  eval \"$(sed -n 's/^# export/export/p' kadry.toml)\"   # its secrets
  kadry emulate &                                      # stop it: kill %1
  kadry check
  kadry people
  kadry offboard irina.vydumkina@example.test --plan-only
  kadry offboard irina.vydumkina@example.test

Examples:
  kadry onboard anna.toml --plan-only
  kadry offboard anna@example.test --now --reason 'last day' --report anna.html
  kadry people анна --on messenger,calls

Exit codes:
  0   done, also when nothing was to do
  1   failed or declined, nothing was changed
  2   the command, the configuration or a file cannot be used
  3   something asked for is not done, the rest is
  4   reconcile --check or roles check found something that differs
  5   refused, nothing was written
  6   done, and something was seen that is still open
  70  a fault of kadry itself";

/// The flags that every command takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Flags {
    /// Read this configuration instead of ./kadry.toml or the one in the user's config directory
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Keep the journal in this file
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) store: Option<PathBuf>,
    /// Print for people, as one JSON document, a list as CSV, or the rows of a platform's list as lines of JSON
    #[arg(short, long, value_enum, default_value_t, global = true)]
    pub(crate) output: Output,
    /// Do not ask before writing
    #[arg(long, global = true)]
    pub(crate) yes: bool,
    /// Show the plan and write nothing
    #[arg(long, global = true)]
    pub(crate) plan_only: bool,
    /// Write a report on the run or the plan into this file, by its ending: .html for people, .json for programs; on many people also .xlsx and .csv
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) report: Option<PathBuf>,
    /// Record why
    #[arg(long, value_name = "TEXT", global = true)]
    pub(crate) reason: Option<String>,
    /// Record who asks, if not the user of this system
    #[arg(
        long,
        value_name = "NAME",
        env = "KADRY_ACTOR",
        hide_env_values = true,
        global = true
    )]
    pub(crate) actor: Option<String>,
    /// Speak this language, whatever the locale says
    #[arg(long, value_parser = ["ru", "en"], global = true)]
    pub(crate) lang: Option<String>,
    /// Say more on the error stream; twice and thrice for even more
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// Say nothing on the error stream but errors and questions
    #[arg(short, long, conflicts_with = "verbose", global = true)]
    pub(crate) quiet: bool,
    /// Print without colours
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

impl Flags {
    /// Returns the flags that another command needs to meet the same store and the same platforms, each after a blank.
    pub(crate) fn to_repeat(&self) -> String {
        let flag = |(name, path): (&str, &Option<PathBuf>)| {
            let path = path.as_ref()?.display().to_string();
            Some(format!(" {name} {}", quoted(&path)))
        };
        [("--config", &self.config), ("--store", &self.store)]
            .into_iter()
            .filter_map(flag)
            .collect()
    }
}

/// In which form data is printed: for people, as one JSON document, or, if it is a list, as CSV or line by line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    #[default]
    Text,
    Json,
    Csv,
    Ndjson,
}

impl Output {
    /// Returns what the arguments ask for, even when they cannot be parsed as a whole.
    pub(crate) fn asked_for(arguments: &[OsString]) -> Self {
        let asked = values(arguments, "output", Some('o'));
        if asked.iter().any(|value| value == "json") {
            Self::Json
        } else {
            Self::Text
        }
    }
}

/// Returns the language that the arguments ask for, even when they cannot be parsed as a whole.
pub(crate) fn lang_asked_for(arguments: &[OsString]) -> Option<String> {
    values(arguments, "lang", None).into_iter().next()
}

/// Returns the configuration that the arguments ask for, even when they cannot be parsed as a whole.
pub(crate) fn config_asked_for(arguments: &[OsString]) -> Option<String> {
    values(arguments, "config", None).into_iter().next_back()
}

/// The values of a flag in every spelling, before a double dash.
fn values(arguments: &[OsString], long: &str, short: Option<char>) -> Vec<String> {
    let (long, short) = (
        format!("--{long}"),
        short.map(|letter| format!("-{letter}")),
    );
    let mut words = arguments
        .iter()
        .map(|word| word.to_string_lossy())
        .take_while(|word| word != "--");
    let mut values = Vec::new();
    while let Some(word) = words.next() {
        if word == long || Some(word.as_ref()) == short.as_deref() {
            values.extend(words.next().map(Into::into));
            continue;
        }
        let after_long = word
            .strip_prefix(&long)
            .and_then(|rest| rest.strip_prefix('='));
        let after_short = || word.strip_prefix(short.as_deref()?);
        let value = after_long.or_else(after_short);
        values.extend(value.map(|value| value.trim_start_matches('=').to_owned()));
    }
    values
}

/// Returns what was typed, in a form that can be typed again.
pub(crate) fn typed(arguments: &[OsString]) -> String {
    let mut words = vec!["kadry".to_owned()];
    words.extend(arguments.iter().map(|word| quoted(&word.to_string_lossy())));
    words.join(" ")
}

/// The word as a shell takes it: in quotes unless nothing in it means anything to a shell.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "@%+=:,./-_".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &[&str]) -> Vec<OsString> {
        line.iter().map(OsString::from).collect()
    }

    #[test]
    fn the_commands_are_well_formed() {
        Arguments::everything().debug_assert();
    }

    #[test]
    fn json_is_recognised_in_every_spelling_and_only_before_a_double_dash() {
        for line in [
            &["people", "-o", "json"][..],
            &["-ojson", "people"],
            &["-o=json"],
            &["--output", "json", "--no-such-flag"],
            &["--output=json"],
        ] {
            assert_eq!(Output::asked_for(&words(line)), Output::Json, "{line:?}");
        }
        for line in [
            &["people", "-o", "text"][..],
            &["--", "-o", "json"],
            &["-o"],
        ] {
            assert_eq!(Output::asked_for(&words(line)), Output::Text, "{line:?}");
        }
    }

    #[test]
    fn the_language_is_recognised_before_anything_is_parsed() {
        for (line, lang) in [
            (&["--lang", "ru", "people"][..], Some("ru")),
            (&["people", "--lang=en", "--no-such-flag"], Some("en")),
            (&["people", "--language", "ru"], None),
            (&["--", "--lang", "ru"], None),
            (&["--lang"], None),
        ] {
            assert_eq!(lang_asked_for(&words(line)).as_deref(), lang, "{line:?}");
        }
    }

    #[test]
    fn a_command_can_be_typed_again() {
        let line = words(&[
            "onboard",
            "--title",
            "Главный 'бух'",
            "--email",
            "a@b.test",
            "",
        ]);
        assert_eq!(
            typed(&line),
            r"kadry onboard --title 'Главный '\''бух'\''' --email a@b.test ''"
        );
    }
}
