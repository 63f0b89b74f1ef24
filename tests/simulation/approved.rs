//! What was sent against what was approved.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use kadry_core::{Connect as _, Event, ProviderId, Random, Stage, State, Step};
use kadry_emulator::log::Entry;
use kadry_flow::Watch;
use kadry_journal::{Journal, RunStory, StepStory};

use crate::oracle;
use crate::support::world::World;

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

/// Demands that everything that was sent was a step of an approved plan under way, and that no run is left open if all could end.
pub(crate) async fn check(world: &World, store: &Path, all_end: bool) {
    let random = Random::seeded(0);
    let opened = Journal::open(store, world.clock.clone(), random);
    let journal = opened.await.unwrap().journal;
    let left = journal.all_unfinished().await.unwrap();
    assert!(
        left.is_empty() || !all_end,
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
        .filter(|entry| !is_approved(entry, providers[entry.platform], &stories))
        .collect();
    assert!(stray.is_empty(), "in no approved plan: {stray:#?}");
}

fn is_approved(entry: &Entry, provider: &ProviderId, stories: &[RunStory]) -> bool {
    let actions = actions_of(entry);
    stories.iter().flat_map(|story| &story.steps).any(|step| {
        step.step.provider == *provider
            && actions.contains(&step.step.action.name())
            && is_under_way(step, entry.at_ms)
    })
}

/// Reports whether a step had begun by then and nothing was known yet of what became of it.
fn is_under_way(step: &StepStory, at_ms: i64) -> bool {
    let mut began = false;
    for row in &step.events {
        if began && row.at_ms >= at_ms {
            return true;
        }
        began = row.event == Event::Started && row.at_ms <= at_ms;
    }
    began
}

/// Returns which actions send such a request.
fn actions_of(entry: &Entry) -> &'static [&'static str] {
    let has = |part: &str| entry.path.contains(part);
    let is = |method: &str| entry.method == method;
    if has("/group_tags") || has("/units") || has("/CreateDepartment") {
        &["define"]
    } else if has("/messages") {
        &["notify"]
    } else if has("/members") || has("/status") || has("ubscriptions") || has("PowerOfAttorney") {
        &["set_grants"]
    } else if has("/CreateEmployee") || (has("/users") && is("POST")) {
        &["create"]
    } else if has("/DeleteEmployee") || (has("/users") && is("DELETE")) {
        &["remove"]
    } else if has("/UpdateEmployee") || (has("/users") && (is("PUT") || is("PATCH"))) {
        &["update", "set_access"]
    } else {
        &[]
    }
}
