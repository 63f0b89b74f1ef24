//! What is wrong with what was typed, in sentences.

use std::error::Error as _;
use std::ffi::OsString;
use std::net::AddrParseError;
use std::num::ParseIntError;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::commands::native::Unfit;
use crate::error::{Failure, of_io};
use crate::help::HELP;
use crate::words::Words;

/// Returns why these arguments cannot be parsed, and whose help to read.
pub(crate) fn failure(
    fault: &clap::Error,
    command: &Command,
    arguments: &[OsString],
    words: &Words,
) -> Failure {
    let message = sentence(fault, words).map_or_else(
        || in_short(&fault.render().to_string()),
        |sentence| match nearest_flag(fault, command, arguments).or_else(|| nearest(fault)) {
            Some(nearest) => {
                let meant = words.say_with("usage-nearest", &[("nearest", nearest.into())]);
                format!("{sentence} {meant}")
            }
            None => sentence,
        },
    );
    let path = path(command, arguments);
    let hint = if path.len() > 1 {
        words.say_with("usage-command-help", &[("command", path.join(" ").into())])
    } else {
        words.say("usage-hint")
    };
    Failure::usage("usage", message, Some(hint))
}

/// What is wrong, if it is one of the things that there is a sentence for.
fn sentence(fault: &clap::Error, words: &Words) -> Option<String> {
    let argument = || one(fault, ContextKind::InvalidArg);
    match fault.kind() {
        ErrorKind::UnknownArgument => {
            let argument = argument()?;
            Some(words.say_with("usage-unknown-argument", &[("argument", argument.into())]))
        }
        ErrorKind::InvalidSubcommand => {
            let command = one(fault, ContextKind::InvalidSubcommand)?;
            Some(words.say_with("usage-unknown-command", &[("command", command.into())]))
        }
        ErrorKind::MissingRequiredArgument => {
            let mut lines = vec![words.say("usage-missing")];
            let missing = all(fault, ContextKind::InvalidArg)?;
            lines.extend(missing.iter().map(|argument| format!("- {argument}")));
            Some(lines.join("\n"))
        }
        ErrorKind::MissingSubcommand => {
            let commands = all(fault, ContextKind::ValidSubcommand)?.join(", ");
            Some(words.say_with("usage-no-command", &[("commands", commands.into())]))
        }
        ErrorKind::TooManyValues => {
            let value = one(fault, ContextKind::InvalidValue)?;
            let variables = [("value", value.into()), ("argument", argument()?.into())];
            Some(words.say_with("usage-too-many", &variables))
        }
        ErrorKind::InvalidValue => invalid_value(fault, words),
        ErrorKind::ValueValidation => unfit_value(fault, words),
        ErrorKind::ArgumentConflict => conflict(fault, words),
        ErrorKind::NoEquals
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::InvalidUtf8
        | ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format
        | _ => None,
    }
}

/// A value that is not there, or not one of the possible ones.
fn invalid_value(fault: &clap::Error, words: &Words) -> Option<String> {
    let argument = one(fault, ContextKind::InvalidArg)?;
    let value = one(fault, ContextKind::InvalidValue)?;
    let mut said = if value.is_empty() {
        words.say_with("usage-no-value", &[("argument", argument.into())])
    } else {
        let variables = [("value", value.into()), ("argument", argument.into())];
        words.say_with("usage-wrong-value", &variables)
    };
    let possible = all(fault, ContextKind::ValidValue).unwrap_or_default();
    if !possible.is_empty() {
        let values = possible.join(", ").into();
        said.push(' ');
        said.push_str(&words.say_with("usage-possible", &[("values", values)]));
    }
    Some(said)
}

/// A value that is not what the argument is made of.
fn unfit_value(fault: &clap::Error, words: &Words) -> Option<String> {
    let argument = one(fault, ContextKind::InvalidArg)?;
    let value = one(fault, ContextKind::InvalidValue)?;
    let mut variables = vec![("value", value.into()), ("argument", argument.into())];
    let Some(cause) = fault.source() else {
        return Some(words.say_with("usage-wrong-value", &variables));
    };
    let least = cause.to_string();
    let least = least.split_once(" is not in ").map(|(_, range)| range);
    if let Some((least, _)) = least.and_then(|range| range.split_once("..")) {
        variables.push(("least", least.to_owned().into()));
        return Some(words.say_with("usage-wrong-range", &variables));
    }
    if cause.is::<ParseIntError>() {
        return Some(words.say_with("usage-wrong-number", &variables));
    }
    if let Some(unfit) = cause.downcast_ref::<Unfit>() {
        let key = match unfit {
            Unfit::Number => "usage-not-a-number",
            Unfit::Moment => "usage-not-a-moment",
            Unfit::File(fault) => {
                variables.push(("cause", of_io(words, fault).into()));
                "usage-unreadable-file"
            }
        };
        return Some(words.say_with(key, &variables));
    }
    if cause.is::<AddrParseError>() {
        return Some(words.say_with("usage-wrong-address", &variables));
    }
    variables.push(("cause", cause.to_string().into()));
    Some(words.say_with("usage-wrong-value-why", &variables))
}

