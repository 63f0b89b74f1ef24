//! What a shell offers when the tab key is pressed.
//!
//! A script for the shell asks this binary, so that what is offered is what this very binary takes, values of the configuration
//! included. Static scripts know no values, and the scripts that come with the library split words at a colon in bash, which stands in
//! the middle of what names a record. Nothing here asks a platform or opens the store.

mod values;

use std::env;
use std::ffi::OsString;
use std::io::Write as _;

use clap::{Args, ValueEnum};
use clap_complete::engine::{CompletionCandidate, complete};
use serde::Serialize;

use super::Session;
use crate::arguments::Arguments;
use crate::error::{Exit, Failure};
use crate::help;
use crate::ui::table::clean;
use crate::words::Words;

/// Print the script that completes commands, flags and values in a shell
///
/// The values are those of the configuration that would be used: platforms, roles. Nothing is asked of any platform.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  source <(kadry completions bash)   # in ~/.bashrc
  source <(kadry completions zsh)    # in ~/.zshrc, after compinit
  kadry completions fish | source    # in ~/.config/fish/config.fish")]
pub(crate) struct Completions {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Debug, Serialize)]
struct Document {
    script: &'static str,
    exit: u8,
}

/// The variable in which a script says which word is to be completed.
const VARIABLE: &str = "KADRY_COMPLETE";

impl Completions {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A script that cannot be printed.
    pub(crate) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let script = match self.shell {
            Shell::Bash => include_str!("completions/kadry.bash"),
            Shell::Zsh => include_str!("completions/kadry.zsh"),
            Shell::Fish => include_str!("completions/kadry.fish"),
        };
        let screen = &session.screen;
        if screen.is_json() {
            screen.document(&Document {
                script,
                exit: Exit::Done.code(),
            })?;
        } else {
            let mut sheet = screen.data_sheet();
            sheet.verbatim(script.trim_end());
            screen.data(&sheet)?;
        }
        Ok(Exit::Done)
    }
}

/// Answers a script that asks what could be typed, and reports whether one did. Whatever goes wrong, a prompt that is being typed at
/// is no place to say so.
pub(crate) fn answered(all: &[OsString], words: &Words) -> bool {
    // Nobody types a double dash first, so the variable alone never keeps a command from being run.
    let typed = match all {
        [_, dashes, typed @ ..] if dashes == "--" && !typed.is_empty() => typed.to_vec(),
        _ => return false,
    };
    let Ok(index) = env::var(VARIABLE) else {
        return false;
    };
    if let Ok(index) = index.parse() {
        let lines: String = candidates(typed, index, words)
            .iter()
            .filter_map(line)
            .collect();
        // Nobody is left to be told when the stream is gone.
        std::io::stdout().write_all(lines.as_bytes()).ok();
    }
    true
}

/// What could stand in place of one of these words.
fn candidates(typed: Vec<OsString>, index: usize, words: &Words) -> Vec<CompletionCandidate> {
    let command = values::offered(Arguments::everything(), &typed);
    let mut command = help::worded(command, words);
    let folder = env::current_dir().ok();
    complete(&mut command, typed, index, folder.as_deref()).unwrap_or_default()
}

