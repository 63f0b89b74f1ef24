//! What the journal keeps of the ending of a run, so that it can be told again when nobody has the report any more.

use kadry_core::{ProviderId, State};
use kadry_journal::{RunStory, StepError};
use serde::{Deserialize, Serialize};

use crate::plan::Remark;
use crate::report::{Caveat, Door, Report, Residue, StepReport, steps_of};

/// The ending of a run as the journal keeps it. It holds ids and the names of what is granted, and of people no more than the steps of the
/// journal themselves: those that an undo leaves as they are stand in it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Ending {
    verified: bool,
    doors: Vec<Door>,
    residue: Vec<Residue>,
    caveats: Vec<Caveat>,
    left_out: Vec<Remark>,
    /// Why platforms were silent whose steps still wait for them.
    silent: Vec<(ProviderId, StepError)>,
}

/// Returns what the journal is to keep of a report.
///
/// # Errors
///
/// The serialiser's, which is our own fault.
pub(crate) fn of(report: &Report) -> Result<serde_json::Value, serde_json::Error> {
    let left_out = report
        .remarks
        .iter()
        .filter(|remark| remark.what.outlives_the_plan());
    let waits = |step: &&StepReport| step.state == State::Deferred;
    let why = |step: &StepReport| Some((step.step.provider.clone(), step.error.clone()?));
    serde_json::to_value(Ending {
        verified: report.verified,
        doors: report.doors.clone(),
        residue: report.residue.clone(),
        caveats: report.caveats.clone(),
        left_out: left_out.cloned().collect(),
        silent: report.steps.iter().filter(waits).filter_map(why).collect(),
    })
}

/// Returns what became of a run, from the journal alone. Nothing is proven of a run that did not come to its end.
#[must_use]
pub fn told(story: &RunStory) -> Report {
    let ending = story.ending.clone().unwrap_or_default();
    // An ending that another version wrote tells less, and is no reason to tell nothing.
    let ending: Ending = serde_json::from_value(ending).unwrap_or_default();
    let mut steps = steps_of(story);
    for step in steps
        .iter_mut()
        .filter(|step| step.state == State::Deferred)
    {
        let mut silent = ending.silent.iter();
        let why = silent.find(|(provider, _)| *provider == step.step.provider);
        step.error = step
            .error
            .take()
            .or_else(|| why.map(|(_, error)| error.clone()));
    }
    Report {
        run: Some(story.run.id.clone()),
        flow: story.run.flow.clone(),
        person: story.run.label.clone(),
        state: story.run.state,
        steps,
        verified: ending.verified,
        doors: ending.doors,
        residue: ending.residue,
        caveats: ending.caveats,
        remarks: ending.left_out,
        refused: Vec::new(),
    }
}
