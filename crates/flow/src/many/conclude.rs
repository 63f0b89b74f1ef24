//! The end of a batch: everybody is read once more, and it is said of each run how it has ended.

use std::collections::BTreeSet;
use std::sync::Arc;

use kadry_core::{RunState, Stage};
use kadry_journal::{JournalError, RunStory, Taken};

use super::work::{BESIDE, PAGE, Work};
use crate::ending::told;
use crate::error::FlowError;
use crate::identify::Identified;
use crate::observe::Listings;
use crate::organisation::{Held, covered};
use crate::plan::Said;
use crate::report::{state_of, steps_of};
use crate::watch::Unwatched;
use crate::written::Written;

/// So few people are looked at one by one at the end: reading everybody would take longer.
const FEW: usize = 4;

impl Work<'_> {
    /// Reads everybody once more, and says of each run how it has ended.
    pub(super) async fn conclude(&self) -> Result<(), FlowError> {
        let journal = &self.organisation.journal;
        let mut listings = None;
        let mut after = 0;
        loop {
            let runs = journal.open_runs_of_batch(&self.batch.id, after, PAGE);
            let runs = runs.await?;
            let Some((last, _)) = runs.last() else {
                return Ok(());
            };
            after = *last;
            let mut runs: Vec<RunStory> = runs.into_iter().map(|(_, story)| story).collect();
            runs.retain(|story| story.run.state == RunState::Running);
            if runs.is_empty() {
                continue;
            }
            self.goes_on()?;
            if listings.is_none() && runs.len() > FEW {
                for provider in &self.on {
                    self.watch.verifying(provider);
                }
                listings = Some(Arc::new(self.list().await?));
            }
            let runs = runs.into_iter().map(|story| {
                let written = Written::of(&story)?;
                Ok((story, written))
            });
            let runs: Vec<(RunStory, Written)> = runs.collect::<Result<_, FlowError>>()?;
            let asks = |(story, written): &(RunStory, Written)| {
                written.doors_first || waits_for_doors(story)
            };
            let (asking, listed): (Vec<_>, Vec<_>) = runs.into_iter().partition(asks);
            // Who is looked up in what was read waits for commits alone, which all of them share; for others the platforms are asked.
            for (many, some) in [(PAGE as usize, listed), (BESIDE, asking)] {
                let concluded = some.into_iter().map(|(story, written)| {
                    let listings = listings.clone();
                    self.conclude_one(story, written, listings)
                });
                self.so_many(many, concluded).await?;
            }
        }
    }

    async fn conclude_one(
        &self,
        story: RunStory,
        written: Written,
        listings: Option<Arc<Listings>>,
    ) -> Result<(), FlowError> {
        self.goes_on()?;
        let organisation = self.organisation;
        let on = covered(&written.intent);
        let (journal, keys) = (&organisation.journal, written.intent.keys());
        let since_ms = self.batch.started_ms;
        let taken = match journal.take(&story.person, &on, keys, since_ms).await {
            Ok(taken) => taken,
            Err(JournalError::Claimed { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let concluded = if waits_for_doors(&story) {
            // A record goes when every door has been read back as closed.
            let run = story.run.id.as_str();
            let resumed = organisation.resume(run, &Unwatched).await;
            if let Err(error) = journal.claim(&story.person, &on, false).await {
                return pass_over::<()>(Err(error.into()));
            }
            resumed.map(drop)
        } else {
            self.conclude_claimed(&story, written, taken, listings)
                .await
        };
        let ended = match concluded {
            // Nobody can be found any more as they were: nothing is proven of what was done.
            Err(
                FlowError::AnotherTenant { .. }
                | FlowError::NoSuchRecord { .. }
                | FlowError::Refused(_)
                | FlowError::KnownNowhere
                | FlowError::NobodyThere { .. }
                | FlowError::Journal(JournalError::TwoPeople),
            ) => self.end_unproven(&story).await,
            concluded => concluded,
        };
        organisation.give_back(&story.person).await;
        pass_over(ended)
    }

    async fn conclude_claimed(
        &self,
        story: &RunStory,
        written: Written,
        taken: Taken,
        listings: Option<Arc<Listings>>,
    ) -> Result<(), FlowError> {
        let organisation = self.organisation;
        let (run, person) = (&story.run.id, &story.person);
        let on = covered(&written.intent);
        let flow = &written.intent.flow;
        // Until the person was held anybody could go on with the run.
        let unfinished = &taken.unfinished;
        let mut held = unfinished.iter().filter(|open| open.run.id == *run);
        let Some(now) = held.next() else {
            return Ok(());
        };
        let interrupted = organisation.left_open(now, unfinished, flow, &on, BTreeSet::new());
        let identified = organisation.identify_known(&written.intent, taken.known);
        let Identified { sought, .. } = identified.await?;
        let held = Held {
            person: Some(person.clone()),
            interrupted,
            approved: Some((run.clone(), written.tenants)),
            concludes: true,
            listings: listings.clone(),
            ..Held::default()
        };
        let mut prepared = organisation
            .look_and_plan(&written.intent, sought, held, &Unwatched)
            .await?;
        // What is still to be done stays open in the run; nothing more is sent for it now.
        prepared.plan.steps.clear();
        prepared.resumed = true;
        // What was foreseen may be hidden behind a closed door by now. Which platforms are silent is seen anew.
        let mut foreseen = told(now).remarks;
        foreseen.retain(|remark| !matches!(remark.what, Said::Silent { .. }));
        prepared.plan.say(foreseen);
        if written.doors_first {
            let tidied = organisation.tidy_behind_doors(&mut prepared, run, listings.is_some());
            if let Some(after) = tidied.await? {
                let concluded = organisation.conclude(&prepared, person, run.clone(), &after);
                return concluded.await.map(drop);
            }
        }
        let after = &prepared.snapshot;
        let concluded = organisation.conclude_told(&prepared, person, now, after);
        concluded.await.map(drop)
    }

    /// Ends a run of which nothing can be proven.
    async fn end_unproven(&self, story: &RunStory) -> Result<(), FlowError> {
        let journal = &self.organisation.journal;
        let story = journal.story(story.run.id.as_str()).await?;
        let state = state_of(&steps_of(&story), false, false);
        let ending = story.ending.clone();
        let ending = ending.unwrap_or_else(|| serde_json::json!({}));
        Ok(journal.finish(&story.run.id, state, &ending).await?)
    }
}

/// Whether all that a run still has to do is to remove records.
pub(super) fn waits_for_doors(story: &RunStory) -> bool {
    let open = || story.steps.iter().filter(|step| !step.state.is_final());
    open().next().is_some() && open().all(|step| step.step.stage == Stage::Remove)
}

/// Passes over what stands in the way of one person: it is in the journal, and the others go on.
pub(super) fn pass_over<T>(done: Result<T, FlowError>) -> Result<(), FlowError> {
    match done {
        Ok(_)
        | Err(
            FlowError::Refused(_)
            | FlowError::KnownNowhere
            | FlowError::NobodyThere { .. }
            | FlowError::NoSuchRecord { .. }
            | FlowError::Ended { .. }
            | FlowError::LaterFirst { .. }
            | FlowError::AnotherTenant { .. }
            | FlowError::Journal(
                JournalError::Claimed { .. }
                | JournalError::TakenOver
                | JournalError::Ended
                | JournalError::TwoPeople
                | JournalError::Unsettled,
            ),
        ) => Ok(()),
        Err(error) => Err(error),
    }
}
