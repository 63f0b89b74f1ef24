//! Runs in one line each.

use std::cmp::Reverse;

use kadry_core::RunState;
use kadry_journal::{BatchCount, BatchSummary, JournalError, RunId, RunSummary};
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
    /// Of a command about many people: how many they are. Then people are counted, and not steps.
    people: Option<u32>,
    /// For how many of them nothing was done.
    refused: Option<u32>,
    /// The command about many people that it is a part of.
    batch: Option<String>,
}

/// A run or a batch of the list.
enum Entry {
    Run(RunSummary),
    Batch(BatchSummary, BatchCount),
}

impl Entry {
    const fn started_ms(&self) -> i64 {
        match self {
            Self::Run(run) => run.started_ms,
            Self::Batch(batch, _) => batch.started_ms,
        }
    }

    const fn id(&self) -> &RunId {
        match self {
            Self::Run(run) => &run.id,
            Self::Batch(batch, _) => &batch.id,
        }
    }

    const fn state(&self) -> RunState {
        match self {
            Self::Run(run) => run.state,
            Self::Batch(batch, _) => batch.state,
        }
    }

    fn row(&self) -> Row {
        match self {
            Self::Run(run) => Row::of(run),
            Self::Batch(batch, count) => Row::of_batch(batch, *count),
        }
    }

    /// Reports whether a command goes on with it, where nobody is at work on it.
    fn waits(&self) -> bool {
        match self {
            Self::Run(run) => match run.state {
                RunState::Running => true,
                RunState::Partial => run.open > 0,
                RunState::Done | RunState::Failed | RunState::Refused | RunState::Superseded => {
                    false
                }
            },
            Self::Batch(batch, _) => batch.is_open(),
        }
    }
}

/// Lists the last runs and batches, newest first.
///
/// # Errors
///
/// An answer that cannot be printed, and the errors of the store.
pub(super) async fn last(session: &Session, limit: u32) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let journal = setup::open_records(&session.global, setup::Purpose::Look, words).await?;
    let failed = |error: JournalError| of_journal(words, &error);
    let runs = journal.runs(limit).await.map_err(failed)?;
    let mut entries: Vec<Entry> = runs.into_iter().map(Entry::Run).collect();
    for batch in journal.batches(limit).await.map_err(failed)? {
        let count = journal.count_people(&batch.id).await.map_err(failed)?;
        entries.push(Entry::Batch(batch, count));
    }
    entries.sort_by_key(|entry| Reverse(entry.started_ms()));
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let mut at_work = Vec::new();
    for entry in &entries {
        let is_at_work = match entry {
            Entry::Run(run) if run.state == RunState::Running => journal.is_at_work(&run.id).await,
            Entry::Run(_) => Ok(false),
            Entry::Batch(batch, _) => journal.batch_is_at_work(&batch.id).await,
        };
        if is_at_work.map_err(failed)? {
            at_work.push(entry.id().clone());
        }
    }
    list(session, &entries, &at_work)
}

fn list(session: &Session, entries: &[Entry], at_work: &[RunId]) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    if screen.is_json() {
        screen.document(&List {
            runs: entries.iter().map(Entry::row).collect(),
            exit: Exit::Done.code(),
        })?;
        return Ok(Exit::Done);
    }
    if screen.is_csv() {
        screen.csv(
            &Row::HEADER,
            entries.iter().map(|entry| entry.row().cells()),
        )?;
        return Ok(Exit::Done);
    }
    let mut sheet = screen.data_sheet();
    if entries.is_empty() {
        sheet.text(0, &words.say("runs-none"));
    } else {
        let lines = entries.iter().map(|entry| {
            let what = match entry {
                Entry::Run(run) => said(words, "run-brief", run),
                Entry::Batch(batch, _) => what_of(words, batch),
            };
            let state = if at_work.contains(entry.id()) {
                Field::from(words.say("run-at-work"))
            } else {
                let said = match entry {
                    Entry::Run(run) => state(words, run),
                    Entry::Batch(batch, count) => counted(words, batch, *count),
                };
                Field::new(said, tint(entry.state()))
            };
            line(entry.id(), entry.started_ms(), what, state)
        });
        lines_of(&mut sheet, words, lines.collect());
    }
    let waits = |entry: &Entry| entry.waits() && !at_work.contains(entry.id());
    if entries.iter().any(waits) {
        sheet.gap();
        sheet.advice(&words.say("runs-open"));
    }
    screen.data(&sheet)?;
    Ok(Exit::Done)
}

