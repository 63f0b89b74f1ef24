//! What a person decides about a batch: that it ends here, that it is taken back, what became of a step of it. Only the store changes.

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use kadry_core::{Fields, RunState};
use kadry_journal::{
    BatchSummary, Journal, JournalError, Part, PartState, RunId, RunStory, RunSummary,
};

use super::result::state_of;
use super::{Asked, Why};
use crate::decide::{self, Found, has_landed, has_open, lanes};
use crate::error::FlowError;
use crate::organisation::give_back;

/// How many runs are ended beside each other.
const BESIDE: usize = 32;

/// How many parts are read from the journal at a time.
const PAGE: u32 = 256;

/// Says whether there is anything to end about a batch, before anybody is asked about it.
///
/// # Errors
///
/// [`FlowError::Ended`] for a batch of which nothing is open and nothing is asked, and the errors of the journal.
pub async fn can_end(journal: &Journal, batch: &BatchSummary) -> Result<(), FlowError> {
    if batch.is_open() || asks(journal, batch).await? {
        return Ok(());
    }
    Err(ended(batch))
}

/// Reports whether a person is asked what became of a step of a batch.
async fn asks(journal: &Journal, batch: &BatchSummary) -> Result<bool, FlowError> {
    let is_its = |run: &RunSummary| run.batch.as_ref() == Some(&batch.id);
    let is_over = batch.state == RunState::Superseded;
    Ok(!is_over && journal.all_asking().await?.iter().any(is_its))
}

pub(super) fn ended(batch: &BatchSummary) -> FlowError {
    FlowError::Ended {
        run: batch.id.clone(),
        state: batch.state,
        by: None,
    }
}

