//! The only place that turns errors into sentences, and the exit codes.

mod call;
mod files;
mod guard;
mod plan_file;
mod platform;
mod roster;
mod run;
mod setup;
mod system;
mod tree;

use std::process::ExitCode;

use kadry_core::{ErrorKind, ProviderId};
use kadry_flow::FlowError;
use kadry_flow::report::Outcome;
use kadry_journal::{JournalError, RunStory};

pub(crate) use call::of_call;
pub(crate) use files::{hint_to_write, of_person_file};
pub(crate) use guard::{guard, guard_of, newcomer};
pub(crate) use plan_file::{has_moved, of_plan_file};
pub(crate) use platform::{KEPT, KEPT_CAUSE, is_permanent, of_platform, reason, step_error};
pub(crate) use roster::{cell_fault, of_roster, roster_column};
pub(crate) use run::HALTED;
use run::of_run;
pub(crate) use setup::{of_setup, salvaged};
pub(crate) use system::{io_word, of_io, with_path};
pub(crate) use tree::of_tree;

use crate::words::{Value, Words};

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All is done, also when there was nothing to do.
    Done = 0,
    /// It failed or was declined, and nothing changed.
    Failed = 1,
    /// The command or the configuration cannot be used as they are.
    Usage = 2,
    /// Something that was asked for is not done, and the rest is.
    Partial = 3,
    /// It was only asked what differs, and something does.
    Drift = 4,
    /// A guard or a brake refused, and nothing was written.
    Refused = 5,
    /// All is done, and something is still open.
    Residue = 6,
    /// Our own fault.
    Bug = 70,
}

impl Exit {
    /// Returns the number that the shell sees.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Outcome> for Exit {
    /// Returns how a command ends whose run went like this.
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Failed => Self::Failed,
            Outcome::Partial => Self::Partial,
            Outcome::Residue => Self::Residue,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// How a line of a hint begins that is a command, to be shown as it is.
pub(crate) const VERBATIM: &str = "  ";

/// Why a command did not do what it was asked, in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The word that JSON uses.
    pub(crate) kind: &'static str,
    /// What failed, for whom, where, and whether anything may have changed.
    pub(crate) message: String,
    /// What to do or type next.
    pub(crate) hint: Option<String>,
    /// How the command ends.
    pub(crate) exit: Exit,
}

impl Failure {
    /// Returns a failure of the command line or the configuration.
    pub(crate) const fn usage(kind: &'static str, message: String, hint: Option<String>) -> Self {
        Self {
            kind,
            message,
            hint,
            exit: Exit::Usage,
        }
    }

    /// Returns the same failure with a command that goes on, on a line of its own, and why it does.
    pub(crate) fn then(mut self, why: &str, command: &str) -> Self {
        let hint = self.hint.take().into_iter();
        let lines = hint.chain([why.to_owned(), format!("{VERBATIM}{command}")]);
        self.hint = Some(lines.collect::<Vec<_>>().join("\n"));
        self
    }

    /// Returns the same failure of a run that may have begun: until a request has left, nothing has changed.
    pub(crate) fn after(self, words: &Words, begun: Option<&RunStory>) -> Self {
        if begun.is_none() && self.kind == HALTED {
            return Self {
                message: words.say("interrupted-early"),
                hint: None,
                exit: Exit::Failed,
                ..self
            };
        }
        let mut steps = begun.into_iter().flat_map(|story| &story.steps);
        if steps.any(|step| step.started_ms().is_some()) {
            return self.midway(words);
        }
        if self.exit != Exit::Partial {
            return self;
        }
        Self {
            exit: Exit::Failed,
            ..self
        }
    }

    /// Returns the same failure of something that had begun: steps may be done, and the same command goes on from there.
    pub(crate) fn midway(mut self, words: &Words) -> Self {
        if self.exit == Exit::Failed {
            self.exit = Exit::Partial;
        }
        self.message = format!("{} {}", self.message, words.say("failure-midway"));
        self.hint.get_or_insert_with(|| words.say("hint-again"));
        self
    }
}

