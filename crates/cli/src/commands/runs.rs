//! What was done, from the journal alone.

use clap::{Args, Subcommand};
use kadry_core::RunState;
use kadry_flow::report::Report;
use kadry_flow::told;
use kadry_journal::{JournalError, RunStory, RunSummary};
use serde::Serialize;

use super::Session;
use crate::error::{Exit, Failure, of_journal, step_error};
use crate::setup;
use crate::ui::json::{Left, RunStep, beside_the_steps, still_open};
use crate::ui::table::{Field, Sheet, Tint};
use crate::ui::time::{exact, local, to_the_minute};
use crate::ui::{open, report};
use crate::words::Words;

/// Show what was done; asks no platform
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry runs
  kadry runs show 4f2a")]
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
    /// Show one run, step by step
    #[command(after_help = "Examples:
  kadry runs show 4f2a
  kadry runs show 4f2a --report run-4f2a.html")]
    Show {
        /// The id of the run, or its first characters
        #[arg(value_name = "ID")]
        run: String,
    },
}

/// How many runs a list has unless the operator says otherwise.
const LISTED: u32 = 20;

#[derive(Debug, Serialize)]
struct List {
    runs: Vec<Row>,
    exit: u8,
}

/// A run in one line.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    run: String,
    intent: String,
    person: String,
    actor: String,
    reason: Option<String>,
    state: &'static str,
    started_at: Option<String>,
    ended_at: Option<String>,
    done: u32,
    failed: u32,
    open: u32,
    superseded_by: Option<String>,
}

#[derive(Debug, Serialize)]
struct Story {
    #[serde(flatten)]
    run: Row,
    steps: Vec<RunStep>,
    verified: bool,
    residue: Vec<Left>,
    caveats: Vec<String>,
    exit: u8,
}

impl Runs {
    /// Reports whether one run is shown, which `--report` can write down.
    pub(crate) const fn shows_one(&self) -> bool {
        matches!(self.what, Some(What::Show { .. }))
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
        let words = &session.screen.words;
        let journal = setup::open_records(&session.global, words).await?;
        let failed = |error: JournalError| of_journal(words, &error);
        match &self.what {
            None => list(session, &journal.runs(LISTED).await.map_err(failed)?),
            Some(What::List { limit }) => {
                list(session, &journal.runs(*limit).await.map_err(failed)?)
            }
            Some(What::Show { run }) => {
                let story = journal.story(run).await;
                show(session, &story.map_err(|error| untold(words, run, &error))?)
            }
        }
    }
}

fn list(session: &Session, runs: &[RunSummary]) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    if screen.is_json() {
        screen.document(&List {
            runs: runs.iter().map(Row::of).collect(),
            exit: Exit::Done.code(),
        })?;
        return Ok(Exit::Done);
    }
    if screen.is_csv() {
        screen.csv(&Row::HEADER, runs.iter().map(|run| Row::of(run).cells()))?;
        return Ok(Exit::Done);
    }
    let mut sheet = screen.data_sheet();
    if runs.is_empty() {
        sheet.text(0, &words.say("runs-none"));
    } else {
        table(&mut sheet, words, runs);
    }
    screen.data(&sheet)?;
    Ok(Exit::Done)
}

/// Says what a run does, and for whom.
pub(super) fn what(words: &Words, run: &RunSummary) -> String {
    said(words, "run-what", run)
}

fn said(words: &Words, key: &str, run: &RunSummary) -> String {
    words.say_with(
        key,
        &[
            ("flow", run.flow.as_str().into()),
            ("person", run.label.as_str().into()),
        ],
    )
}

/// Writes runs as a table.
pub(super) fn table(sheet: &mut Sheet, words: &Words, runs: &[RunSummary]) {
    let header = [
        "column-run",
        "column-started",
        "column-what",
        "column-state",
    ];
    let rows = runs.iter().map(|run| {
        vec![
            Field::from(run.id.as_str()),
            to_the_minute(run.started_ms).into(),
            said(words, "run-brief", run).into(),
            Field::new(words.say(&format!("run-{}", run.state)), tint(run.state)),
        ]
    });
    sheet.table(
        &header.map(|key| words.say(key)),
        rows.collect(),
        &[0, 1, 3],
    );
}

