//! What became of everybody in a batch, from the journal alone.

use kadry_core::{Action, Event, ProviderId, RunState, State};
use kadry_journal::{Journal, Part, PartState, RunId, RunStory, StepError};
use serde::Serialize;

use super::{Planned, Why};
use crate::ending::told;
use crate::error::FlowError;
use crate::report::Report;

/// How many parts are read from the journal at a time.
const PAGE: u32 = 512;

/// What became of one of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A record was made, and everything else is done.
    Created,
    /// Everything is done.
    Updated,
    /// Nothing had to be done.
    Unchanged,
    /// Nothing was done, because something stands in the way.
    Refused,
    /// Something is not done.
    Failed,
    /// It was not begun yet.
    Waiting,
    /// The file does not know the person, and nothing was done.
    Surplus,
}

/// What is told of one of many.
#[derive(Clone, Debug)]
pub struct PersonResult {
    /// The line of the file that names them.
    pub line: Option<u32>,
    /// The person as the operator knows them.
    pub person: String,
    /// What became of them.
    pub result: Verdict,
    /// Why nothing was done.
    pub why: Option<Why>,
    /// What went wrong, and where.
    pub fault: Option<(ProviderId, StepError)>,
    /// Their run, with its steps.
    pub report: Option<Report>,
}

/// Everybody in a batch, read page by page.
#[derive(Debug)]
pub struct Results<'a> {
    journal: &'a Journal,
    batch: RunId,
    after: u32,
}

impl<'a> Results<'a> {
    /// Begins with the first one.
    #[must_use]
    pub const fn of(journal: &'a Journal, batch: RunId) -> Self {
        Self {
            journal,
            batch,
            after: 0,
        }
    }

    /// Returns some more of them; none at the end.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub async fn next(&mut self) -> Result<Vec<PersonResult>, FlowError> {
        let before = self.after;
        let parts = self.journal.parts(&self.batch, before, PAGE, None).await?;
        let Some(last) = parts.last() else {
            return Ok(Vec::new());
        };
        self.after = last.number;
        let runs = self
            .journal
            .runs_of_batch(&self.batch, before, PAGE)
            .await?;
        let mut runs = runs.into_iter().peekable();
        let mut results = Vec::with_capacity(parts.len());
        for part in parts {
            let run = runs.next_if(|(number, _)| *number == part.number);
            results.push(result(part, run.as_ref().map(|(_, story)| story))?);
        }
        Ok(results)
    }
}

/// What would become of somebody if a plan were carried out as it is.
#[must_use]
pub fn foreseen(planned: &Planned) -> Verdict {
    let creates = |planned: &Planned| {
        let mut steps = planned.steps.iter();
        steps.any(|step| matches!(step.action, Action::Create { .. }))
    };
    match &planned.who.why {
        Some(Why::Surplus | Why::Unread(_) | Why::Namesake(_) | Why::Unreadable(_)) => {
            Verdict::Surplus
        }
        Some(_) => Verdict::Refused,
        None if planned.steps.is_empty() => Verdict::Unchanged,
        None if creates(planned) => Verdict::Created,
        None => Verdict::Updated,
    }
}

fn result(part: Part, story: Option<&RunStory>) -> Result<PersonResult, FlowError> {
    let planned: Planned = serde_json::from_value(part.body)?;
    let verdict = match (part.state, story) {
        (PartState::Unchanged | PartState::Refused, _) => foreseen(&Planned {
            steps: Vec::new(),
            who: planned.who.clone(),
        }),
        (PartState::Moved | PartState::Superseded, _) => Verdict::Refused,
        (PartState::Waiting, _) | (PartState::Begun, None) => Verdict::Waiting,
        (PartState::Begun, Some(story)) => verdict_of(story),
    };
    let fault = story.and_then(|story| {
        let mut steps = story.steps.iter();
        steps.find_map(|step| Some((step.step.provider.clone(), step.error()?.clone())))
    });
    Ok(PersonResult {
        line: part.line,
        person: part.label,
        result: verdict,
        why: planned.who.why.or_else(|| story.and_then(given_up)),
        fault,
        report: story.map(told),
    })
}

/// Returns who has ended a run, and why, where somebody has.
fn given_up(story: &RunStory) -> Option<Why> {
    let events = story.steps.iter().filter_map(|step| step.events.last());
    let mut ended = events.filter(|row| row.event == Event::Superseded);
    ended.find_map(|row| {
        Some(Why::GivenUp {
            by: row.note.said_by.clone()?,
            reason: row.note.reason.clone(),
        })
    })
}

fn verdict_of(story: &RunStory) -> Verdict {
    let made = |step: &kadry_journal::StepStory| {
        step.state == State::Done && matches!(step.step.action, Action::Create { .. })
    };
    match story.run.state {
        RunState::Done if story.steps.iter().any(made) => Verdict::Created,
        RunState::Done => Verdict::Updated,
        RunState::Running => Verdict::Waiting,
        RunState::Partial | RunState::Failed | RunState::Refused | RunState::Superseded => {
            Verdict::Failed
        }
    }
}

/// Returns where a batch stands whose parts are through as far as they could be.
pub(super) async fn state_of(journal: &Journal, batch: &RunId) -> Result<RunState, FlowError> {
    let (mut any_done, mut any_not, mut any_waits) = (false, false, false);
    for one in journal.standings(batch).await? {
        let (not, done, waits) = match (one.part, one.run) {
            (PartState::Unchanged, _) => (false, false, false),
            (PartState::Refused | PartState::Moved | PartState::Superseded, _) => {
                (true, false, false)
            }
            (PartState::Waiting, _) | (PartState::Begun, None | Some(RunState::Running)) => {
                (false, false, true)
            }
            (PartState::Begun, Some(RunState::Done)) => (false, true, false),
            (
                PartState::Begun,
                Some(
                    RunState::Partial | RunState::Failed | RunState::Refused | RunState::Superseded,
                ),
            ) => (true, one.some_done, one.some_open),
        };
        any_not |= not;
        any_done |= done;
        any_waits |= waits;
    }
    Ok(match (any_done, any_not) {
        _ if any_waits => RunState::Partial,
        (_, false) => RunState::Done,
        (true, true) => RunState::Partial,
        (false, true) => RunState::Failed,
    })
}
