//! A command about many people as it is told later, from the journal alone.

use std::collections::BTreeMap;

use kadry_core::RunState;
use kadry_flow::many::{Batch, PersonResult, Results, Verdict};
use kadry_journal::{BatchSummary, Journal};

use super::document;
use super::ending::{Sum, said};
use super::tally::named;
use crate::commands::Session;
use crate::error::{Exit, Failure, of_flow};
use crate::ui::table::{Sheet, Tint};
use crate::ui::time::local;
use crate::words::Words;

/// Where a batch stands, added up.
#[derive(Debug)]
pub(crate) struct Standing {
    /// The batch.
    pub(crate) batch: BatchSummary,
    sum: Sum,
}

impl Standing {
    /// Adds up what became of everybody in a batch.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub(crate) async fn of(
        words: &Words,
        journal: &Journal,
        batch: BatchSummary,
    ) -> Result<Self, Failure> {
        let sum = Sum::of(words, journal, &batch).await?;
        Ok(Self { batch, sum })
    }

    /// Returns how a command ends that went on with the batch and with nothing else. Of one that was ended for good nothing is left.
    pub(crate) fn exit(&self) -> Exit {
        match self.batch.state {
            RunState::Superseded => Exit::Done,
            state @ (RunState::Running
            | RunState::Done
            | RunState::Partial
            | RunState::Failed
            | RunState::Refused) => self.sum.exit(state),
        }
    }

    /// Returns how many people there are of each result.
    pub(crate) const fn people(&self) -> &BTreeMap<&'static str, usize> {
        self.sum.people()
    }

    /// Writes what became of everybody, in few lines.
    pub(crate) fn write(&self, sheet: &mut Sheet, words: &Words) {
        self.sum.write(sheet, words, &self.batch);
    }
}

/// Prints a batch as the document that programs read.
///
/// # Errors
///
/// The errors of the journal, and an answer that cannot be printed.
pub(crate) async fn document(
    session: &Session,
    journal: &Journal,
    batch: &BatchSummary,
    exit: Exit,
) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let written = document::ended(words, journal, batch, exit).await?;
    document::print(screen, written)
}

/// Tells a batch: who asked for it, what became of everybody, and everybody who is not done. `state` says where it stands.
///
/// # Errors
///
/// The errors of the journal, and an answer that cannot be printed.
pub(crate) async fn tell(
    session: &Session,
    journal: &Journal,
    batch: &BatchSummary,
    (what, state): (&str, &str),
) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let sum = Sum::of(words, journal, batch).await?;
    let mut sheet = screen.data_sheet();
    let title = [
        ("run", batch.id.as_str().into()),
        ("what", what.into()),
        ("state", state.into()),
    ];
    sheet.heading(&words.say_with("batch-title", &title));
    sheet.pairs(2, facts(words, batch));
    sheet.gap();
    sum.write_counts(&mut sheet, words);
    screen.data(&sheet)?;
    not_done(session, journal, batch).await?;
    if batch.is_open() {
        let mut sheet = screen.data_sheet();
        let run = [("run", batch.id.as_str().into())];
        sheet.verbatim("");
        sheet.advice(&words.say_with("many-resume", &run));
        screen.data(&sheet)?;
    }
    Ok(())
}

/// Names everybody who is not done, page by page.
async fn not_done(
    session: &Session,
    journal: &Journal,
    batch: &BatchSummary,
) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let mut results = Results::of(journal, batch.id.clone());
    let mut is_begun = false;
    loop {
        let page = results.next().await;
        let page = page.map_err(|error| of_flow(words, &error, batch.id.as_str()))?;
        if page.is_empty() {
            return Ok(());
        }
        let mut sheet = screen.data_sheet();
        for one in page.iter().filter(|one| is_told(one.result)) {
            if !is_begun {
                // A sheet leaves no gap before its first line.
                sheet.verbatim("");
                sheet.heading(&words.say("many-not-done"));
                is_begun = true;
            }
            sheet.paragraph(2, &line(words, one), Tint::Plain);
        }
        if !sheet.as_str().is_empty() {
            screen.data(&sheet)?;
        }
    }
}

/// Reports whether somebody with this result is named.
const fn is_told(result: Verdict) -> bool {
    match result {
        Verdict::Refused | Verdict::Failed | Verdict::Waiting | Verdict::Surplus => true,
        Verdict::Created | Verdict::Updated | Verdict::Unchanged => false,
    }
}

fn line(words: &Words, one: &PersonResult) -> String {
    let (named, said) = (named(words, one.line, &one.person), said(words, one));
    let run = one.report.as_ref().and_then(|report| report.run.as_ref());
    match run {
        Some(run) => {
            let run = [("run", run.as_str().into())];
            format!("{named}: {said} {}", words.say_with("many-their-run", &run))
        }
        None => format!("{named}: {said}"),
    }
}

fn facts(words: &Words, batch: &BatchSummary) -> Vec<(String, String)> {
    let mut facts = vec![
        (words.say("run-actor"), batch.actor.clone()),
        (words.say("run-started"), local(batch.started_ms)),
    ];
    let ended = batch.ended_ms.map(|at| (words.say("run-ended"), local(at)));
    facts.extend(ended);
    let reason = batch.reason.clone();
    facts.extend(reason.map(|reason| (words.say("run-reason"), reason)));
    // What another version wrote tells less, and is no reason to tell nothing.
    let written: Option<Batch> = serde_json::from_value(batch.intent.clone()).ok();
    let command = written.and_then(|written| written.command);
    facts.extend(command.map(|command| (words.say("run-command"), command)));
    facts.push((words.say("batch-plan"), batch.plan_hash.clone()));
    facts
}
