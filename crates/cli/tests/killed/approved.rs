//! What was sent against what the journal says was approved.

use kadry_core::{Clock, Event, Random, State};
use kadry_emulator::log::Entry;
use kadry_journal::{Journal, RunStory, StepStory};

use crate::asked::actions_of;
use crate::holdings::is_write;
use crate::support::Company;

/// The platforms by kind, and what the emulator's configuration calls them.
const PROVIDERS: [(&str, &str); 3] = [
    ("pachca", "messenger"),
    ("dealapp", "calls"),
    ("diadoc", "edo"),
];

/// How far apart the clocks of two processes may show one moment: each begins with two readings, between which a busy machine may turn
/// to somebody else.
const ASTRAY_MS: i64 = 250;

/// What a company's journal came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The steps that were left for a person to decide, until the same command planned them anew.
    pub(crate) parked: Vec<String>,
    /// Whether a run that came to its end tells of something that was still seen open or attached.
    pub(crate) tells_residue: bool,
}

/// Demands that every request that changes something was a step of an approved plan under way, and that no run is left open.
pub(crate) fn check(company: &Company) -> Outcome {
    let stories = stories(company);
    let log = company.emulator.log();
    let stray: Vec<_> = log
        .iter()
        .filter(|entry| is_write(entry) && !is_approved(entry, &stories))
        .collect();
    assert!(stray.is_empty(), "in no approved plan: {stray:#?}");
    let steps = stories.iter().flat_map(|story| &story.steps);
    let residue = |story: &RunStory| Some(story.ending.as_ref()?["residue"].as_array()?.len());
    Outcome {
        parked: steps
            .filter(|step| was_parked(step))
            .map(|step| format!("{} on {}", step.step.action.name(), step.step.provider))
            .collect(),
        tells_residue: stories.iter().filter_map(residue).any(|told| told > 0),
    }
}

fn was_parked(step: &StepStory) -> bool {
    step.state == State::Parked || step.events.iter().any(|row| row.event == Event::Ambiguous)
}

/// Reads all that the store knows of runs, none of which may be left open.
fn stories(company: &Company) -> Vec<RunStory> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = company.path("state/kadry/emulated.sqlite");
        let clock = Clock::starting_at(jiff::Timestamp::now().as_millisecond());
        let journal = Journal::open_to_read(&store, clock, Random::seeded(0));
        let journal = journal.await.unwrap();
        let open = journal.all_unfinished().await.unwrap();
        assert!(open.is_empty(), "runs are left open: {open:#?}");
        let open = journal.unfinished_batches().await.unwrap();
        assert!(open.is_empty(), "batches are left open: {open:#?}");
        let mut stories = Vec::new();
        for run in journal.runs(u32::MAX).await.unwrap() {
            stories.push(journal.story(run.id.as_str()).await.unwrap());
        }
        for batch in journal.batches(u32::MAX).await.unwrap() {
            let runs = journal.runs_of_batch(&batch.id, 0, u32::MAX).await.unwrap();
            stories.extend(runs.into_iter().map(|(_, story)| story));
        }
        stories
    })
}

fn is_approved(entry: &Entry, stories: &[RunStory]) -> bool {
    let provider = PROVIDERS.iter().find(|(kind, _)| *kind == entry.platform);
    let (_, provider) = provider.unwrap();
    let actions = actions_of(entry);
    stories.iter().flat_map(|story| &story.steps).any(|step| {
        let action = step.step.action.name();
        step.step.provider.as_str() == *provider
            && (actions.contains(&action) || action == "native")
            && is_under_way(step, entry.at_ms)
    })
}

/// Reports whether a step had begun by then and nothing was known yet of what became of it.
fn is_under_way(step: &StepStory, at_ms: i64) -> bool {
    let mut began = false;
    for row in &step.events {
        if began && row.at_ms + ASTRAY_MS >= at_ms {
            return true;
        }
        began = row.event == Event::Started && row.at_ms <= at_ms + ASTRAY_MS;
    }
    began
}
