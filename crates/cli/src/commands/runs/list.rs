//! Runs in one line each.

use kadry_core::RunState;
use kadry_journal::{JournalError, RunId, RunSummary};
use serde::Serialize;

use crate::commands::Session;
use crate::error::{Exit, Failure, of_journal};
use crate::setup;
use crate::ui::table::{Field, Sheet, Tint};
use crate::ui::time::{exact, to_the_minute};
use crate::words::Words;

#[derive(Debug, Serialize)]
struct List {
    runs: Vec<Row>,
    exit: u8,
}

/// A run in one line.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct Row {
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

pub(super) async fn last(session: &Session, limit: u32) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let journal = setup::open_records(&session.global, setup::Purpose::Look, words).await?;
    let failed = |error: JournalError| of_journal(words, &error);
    let runs = journal.runs(limit).await.map_err(failed)?;
    let mut at_work = Vec::new();
    for run in runs.iter().filter(|run| run.state == RunState::Running) {
        if journal.is_at_work(&run.id).await.map_err(failed)? {
            at_work.push(run.id.clone());
        }
    }
    list(session, &runs, &at_work)
}

fn list(session: &Session, runs: &[RunSummary], at_work: &[RunId]) -> Result<Exit, Failure> {
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
        table(&mut sheet, words, runs, at_work);
    }
    let waits = |run: &RunSummary| match run.state {
        RunState::Running => !at_work.contains(&run.id),
        RunState::Partial => run.open > 0,
        RunState::Done | RunState::Failed | RunState::Refused | RunState::Superseded => false,
    };
    if runs.iter().any(waits) {
        sheet.gap();
        sheet.advice(&words.say("runs-open"));
    }
    screen.data(&sheet)?;
    Ok(Exit::Done)
}

/// Says what a run does, and for whom.
pub(in crate::commands) fn what(words: &Words, run: &RunSummary) -> String {
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

/// Writes runs as a table; of those that have not ended some are known to be at work.
pub(in crate::commands) fn table(
    sheet: &mut Sheet,
    words: &Words,
    runs: &[RunSummary],
    at_work: &[RunId],
) {
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
            if at_work.contains(&run.id) {
                Field::from(words.say("run-at-work"))
            } else {
                Field::new(state(words, run), tint(run.state))
            },
        ]
    });
    sheet.table(
        &header.map(|key| words.say(key)),
        rows.collect(),
        &[0, 1, 3],
    );
}

/// Says where a run stands. One that no later run took over was ended by a person, or because nothing was left of it.
pub(super) fn state(words: &Words, run: &RunSummary) -> String {
    match (run.state, &run.superseded_by) {
        (RunState::Superseded, None) => words.say("run-given-up"),
        (state, _) => words.say(&format!("run-{state}")),
    }
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
    pub(in crate::commands) fn of(run: &RunSummary) -> Self {
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
