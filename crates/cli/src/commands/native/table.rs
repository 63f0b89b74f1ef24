//! From the rows of a table to commands: nouns below the kind, verbs below the noun, an argument for each parameter.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches as _};
use kadry_core::{Does, NativeCall, Operation, Parameter, Sentence, Takes};

use super::{Native, check, kinds, nouns_of};
use crate::commands::allowing::Allowing;
use crate::words::{Lang, Words};

/// The flag that chooses among several platforms of a kind.
const PROVIDER: &str = "provider";

/// The flag that follows a list to its end.
const ALL: &str = "all";

/// The flag without which nobody who administers the platform is touched.
const PRIVILEGED: &str = "privileged";

/// How many examples a kind shows.
const SHOWN: usize = 4;

/// Returns the command with the operations below its kinds whose words are all wanted. Their texts come later: they depend on the
/// language.
pub(crate) fn with_operations(command: Command, is_wanted: &dyn Fn(&str) -> bool) -> Command {
    command.mut_subcommands(|command| {
        let is_kind = |(kind, _): &(&str, _)| *kind == command.get_name();
        match kinds().find(is_kind) {
            Some((kind, rows)) if is_wanted(kind) => with_nouns(command, rows, is_wanted),
            Some(_) | None => command,
        }
    })
}

fn with_nouns(
    command: Command,
    rows: &'static [Operation],
    is_wanted: &dyn Fn(&str) -> bool,
) -> Command {
    let wanted = nouns(rows).into_iter().filter(|noun| is_wanted(noun));
    wanted.fold(command, |command, noun| {
        let verbs = rows.iter().filter(|row| row.noun == noun);
        let wanted = verbs.filter(|row| is_wanted(row.verb));
        command.subcommand(wanted.fold(group(noun), |command, row| command.subcommand(verb(row))))
    })
}

pub(super) fn group(name: &'static str) -> Command {
    Command::new(name)
        .subcommand_required(true)
        .arg_required_else_help(true)
}

fn verb(row: &'static Operation) -> Command {
    let command = Command::new(row.verb).args(row.parameters.iter().map(argument));
    let provider = Arg::new(PROVIDER).long(PROVIDER).value_name("PROVIDER");
    let command = command.arg(provider);
    match row.does {
        Does::Lists { .. } => command.arg(flag(ALL)),
        Does::Shows => command,
        Does::Writes { brakes } => {
            let may_name_people = |parameter: &Parameter| {
                matches!(parameter.takes, Takes::Person | Takes::PersonIf { .. })
            };
            let may_concern_people =
                !brakes.is_empty() || row.parameters.iter().any(may_name_people);
            let command = if may_concern_people {
                command.arg(flag(PRIVILEGED))
            } else {
                command
            };
            if brakes.is_empty() {
                command
            } else {
                Allowing::augment_args(command)
            }
        }
    }
}

fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

fn argument(parameter: &'static Parameter) -> Arg {
    let action = if parameter.many {
        ArgAction::Append
    } else {
        ArgAction::Set
    };
    let argument = Arg::new(parameter.name)
        .long(parameter.name)
        .required(parameter.required)
        .action(action);
    match parameter.takes {
        Takes::Text | Takes::PersonIf { .. } => argument.value_name("TEXT"),
        Takes::Person => argument.value_name("WHO"),
        Takes::Number => argument
            .value_name("N")
            .value_parser(check::number)
            .allow_negative_numbers(true),
        Takes::Flag => argument
            .value_name("VALUE")
            .value_parser(PossibleValuesParser::new(["true", "false"])),
        Takes::Moment => argument.value_name("MOMENT").value_parser(check::moment),
        Takes::File => argument.value_name("FILE").value_parser(check::file),
        Takes::OneOf(words) => argument
            .value_name("VALUE")
            .value_parser(PossibleValuesParser::new(words)),
    }
}

