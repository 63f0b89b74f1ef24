//! What an interrupted run of the same person left open.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use kadry_core::{
    EmployeeProvider, EmployeeRef, Event, Notice, ProviderId, Stage, State, Step, Target,
};
use kadry_journal::{JournalError, Note, PersonId, RunId, RunStory, StepStory};

use crate::observe::find;
use crate::organisation::Organisation;
use crate::plan::Owed;
use crate::settle::Lost;
use crate::watch::Watch;

/// What interrupted runs of one person leave to the next one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupted {
    /// The runs that the next one takes over from.
    pub(crate) runs: Vec<OpenRun>,
    /// What they still owe.
    pub(crate) owed: Owed,
    /// The steps that they did not carry out.
    pub(crate) undone: Vec<Step>,
    /// The platforms on which a lost step could not be looked for.
    pub(crate) unsettled: BTreeSet<ProviderId>,
}

/// An interrupted run, as far as the next one takes over from it.
#[derive(Clone, Debug)]
pub(crate) struct OpenRun {
    id: RunId,
    /// The open steps on platforms that the next run covers.
    steps: Vec<u32>,
    /// Whether these are all the open steps that it has.
    whole: bool,
}

impl Organisation {
    /// Settles the lost steps of the person's interrupted runs by looking at their platforms, and
    /// says what they still owe.
    ///
    /// Only the platforms of the new flow are looked at: what is open elsewhere stays open.
    pub(crate) async fn settle_interrupted(
        &self,
        person: &PersonId,
        covered: &[ProviderId],
        watch: &dyn Watch,
    ) -> Result<Interrupted, JournalError> {
        let mut found = Interrupted::default();
        for story in self.journal.unfinished(person).await? {
            let ours = |step: &&StepStory| covered.contains(&step.step.provider);
            let is_lost = |step: &&StepStory| matches!(step.state, State::Started | State::Unsure);
            let lost: Vec<&StepStory> = story.steps.iter().filter(ours).filter(is_lost).collect();
            lost.iter().for_each(|lost| watch.settling(&lost.step));
            let looks = lost.iter().map(|step| self.settle_step(&story, step));
            for (step, settled) in lost.iter().zip(try_join_all(looks).await?) {
                if !settled {
                    found.unsettled.insert(step.step.provider.clone());
                }
            }
            let story = self.journal.story(story.run.id.as_str()).await?;
            found.take(&story, covered);
        }
        Ok(found)
    }

    /// Ends what an interrupted run left open, as far as the next run takes over.
    pub(crate) async fn take_over(
        &self,
        open: &OpenRun,
        by: Option<&RunId>,
    ) -> Result<(), JournalError> {
        if open.whole {
            return self.journal.supersede(&open.id, by).await;
        }
        for seq in &open.steps {
            self.journal
                .record(&open.id, *seq, Event::Superseded, &Note::default())
                .await?;
        }
        Ok(())
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
            let (began_ms, left_ms) = self.window(story, lost);
            let lost = Lost {
                provider: provider.as_ref(),
                step: &lost.step,
                who: who.as_ref(),
                began_ms,
                left_ms,
                margin_ms: self.timing.margin_ms,
                clock: &self.clock,
            };
            lost.look(true).await
        };
        match finding.await {
            Ok(None) => Ok(false),
            Ok(Some(finding)) => {
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

    /// Returns when the last try of a lost step began, and the latest moment at which its request can
    /// have left: whoever sent it gave it up or is gone by then, and no request is tried for ever.
    fn window(&self, story: &RunStory, lost: &StepStory) -> (i64, i64) {
        let last = |event| lost.events.iter().rev().find(|row| row.event == event);
        let began_ms = last(Event::Started).map_or(story.run.started_ms, |row| row.at_ms);
        let given_up = last(Event::Lost).filter(|_| lost.state == State::Unsure);
        let given_up_ms = given_up.map_or(self.clock.now_ms(), |row| row.at_ms);
        let latest_ms = began_ms.saturating_add_unsigned(self.timing.tried_for_ms());
        (began_ms, given_up_ms.min(latest_ms))
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

impl Interrupted {
    /// Adds what a run leaves, once its lost steps are settled as far as they can be.
    fn take(&mut self, story: &RunStory, covered: &[ProviderId]) {
        let ours = |step: &&StepStory| {
            let provider = &step.step.provider;
            covered.contains(provider) && !self.unsettled.contains(provider)
        };
        let open = || story.steps.iter().filter(|step| !step.state.is_final());
        let steps: Vec<u32> = open().filter(ours).map(|step| step.step.seq).collect();
        let whole = steps.len() == open().count();
        self.owed.welcomes.extend(welcomes(story));
        self.undone
            .extend(open().filter(ours).map(|step| step.step.clone()));
        self.runs.push(OpenRun {
            id: story.run.id.clone(),
            steps,
            whole,
        });
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
