//! What a person decides about a run: what became of a step that cannot be told, that a run ends here, that it is taken back. Only the
//! store changes: nothing here asks or tells any platform.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Event, ProviderId, RunState, State, Step, Target};
use kadry_journal::{Journal, Note, RunId, RunStory, StepStory};

use crate::error::FlowError;
use crate::intent::{Flow, Intent, Undo, Undone};
use crate::native::is_native;
use crate::organisation::give_back;
use crate::tenants::Tenants;
use crate::written::Written;

/// What somebody found who looked for a step on its platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It took effect.
    Done,
    /// It did not.
    Undone,
}

/// Writes down what somebody found who looked for a step that cannot be told from here, and returns the run as it then stands.
///
/// # Repeats
///
/// A second answer is refused: the step is not in doubt any more.
///
/// # Errors
///
/// [`FlowError::NoSuchStep`], [`FlowError::NotInDoubt`] for a step of which it is known what became of it,
/// [`FlowError::MayStillLand`] when it is said to be undone while its request may still take effect, [`FlowError::Ended`] for a run
/// that a later one took over, and the errors of the journal, among which is that another process is at work on the person.
pub async fn settle(
    journal: &Journal,
    run: &str,
    seq: u32,
    found: Found,
    actor: &str,
    reason: Option<&str>,
) -> Result<RunStory, FlowError> {
    let story = journal.story(run).await?;
    let id = story.run.id.clone();
    let step = in_doubt(&story, seq)?;
    let on = std::slice::from_ref(&step.step.provider);
    journal.claim(&story.person, on, false).await?;
    let note = Note {
        said_by: Some(actor.to_owned()),
        reason: reason.map(str::to_owned),
        ..Note::default()
    };
    let written = settle_claimed(journal, &id, seq, found, note).await;
    give_back(journal, &story.person).await;
    written?;
    Ok(journal.story(id.as_str()).await?)
}

/// Returns the step of which nobody knows what became of it.
///
/// # Errors
///
/// Why it is not one.
fn in_doubt(story: &RunStory, seq: u32) -> Result<&StepStory, FlowError> {
    let run = || story.run.id.clone();
    if story.run.state == RunState::Superseded {
        return Err(ended(story));
    }
    let mut steps = story.steps.iter();
    let step = steps
        .find(|step| step.step.seq == seq)
        .ok_or_else(|| FlowError::NoSuchStep { run: run(), seq })?;
    if !is_in_doubt(step.state) {
        return Err(FlowError::NotInDoubt {
            run: run(),
            seq,
            state: step.state,
        });
    }
    Ok(step)
}

/// Settles a step once nobody else can be at work on it: what was read before that may be old.
async fn settle_claimed(
    journal: &Journal,
    run: &RunId,
    seq: u32,
    found: Found,
    note: Note,
) -> Result<(), FlowError> {
    let story = journal.story(run.as_str()).await?;
    let step = in_doubt(&story, seq)?;
    if found == Found::Undone {
        has_landed(journal, &story, std::iter::once(step))?;
    }
    let note = Note {
        record: step.record().cloned().filter(|_| found == Found::Done),
        ..note
    };
    write_down(journal, run, step, found, &note).await
}

/// Reports whether nobody knows what became of a step.
const fn is_in_doubt(state: State) -> bool {
    matches!(state, State::Started | State::Unsure | State::Parked)
}

async fn write_down(
    journal: &Journal,
    run: &RunId,
    step: &StepStory,
    found: Found,
    note: &Note,
) -> Result<(), FlowError> {
    let seq = step.step.seq;
    if step.state == State::Started {
        journal
            .record(run, seq, Event::Lost, &Note::default())
            .await?;
    }
    let event = match found {
        Found::Done => Event::FoundDone,
        Found::Undone => Event::FoundUndone,
    };
    journal.record(run, seq, event, note).await?;
    Ok(())
}

