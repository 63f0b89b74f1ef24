//! One run, step by step and moment by moment, from the journal alone.

use kadry_flow::report::Report;
use kadry_flow::{told, typed};
use kadry_journal::{BatchSummary, Journal, JournalError, RunStory, RunSummary};
use serde::Serialize;

use super::list::state;
use super::{Row, batch};
use crate::commands::Session;
use crate::error::{Exit, Failure, of_journal, step_error};
use crate::setup::{self, Purpose};
use crate::ui::events::{self, Moment};
use crate::ui::json::{Left, RunStep, beside_the_steps, still_open};
use crate::ui::table::Sheet;
use crate::ui::time::local;
use crate::ui::{open, report};
use crate::words::Words;

#[derive(Debug, Serialize)]
struct Story {
    #[serde(flatten)]
    run: Row,
    /// The command as it was typed.
    command: Option<String>,
    steps: Vec<RunStep>,
    events: Vec<Moment>,
    verified: bool,
    residue: Vec<Left>,
    caveats: Vec<String>,
    exit: u8,
}

/// Shows a run.
///
/// # Errors
///
/// A run that is not there, and the errors of the store.
pub(super) async fn show(session: &Session, run: &str) -> Result<Exit, Failure> {
    let (journal, subject) = find(session, run).await?;
    let story = match subject {
        Subject::Run(story) => *story,
        Subject::Batch(known) => return batch::show(session, &journal, &known).await,
    };
    drop(journal);
    let (screen, words) = (&session.screen, &session.screen.words);
    let report = told(&story);
    let kept = match &session.report {
        Some(file) => file.told(words, &report, &story.run, Exit::from(report.outcome())),
        None => Ok(()),
    };
    if !screen.is_json() {
        let mut sheet = screen.data_sheet();
        tell(&mut sheet, words, &story, &report);
        screen.data(&sheet)?;
    } else if kept.is_ok() {
        document(session, &story, Exit::Done)?;
    }
    kept.map(|()| Exit::Done)
}

/// Prints a run as the document that programs read.
///
/// # Errors
///
/// An answer that cannot be printed.
pub(super) fn document(session: &Session, story: &RunStory, exit: Exit) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let report = told(story);
    screen.document(&Story {
        run: Row::of(&story.run),
        command: typed(story),
        steps: report
            .steps
            .iter()
            .map(|step| RunStep::of(words, step))
            .collect(),
        events: events::moments(words, story),
        verified: report.verified,
        residue: still_open(words, &report),
        caveats: beside_the_steps(words, &report),
        exit: exit.code(),
    })
}

/// What an id means.
pub(super) enum Subject {
    /// A run.
    Run(Box<RunStory>),
    /// A command about many people.
    Batch(Box<BatchSummary>),
}

/// Finds what was typed, and returns the journal that tells of it.
///
/// # Errors
///
/// A run that is not there, and the errors of the store.
pub(super) async fn find(session: &Session, typed: &str) -> Result<(Journal, Subject), Failure> {
    let words = &session.screen.words;
    let journal = setup::open_records(&session.global, Purpose::Look, words).await?;
    let batch = journal.batch(typed).await;
    let batch = batch.map_err(|error| untold(words, typed, &error))?;
    let subject = match batch {
        Some(batch) => Subject::Batch(Box::new(batch)),
        None => {
            let story = journal.story(typed).await;
            let story = story.map_err(|error| untold(words, typed, &error))?;
            Subject::Run(Box::new(story))
        }
    };
    Ok((journal, subject))
}

/// Says why a run that was typed cannot be told.
fn untold(words: &Words, run: &str, error: &JournalError) -> Failure {
    let failure = of_journal(words, error);
    if !matches!(error, JournalError::NotFound) {
        return failure;
    }
    Failure {
        message: words.say_with("run-not-found", &[("run", run.into())]),
        ..failure
    }
}

fn tell(sheet: &mut Sheet, words: &Words, story: &RunStory, told: &Report) {
    let run = &story.run;
    let state = state(words, run);
    sheet.heading(&words.say_with(
        "report-title",
        &[
            ("flow", run.flow.as_str().into()),
            ("person", run.label.as_str().into()),
            ("state", state.into()),
            ("run", run.id.as_str().into()),
        ],
    ));
    sheet.pairs(2, facts(words, run, typed(story)));
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
    events::write(sheet, words, story);
    if story.ending.is_some() {
        report::ending(sheet, words, told);
    }
    let began = typed(story);
    open::list(sheet, words, told);
    open::next(sheet, words, told, began.as_deref());
}

fn facts(words: &Words, run: &RunSummary, command: Option<String>) -> Vec<(String, String)> {
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
    facts.extend(command.map(|command| (words.say("run-command"), command)));
    let batch = run.batch.as_ref();
    facts.extend(batch.map(|batch| (words.say("run-batch"), batch.to_string())));
    let next = run.superseded_by.as_ref();
    facts.extend(next.map(|next| (words.say("run-superseded-by"), next.to_string())));
    facts
}
