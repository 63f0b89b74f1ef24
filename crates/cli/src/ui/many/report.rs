//! The report of a command about many people: what is to be known of all, and a row for each of them.

use std::io;

use kadry_core::RunState;
use kadry_flow::many::{Batch, Head, PlanFile, Results};
use kadry_journal::{BatchSummary, Journal};
use kadry_tables::write::html::{Fact, Outcome, Page, Tone};

use super::ending::Sum;
use super::row::{self, Platforms};
use super::{Tally, document};
use crate::commands::Session;
use crate::error::{Exit, Failure, of_flow, of_plan_file};
use crate::ui::report_file::{ReportFile, Subject, came_to_nothing, fact};
use crate::words::Words;

/// How many rows are written before others have their turn.
const TURN: usize = 256;

/// A plan that is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub(super) plan: &'a PlanFile,
    pub(super) tally: &'a Tally,
    /// Whether it was made by an earlier command.
    pub(super) is_saved: bool,
    pub(super) exit: Exit,
    /// Why it cannot be carried out.
    pub(super) failure: Option<&'a Failure>,
}

/// A batch that is told from the journal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) batch: &'a BatchSummary,
    pub(super) sum: &'a Sum,
    pub(super) exit: Exit,
    /// Why it did not come to its end.
    pub(super) failure: Option<&'a Failure>,
}

/// Writes what the journal tells of a batch into the report, if one is asked for; `exit` says how the command ends.
///
/// # Repeats
///
/// The file is replaced.
///
/// # Errors
///
/// The errors of the journal, and a [`Failure`] with exit code 3 when the report cannot be written. What was done stands.
pub(crate) async fn report(
    session: &Session,
    journal: &Journal,
    batch: &BatchSummary,
    exit: Exit,
) -> Result<(), Failure> {
    if session.report.is_none() {
        return Ok(());
    }
    let sum = Sum::of(&session.screen.words, journal, batch).await?;
    let told = Told {
        batch,
        sum: &sum,
        exit,
        failure: None,
    };
    of_batch(session, journal, &told).await
}

/// Writes what became of a batch into the report, if one is asked for.
///
/// # Repeats
///
/// The file is replaced.
///
/// # Errors
///
/// As [`report`].
pub(super) async fn of_batch(
    session: &Session,
    journal: &Journal,
    told: &Told<'_>,
) -> Result<(), Failure> {
    let words = &session.screen.words;
    let (batch, sum) = (told.batch, told.sum);
    let Some(file) = &session.report else {
        return Ok(());
    };
    let lost = |cause: io::Error| file.lost(words, "report-file-lost", &cause);
    let Some(format) = file.format() else {
        let document = document::ended(words, journal, batch, told.exit).await?;
        return file.copy(document?.into_file()).await.map_err(lost);
    };
    let head = head_of(batch);
    let mut platforms = sum.platforms.clone();
    platforms.extend(head.on.iter().cloned());
    let page = page_of_batch(words, file, &head, told);
    let any_residue = sum.with_residue > 0;
    let columns = row::of_batch(words, &platforms, any_residue);
    let mut rows = file.begin(words, format, page, &columns).map_err(lost)?;
    let mut results = Results::of(journal, batch.id.clone());
    loop {
        let some = results.next().await;
        let some = some.map_err(|error| of_flow(words, &error, batch.id.as_str()))?;
        if some.is_empty() {
            break;
        }
        for one in &some {
            let cells = row::ended(words, one, &platforms, any_residue);
            rows.row(&cells).map_err(lost)?;
        }
    }
    rows.finish().await.map_err(lost)
}

/// What was asked for in a batch. A journal of another version may tell less of it.
fn head_of(batch: &BatchSummary) -> Head {
    let asked = serde_json::from_value::<Batch>(batch.intent.clone());
    let head = asked.map(|batch| batch.head);
    head.unwrap_or_else(|_| Head {
        flow: batch.flow.clone(),
        about: batch.label.clone(),
        source: None,
        on: Vec::new(),
        allow: std::collections::BTreeMap::new(),
        actor: batch.actor.clone(),
        reason: batch.reason.clone(),
        lines: None,
    })
}

fn page_of_batch(words: &Words, file: &ReportFile, head: &Head, told: &Told<'_>) -> Page {
    let (batch, sum) = (told.batch, told.sum);
    let mut page = file.head(words, Subject::Batch(batch, head), told.exit);
    page.result = Some(match told.failure {
        Some(failure) => came_to_nothing(failure),
        None => came(words, batch.state, sum, told.exit),
    });
    let facts = &mut page.facts;
    facts.push(fact(words, "page-run", batch.id.as_str()));
    facts.extend(counts(words, "row", sum.counts()));
    if sum.with_residue > 0 {
        let people = sum.with_residue.to_string();
        facts.push(fact(words, "list-residue", &people));
    }
    let caveats = sum.caveats(words).join("\n");
    if !caveats.is_empty() {
        facts.push(fact(words, "page-caveats", &caveats));
    }
    facts.extend(of_head(words, head));
    facts.push(fact(words, "list-plan", &batch.plan_hash));
    let is_open = match batch.state {
        RunState::Running | RunState::Partial | RunState::Failed => sum.is_open(),
        RunState::Done | RunState::Refused | RunState::Superseded => false,
    };
    if is_open {
        let again = format!("kadry{} runs resume {}", words.options(), batch.id);
        facts.push(fact(words, "page-again", &again));
    }
    page
}

