//! What was done, from the journal alone; and going on with it, deciding about it, taking it back.

mod batch;
mod decide;
mod list;
mod resume;
mod story;
mod take_back;

pub(super) use list::{Row, table, what, what_of};
pub(super) use resume::left_undone;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use kadry_flow::Found;

use super::Session;
use super::allowing::Allowing;
use crate::error::{Exit, Failure};

/// Show what was done, go on with what was interrupted, or take it back
///
/// A command about many people stands in the list as one, and its id is taken wherever that of a run is. Each of its people has a run
/// with an id of its own besides.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry runs
  kadry runs show 4f2a
  kadry runs resume --all
  kadry runs undo 4f2a --plan-only")]
pub(crate) struct Runs {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the last runs, newest first
    #[command(after_help = "Examples:
  kadry runs list
  kadry runs list --limit 100 -o json
  kadry runs list --limit 1000 -o csv > runs.csv")]
    List {
        /// At most so many
        #[arg(
            long,
            value_name = "N",
            default_value_t = LISTED,
            value_parser = clap::value_parser!(u32).range(1..),
            allow_negative_numbers = true
        )]
        limit: u32,
    },
    /// Show one run, step by step, or everybody of a command about many
    #[command(after_help = "Examples:
  kadry runs show 4f2a
  kadry runs show 4f2a --report run-4f2a.html")]
    Show {
        /// The id of the run, or its first characters
        #[arg(value_name = "ID")]
        run: String,
    },
    /// Go on with an interrupted run, within the plan that was approved
    ///
    /// What lost requests did is looked for first. Then the approved steps go on that are still to be done and whose record nobody has
    /// changed since. Nothing else is sent, so nothing is asked. A step that cannot be told is left to you; see “kadry runs settle”.
    #[command(after_help = "Examples:
  kadry runs resume 4f2a
  kadry runs resume --all
  kadry runs resume --all -o json")]
    Resume {
        /// The id of the run, or its first characters
        #[arg(value_name = "ID", conflicts_with = "all")]
        run: Option<String>,
        /// Every run that is not finished, the latest first
        #[arg(long)]
        all: bool,
    },
    /// Say what became of a step that kadry cannot tell; look at the platform before
    ///
    /// Only the store changes. “kadry runs resume” then goes on from there.
    #[command(after_help = "Examples:
  kadry runs show 4f2a
  kadry runs settle 4f2a 3 done
  kadry runs settle 4f2a 3 undone")]
    Settle {
        /// The id of the run, or its first characters
        #[arg(value_name = "ID")]
        run: String,
        /// The number of the step, as “kadry runs show” tells it
        #[arg(value_name = "STEP")]
        step: u32,
        /// What you found on the platform
        #[arg(value_name = "FOUND")]
        found: Verdict,
    },
    /// Take back what a run did, as far as it can be taken back
    ///
    /// Each value and each right that the run changed becomes what it was before, unless somebody has changed it since. A record that
    /// the run made is suspended. The plan names what stays: a message that was sent, a record that was removed.
    #[command(after_help = "Examples:
  kadry runs undo 4f2a --plan-only
  kadry runs undo 4f2a --reason 'wrong person'")]
    Undo {
        /// The id of the run, or its first characters
        #[arg(value_name = "ID")]
        run: String,
        /// Go on even if the record administers its platform
        #[arg(long)]
        privileged: bool,
        #[command(flatten)]
        allowing: Allowing,
    },
    /// Save what can still be read of a damaged store into a new one
    ///
    /// The damaged store stays as it is. Take the saved one with --store, or put it in the place of the damaged one.
    #[command(after_help = "Examples:
  kadry runs salvage saved.sqlite
  kadry runs salvage saved.sqlite --store damaged.sqlite")]
    Salvage {
        /// The new store
        #[arg(value_name = "FILE")]
        into: PathBuf,
    },
    /// End a run for good: what it left open is not carried out any more
    ///
    /// Only the store changes; what the run has done stays done.
    #[command(after_help = "Examples:
  kadry runs abandon 4f2a
  kadry runs abandon 4f2a --yes --reason 'hired elsewhere'")]
    Abandon {
        /// The id of the run, or its first characters
        #[arg(value_name = "ID")]
        run: String,
    },
}

/// What somebody found who looked for a step on its platform.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Verdict {
    /// It took effect
    Done,
    /// It did not
    Undone,
}

impl From<Verdict> for Found {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Done => Self::Done,
            Verdict::Undone => Self::Undone,
        }
    }
}

/// How many runs a list has unless the operator says otherwise.
const LISTED: u32 = 20;

impl Runs {
    /// Reports whether the command makes a run or shows one, which `--report` can write down.
    pub(crate) const fn reports(&self) -> bool {
        match self.what {
            Some(What::Show { .. } | What::Undo { .. } | What::Resume { all: false, .. }) => true,
            None
            | Some(
                What::List { .. }
                | What::Resume { all: true, .. }
                | What::Settle { .. }
                | What::Salvage { .. }
                | What::Abandon { .. },
            ) => false,
        }
    }

    /// Reports whether something is changed that is no plan of its own, so that a plan cannot be shown instead.
    const fn changes_without_a_plan(&self) -> bool {
        matches!(
            self.what,
            Some(
                What::Resume { .. }
                    | What::Settle { .. }
                    | What::Abandon { .. }
                    | What::Salvage { .. }
            )
        )
    }

    /// Reports whether the command goes on with runs.
    pub(crate) const fn resumes(&self) -> bool {
        matches!(self.what, Some(What::Resume { .. }))
    }

    /// Reports whether runs are listed.
    pub(crate) const fn lists(&self) -> bool {
        matches!(self.what, None | Some(What::List { .. }))
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A run that is not there, and whatever is wrong with the configuration or the store.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        if session.plan_only && self.changes_without_a_plan() {
            return Err(no_plan_only(session));
        }
        match &self.what {
            None => list::last(session, LISTED).await,
            Some(What::List { limit }) => list::last(session, *limit).await,
            Some(What::Show { run }) => story::show(session, run).await,
            Some(What::Resume { run: Some(run), .. }) => resume::one(session, run).await,
            Some(What::Resume { all: true, .. }) => resume::all(session).await,
            Some(What::Resume { .. }) => Err(no_run(session)),
            Some(What::Settle { run, step, found }) => {
                decide::settle(session, run, *step, (*found).into()).await
            }
            Some(What::Salvage { into }) => decide::salvage(session, into).await,
            Some(What::Undo {
                run,
                privileged,
                allowing,
            }) => decide::undo(session, run, *privileged, allowing).await,
            Some(What::Abandon { run }) => decide::abandon(session, run).await,
        }
    }
}

fn no_run(session: &Session) -> Failure {
    let words = &session.screen.words;
    let hint = Some(words.say("resume-which-hint"));
    Failure::usage("usage", words.say("resume-which"), hint)
}

fn no_plan_only(session: &Session) -> Failure {
    let words = &session.screen.words;
    let command = [("command", session.typed.as_str().into())];
    Failure::usage(
        "no_plan",
        words.say_with("run-no-plan-only", &command),
        Some(words.say("run-no-plan-only-hint")),
    )
}