/// Says why a flow did not begin or could not go on for somebody.
pub(crate) fn of_flow(words: &Words, error: &FlowError, who: &str) -> Failure {
    let about = |key| words.say_with(key, &[("who", who.into())]);
    match error {
        FlowError::Refused(refused) => {
            let lines = refused
                .iter()
                .map(|one| format!("\n- {}", guard(words, one, who)));
            Failure {
                kind: "refused",
                message: format!("{}{}", about("flow-refused"), lines.collect::<String>()),
                hint: None,
                exit: Exit::Refused,
            }
        }
        FlowError::NobodyThere { provider, who } => Failure {
            kind: "known_nowhere",
            message: words.say_with(
                "flow-nobody-there",
                &[
                    ("who", who.as_str().into()),
                    ("provider", provider.as_str().into()),
                ],
            ),
            hint: Some(words.say("hint-people")),
            exit: Exit::Refused,
        },
        FlowError::KnownNowhere => Failure {
            kind: "known_nowhere",
            message: about("flow-known-nowhere"),
            hint: Some(words.say("hint-people")),
            exit: Exit::Refused,
        },
        FlowError::Unread { provider, source } => unread(words, source, who, provider),
        FlowError::NoSuchRecord { provider, source } => {
            let provider = provider.as_str();
            match source {
                None => Failure {
                    kind: "no_such_record",
                    message: words.say_with(
                        "flow-no-such-record",
                        &[("who", who.into()), ("provider", provider.into())],
                    ),
                    hint: Some(words.say("hint-record-ids")),
                    exit: Exit::Refused,
                },
                Some(error) => {
                    let cause = of_platform(words, error);
                    let variables: &[(&str, Value<'_>)] = &[
                        ("who", who.into()),
                        ("provider", provider.into()),
                        ("cause", cause.into()),
                    ];
                    Failure {
                        kind: error.kind().as_str(),
                        message: words.say_with("flow-record-unread", variables),
                        hint: Some(words.say(hint_after(error.kind()))),
                        exit: Exit::Failed,
                    }
                }
            }
        }
        FlowError::Ended { .. }
        | FlowError::LaterFirst { .. }
        | FlowError::AnotherTenant { .. }
        | FlowError::StillOpen { .. }
        | FlowError::NothingDone { .. }
        | FlowError::LaterDid { .. }
        | FlowError::MayStillLand { .. }
        | FlowError::NoSuchStep { .. }
        | FlowError::NotInDoubt { .. }
        | FlowError::Halted => of_run(words, error),
        FlowError::PlanFile(error) => of_plan_file(words, error, who),
        FlowError::Journal(error) => of_journal(words, error),
        FlowError::Json(error) => bug(words, error),
    }
}

/// Says why the platform of an operation could not be read. That a name means nothing there, or several things, is an answer.
pub(crate) fn unread(
    words: &Words,
    error: &kadry_core::Error,
    what: &str,
    on: &ProviderId,
) -> Failure {
    if let Some(failure) = of_call(words, error, None) {
        return failure;
    }
    let cause = of_platform(words, error);
    let is_answer = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Conflict);
    let hint = (!is_answer).then(|| words.say(hint_after(error.kind())));
    let hint = hint.or_else(|| platform::command_of(words, error, on));
    Failure {
        kind: error.kind().as_str(),
        message: words.say_with(
            "flow-unread",
            &[("what", what.into()), ("cause", cause.into())],
        ),
        hint,
        exit: if is_answer {
            Exit::Refused
        } else {
            Exit::Failed
        },
    }
}

/// Returns what helps somebody whose record could not be read.
const fn hint_after(kind: ErrorKind) -> &'static str {
    // Of a request that only reads, the id is what was refused.
    if matches!(kind, ErrorKind::Invalid) {
        "hint-record-ids"
    } else if is_permanent(kind) {
        "hint-mend"
    } else {
        "hint-again"
    }
}