/// Ends a run for good: nothing of it is carried out any more. Returns the run as it then stands.
///
/// # Repeats
///
/// A second call is told that the run has ended.
///
/// # Errors
///
/// [`FlowError::Ended`] for a run that was all done or ended before, [`FlowError::MayStillLand`] while a request of it may still take
/// effect, and the errors of the journal, among which is that another process is at work on the person.
pub async fn abandon(
    journal: &Journal,
    run: &str,
    actor: &str,
    reason: Option<&str>,
) -> Result<RunStory, FlowError> {
    let story = journal.story(run).await?;
    can_end(&story)?;
    let lanes = lanes(&story);
    journal.claim(&story.person, &lanes, false).await?;
    let note = Note {
        said_by: Some(actor.to_owned()),
        reason: reason.map(str::to_owned),
        ..Note::default()
    };
    let ended = end(journal, &story.run.id, &note).await;
    give_back(journal, &story.person).await;
    ended?;
    Ok(journal.story(story.run.id.as_str()).await?)
}

/// Says whether there is anything to end about a run, before anybody is asked about it: something is open, or was left undone.
///
/// # Errors
///
/// [`FlowError::Ended`] for a run that was all done or ended before.
pub fn can_end(story: &RunStory) -> Result<(), FlowError> {
    if story.run.state == RunState::Partial {
        return Ok(());
    }
    has_open(story)
}

/// # Errors
///
/// [`FlowError::Ended`] for a run of which nothing is open.
pub(crate) fn has_open(story: &RunStory) -> Result<(), FlowError> {
    let is_open = |step: &StepStory| !step.state.is_final() || step.state == State::Parked;
    let any_open = story.run.state == RunState::Running || story.steps.iter().any(is_open);
    if story.run.state == RunState::Superseded || !any_open {
        return Err(ended(story));
    }
    Ok(())
}

/// Says whether there is anything to go on with of a run: something is open, or somebody has answered what it asked since it ended.
///
/// # Errors
///
/// [`FlowError::Ended`] for a run that would end as it did before.
pub fn goes_on(story: &RunStory) -> Result<(), FlowError> {
    let ended_ms = story.run.ended_ms.unwrap_or_default();
    let is_answered = |step: &StepStory| {
        let last = step.events.last();
        last.is_some_and(|row| row.note.said_by.is_some() && row.at_ms >= ended_ms)
    };
    let is_told = story.run.state == RunState::Partial;
    if is_told && story.steps.iter().any(is_answered) {
        return Ok(());
    }
    has_open(story)
}

/// Ends a run once nobody else can be at work on it: what was read before that may be old.
async fn end(journal: &Journal, run: &RunId, note: &Note) -> Result<(), FlowError> {
    let story = journal.story(run.as_str()).await?;
    can_end(&story)?;
    has_landed(journal, &story, story.steps.iter())?;
    for step in story
        .steps
        .iter()
        .filter(|step| step.state == State::Started)
    {
        journal
            .record(run, step.step.seq, Event::Lost, &Note::default())
            .await?;
    }
    Ok(journal.abandon(run, note).await?)
}

/// Returns the intent that takes back what a run did, for the operator to see its plan.
///
/// # Errors
///
/// [`FlowError::StillOpen`] for a run that may still do something, [`FlowError::NothingDone`] for one that did nothing,
/// [`FlowError::LaterDid`] when a later run has done something on the same platforms,
/// [`FlowError::Json`] for one that another version wrote down in another way, and the errors of the journal.
pub async fn undoing(
    journal: &Journal,
    run: &str,
    actor: &str,
    reason: Option<String>,
    privileged: bool,
) -> Result<Intent, FlowError> {
    let story = journal.story(run).await?;
    let id = story.run.id.clone();
    let in_doubt = |step: &StepStory| !step.state.is_final() || is_in_doubt(step.state);
    let is_over = story.run.state == RunState::Superseded;
    if !is_over && (story.run.state == RunState::Running || story.steps.iter().any(in_doubt)) {
        return Err(FlowError::StillOpen { run: id });
    }
    let Intent { who, flow, .. } = Written::of(&story)?.intent;
    let things = match flow {
        Flow::Native(native) => native.things,
        Flow::Undo(undo) => undo.things,
        Flow::Onboard(_) | Flow::Offboard(_) | Flow::Transfer(_) | Flow::Departments(_) => {
            BTreeSet::new()
        }
    };
    let done = done(&story);
    if done.is_empty() {
        return Err(FlowError::NothingDone { run: id });
    }
    let on: BTreeSet<ProviderId> = done.iter().map(|one| one.step.provider.clone()).collect();
    if let Some(later) = done_since(journal, &story, &on).await? {
        return Err(FlowError::LaterDid { later });
    }
    Ok(Intent {
        flow: Flow::Undo(Undo {
            run: id.to_string(),
            done,
            tenants: Tenants::of(&story),
            things,
            on: on.into_iter().collect(),
            privileged,
        }),
        who,
        actor: actor.to_owned(),
        reason,
        allow: BTreeMap::new(),
        command: None,
    })
}

