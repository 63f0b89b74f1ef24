//! What an interrupted run of the same person left open.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{EmployeeProvider, EmployeeRef, Event, Notice, ProviderId, Stage, State, Target};
use kadry_journal::{JournalError, Note, PersonId, RunId, RunStory, StepStory};

use crate::observe::find;
use crate::organisation::Organisation;
use crate::plan::Owed;
use crate::settle::Lost;

/// What interrupted runs of one person leave to the next one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupted {
    /// The runs that the next one supersedes.
    pub(crate) runs: Vec<RunId>,
    /// What they still owe.
    pub(crate) owed: Owed,
    /// The platforms on which a lost step could not be looked for.
    pub(crate) unsettled: BTreeSet<ProviderId>,
}

impl Organisation {
    /// Settles the lost steps of the person's interrupted runs by looking at their platforms, and
    /// says what they still owe.
    ///
    /// Only the platforms of the new flow are looked at: a run that is open elsewhere stays open.
    pub(crate) async fn settle_interrupted(
        &self,
        person: &PersonId,
        covered: &[ProviderId],
    ) -> Result<Interrupted, JournalError> {
        let mut found = Interrupted::default();
        for story in self.journal.unfinished(person).await? {
            let mut settled = true;
            for step in story.steps.iter().filter(|step| !step.state.is_final()) {
                let lost = matches!(step.state, State::Started | State::Unsure);
                if !covered.contains(&step.step.provider) {
                    settled = false;
                } else if lost && !self.settle_step(&story, step).await? {
                    found.unsettled.insert(step.step.provider.clone());
                    settled = false;
                }
            }
            if settled {
                found.runs.push(story.run.id.clone());
            }
            let story = self.journal.story(story.run.id.as_str()).await?;
            found.owed.welcomes.extend(welcomes(&story));
        }
        Ok(found)
    }

    /// Reports whether it is known now what the step did.
    async fn settle_step(&self, story: &RunStory, lost: &StepStory) -> Result<bool, JournalError> {
        let run = &story.run.id;
        let seq = lost.step.seq;
        if lost.state == State::Started {
            self.journal
                .record(run, seq, Event::Lost, &Note::default())
                .await?;
        }
        let Some(connect) = self
            .connects
            .iter()
            .find(|connect| *connect.id() == lost.step.provider)
        else {
            return Ok(false);
        };
        let finding = async {
            let provider = connect.connect().await?;
            let who = self.who(story, lost, provider.as_ref()).await?;
            let started_ms = lost
                .events
                .iter()
                .rev()
                .find(|row| row.event == Event::Started)
                .map_or(story.run.started_ms, |row| row.at_ms);
            let lost = Lost {
                provider: provider.as_ref(),
                step: &lost.step,
                who: who.as_ref(),
                started_ms,
                margin_ms: self.timing.margin_ms,
                clock: &self.clock,
            };
            lost.look().await
        };
        match finding.await {
            Ok(finding) => {
                self.journal
                    .record(
                        run,
                        seq,
                        finding.event,
                        &Note {
                            record: finding.record,
                            ..Note::default()
                        },
                    )
                    .await?;
                Ok(true)
            }
            Err(error) => {
                tracing::warn!(provider.id = %lost.step.provider, run.id = %run, step.seq = seq, error.kind = %error.kind(), "a lost step could not be looked for");
                Ok(false)
            }
        }
    }

    async fn who(
        &self,
        story: &RunStory,
        lost: &StepStory,
        provider: &dyn EmployeeProvider,
    ) -> kadry_core::Result<Option<EmployeeRef>> {
        Ok(match &lost.step.target {
            Target::Nobody => None,
            Target::Known(who) => Some(who.clone()),
            Target::CreatedBy(seq) => story
                .steps
                .iter()
                .find(|step| step.step.seq == *seq)
                .and_then(StepStory::record)
                .cloned(),
            Target::Sought(keys) => match find(provider, keys).await?.as_slice() {
                [employee] => Some(employee.at.clone()),
                _ => None,
            },
        })
    }
}

/// The greetings that were approved and not sent to people whom the same lane had let in, or who were in already.
fn welcomes(story: &RunStory) -> BTreeMap<ProviderId, Notice> {
    let let_in = |provider: &ProviderId| {
        let mut doors = story
            .steps
            .iter()
            .filter(|step| step.step.provider == *provider);
        doors.all(|step| {
            !matches!(step.step.stage, Stage::Create | Stage::Reopen) || step.state == State::Done
        })
    };
    let unsent = story
        .steps
        .iter()
        .filter(|step| step.state == State::Waiting && let_in(&step.step.provider));
    let greeting = |step: &StepStory| {
        Some((
            step.step.provider.clone(),
            step.step.action.notice()?.clone(),
        ))
    };
    unsent.filter_map(greeting).collect()
}