/// A candidate as the scripts read it: the value, and after a tab what it means. None for a value that commands a terminal or fills
/// more than a line: a configuration of somebody else may hold anything, and nobody would type it.
fn line(candidate: &CompletionCandidate) -> Option<String> {
    let value = candidate.get_value().to_str()?;
    if value.is_empty() || value.contains('\n') || clean(value) != value {
        return None;
    }
    let help = candidate.get_help().map(ToString::to_string);
    let help = help.as_deref().and_then(|help| help.lines().next());
    let help = help.unwrap_or_default().replace(char::is_control, " ");
    Some(format!("{value}\t{help}\n"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;
    use crate::words::Lang;

    const SETTINGS: &str = "
[providers.messenger]
kind = \"pigeon\"
[providers.edo]
nonsense = true
[providers.old]
enabled = false
[roles.accountant]
[roles.\"главный бухгалтер\"]
";

    fn settings(folder: &Path) -> String {
        let path = folder.join("k.toml");
        fs::write(&path, SETTINGS).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path.display().to_string()
    }

    /// What is offered for the last of these words.
    fn offered(line: &[&str]) -> Vec<String> {
        let typed: Vec<OsString> = line.iter().map(OsString::from).collect();
        let index = typed.len() - 1;
        let found = candidates(typed, index, &Words::new(Lang::En));
        let value = |one: &CompletionCandidate| one.get_value().to_string_lossy().into_owned();
        found.iter().map(value).collect()
    }

    #[test]
    fn commands_and_flags_and_fixed_values_are_offered() {
        assert_eq!(offered(&["kadry", "off"]), ["offboard"]);
        assert_eq!(offered(&["kadry", "runs", "sh"]), ["show"]);
        assert_eq!(offered(&["kadry", "offboard", "--plan"]), ["--plan-only"]);
        assert_eq!(
            offered(&["kadry", "people", "-o", ""]),
            ["text", "json", "csv", "ndjson"]
        );
        assert_eq!(offered(&["kadry", "people", "-o", "j"]), ["json"]);
        assert_eq!(offered(&["kadry", "--lang=r"]), ["--lang=ru"]);
        assert_eq!(offered(&["kadry", "completions", "z"]), ["zsh"]);
    }

    #[test]
    fn values_of_the_configuration_are_offered() {
        let folder = tempfile::tempdir().unwrap();
        let config = settings(folder.path());
        let line = |rest: &[&str]| offered(&[&["kadry", "--config", &config], rest].concat());
        assert_eq!(line(&["people", "--on", ""]), ["edo", "messenger"]);
        assert_eq!(line(&["people", "--on", "m"]), ["messenger"]);
        assert_eq!(
            line(&["people", "--on", "edo,"]),
            ["edo,edo", "edo,messenger"]
        );
        assert_eq!(line(&["people", "--on=e"]), ["--on=edo"]);
        assert_eq!(
            line(&["onboard", "--role", ""]),
            ["accountant", "главный бухгалтер"]
        );
        assert_eq!(line(&["transfer", "--from", "a"]), ["accountant"]);
        for of_many in [
            &["import"][..],
            &["reconcile"],
            &["plan", "import"],
            &["plan", "reconcile"],
        ] {
            let line = |rest: &[&str]| line(&[of_many, rest].concat());
            assert_eq!(line(&["--role", "a"]), ["accountant"], "{of_many:?}");
            assert_eq!(line(&["--on", "edo,m"]), ["edo,messenger"], "{of_many:?}");
            assert_eq!(
                line(&["--preset", ""]),
                kadry_tables::Preset::NAMES,
                "{of_many:?}"
            );
            assert_eq!(
                line(&["--suspend-s"]).len(),
                usize::from(of_many.contains(&"reconcile"))
            );
        }
        assert_eq!(line(&["transfer", "--role=a"]), ["--role=accountant"]);
        assert_eq!(
            line(&["offboard", "m"]),
            ["messenger:"],
            "whoever is meant stands behind it"
        );
        assert_eq!(line(&["show", "p"]), ["person:"]);
        assert_eq!(line(&["show", "messenger:7"]), [""; 0]);
    }

    #[test]
    fn files_are_offered_where_one_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let config = settings(folder.path());
        let begun = config.trim_end_matches(".toml");
        assert_eq!(offered(&["kadry", "--config", begun]), [config.as_str()]);
        assert_eq!(offered(&["kadry", "onboard", begun]), [config.as_str()]);
    }

    #[test]
    fn without_a_configuration_the_rest_is_offered_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("no.toml").display().to_string();
        let line = ["kadry", "--config", &missing, "people", "--on", ""];
        assert_eq!(offered(&line), [""; 0]);
        assert_eq!(offered(&["kadry", "--config", &missing, "peo"]), ["people"]);
        let torn = folder.path().join("torn.toml");
        fs::write(&torn, "[providers.a\nb = ").unwrap();
        let torn = torn.display().to_string();
        assert_eq!(
            offered(&["kadry", "--config", &torn, "people", "--on", ""]),
            [""; 0]
        );
    }

    #[test]
    fn a_candidate_is_one_line_with_what_it_means() {
        let candidate = CompletionCandidate::new("a b").help(Some("c\td\ne".into()));
        assert_eq!(line(&candidate).unwrap(), "a b\tc d\n");
    }

    #[test]
    fn a_value_that_commands_a_terminal_or_fills_no_single_line_is_not_offered() {
        let values = [
            "",
            "a\nb",
            "a\rb",
            "a\tb",
            "a\0b",
            "\u{1b}[2Ja",
            "a\u{7f}",
            "a\u{9b}2J",
            "a\u{202e}b",
        ];
        for value in values {
            assert_eq!(line(&CompletionCandidate::new(value)), None, "{value:?}");
        }
    }
}