/// Returns the command that began a run, as it was typed, where the journal knows it.
#[must_use]
pub fn typed(story: &RunStory) -> Option<String> {
    Written::of(story).ok()?.intent.command
}

/// Returns the last run of the person that has done something on these platforms since, but for those that have taken this one back.
async fn done_since(
    journal: &Journal,
    story: &RunStory,
    on: &BTreeSet<ProviderId>,
) -> Result<Option<RunId>, FlowError> {
    if is_native(story) {
        // Whether anybody has changed it since is seen on the platform.
        return Ok(None);
    }
    let tenants = Tenants::of(story);
    let runs = journal.runs_of(&story.person, u32::MAX).await?;
    for later in runs.iter().take_while(|later| later.id != story.run.id) {
        let later = journal.story(later.id.as_str()).await?;
        let took_it_back = Written::of(&later).is_ok_and(|written| {
            matches!(&written.intent.flow, Flow::Undo(undo) if undo.run == story.run.id.as_str())
        });
        let theirs = Tenants::of(&later);
        let is_there = |step: &StepStory| {
            let provider = &step.step.provider;
            let is_elsewhere = theirs.differ(&tenants, provider);
            step.state == State::Done && on.contains(provider) && !is_elsewhere
        };
        if !took_it_back && !is_native(&later) && later.steps.iter().any(is_there) {
            return Ok(Some(later.run.id));
        }
    }
    Ok(None)
}

/// How long a request may be on its way: it is tried again for a while, and answered or given up after that.
const ON_ITS_WAY_MS: i64 = 150_000;

/// # Errors
///
/// [`FlowError::MayStillLand`] as long as a request of these steps may.
pub(crate) fn has_landed<'a>(
    journal: &Journal,
    story: &RunStory,
    steps: impl Iterator<Item = &'a StepStory>,
) -> Result<(), FlowError> {
    let in_doubt = steps.filter(|step| matches!(step.state, State::Started | State::Unsure));
    let left = in_doubt.filter_map(|step| {
        let mut events = step.events.iter().rev();
        events.find(|row| row.event == Event::Started)
    });
    let last_ms = left.map(|row| row.at_ms).max();
    let until_ms = last_ms.map(|at_ms| at_ms.saturating_add(ON_ITS_WAY_MS));
    match until_ms.filter(|until_ms| *until_ms > journal.now_ms()) {
        Some(until_ms) => Err(FlowError::MayStillLand {
            run: story.run.id.clone(),
            until_ms,
        }),
        None => Ok(()),
    }
}

/// What a run did, in the order in which it did it, each with the record that it was about.
fn done(story: &RunStory) -> Vec<Undone> {
    let mut done: Vec<(u32, Undone)> = Vec::new();
    for step in story.steps.iter().filter(|step| step.state == State::Done) {
        let last = step.events.last().map_or(0, |event| event.seq);
        let record = step.record().cloned().or_else(|| match &step.step.target {
            Target::Known(who) => Some(who.clone()),
            Target::CreatedBy(seq) => {
                let made = story.steps.iter().find(|made| made.step.seq == *seq);
                made.and_then(StepStory::record).cloned()
            }
            Target::Nobody | Target::Sought(_) => None,
        });
        let after = step.answer().cloned();
        let step: Step = step.step.clone();
        done.push((
            last,
            Undone {
                step,
                record,
                after,
            },
        ));
    }
    done.sort_by_key(|(last, _)| *last);
    done.into_iter().map(|(_, one)| one).collect()
}

/// Returns the platforms of a run.
pub(crate) fn lanes(story: &RunStory) -> Vec<ProviderId> {
    let lanes: BTreeSet<&ProviderId> = story.steps.iter().map(|step| &step.step.provider).collect();
    lanes.into_iter().cloned().collect()
}

/// Says that nothing of a run is open.
pub(crate) fn ended(story: &RunStory) -> FlowError {
    FlowError::Ended {
        run: story.run.id.clone(),
        state: story.run.state,
        by: story.run.superseded_by.clone(),
    }
}
