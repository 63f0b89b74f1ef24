//! What earlier commands left open, told when the next one begins.

use kadry_flow::Organisation;
use kadry_journal::{BatchSummary, Journal, JournalError, RunSummary};

use super::Session;
use super::runs::{what, what_of};
use crate::error::{Failure, of_journal};

/// Tells of runs that have not ended, whoever began them.
///
/// # Errors
///
/// The errors of the journal.
pub(super) async fn greet(session: &Session, organisation: &Organisation) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let failed = |error| of_journal(words, &error);
    let journal = &organisation.journal;
    let unfinished = left_behind(journal).await.map_err(failed)?;
    let asking = journal.all_asking().await.map_err(failed)?;
    for (key, runs) in [("runs-unfinished", unfinished), ("runs-asking", asking)] {
        if let Some(first) = runs.first() {
            let variables = [
                ("runs", runs.len().into()),
                ("run", first.id.as_str().into()),
                ("what", what(words, first).into()),
            ];
            screen.say(&words.say_with(key, &variables));
        }
    }
    let batches = batches_left_behind(journal).await.map_err(failed)?;
    if let Some(first) = batches.first() {
        let variables = [
            ("runs", batches.len().into()),
            ("run", first.id.as_str().into()),
            ("what", what_of(words, first).into()),
        ];
        screen.say(&words.say_with("batches-unfinished", &variables));
    }
    Ok(())
}

/// Returns the commands about many people that have not come to their end and that no living process is at work on.
///
/// # Errors
///
/// The errors of the journal.
pub(in crate::commands) async fn batches_left_behind(
    journal: &Journal,
) -> Result<Vec<BatchSummary>, JournalError> {
    let mut left = Vec::new();
    for batch in journal.unfinished_batches().await? {
        if !journal.batch_is_at_work(&batch.id).await? {
            left.push(batch);
        }
    }
    Ok(left)
}

/// Returns the runs that have not ended and that no living process is at work on.
///
/// # Errors
///
/// The errors of the journal.
pub(in crate::commands) async fn left_behind(
    journal: &Journal,
) -> Result<Vec<RunSummary>, JournalError> {
    let mut left = Vec::new();
    for run in journal.all_unfinished().await? {
        if !journal.is_at_work(&run.id).await? {
            left.push(run);
        }
    }
    Ok(left)
}