/// The word of JSON for a store of which a part cannot be read.
pub(crate) const DAMAGED: &str = "store_damaged";

/// Says what is wrong with the store. Nothing was changed by what it refused to write down.
pub(crate) fn of_journal(words: &Words, error: &JournalError) -> Failure {
    let fail = |exit, message, hint: Option<&str>| Failure {
        kind: "store",
        message,
        hint: hint.map(|key| words.say(key)),
        exit,
    };
    let failed = |key, hint| fail(Exit::Failed, words.say(key), hint);
    let usage = |key, hint| fail(Exit::Usage, words.say(key), hint);
    match error {
        JournalError::Open { path, source } => {
            let mut failure = fail(Exit::Usage, String::new(), Some("hint-store"));
            failure.message = with_path(words, "store-open", path, source);
            // Nobody is told to open the root of the system.
            if io_word(source) == "denied" && path.parent().is_some() {
                let place = [("path", path.display().to_string().into())];
                failure.hint = Some(words.say_with("hint-store-place", &place));
            }
            failure
        }
        JournalError::Newer { .. } => usage("store-newer", None),
        JournalError::OverCeiling { .. } => {
            fail(Exit::Refused, words.say("guard-name-over-limit"), None)
        }
        JournalError::NotAStore => usage("store-not-one", Some("hint-store")),
        JournalError::NetworkShare => usage("store-network", Some("hint-store")),
        JournalError::Damaged { what } => Failure {
            kind: DAMAGED,
            message: words.say_with("store-damaged", &[("what", what.replace(' ', "-").into())]),
            hint: Some(words.say("hint-copy")),
            exit: Exit::Failed,
        },
        JournalError::Claimed { run, pid, actor } => {
            let run = run.as_ref().map_or("", |run| run.as_str());
            let actor = actor.as_deref().unwrap_or_default();
            let variables: &[(&str, Value<'_>)] = &[
                ("pid", pid.to_string().into()),
                ("run", run.into()),
                ("actor", actor.into()),
            ];
            let key = if run.is_empty() {
                "store-claimed"
            } else {
                "store-claimed-by-run"
            };
            fail(
                Exit::Failed,
                words.say_with(key, variables),
                Some("hint-wait"),
            )
        }
        JournalError::TakenOver => failed("store-taken-over", Some("hint-runs")),
        JournalError::TwoPeople => Failure {
            exit: Exit::Refused,
            ..failed("store-two-people", Some("hint-people"))
        },
        JournalError::NotFound => usage("store-not-found", Some("hint-runs")),
        JournalError::Ambiguous => usage("store-ambiguous", Some("hint-runs")),
        JournalError::Ended => usage("store-ended", Some("hint-runs")),
        JournalError::Unsettled => failed("store-unsettled", Some("hint-again")),
        JournalError::Full => failed("store-full", Some("hint-space")),
        JournalError::Busy => failed("store-busy", Some("hint-again")),
        JournalError::Stopped => failed("store-stopped", Some("hint-again")),
        JournalError::Sql(_) | JournalError::Schema(_) => fail(
            Exit::Failed,
            words.say_with("store-failed", &[("cause", chain(error).into())]),
            Some("hint-space"),
        ),
        JournalError::Illegal(_) | JournalError::Unwritable(_) => bug(words, error),
    }
}

/// Returns a failure that is our own fault.
pub(crate) fn bug(words: &Words, error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure {
        kind: "bug",
        message: words.say_with("failure-bug", &[("cause", chain(error).into())]),
        hint: None,
        exit: Exit::Bug,
    }
}

pub(crate) fn did_you_mean(words: &Words, nearest: &str) -> String {
    words.say_with("hint-nearest", &[("nearest", nearest.into())])
}

/// The error and everything below it, as one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let below = std::iter::successors(Some(error), |error| error.source());
    let mut said: Vec<String> = below.map(ToString::to_string).collect();
    said.dedup();
    said.join(": ")
}

#[cfg(test)]
mod tests;
