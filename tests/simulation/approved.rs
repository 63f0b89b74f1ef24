//! What was sent against what was approved.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use kadry_core::{
    Action, Connect as _, ErrorKind, Event, KindName, ProviderId, Random, Stage, State, Step,
};
use kadry_emulator::log::Entry;
use kadry_flow::Watch;
use kadry_journal::{EventRow, Journal, RunStory, StepStory};

use crate::asked::actions_of;
use crate::oracle;
use crate::support::world::World;

/// How long after the beginning of a step its request can leave at the latest.
const TRIED_FOR_MS: i64 = 90_000;

/// Looks at the doors of the world whenever a record is about to be removed.
#[derive(Clone, Copy)]
pub(crate) struct Guarded<'a> {
    pub(crate) world: &'a World,
}

impl fmt::Debug for Guarded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guarded")
    }
}

impl Watch for Guarded<'_> {
    fn step(&self, step: &Step, state: State) {
        if step.stage == Stage::Remove && state == State::Started {
            let open = oracle::open_doors(self.world);
            assert!(open.is_empty(), "removed while a door is open: {open:?}");
        }
    }

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {}
}

/// What a journal may show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    /// Whether no run may be left open.
    pub(crate) all_end: bool,
    /// Whether processes have met at the person.
    pub(crate) are_several: bool,
}

/// A step that nobody could settle by looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parked {
    /// When its run began.
    pub(crate) run_began_ms: i64,
    /// What it was to do, where, and what stood in the way.
    pub(crate) what: String,
    /// Whether the documents say that a person decides about such a step.
    pub(crate) is_documented: bool,
}

/// Demands that everything that was sent was a step of an approved plan under way, that no run is left open if all can end, and that
/// what a platform does not want yet says when it may begin again. Returns the steps that a person has to decide about.
pub(crate) async fn check(world: &World, store: &Path, run: Expected) -> Vec<Parked> {
    let random = Random::seeded(0);
    let opened = Journal::open(store, world.clock.clone(), random);
    let journal = opened.await.unwrap().journal;
    let left = journal.all_unfinished().await.unwrap();
    assert!(
        left.is_empty() || !run.all_end,
        "runs are left unfinished: {left:#?}"
    );
    let mut stories = Vec::new();
    for run in journal.runs(u32::MAX).await.unwrap() {
        stories.push(journal.story(run.id.as_str()).await.unwrap());
    }
    let reaches = world.reaches().await;
    let providers: BTreeMap<_, _> = reaches
        .iter()
        .map(|reach| (reach.platform.kind, reach.id()))
        .collect();
    let log = world.emulator.log();
    let stray: Vec<_> = log
        .iter()
        .filter(|entry| World::is_write(entry))
        .filter(|entry| !is_approved(entry, providers[entry.platform], &stories, run.are_several))
        .collect();
    assert!(stray.is_empty(), "in no approved plan: {stray:#?}");
    let steps = || {
        let all = stories.iter();
        all.flat_map(|story| story.steps.iter().map(move |step| (story, step)))
    };
    let never = steps().find(|(_, step)| step.events.iter().any(is_put_off_for_ever));
    assert_eq!(never, None, "nothing says when it may begin again");
    let parked = steps().filter(|(_, step)| step.state == State::Parked);
    let parked: Vec<Parked> = parked
        .map(|(story, step)| parked_as(story, step, run.are_several))
        .collect();
    let undocumented = parked.iter().find(|step| !step.is_documented);
    assert_eq!(undocumented, None, "a person has to decide");
    parked
}

fn is_put_off_for_ever(row: &EventRow) -> bool {
    let error = row.note.error.as_ref();
    row.event == Event::Held
        && error.is_some_and(|error| error.kind == ErrorKind::RateLimited)
        && row.note.retry_at_ms.is_none()
}

/// Says what a step is parked for: a record that shows something else than was sent, grants that cannot be seen behind a closed door,
/// or a greeting to a record that somebody else has removed. Any other can be looked for here.
fn parked_as(story: &RunStory, step: &StepStory, are_several: bool) -> Parked {
    let action = &step.step.action;
    let is_hidden = |kind: &KindName| *kind == KindName::CHAT;
    let (why, is_documented) = if matches!(action, Action::Create { .. } if step.record().is_some())
    {
        ("the record differs", true)
    } else if matches!(action, Action::SetGrants { kind, .. } if is_hidden(kind)) {
        ("out of sight", true)
    } else if are_several && matches!(action, Action::Notify { .. }) {
        ("the record is gone", true)
    } else {
        ("nobody knows why", false)
    };
    Parked {
        run_began_ms: story.run.started_ms,
        what: format!(
            "{} {} on {}: {why}",
            story.run.flow,
            step.step.action.name(),
            step.step.provider
        ),
        is_documented,
    }
}

fn is_approved(
    entry: &Entry,
    provider: &ProviderId,
    stories: &[RunStory],
    are_several: bool,
) -> bool {
    let actions = actions_of(entry);
    stories.iter().flat_map(|story| &story.steps).any(|step| {
        step.step.provider == *provider
            && actions.contains(&step.step.action.name())
            && is_under_way(step, entry.at_ms, are_several)
    })
}

/// Reports whether a step had begun by then and nothing was known yet of what became of it. Whoever has been taken over from goes on
/// for a while with the step that they had begun, and begins no other.
fn is_under_way(step: &StepStory, at_ms: i64, are_several: bool) -> bool {
    let mut began_ms = None;
    for row in &step.events {
        let is_taken_over = are_several
            && step.state == State::Superseded
            && matches!(row.event, Event::Lost | Event::Superseded);
        let until_ms = |began_ms| {
            if is_taken_over {
                row.at_ms.max(began_ms + TRIED_FOR_MS)
            } else {
                row.at_ms
            }
        };
        if began_ms.is_some_and(|began_ms| at_ms <= until_ms(began_ms)) {
            return true;
        }
        began_ms = (row.event == Event::Started && row.at_ms <= at_ms).then_some(row.at_ms);
    }
    began_ms.is_some()
}
