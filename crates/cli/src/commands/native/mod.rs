//! The commands that only one platform has, made from the tables of operations.

mod check;
mod columns;
mod ending;
mod print;
mod read;
mod several;
mod table;
mod write;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command, FromArgMatches, Subcommand};
use jiff::Timestamp;
use kadry_core::{Does, NativeCall, Noun, Operation, ProviderId, memory};
use kadry_flow::intent::Who;

use super::Session;
use super::allowing::Allowing;
use super::who::who;
use crate::error::{Exit, Failure, of_call, unread};
use crate::setup::{Config, KINDS};
use crate::words::Words;

pub(crate) use check::Unfit;
pub(crate) use table::{text, with_operations, with_texts};

/// An operation as it was typed.
#[derive(Debug)]
pub(crate) struct Native {
    kind: &'static str,
    row: &'static Operation,
    call: NativeCall,
    provider: Option<String>,
    all: bool,
    privileged: bool,
    allowing: Option<Allowing>,
}

/// The kinds that have operations of their own, each with its table; in tests also the platform in memory.
fn kinds() -> impl Iterator<Item = (&'static str, &'static [Operation])> {
    let in_tests = cfg!(test).then_some(("memory", memory::OPERATIONS));
    let all = KINDS.iter().map(|kind| (kind.name, kind.operations));
    all.chain(in_tests).filter(|(_, rows)| !rows.is_empty())
}

/// Which operations are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Those that list.
    Lists,
    /// Those that write.
    Writes,
}

impl Doing {
    const fn has(self, row: &Operation) -> bool {
        match self {
            Self::Lists => matches!(row.does, Does::Lists { .. }),
            Self::Writes => row.writes(),
        }
    }
}

/// Names an operation of each kind that does this.
pub(crate) fn first_of_each(doing: Doing) -> impl Iterator<Item = String> {
    kinds().filter_map(move |(kind, rows)| {
        let row = rows.iter().find(|row| doing.has(row))?;
        Some(format!("{kind} {}", row.name()))
    })
}

/// What the operations of a kind are about.
fn nouns_of(kind: &str) -> &'static [Noun] {
    let known = KINDS.iter().find(|known| known.name == kind);
    known.map_or_else(
        || if cfg!(test) { memory::NOUNS } else { &[] },
        |kind| kind.nouns,
    )
}

impl FromArgMatches for Native {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (name, below) = matches.subcommand().ok_or_else(missing)?;
        let (kind, rows) = kinds()
            .find(|(kind, _)| *kind == name)
            .ok_or_else(missing)?;
        table::typed(kind, rows, below).ok_or_else(missing)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What is below the kinds comes with [`with_operations`].
impl Subcommand for Native {
    fn augment_subcommands(command: Command) -> Command {
        kinds().fold(command, |command, (kind, _)| {
            command.subcommand(table::group(kind))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        kinds().any(|(kind, _)| kind == name)
    }
}

fn missing() -> clap::Error {
    clap::Error::new(ErrorKind::MissingSubcommand)
}

impl Native {
    /// Reports whether it changes something, which `--report` can write down.
    pub(crate) const fn writes(&self) -> bool {
        self.row.writes()
    }

    /// Reports whether it prints a list, which can be printed as CSV and line by line.
    pub(crate) const fn lists(&self) -> bool {
        matches!(self.row.does, Does::Lists { .. })
    }

    /// Names the operations that do this: those about the same where there are any, else all of the platform.
    pub(crate) fn beside(&self, doing: Doing) -> Vec<String> {
        let all = kinds().filter(|(kind, _)| *kind == self.kind);
        let rows: Vec<&Operation> = all
            .flat_map(|(_, rows)| rows)
            .filter(|row| doing.has(row))
            .collect();
        let is_alike = |row: &&&Operation| row.noun == self.row.noun;
        let any = rows.iter().any(|row| is_alike(&row));
        let meant = rows.iter().filter(|row| !any || is_alike(row));
        meant
            .map(|row| format!("{} {}", self.kind, row.name()))
            .collect()
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the arguments or the configuration, what the platform answers, and, where it writes, as every flow.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        self.check(words)?;
        let ended = match self.row.does {
            Does::Lists { columns } => read::list(self, session, columns).await,
            Does::Shows => read::show(self, session).await,
            Does::Writes { .. } => write::run(self, session).await,
        };
        ended.map_err(|failure| self.with_help(failure, words))
    }

    /// Refuses what cannot be sent, before anybody is asked.
    fn check(&self, words: &Words) -> Result<(), Failure> {
        let Some(kind) = KINDS.iter().find(|kind| kind.name == self.kind) else {
            return Ok(());
        };
        let checked = (kind.check)(&self.call, Timestamp::now().as_millisecond());
        checked.map_err(|error| {
            let failure = of_call(words, &error, Some(&self.call));
            let kind = ProviderId::new(self.kind);
            let failure =
                failure.unwrap_or_else(|| unread(words, &error, &self.call.to_string(), &kind));
            self.with_help(failure, words)
        })
    }

    /// Names the command whose help says what fits, where nothing else helps with what was typed.
    fn with_help(&self, failure: Failure, words: &Words) -> Failure {
        if failure.kind != "usage" || failure.hint.is_some() {
            return failure;
        }
        let command = format!("kadry {} {}", self.kind, self.row.name());
        Failure {
            hint: Some(words.say_with("usage-command-help", &[("command", command.into())])),
            ..failure
        }
    }

    /// The arguments that name people.
    fn people(&self) -> impl Iterator<Item = &'static kadry_core::Parameter> {
        let parameters = self.row.parameters.iter();
        parameters.filter(|parameter| parameter.names_people(&self.call))
    }

    /// The platforms without which nothing can be asked: its own, and those whose records are named.
    fn needed(&self, provider: &str) -> Vec<String> {
        let typed = self
            .people()
            .flat_map(|parameter| self.call.all(parameter.name));
        let places = typed.filter_map(|typed| Some(typed.split_once(':')?.0.trim().to_owned()));
        std::iter::once(provider.to_owned()).chain(places).collect()
    }
}

/// Returns whom somebody means who names a person to a platform: as everywhere, or by the id there alone.
///
/// # Errors
///
/// As [`who`].
fn whom(typed: &str, on: &ProviderId, config: &Config, words: &Words) -> Result<Who, Failure> {
    let typed = typed.trim();
    if typed.contains(['@', ':']) || typed.is_empty() {
        return who(typed, config, words);
    }
    Ok(Who::Record(on.clone(), kadry_core::RemoteId::new(typed)))
}