/// Says what became of a batch.
fn came(words: &Words, state: RunState, sum: &Sum, exit: Exit) -> Outcome {
    let (key, tone) = match (state, exit) {
        (RunState::Running, _) => ("list-running", Tone::Warning),
        (RunState::Done, _) if !sum.verified => ("list-partial", Tone::Bad),
        (RunState::Done, Exit::Residue) => ("list-residue-seen", Tone::Warning),
        (RunState::Done, _) if sum.with_residue > 0 => ("list-residue-seen", Tone::Warning),
        (RunState::Done, _) => ("list-done", Tone::Good),
        (RunState::Failed | RunState::Refused, _) if !sum.any_written => {
            ("list-nothing-done", Tone::Bad)
        }
        (RunState::Partial | RunState::Failed | RunState::Refused | RunState::Superseded, _) => {
            ("list-partial", Tone::Bad)
        }
    };
    outcome(words, key, tone)
}

/// Writes a plan into the report, if one is asked for.
///
/// # Repeats
///
/// The file is replaced.
///
/// # Errors
///
/// A plan that cannot be read any more, and a [`Failure`] with exit code 3 when the report cannot be written.
pub(super) async fn of_plan(session: &Session, shown: &Shown<'_>) -> Result<(), Failure> {
    let words = &session.screen.words;
    let (plan, tally) = (shown.plan, shown.tally);
    let Some(file) = &session.report else {
        return Ok(());
    };
    let lost = |cause: io::Error| file.lost(words, "report-file-lost-plan", &cause);
    let Some(format) = file.format() else {
        let document = document::planned(words, plan, shown.exit)?;
        return file.copy(document.into_file()).await.map_err(lost);
    };
    let mut platforms: Platforms = tally.platforms.clone();
    platforms.extend(plan.head.on.iter().cloned());
    let mut page = page_of_plan(words, file, shown);
    if let Some(path) = &session.save {
        let path = path.display().to_string();
        page.facts.push(fact(words, "list-saved", &path));
    }
    let columns = row::of_plan(words, &platforms);
    let mut rows = file.begin(words, format, page, &columns).map_err(lost)?;
    for (number, planned) in plan.planned().enumerate() {
        let planned = planned.map_err(|error| of_plan_file(words, &error, &plan.head.about))?;
        let cells = row::planned(words, &planned, &platforms);
        rows.row(&cells).map_err(lost)?;
        if number % TURN == 0 {
            // The operator may have had enough of it.
            tokio::task::yield_now().await;
        }
    }
    rows.finish().await.map_err(lost)
}

fn page_of_plan(words: &Words, file: &ReportFile, shown: &Shown<'_>) -> Page {
    let (plan, tally) = (shown.plan, shown.tally);
    let subject = if shown.is_saved {
        Subject::Saved(&plan.head)
    } else {
        Subject::Asked(&plan.head)
    };
    let mut page = file.head(words, subject, shown.exit);
    page.result = Some(match shown.failure {
        Some(failure) => came_to_nothing(failure),
        None => foreseen(words, shown),
    });
    let facts = &mut page.facts;
    let hint = shown.failure.and_then(|failure| failure.hint.as_ref());
    facts.extend(hint.map(|hint| fact(words, "page-hint", hint)));
    facts.extend(counts(words, "row-planned", tally.counts()));
    facts.push(fact(words, "list-steps", &tally.steps.to_string()));
    let lanes = tally.lanes(words).into_iter();
    facts.extend(lanes.map(|(provider, said, _)| Fact {
        label: provider.to_string(),
        value: said,
    }));
    facts.extend(of_head(words, &plan.head));
    facts.push(fact(words, "list-plan", &plan.written.plan_hash));
    page
}

/// Says what a plan comes to.
fn foreseen(words: &Words, shown: &Shown<'_>) -> Outcome {
    let (key, tone) = match (shown.exit, shown.tally.stopped()) {
        (Exit::Drift, _) => ("list-differs", Tone::Warning),
        _ if shown.tally.steps > 0 => ("list-stands", Tone::Plain),
        (_, 0) if shown.tally.surplus == 0 => ("list-as-wanted", Tone::Good),
        (_, _) => ("list-nothing-but", Tone::Warning),
    };
    outcome(words, key, tone)
}

fn outcome(words: &Words, key: &str, tone: Tone) -> Outcome {
    Outcome {
        tone,
        text: words.say(key),
        items: Vec::new(),
    }
}

/// Says how many people there are, and of which result how many.
fn counts(words: &Words, row: &str, counts: Vec<(&'static str, usize)>) -> Vec<Fact> {
    let all: usize = counts.iter().map(|(_, people)| people).sum();
    let mut facts = vec![fact(words, "list-people", &all.to_string())];
    let each = counts.into_iter().filter(|(_, people)| *people > 0);
    facts.extend(
        each.map(|(key, people)| fact(words, &format!("{row}-{key}"), &people.to_string())),
    );
    facts
}

/// Says what the file was, and which limits may be passed.
fn of_head(words: &Words, head: &Head) -> Vec<Fact> {
    let allowed = head.allow.iter();
    let allowed: Vec<String> = allowed
        .map(|(brake, people)| format!("{brake}={people}"))
        .collect();
    let source = head.source.as_deref();
    let source = source.map(|hash| fact(words, "list-source", hash));
    let limits = (!allowed.is_empty()).then(|| fact(words, "list-limits", &allowed.join(", ")));
    source.into_iter().chain(limits).collect()
}