/// Says why a run that was typed cannot be told.
fn untold(words: &Words, typed: &str, error: &JournalError) -> Failure {
    let failure = of_journal(words, error);
    if !matches!(error, JournalError::NotFound) {
        return failure;
    }
    Failure {
        message: words.say_with("run-not-found", &[("run", typed.into())]),
        ..failure
    }
}

fn show(session: &Session, story: &RunStory) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let report = told(story);
    let kept = match &session.report {
        Some(file) => file.told(words, &report, &story.run, Exit::from(report.outcome())),
        None => Ok(()),
    };
    if !screen.is_json() {
        let mut sheet = screen.data_sheet();
        tell(&mut sheet, words, story, &report);
        screen.data(&sheet)?;
    } else if kept.is_ok() {
        screen.document(&Story {
            run: Row::of(&story.run),
            steps: report
                .steps
                .iter()
                .map(|step| RunStep::of(words, step))
                .collect(),
            verified: report.verified,
            residue: still_open(words, &report),
            caveats: beside_the_steps(words, &report),
            exit: Exit::Done.code(),
        })?;
    }
    kept.map(|()| Exit::Done)
}

fn tell(sheet: &mut Sheet, words: &Words, story: &RunStory, told: &Report) {
    let run = &story.run;
    let state = words.say(&format!("run-{}", run.state));
    sheet.heading(&words.say_with(
        "report-title",
        &[
            ("flow", run.flow.as_str().into()),
            ("person", run.label.as_str().into()),
            ("state", state.into()),
            ("run", run.id.as_str().into()),
        ],
    ));
    sheet.pairs(2, facts(words, run));
    sheet.gap();
    report::table(sheet, words, &told.steps);
    // What is open says why in its own list.
    let ended = told.steps.iter().filter(|step| !open::is_open(step.state));
    let failed = ended.filter_map(|step| Some((step, step.error.as_ref()?)));
    let faults: Vec<_> = failed
        .map(|(step, error)| (step.step.provider.to_string(), step_error(words, error)))
        .collect();
    if !faults.is_empty() {
        sheet.gap();
        sheet.pairs(2, faults);
    }
    if story.ending.is_some() {
        report::ending(sheet, words, told);
    }
    open::list(sheet, words, told);
}

fn facts(words: &Words, run: &RunSummary) -> Vec<(String, String)> {
    let mut facts = vec![
        (words.say("run-actor"), run.actor.clone()),
        (words.say("run-started"), local(run.started_ms)),
    ];
    facts.extend(run.ended_ms.map(|at| (words.say("run-ended"), local(at))));
    facts.extend(
        run.reason
            .clone()
            .map(|reason| (words.say("run-reason"), reason)),
    );
    let next = run.superseded_by.as_ref();
    facts.extend(next.map(|next| (words.say("run-superseded-by"), next.to_string())));
    facts
}

const fn tint(state: RunState) -> Tint {
    match state {
        RunState::Done => Tint::Good,
        RunState::Failed | RunState::Refused => Tint::Bad,
        RunState::Running | RunState::Partial => Tint::Warning,
        RunState::Superseded => Tint::Faint,
    }
}

impl Row {
    /// The names of the cells, which are those of the document.
    const HEADER: [&str; 12] = [
        "run",
        "intent",
        "person",
        "actor",
        "reason",
        "state",
        "started_at",
        "ended_at",
        "done",
        "failed",
        "open",
        "superseded_by",
    ];

    /// Returns the line of a CSV list.
    fn cells(self) -> Vec<String> {
        vec![
            self.run,
            self.intent,
            self.person,
            self.actor,
            self.reason.unwrap_or_default(),
            self.state.to_owned(),
            self.started_at.unwrap_or_default(),
            self.ended_at.unwrap_or_default(),
            self.done.to_string(),
            self.failed.to_string(),
            self.open.to_string(),
            self.superseded_by.unwrap_or_default(),
        ]
    }

    /// Returns a run in one line.
    pub(super) fn of(run: &RunSummary) -> Self {
        Self {
            run: run.id.to_string(),
            intent: run.flow.clone(),
            person: run.label.clone(),
            actor: run.actor.clone(),
            reason: run.reason.clone(),
            state: run.state.as_str(),
            started_at: exact(run.started_ms),
            ended_at: run.ended_ms.and_then(exact),
            done: run.done,
            failed: run.failed,
            open: run.open,
            superseded_by: run.superseded_by.as_ref().map(ToString::to_string),
        }
    }
}