/// Says what a batch does, and for how many people.
pub(in crate::commands) fn what_of(words: &Words, batch: &BatchSummary) -> String {
    let variables = [
        ("flow", batch.flow.as_str().into()),
        ("about", batch.label.as_str().into()),
        ("people", batch.parts.into()),
    ];
    words.say_with("batch-what", &variables)
}

/// Says where a batch stands, and how its people do.
fn counted(words: &Words, batch: &BatchSummary, count: BatchCount) -> String {
    let parts = [
        ("batch-done", count.done),
        ("batch-refused", count.refused),
        ("batch-failed", count.failed),
        ("batch-open", count.open),
    ];
    let parts = parts.into_iter().filter(|(_, people)| *people > 0);
    let parts = parts.map(|(key, people)| words.say_with(key, &[("people", people.into())]));
    let state = state_of(words, batch);
    format!("{state}: {}", parts.collect::<Vec<_>>().join(", "))
}

/// Says where a batch stands.
pub(super) fn state_of(words: &Words, batch: &BatchSummary) -> String {
    match batch.state {
        RunState::Superseded => words.say("run-given-up"),
        state @ (RunState::Running
        | RunState::Done
        | RunState::Partial
        | RunState::Failed
        | RunState::Refused) => words.say(&format!("run-{state}")),
    }
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

/// Writes runs as a table.
pub(in crate::commands) fn table(sheet: &mut Sheet, words: &Words, runs: &[RunSummary]) {
    let lines = runs.iter().map(|run| {
        let mut what = said(words, "run-brief", run);
        if let Some(batch) = &run.batch {
            let part = [("batch", batch.as_str().into())];
            what = format!("{what} ({})", words.say_with("run-part-of", &part));
        }
        let state = Field::new(state(words, run), tint(run.state));
        line(&run.id, run.started_ms, what, state)
    });
    lines_of(sheet, words, lines.collect());
}

fn line(id: &RunId, started_ms: i64, what: String, state: Field) -> Vec<Field> {
    let started = to_the_minute(started_ms).into();
    vec![Field::from(id.as_str()), started, what.into(), state]
}

fn lines_of(sheet: &mut Sheet, words: &Words, lines: Vec<Vec<Field>>) {
    let header = [
        "column-run",
        "column-started",
        "column-what",
        "column-state",
    ];
    sheet.table(&header.map(|key| words.say(key)), lines, &[0, 1, 3]);
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
    const HEADER: [&str; 15] = [
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
        "people",
        "refused",
        "batch",
    ];

    /// Returns the line of a CSV list.
    fn cells(self) -> Vec<String> {
        let number = |count: Option<u32>| count.map_or_else(String::new, |count| count.to_string());
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
            number(self.people),
            number(self.refused),
            self.batch.unwrap_or_default(),
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
            people: None,
            refused: None,
            batch: run.batch.as_ref().map(ToString::to_string),
        }
    }

    /// Returns a batch in one line.
    fn of_batch(batch: &BatchSummary, count: BatchCount) -> Self {
        Self {
            run: batch.id.to_string(),
            intent: batch.flow.clone(),
            person: batch.label.clone(),
            actor: batch.actor.clone(),
            reason: batch.reason.clone(),
            state: batch.state.as_str(),
            started_at: exact(batch.started_ms),
            ended_at: batch.ended_ms.and_then(exact),
            done: count.done,
            failed: count.failed,
            open: count.open,
            superseded_by: None,
            people: Some(batch.parts),
            refused: Some(count.refused),
            batch: None,
        }
    }
}
