//! The kadry command.
//!
//! It reads what was typed, the configuration and the environment, hands intents to the flows, and turns what they return into
//! sentences, tables and JSON. It decides nothing about people, and it names platforms in one file only, `setup/registry.rs`.

mod arguments;
mod commands;
mod error;
mod hygiene;
mod setup;
mod ui;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::arguments::{Arguments, Flags, Output, typed};
use crate::commands::Session;
use crate::error::{Exit, Failure};
use crate::setup::Global;
use crate::ui::Screen;
use crate::ui::json::Failed;
use crate::ui::table::{Field, Tint};
use crate::words::{Lang, Words};

fn main() -> ExitCode {
    let all: Vec<OsString> = std::env::args_os().collect();
    let rest = all.get(1..).unwrap_or_default();
    let output = Output::asked_for(rest);
    hygiene::no_core_dumps();
    hygiene::fail_in_one_sentence(language(None), output);
    match Arguments::try_parse_from(&all) {
        Ok(arguments) => run(&arguments, rest).into(),
        Err(unusable) => refuse(&unusable, output).into(),
    }
}

fn run(arguments: &Arguments, rest: &[OsString]) -> Exit {
    let flags = &arguments.flags;
    let lang = language(flags.lang.as_deref());
    hygiene::fail_in_one_sentence(lang, flags.output);
    hygiene::log(flags.verbose);
    let session = session(flags, lang, rest);
    // Two: whoever waits for the store must not keep the progress lines from being drawn.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(arguments.command.run(&session)),
        Err(fault) => Err(Failure {
            kind: "system",
            message: session
                .screen
                .words
                .say_with("no-runtime", &[("fault", fault.to_string().into())]),
            hint: None,
            exit: Exit::Failed,
        }),
    };
    ended.unwrap_or_else(|failure| complain(&session.screen, &failure))
}

fn session(flags: &Flags, lang: Lang, rest: &[OsString]) -> Session {
    Session {
        screen: Screen::new(Words::new(lang), flags),
        global: Global {
            config: flags.config.clone(),
            store: flags.store.clone(),
            actor: flags.actor.clone(),
            reason: flags.reason.clone(),
        },
        yes: flags.yes,
        plan_only: flags.plan_only,
        typed: typed(rest),
    }
}

/// Returns the language to speak: the flag, else the first locale variable that is set, as the system does it.
fn language(flag: Option<&str>) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    flag.or(locale.as_deref())
        .and_then(Lang::from_locale)
        .unwrap_or(Lang::En)
}

/// Says why a command did not do what it was asked.
fn complain(screen: &Screen, failure: &Failure) -> Exit {
    if screen.is_json() {
        // A document that cannot be printed leaves the exit code to tell.
        return match screen.document(&Failed::new(failure)) {
            Ok(()) => failure.exit,
            Err(unprintable) => unprintable.exit,
        };
    }
    let mut sheet = screen.rest_sheet();
    for line in failure.message.lines() {
        match line.strip_prefix("- ") {
            Some(item) => sheet.list(0, [("-".to_owned(), Field::new(item, Tint::Bad))]),
            None => sheet.paragraph(0, line, Tint::Bad),
        }
    }
    if let Some(hint) = &failure.hint {
        sheet.text(
            0,
            &screen
                .words
                .say_with("hint", &[("hint", hint.as_str().into())]),
        );
    }
    screen.complain(&sheet);
    failure.exit
}

/// Says what is wrong with the arguments; help and version are answers and no faults.
fn refuse(unusable: &clap::Error, output: Output) -> Exit {
    let is_answer = matches!(
        unusable.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if is_answer || output == Output::Text {
        // Nobody is left to be told when the stream is gone.
        unusable.print().ok();
        return if is_answer { Exit::Done } else { Exit::Usage };
    }
    let flags = Flags {
        output,
        ..Flags::default()
    };
    let words = Words::new(language(None));
    let hint = Some(words.say("usage-hint"));
    let failure = Failure::usage("usage", in_short(&unusable.render().to_string()), hint);
    complain(&Screen::new(words, &flags), &failure)
}

/// What is wrong and what may have been meant, without the usage that follows for people.
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
