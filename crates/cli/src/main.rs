//! The kadry command.
//!
//! It reads what was typed, the configuration and the environment, hands intents to the flows, and turns what they return into
//! sentences, tables and JSON. It decides nothing about people, and it names platforms in one file only, `setup/registry.rs`.

mod arguments;
mod commands;
mod error;
mod help;
mod hygiene;
mod setup;
mod ui;
mod usage;
mod words;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;
use tokio::sync::Notify;

use crate::arguments::{Arguments, Flags, Output, lang_asked_for, typed};
use crate::commands::{Command, Session};
use crate::error::{DAMAGED, Exit, Failure};
use crate::setup::Global;
use crate::ui::Screen;
use crate::ui::json::Failed;
use crate::ui::report_file::{ReportFile, lament};
use crate::words::{Lang, Words};

/// A plan for a hundred thousand people asks for memory forty million times, and a container may bring a slow allocator of its own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long is waited at the end for what nobody waits for any more.
const LEAVE: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let all: Vec<OsString> = std::env::args_os().collect();
    let rest = all.get(1..).unwrap_or_default();
    let output = Output::asked_for(rest);
    let lang = language(lang_asked_for(rest).as_deref());
    hygiene::no_core_dumps();
    hygiene::fail_in_one_sentence(lang, output);
    let words = Words::new(lang);
    if commands::completions::answered(&all, &words) {
        return ExitCode::SUCCESS;
    }
    match Arguments::read(&all) {
        Ok(arguments) => run(&arguments, rest),
        Err(fault) if fault.kind() == ErrorKind::DisplayVersion => answer(&fault, words),
        Err(_) => look_again(&all, output, words),
    }
    .into()
}

/// Says what is wrong with what was typed, or prints the help that it asks for.
fn look_again(all: &[OsString], output: Output, words: Words) -> Exit {
    let rest = all.get(1..).unwrap_or_default();
    let mut command = help::command(&words);
    let parsed = command
        .try_get_matches_from_mut(all)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => run(&arguments, rest),
        Err(fault) if is_answer(&fault) => answer(&fault, words),
        Err(fault) => {
            let failure = usage::failure(&fault, &command, rest, &words);
            let flags = Flags {
                output,
                no_color: rest.iter().any(|word| word == "--no-color"),
                ..Flags::default()
            };
            complain(&Screen::new(words, &flags), &failure)
        }
    }
}

fn run(arguments: &Arguments, rest: &[OsString]) -> Exit {
    let flags = &arguments.flags;
    let lang = language(flags.lang.as_deref());
    hygiene::fail_in_one_sentence(lang, flags.output);
    hygiene::log(flags.verbose);
    let mut session = session(flags, lang, rest, arguments.command.resumes());
    session.plan_only |= arguments.command.plans();
    session.save = arguments.command.saves().map(Path::to_owned);
    if session.screen.is_csv() && !arguments.command.lists() {
        return complain(&session.screen, &no_list(&session, &arguments.command));
    }
    if session.screen.is_ndjson() && !arguments.command.streams() {
        return complain(&session.screen, &no_rows(&session, &arguments.command));
    }
    if let Some(path) = &flags.report {
        match report_file(path, &arguments.command, &session) {
            Ok(file) => session.report = Some(file),
            Err(failure) => return complain(&session.screen, &failure),
        }
    }
    // Two: whoever waits for the store must not keep the progress lines from being drawn.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => {
            let ended = runtime.block_on(async {
                let ended = arguments.command.run(&session).await;
                setup::finish_errands().await;
                match ended {
                    Err(failure) if failure.kind == DAMAGED => Err(setup::with_what_is_left(
                        failure,
                        &session.global,
                        &session.screen.words,
                    )
                    .await),
                    ended => ended,
                }
            });
            // An operator who interrupts does not wait for the look-up of a name.
            runtime.shutdown_timeout(LEAVE);
            drop(session.scratch.take());
            ended
        }
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
    ended.unwrap_or_else(|failure| {
        if let Some(file) = &session.report
            && let Err(lost) = file.failed(&session.screen.words, &failure)
        {
            lament(&session.screen, &lost);
        }
        complain(&session.screen, &failure)
    })
}

