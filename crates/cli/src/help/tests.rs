use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::FromArgMatches as _;

use super::*;
use crate::commands::native::Unfit;

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

/// The examples of a help, each as a shell would split it.
fn examples(after: &str) -> Vec<Vec<String>> {
    let blocks = after.split("\n\n");
    let told = blocks.filter(|block| block.starts_with("Example") || block.starts_with("Пример"));
    let split = |line: &str| {
        let typed = format!("{PROGRAM} ");
        let begun = line.find(&typed).map_or("", |begun| &line[begun..]);
        let mut quoted = false;
        let words: String = begun
            .chars()
            .take_while(|letter| !"|&>)#".contains(*letter))
            .map(|letter| {
                quoted ^= letter == '\'';
                if quoted && letter == ' ' { '_' } else { letter }
            })
            .collect();
        words.split_whitespace().map(str::to_owned).collect()
    };
    // What an example loads into the shell is typed to nobody else.
    told.flat_map(|block| block.lines().skip(1).map(split))
        .filter(|words: &Vec<String>| !words.is_empty())
        .collect()
}

/// Whether all that is wrong with an example is that the file which it names is not here.
pub(crate) fn lacks_a_file(fault: &clap::Error) -> bool {
    let cause = std::error::Error::source(fault);
    let unfit = cause.and_then(|cause| cause.downcast_ref::<Unfit>());
    matches!(unfit, Some(Unfit::File(missing)) if missing.kind() == std::io::ErrorKind::NotFound)
}

#[test]
fn every_command_has_an_example_that_can_be_typed_in_both_languages() {
    for words in [Lang::En, Lang::Ru].map(Words::new) {
        for below in all(&command(&words)) {
            let typed = below.get_bin_name().unwrap_or(PROGRAM);
            let after = below.get_after_help().map(ToString::to_string);
            let examples = examples(&after.unwrap_or_default());
            assert!(
                examples
                    .iter()
                    .any(|example| example.join(" ").starts_with(typed)),
                "{typed}: {examples:?}"
            );
            for example in examples {
                let parsed = command(&words)
                    .try_get_matches_from(&example)
                    .and_then(|matches| Arguments::from_arg_matches(&matches));
                let typed: Vec<OsString> = example.iter().map(OsString::from).collect();
                match (parsed, Arguments::read(&typed)) {
                    (Ok(parsed), Ok(read)) => {
                        assert_eq!(format!("{read:?}"), format!("{parsed:?}"), "{example:?}");
                    }
                    (Err(fault), Err(_)) if lacks_a_file(&fault) => {}
                    (parsed, read) => panic!("{example:?}: {parsed:?}, {read:?}"),
                }
            }
        }
    }
}

#[test]
fn the_help_says_of_exit_codes_what_everything_else_says() {
    for words in [Lang::En, Lang::Ru].map(Words::new) {
        let help = command(&words).render_long_help().to_string();
        let line = |code: u8| format!("  {code:<2}  {}", words.say(&format!("exit-{code}")));
        for code in [0, 1, 2, 3, 4, 5, 6, 70] {
            assert!(help.contains(&line(code)), "{code}: {help}");
        }
    }
}

#[test]
fn what_a_value_is_called_has_a_russian_word() {
    let words = Words::new(Lang::Ru);
    for command in all(&Arguments::everything()) {
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