/// Two arguments that exclude each other, or one that stands twice.
fn conflict(fault: &clap::Error, words: &Words) -> Option<String> {
    let argument = one(fault, ContextKind::InvalidArg)?;
    // Clap marks with dots what may stand several times.
    let plain = |text: &String| text.trim_end_matches("...").to_owned();
    let argument = plain(&argument);
    let others: Vec<String> = all(fault, ContextKind::PriorArg)?
        .iter()
        .map(plain)
        .collect();
    if others == [argument.as_str()] {
        return Some(words.say_with("usage-twice", &[("argument", argument.into())]));
    }
    let others = others.join(", ").into();
    let variables = [("argument", argument.into()), ("others", others)];
    Some(words.say_with("usage-conflict", &variables))
}

/// The flag that may have been meant: one of the command's, or the same one of a command below it.
fn nearest_flag(fault: &clap::Error, command: &Command, arguments: &[OsString]) -> Option<String> {
    if fault.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let typed = one(fault, ContextKind::InvalidArg)?;
    let typed = typed.strip_prefix("--")?;
    let at = below(command, arguments);
    let flags = |of: &Command| -> Vec<String> {
        let long = of.get_arguments().filter_map(Arg::get_long);
        long.map(str::to_owned).collect()
    };
    let own = flags(at);
    let candidates = || own.iter().map(String::as_str);
    // The measure knows no slip of two letters in a word of three.
    let swapped = || candidates().find(|flag| letters(flag) == letters(typed));
    if let Some(near) = swapped().or_else(|| kadry_core::nearest(typed, candidates())) {
        return Some(format!("--{near}"));
    }
    let mut commands = at.get_subcommands();
    let has_it = commands.find(|below| flags(below).iter().any(|flag| flag == typed))?;
    Some(format!("{} --{typed}", has_it.get_name()))
}

fn letters(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

/// What may have been meant. Of several candidates the nearest: a slip in one command must not offer
/// its opposite.
fn nearest(fault: &clap::Error) -> Option<String> {
    let pairs = [
        (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        (
            ContextKind::InvalidSubcommand,
            ContextKind::SuggestedSubcommand,
        ),
        (ContextKind::InvalidValue, ContextKind::SuggestedValue),
    ];
    pairs.into_iter().find_map(|(typed, suggested)| {
        let candidates = all(fault, suggested)?;
        let typed = one(fault, typed).unwrap_or_default();
        let near = kadry_core::nearest(&typed, candidates.iter().map(String::as_str));
        near.map(str::to_owned)
            .or_else(|| candidates.last().cloned())
    })
}

fn one(fault: &clap::Error, kind: ContextKind) -> Option<String> {
    if let ContextValue::String(text) = fault.get(kind)? {
        Some(text.clone())
    } else {
        None
    }
}

fn all(fault: &clap::Error, kind: ContextKind) -> Option<Vec<String>> {
    let value = fault.get(kind)?;
    if let ContextValue::Strings(texts) = value {
        return Some(texts.clone());
    }
    one(fault, kind).map(|text| vec![text])
}

/// The command that the arguments name, as far as they name one.
fn below<'a>(command: &'a Command, arguments: &[OsString]) -> &'a Command {
    named(command, arguments).pop().unwrap_or(command)
}

/// How that command is typed, word for word.
fn path(command: &Command, arguments: &[OsString]) -> Vec<String> {
    let named = named(command, arguments);
    named.iter().map(|at| at.get_name().to_owned()).collect()
}

/// The command, and those below it that the arguments name.
fn named<'a>(command: &'a Command, arguments: &[OsString]) -> Vec<&'a Command> {
    let mut path = vec![command];
    let mut at = command;
    let mut typed = arguments.iter().map(|word| word.to_string_lossy());
    while let Some(word) = typed.next() {
        if word == "--" {
            break;
        }
        if at.get_arguments().any(|argument| awaits(argument, &word)) {
            typed.next();
        } else if let Some(below) = at.find_subcommand(word.as_ref())
            && below.get_name() != HELP
        {
            path.push(below);
            at = below;
        } else if at.has_subcommands() && !word.starts_with('-') {
            // A word that is no command: what follows it belongs to none, either.
            break;
        }
    }
    path
}

