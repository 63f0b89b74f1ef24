//! The help in the language of whoever reads it.
//!
//! The English help is the comments of the arguments, which clap reads by itself. The Russian one takes every text from
//! `words/ru/help.ftl`; a test proves that no command and no argument is forgotten there.

use clap::{Arg, ArgAction, Command};

use crate::arguments::Arguments;
use crate::commands::native;
use crate::words::{Lang, Words};

/// The name of the program, and of its texts.
const PROGRAM: &str = "kadry";

/// The command that clap adds, which takes no flags.
pub(crate) const HELP: &str = "help";

/// Returns everything that can be typed, ready to parse with, its help in the language of the words.
pub(crate) fn command(words: &Words) -> Command {
    worded(Arguments::everything(), words)
}

/// Returns this command, built and with its help in the language of the words.
pub(crate) fn worded(mut command: Command, words: &Words) -> Command {
    match words.lang() {
        Lang::En => {
            command = native::with_texts(command, words);
            command.build();
        }
        Lang::Ru => {
            command = translated(command, PROGRAM, PROGRAM, words);
            command.build();
            command = with_help_of_help(command, PROGRAM, words);
        }
    }
    command
}

/// The command and all below it; `name` is what its texts are called by, `typed` how it is typed.
fn translated(command: Command, name: &str, typed: &str, words: &Words) -> Command {
    let command = with_texts(command, name, words);
    let command = with_arguments(command, name, words);
    with_headings(command, typed, words).mut_subcommands(|below| {
        let last = below.get_name().to_owned();
        let name = match name {
            PROGRAM => last.clone(),
            above => format!("{above}-{last}"),
        };
        translated(below, &name, &format!("{typed} {last}"), words)
    })
}

fn with_texts(command: Command, name: &str, words: &Words) -> Command {
    let text = |part: &str| said(name, part, words);
    let Some(about) = text("about") else {
        return command;
    };
    let command = match text("long") {
        Some(long) => command.long_about(format!("{about}\n\n{long}")),
        None => command,
    };
    let command = match text("after") {
        Some(after) => command.after_help(after),
        None => command,
    };
    command.about(about)
}

/// What a text says; the commands that only one platform has bring theirs along.
fn said(name: &str, part: &str, words: &Words) -> Option<String> {
    let own = words.try_say(&format!("help-{name}-{part}"), &[]);
    own.or_else(|| native::text(name, part, words))
}

/// Gives every argument its text, in the order in which the headings shall stand: what is the command's own comes first.
fn with_arguments(mut command: Command, name: &str, words: &Words) -> Command {
    let (global, own): (Vec<Arg>, Vec<Arg>) = command
        .get_arguments()
        .cloned()
        .partition(Arg::is_global_set);
    let (positional, options): (Vec<Arg>, Vec<Arg>) = own.into_iter().partition(Arg::is_positional);
    let has_version = command.get_version().is_some();
    let has_long = command.get_long_about().is_some();
    for (arguments, heading) in [(positional, "arguments"), (options, "options")] {
        command = move_to_the_end(command, &arguments, name, heading, words);
    }
    command = command
        .disable_help_flag(true)
        .arg(help_flag(has_long, words));
    if has_version {
        command = command.disable_version_flag(true).arg(version_flag(words));
    }
    move_to_the_end(command, &global, name, "global", words)
}

fn move_to_the_end(
    command: Command,
    arguments: &[Arg],
    name: &str,
    heading: &str,
    words: &Words,
) -> Command {
    let heading = word(words, &format!("heading-{heading}"));
    arguments.iter().fold(command, |command, argument| {
        command.mut_arg(argument.get_id(), |argument| {
            with_text(argument, name, words).help_heading(heading.clone())
        })
    })
}

fn with_text(argument: Arg, name: &str, words: &Words) -> Arg {
    let id = argument.get_id().as_str().replace('_', "-");
    let Some(text) = said(name, &id, words) else {
        return argument;
    };
    if !argument.get_action().takes_values() {
        return argument.help(text);
    }
    let mut parts = vec![text];
    parts.extend(notes(&argument, words));
    let names: Vec<String> = argument
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .map(|name| value_name(name, words))
        .collect();
    argument
        .help(parts.join(" "))
        .value_names(names)
        .hide_default_value(true)
        .hide_possible_values(true)
        .hide_env(true)
}

/// What clap itself would add to the text of an argument, in English.
fn notes(argument: &Arg, words: &Words) -> Vec<String> {
    let listed = |values: Vec<String>| (!values.is_empty()).then(|| values.join(", "));
    let environment = argument.get_env();
    let default = argument.get_default_values();
    let possible = argument.get_possible_values();
    [
        (
            "environment",
            environment.map(|name| name.to_string_lossy().into_owned()),
        ),
        (
            "default",
            listed(
                default
                    .iter()
                    .map(|value| value.to_string_lossy().into_owned())
                    .collect(),
            ),
        ),
        (
            "possible",
            listed(
                possible
                    .iter()
                    .map(|value| value.get_name().to_owned())
                    .collect(),
            ),
        ),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some(format!("[{}: {}]", word(words, key), value?)))
    .collect()
}

fn help_flag(has_long: bool, words: &Words) -> Arg {
    let key = if has_long {
        "flag-help-long"
    } else {
        "flag-help"
    };
    Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help(word(words, key))
        .help_heading(word(words, "heading-options"))
}

fn version_flag(words: &Words) -> Arg {
    Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help(word(words, "flag-version"))
        .help_heading(word(words, "heading-options"))
}

fn with_headings(command: Command, typed: &str, words: &Words) -> Command {
    let title = command.get_styles().get_usage();
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{title}{}:{title:#} {{usage}}\n\n{{all-args}}{{after-help}}",
        word(words, "heading-usage")
    );
    let usage = usage(&command, typed, words);
    command
        .help_template(template)
        .override_usage(usage)
        .subcommand_help_heading(word(words, "heading-commands"))
        .subcommand_value_name(word(words, "command"))
}

/// How the command is typed, in one line.
fn usage(command: &Command, typed: &str, words: &Words) -> String {
    let literal = command.get_styles().get_literal();
    let mut parts = vec![format!("{literal}{typed}{literal:#}")];
    if command.get_name() != HELP {
        parts.push(format!("[{}]", word(words, "options")));
    }
    let bracketed = |is_required: bool, name: &str| {
        if is_required {
            format!("<{name}>")
        } else {
            format!("[{name}]")
        }
    };
    for argument in command.get_positionals() {
        let names = argument.get_value_names().unwrap_or_default();
        parts.extend(
            names
                .iter()
                .map(|name| bracketed(argument.is_required_set(), name)),
        );
    }
    if command.has_subcommands() {
        let name = word(words, "command");
        parts.push(bracketed(command.is_subcommand_required_set(), &name));
    }
    parts.join(" ")
}

/// The command whose `help`, which clap adds when everything else is there, has its text too.
fn with_help_of_help(command: Command, typed: &str, words: &Words) -> Command {
    command.mut_subcommands(|below| {
        let typed = format!("{typed} {}", below.get_name());
        let below = if below.get_name() == HELP {
            with_headings(below, &typed, words).about(word(words, "help-about"))
        } else {
            below
        };
        with_help_of_help(below, &typed, words)
    })
}

fn value_name(name: &str, words: &Words) -> String {
    words
        .try_say(&format!("help-value-{}", name.to_lowercase()), &[])
        .unwrap_or_else(|| name.to_owned())
}

fn word(words: &Words, key: &str) -> String {
    words.say(&format!("help-{key}"))
}

#[cfg(test)]
pub(crate) mod tests;
