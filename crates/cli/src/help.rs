//! The help in the language of whoever reads it.
//!
//! The English help is the comments of the arguments, which clap reads by itself. The Russian one takes every text from
//! `words/ru/help.ftl`; a test proves that no command and no argument is forgotten there.

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use crate::arguments::Arguments;
use crate::words::{Lang, Words};

/// The name of the program, and of its texts.
const PROGRAM: &str = "kadry";

/// The command that clap adds, which takes no flags.
pub(crate) const HELP: &str = "help";

/// Returns everything that can be typed, ready to parse with, its help in the language of the words.
pub(crate) fn command(words: &Words) -> Command {
    let mut command = Arguments::command();
    match words.lang() {
        Lang::En => command.build(),
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
    let text = |part: &str| words.try_say(&format!("help-{name}-{part}"), &[]);
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
    let Some(text) = words.try_say(&format!("help-{name}-{id}"), &[]) else {
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
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn is_russian(text: &str) -> bool {
        text.chars().any(|letter| ('а'..='я').contains(&letter))
    }

    /// The commands below this one and itself, `help` left aside.
    fn all(command: &Command) -> Vec<&Command> {
        let below = command.get_subcommands().filter(|it| it.get_name() != HELP);
        let mut found = vec![command];
        found.extend(below.flat_map(all));
        found
    }

    #[test]
    fn every_command_and_every_argument_has_its_russian_text() {
        let russian = command(&Words::new(Lang::Ru));
        let english = command(&Words::new(Lang::En));
        russian.clone().debug_assert();
        assert_eq!(all(&russian).len(), all(&english).len());
        for (russian, english) in all(&russian).into_iter().zip(all(&english)) {
            let name = english.get_name();
            assert_eq!(russian.get_name(), name);
            for text in [Command::get_about, Command::get_long_about] {
                let (text, original) = (text(russian), text(english));
                assert_eq!(text.is_some(), original.is_some(), "{name}");
                let is_worded = text.is_none_or(|text| is_russian(&text.to_string()));
                assert!(is_worded, "{name}: {text:?}");
            }
            let after = russian.get_after_help().map(ToString::to_string);
            let original = english.get_after_help().map(ToString::to_string);
            assert_eq!(after.is_some(), original.is_some(), "{name}");
            assert!(after.is_none_or(|after| is_russian(&after)), "{name}");
            let ids = |command: &Command| {
                let ids = command.get_arguments().map(|it| it.get_id().to_string());
                ids.collect::<BTreeSet<_>>()
            };
            assert_eq!(ids(russian), ids(english), "{name}");
            for argument in russian.get_arguments().filter(|it| !it.is_hide_set()) {
                let text = argument.get_help().map(ToString::to_string);
                assert!(text.is_some_and(|it| is_russian(&it)), "{name} {argument}");
                let heading = argument.get_help_heading();
                assert!(heading.is_some_and(is_russian), "{name} {argument}");
            }
        }
    }

    #[test]
    fn what_a_value_is_called_has_a_russian_word() {
        let words = Words::new(Lang::Ru);
        for command in all(&Arguments::command()) {
            for argument in command.get_arguments() {
                let takes = argument.get_action().takes_values();
                for name in argument.get_value_names().unwrap_or_default() {
                    let key = format!("help-value-{}", name.to_lowercase());
                    assert!(!takes || words.try_say(&key, &[]).is_some(), "{key}");
                }
            }
        }
    }

    #[test]
    fn no_word_of_clap_is_left_in_the_russian_help() {
        let mut russian = command(&Words::new(Lang::Ru));
        let mut texts = vec![russian.render_help(), russian.render_long_help()];
        for below in russian.get_subcommands_mut() {
            texts.extend([below.render_help(), below.render_long_help()]);
            // What stands below `help` is only named, never rendered.
            let is_help = below.get_name() == HELP;
            for last in below.get_subcommands_mut().filter(|_| !is_help) {
                texts.extend([last.render_help(), last.render_long_help()]);
            }
        }
        for text in texts.iter().map(ToString::to_string) {
            for word in [
                "Usage",
                "Options",
                "Commands:",
                "Arguments",
                "OPTIONS",
                "COMMAND",
                "[default",
                "[possible",
                "[env",
                "Print",
            ] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
    }

    #[test]
    fn no_russian_text_is_for_something_that_is_not_there() {
        let russian = command(&Words::new(Lang::Ru));
        let said: String = all(&russian)
            .into_iter()
            .map(|command| command.clone().render_long_help().to_string())
            .flat_map(|text| {
                text.split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect();
        let words = Words::new(Lang::Ru);
        for key in crate::words::RUSSIAN_HELP
            .lines()
            .filter(|line| line.starts_with("help-"))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key)
        {
            let text = words.say(key);
            let text: String = text.split_whitespace().collect();
            assert!(said.contains(&text), "{key}");
        }
    }
}