/// Reports whether the word after this one is the argument's value.
fn awaits(argument: &Arg, word: &str) -> bool {
    let is_long = argument.get_long().is_some() && word.strip_prefix("--") == argument.get_long();
    let is_short = argument
        .get_short()
        .is_some_and(|short| word == format!("-{short}"));
    argument.get_action().takes_values() && (is_long || is_short)
}

/// What clap says is wrong, without the usage that follows for people.
fn in_short(rendered: &str) -> String {
    let said = rendered.trim().trim_start_matches("error: ");
    let parts = said.split("\n\n").map(str::trim);
    let parts = parts.filter(|part| {
        !["Usage:", "For more"]
            .iter()
            .any(|end| part.starts_with(end))
    });
    parts.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;
    use crate::arguments::Arguments;
    use crate::error::Exit;
    use crate::help;
    use crate::words::Lang;

    fn refused(lang: Lang, line: &str) -> Failure {
        let words = Words::new(lang);
        let mut command = help::command(&words);
        let typed: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let all: Vec<OsString> = std::iter::once("kadry".into())
            .chain(typed.iter().cloned())
            .collect();
        assert!(Arguments::read(&all).is_err(), "{line}");
        let fault = command.try_get_matches_from_mut(all).unwrap_err();
        failure(&fault, &command, &typed, &words)
    }

    #[test]
    fn what_is_wrong_is_said_in_both_languages() {
        for (line, english, russian) in [
            (
                "people --nonsense",
                "no flag",
                "ключа или аргумента: «--nonsense»",
            ),
            ("people --suspend", "“--suspended”", "«--suspended»?"),
            ("show a b", "“b”", "аргумента: «b»"),
            ("peopel", "“people”?", "Возможно, имелось в виду «people»?"),
            ("runs sho", "“show”?", "Нет такой команды: «sho»."),
            ("memory tag show", "“tags”?", "«tags»?"),
            ("memory tags shw", "“show”?", "«show»?"),
            ("offboard", "- <WHO>", "- <КТО>"),
            ("-q", "demo, init", "Не указано, что делать."),
            (
                "people --on",
                "“--on <PROVIDER>” needs",
                "После «--on <ПЛАТФОРМА>» нужно значение",
            ),
            (
                "people -o xml",
                "text, json, csv, ndjson",
                "Возможные значения: text, json, csv, ndjson.",
            ),
            ("people --lang=russ", "ru, en", "«--lang <ЯЗЫК>»"),
            ("runs list --limit x", "whole number", "нужно целое число"),
            (
                "runs list --limit 0",
                "whole number not below 1",
                "целое число не меньше 1",
            ),
            ("runs list --limit -1", "not below 1", "не меньше 1"),
            ("emulate --people 0", "not below 1", "не меньше 1"),
            ("emulate --people -5", "not below 1", "не меньше 1"),
            ("emulate --latency -5", "whole number", "не меньше нуля"),
            ("offboard a --nwo", "“--now”?", "«--now»?"),
            ("onboard --emial a", "“--email”?", "«--email»?"),
            ("runs --limit 1", "“list --limit”?", "«list --limit»?"),
            ("emulate --listen x", "127.0.0.1:8100", "нужны адрес и порт"),
            ("runs list --limit 9999999999", "9999999999", "не подходит"),
            ("people -q -v", "--verbose.", "нельзя указать вместе"),
            ("people --lang ru --lang en", "only once", "только один раз"),
            ("people --yes=1", "one too many", "лишнее"),
        ] {
            for (lang, part) in [(Lang::En, english), (Lang::Ru, russian)] {
                let failure = refused(lang, line);
                assert!(failure.message.contains(part), "{line}: {failure:?}");
                assert_eq!((failure.kind, failure.exit), ("usage", Exit::Usage));
            }
        }
    }

    #[test]
    fn a_slip_in_one_flow_never_offers_the_opposite_one() {
        for (slip, meant) in [
            ("onbord a", "onboard"),
            ("onboad a", "onboard"),
            ("offbord a", "offboard"),
            ("ofboard a", "offboard"),
        ] {
            let said = refused(Lang::En, slip).message;
            assert!(said.contains(&format!("“{meant}”?")), "{slip}: {said}");
        }
    }

    #[test]
    fn the_hint_names_the_command_whose_help_to_read() {
        for (line, hint) in [
            ("runs show", "kadry runs show --help"),
            ("run show x", "kadry --help"),
            ("--reason people offboard", "kadry offboard --help"),
            ("-o text people --nonsense", "kadry people --help"),
            ("nonsense", "kadry --help"),
            ("help nonsense", "kadry --help"),
        ] {
            let failure = refused(Lang::Ru, line);
            assert!(failure.hint.unwrap().contains(hint), "{line}");
        }
    }
}
