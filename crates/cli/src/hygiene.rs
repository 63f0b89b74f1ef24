//! Manners of the process: no core dumps, no stack traces, logs with ids only.

use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::arguments::Output;
use crate::error::{Exit, Failure};
use crate::ui::json::Failed;
use crate::words::{Lang, Words};

/// Keeps secrets in memory from being written to a disk when the process dies.
pub(crate) fn no_core_dumps() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // A kernel that refuses it leaves the limits of the system in force.
        set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
    }
}

/// Makes a panic, which is our own fault, end in one sentence and its exit code.
pub(crate) fn fail_in_one_sentence(lang: Lang, output: Output) {
    panic::set_hook(Box::new(move |panicked| {
        // What is caught where it happens ends nothing.
        if kadry_tables::is_guarded() {
            return;
        }
        last_words(panicked, &Words::new(lang), output);
        std::process::exit(Exit::Bug.code().into());
    }));
}

/// Says where it happened. What the panic itself says may hold a name, so it is not repeated.
fn last_words(panicked: &PanicHookInfo<'_>, words: &Words, output: Output) {
    let place = panicked
        .location()
        .map_or_else(String::new, ToString::to_string);
    let failure = Failure {
        kind: "bug",
        message: words.say_with("bug", &[("place", place.into())]),
        hint: Some(words.say("bug-hint")),
        exit: Exit::Bug,
    };
    let text = match output {
        Output::Text | Output::Csv | Output::Ndjson => format!("{}\n", failure.message),
        Output::Json => {
            serde_json::to_string_pretty(&Failed::new(&failure)).unwrap_or_default() + "\n"
        }
    };
    // Nobody is left to be told when the stream is gone.
    match output {
        Output::Text | Output::Csv | Output::Ndjson => io::stderr().write_all(text.as_bytes()).ok(),
        Output::Json => io::stdout().write_all(text.as_bytes()).ok(),
    };
}

/// Logs to the error stream: nothing, or more with each `-v`. Only our own rooms are heard, for others may log what is secret.
pub(crate) fn log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    tracing_subscriber::registry()
        .with(fmt::layer().with_writer(io::stderr))
        .with(Targets::new().with_target("kadry", level))
        .init();
}