/// The nouns of a table, in its order.
fn nouns(rows: &'static [Operation]) -> Vec<&'static str> {
    let mut nouns: Vec<&'static str> = Vec::new();
    for row in rows {
        if !nouns.contains(&row.noun) {
            nouns.push(row.noun);
        }
    }
    nouns
}

/// Reads what was typed below a kind.
pub(super) fn typed(
    kind: &'static str,
    rows: &'static [Operation],
    matches: &ArgMatches,
) -> Option<Native> {
    let (noun, below) = matches.subcommand()?;
    let (verb, typed) = below.subcommand()?;
    let mut rows = rows.iter();
    let row = rows.find(|row| row.noun == noun && row.verb == verb)?;
    let mut call = NativeCall::new(row.name());
    for parameter in row.parameters {
        let values = typed.get_many::<String>(parameter.name);
        for value in values.into_iter().flatten() {
            call = call.with(parameter.name, value);
        }
    }
    let is_set = |name: &str| matches!(typed.try_get_one(name), Ok(Some(true)));
    let has = |name: &str| typed.try_contains_id(name).is_ok();
    let allowing = has("allow").then(|| Allowing::from_arg_matches(typed));
    Some(Native {
        kind,
        row,
        call,
        provider: typed.get_one(PROVIDER).cloned(),
        all: is_set(ALL),
        privileged: is_set(PRIVILEGED),
        allowing: allowing.transpose().ok()?,
    })
}

/// Gives the commands of the tables their texts.
pub(crate) fn with_texts(command: Command, words: &Words) -> Command {
    command.mut_subcommands(|command| {
        let is_kind = |(kind, _): &(&str, _)| *kind == command.get_name();
        match kinds().find(is_kind) {
            Some((kind, _)) => below(command, kind, words),
            None => command,
        }
    })
}

fn below(command: Command, name: &str, words: &Words) -> Command {
    let said = |part: &str| text(name, part, words);
    let command = command
        .about(said("about").unwrap_or_default())
        .after_help(said("after").unwrap_or_default());
    let command = command.mut_args(|argument| match said(&part(argument.get_id().as_str())) {
        Some(help) => argument.help(help),
        None => argument,
    });
    command.mut_subcommands(|last| {
        let name = format!("{name}-{}", last.get_name());
        below(last, &name, words)
    })
}

/// What the text of an argument is called by.
fn part(id: &str) -> String {
    id.replace('_', "-")
}

/// Returns a text of the help: of a command such as `KIND-NOUN-VERB` what it does (`about`), what stands last (`after`), or what an
/// argument is for.
pub(crate) fn text(name: &str, asked: &str, words: &Words) -> Option<String> {
    let (kind, rows) = kinds().find(|(kind, _)| {
        let rest = name.strip_prefix(kind);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })?;
    text_in(kind, rows, name, asked, words)
}

pub(super) fn text_in(
    kind: &str,
    rows: &'static [Operation],
    name: &str,
    asked: &str,
    words: &Words,
) -> Option<String> {
    let is_typed = |row: &&Operation| name == format!("{kind}-{}-{}", row.noun, row.verb);
    if let Some(row) = rows.iter().find(is_typed) {
        return of_row(row, asked, words);
    }
    let nouns = nouns(rows);
    if name == kind {
        let first = |noun: &&str| rows.iter().find(|row| row.noun == *noun);
        let first = nouns.iter().filter_map(first).take(SHOWN);
        let below = ("below", nouns.join(", ").into());
        let about = words.try_say("native-kind", &[("name", kind.to_owned().into()), below]);
        return of_group(about, first, asked, words);
    }
    let noun = nouns.iter().find(|noun| name == format!("{kind}-{noun}"))?;
    let verbs = rows.iter().filter(|row| row.noun == *noun);
    let told = nouns_of(kind).iter().find(|told| told.name == *noun);
    of_group(told.map(|told| said(told.help, words)), verbs, asked, words)
}

fn of_group<'a>(
    about: Option<String>,
    rows: impl Iterator<Item = &'a Operation>,
    asked: &str,
    words: &Words,
) -> Option<String> {
    match asked {
        "about" => about,
        "after" => Some(examples(rows, words)),
        _ => None,
    }
}

fn of_row(row: &'static Operation, asked: &str, words: &Words) -> Option<String> {
    let mut parameters = row.parameters.iter();
    if let Some(parameter) = parameters.find(|parameter| part(parameter.name) == asked) {
        return Some(said(parameter.help, words));
    }
    match asked {
        "about" => Some(said(row.help, words)),
        "after" => Some(examples(std::iter::once(row), words)),
        PROVIDER | ALL | PRIVILEGED | "allow" => {
            words.try_say(&format!("native-flag-{asked}"), &[])
        }
        _ => None,
    }
}

fn said(sentence: Sentence, words: &Words) -> String {
    match words.lang() {
        Lang::En => sentence.en,
        Lang::Ru => sentence.ru,
    }
    .to_owned()
}

fn examples<'a>(rows: impl Iterator<Item = &'a Operation>, words: &Words) -> String {
    let mut lines = vec![words.say("native-examples")];
    lines.extend(rows.map(|row| format!("  kadry {}", row.example)));
    lines.join("\n")
}