/// Ends a batch for good: what of it waits is not begun any more, and its open runs are ended, too.
///
/// # Repeats
///
/// A second call is told that the batch has ended. One that was cut off is finished by the next.
///
/// # Errors
///
/// [`FlowError::Ended`] for a batch of which nothing is open, [`FlowError::MayStillLand`] while a request of it may still take effect,
/// and the errors of the journal, among which is that another process is at work on it or on somebody in it.
pub async fn abandon(
    journal: &Journal,
    batch: &BatchSummary,
    actor: &str,
    reason: Option<&str>,
) -> Result<(), FlowError> {
    can_end(journal, batch).await?;
    journal.hold_batch(&batch.id).await?;
    // Before the first of them ends: either all end, or none does.
    let mut open = Vec::new();
    let mut after = 0;
    loop {
        let runs = journal.runs_of_batch(&batch.id, after, PAGE).await?;
        let Some((last, _)) = runs.last() else { break };
        after = *last;
        for (_, story) in runs {
            if has_open(&story).is_ok() {
                may_end(journal, &story).await?;
                open.push(story.run.id);
            }
        }
    }
    let ending = open.iter().map(|run| async move {
        match decide::abandon(journal, run.as_str(), actor, reason).await {
            Ok(_) | Err(FlowError::Ended { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    });
    stream::iter(ending)
        .buffer_unordered(BESIDE)
        .try_collect::<()>()
        .await?;
    let why = Why::GivenUp {
        by: actor.to_owned(),
        reason: reason.map(str::to_owned),
    };
    let why = serde_json::to_value(why)?;
    Ok(journal.give_up_batch(&batch.id, &why).await?)
}

/// # Errors
///
/// Why a run cannot end now.
async fn may_end(journal: &Journal, story: &RunStory) -> Result<(), FlowError> {
    has_landed(journal, story, story.steps.iter())?;
    if journal.is_at_work(&story.run.id).await? {
        journal.claim(&story.person, &lanes(story), false).await?;
        give_back(journal, &story.person).await;
    }
    Ok(())
}

/// Writes down what somebody found who looked for a step of a run that is a part of a batch, and returns the run as it then stands. The
/// batch is open again: going on with it does what is left.
///
/// # Repeats
///
/// A second answer is refused: the step is not in doubt any more.
///
/// # Errors
///
/// As [`decide::settle`], and that another process is at work on the batch.
pub async fn settle(
    journal: &Journal,
    (batch, run): (&RunId, &RunId),
    seq: u32,
    found: Found,
    actor: &str,
    reason: Option<&str>,
) -> Result<RunStory, FlowError> {
    journal.hold_batch(batch).await?;
    let settled = decide::settle(journal, run.as_str(), seq, found, actor, reason).await?;
    journal
        .claim(&settled.person, &lanes(&settled), false)
        .await?;
    let opened = open_again(journal, batch, &settled).await;
    give_back(journal, &settled.person).await;
    opened?;
    Ok(journal.story(run.as_str()).await?)
}

/// Writes down that a run of a batch has not come to its end after all, so that what is left of it is done and all of it proven.
async fn open_again(
    journal: &Journal,
    batch: &RunId,
    story: &RunStory,
) -> Result<(), JournalError> {
    let ending = story.ending.clone();
    let ending = ending.unwrap_or_else(|| serde_json::json!({}));
    let (run, state) = (&story.run.id, RunState::Running);
    journal.finish(run, state, &ending).await?;
    journal.finish_batch(batch, state).await
}

/// Writes down where a batch stands by now, after one of its runs has gone on by itself. One that is at work is left alone, and so is one
/// that has not come to its end.
///
/// # Repeats
///
/// The last call counts.
///
/// # Errors
///
/// The errors of the journal.
pub async fn restate(journal: &Journal, batch: &RunId) -> Result<(), FlowError> {
    let Some(summary) = journal.batch(batch.as_str()).await? else {
        return Ok(());
    };
    if matches!(summary.state, RunState::Running | RunState::Superseded) {
        return Ok(());
    }
    match journal.hold_batch(batch).await {
        Ok(()) => {}
        Err(JournalError::Claimed { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let state = state_of(journal, batch).await?;
    Ok(journal.finish_batch(batch, state).await?)
}

/// What takes back what a batch did, person by person.
#[derive(Debug)]
pub struct Undoing<'a> {
    journal: &'a Journal,
    batch: RunId,
    actor: String,
    reason: Option<String>,
    privileged: bool,
    after: u32,
}

impl<'a> Undoing<'a> {
    /// Begins with the first person.
    ///
    /// # Errors
    ///
    /// [`FlowError::StillOpen`] for a batch that may still do something.
    pub fn of(
        journal: &'a Journal,
        batch: &BatchSummary,
        actor: &str,
        reason: Option<&str>,
        privileged: bool,
    ) -> Result<Self, FlowError> {
        if batch.is_open() {
            return Err(FlowError::StillOpen {
                run: batch.id.clone(),
            });
        }
        Ok(Self {
            journal,
            batch: batch.id.clone(),
            actor: actor.to_owned(),
            reason: reason.map(str::to_owned),
            privileged,
            after: 0,
        })
    }

    /// Returns what is asked for some more people, for whom something was done; none at the end.
    ///
    /// # Errors
    ///
    /// [`FlowError::Json`] for a run that another version wrote down in another way, and the errors of the journal. Why nothing can be taken
    /// back for one person is in what is asked for them.
    pub async fn next(&mut self) -> Result<Vec<Asked>, FlowError> {
        loop {
            let begun = Some(PartState::Begun);
            let journal = self.journal;
            let parts = journal.parts(&self.batch, self.after, PAGE, begun).await?;
            let Some(last) = parts.last() else {
                return Ok(Vec::new());
            };
            self.after = last.number;
            let mut asked = Vec::with_capacity(parts.len());
            for part in parts {
                asked.extend(self.back(part).await?);
            }
            if !asked.is_empty() {
                return Ok(asked);
            }
        }
    }

    /// Returns what is asked for one person; none where nothing was done.
    async fn back(&self, part: Part) -> Result<Option<Asked>, FlowError> {
        let Some(run) = &part.run else {
            return Ok(None);
        };
        let reason = self.reason.clone();
        let undoing = decide::undoing(
            self.journal,
            run.as_str(),
            &self.actor,
            reason,
            self.privileged,
        );
        let what = match undoing.await {
            Ok(intent) => Ok(intent),
            Err(FlowError::NothingDone { .. }) => return Ok(None),
            Err(FlowError::StillOpen { run }) => Err(Why::StillOpen(run)),
            Err(FlowError::LaterDid { .. }) => Err(Why::Later),
            Err(error) => return Err(error),
        };
        Ok(Some(Asked {
            line: part.line,
            label: part.label,
            fields: Fields::new(),
            is_there: true,
            what,
        }))
    }
}