/// Returns where the report goes, before anything is done that it could be about.
fn report_file(path: &Path, command: &Command, session: &Session) -> Result<ReportFile, Failure> {
    let (words, typed) = (&session.screen.words, session.typed.as_str());
    if command.reports() {
        let file = ReportFile::check(path, typed, words)?;
        if !command.tabulates() {
            file.must_suit_one(words)?;
        }
        file.must_not_replace(&command.files(), words)?;
        return Ok(file);
    }
    let commands = command.reporting().join(", ");
    Err(Failure::usage(
        "report_file",
        words.say_with("report-file-no-run", &[("command", typed.into())]),
        Some(words.say_with("report-file-no-run-hint", &[("commands", commands.into())])),
    ))
}

/// Says that the command prints no list, so that it cannot be printed as CSV.
fn no_list(session: &Session, command: &Command) -> Failure {
    let words = &session.screen.words;
    let commands = command.listing().join(", ");
    Failure::usage(
        "no_list",
        words.say_with("csv-no-list", &[("command", session.typed.as_str().into())]),
        Some(words.say_with("csv-no-list-hint", &[("commands", commands.into())])),
    )
}

/// Says that the command prints no rows, so that they cannot be printed line by line.
fn no_rows(session: &Session, command: &Command) -> Failure {
    let words = &session.screen.words;
    let commands = command.streaming().join(", ");
    Failure::usage(
        "no_list",
        words.say_with(
            "ndjson-no-list",
            &[("command", session.typed.as_str().into())],
        ),
        Some(words.say_with("ndjson-no-list-hint", &[("commands", commands.into())])),
    )
}

fn session(flags: &Flags, lang: Lang, rest: &[OsString], resumes: bool) -> Session {
    Session {
        screen: Screen::new(Words::new(lang).with_options(flags.to_repeat()), flags),
        global: Global {
            config: flags.config.clone(),
            store: flags.store.clone(),
            actor: flags.actor.clone(),
            reason: flags.reason.clone(),
        },
        yes: flags.yes,
        plan_only: flags.plan_only,
        report: None,
        save: None,
        typed: typed(rest),
        resumes,
        writing: AtomicBool::new(false),
        ending: Notify::new(),
        scratch: OnceLock::new(),
    }
}

/// Returns the language to speak: the flag, else the first locale variable that is set, as the system does it.
fn language(flag: Option<&str>) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    flag.and_then(Lang::from_locale)
        .or_else(|| locale.as_deref().and_then(Lang::from_locale))
        .unwrap_or(Lang::En)
}

/// Says why a command did not do what it was asked.
fn complain(screen: &Screen, failure: &Failure) -> Exit {
    if screen.is_json() {
        // A document that cannot be printed leaves the exit code to tell.
        return match screen.document(&Failed::new(failure)) {
            Ok(()) => failure.exit,
            Err(unprintable) => {
                lament(screen, &unprintable);
                failure.exit
            }
        };
    }
    let mut sheet = screen.rest_sheet();
    ui::failure::write(&mut sheet, &screen.words, failure);
    screen.complain(&sheet);
    failure.exit
}

/// Reports whether clap answers with the help or the version instead of finding a fault.
fn is_answer(fault: &clap::Error) -> bool {
    matches!(
        fault.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// Prints the help or the version; nothing typed at all is a fault that the help answers.
fn answer(help: &clap::Error, words: Words) -> Exit {
    let printed = help.print().and_then(|()| io::stdout().flush());
    if help.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Exit::Usage;
    }
    match printed {
        Err(fault) if fault.kind() != io::ErrorKind::BrokenPipe => {
            let failure = ui::unprintable(&words, &fault);
            complain(&Screen::new(words, &Flags::default()), &failure)
        }
        Ok(()) | Err(_) => Exit::Done,
    }
}
