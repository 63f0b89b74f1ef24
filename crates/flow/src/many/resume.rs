//! Going on with the runs of a batch that were cut off.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kadry_core::{ProviderId, State};
use kadry_journal::RunStory;

use super::conclude::{pass_over, waits_for_doors};
use super::earlier::Earlier;
use super::lockout::may_be_the_last;
use super::work::{PAGE, Work};
use crate::error::FlowError;
use crate::observe::Listings;
use crate::organisation::covered;
use crate::watch::Unwatched;
use crate::written::Written;

/// How a run goes on.
enum Way {
    /// The person is looked up in what was read of everybody.
    Listed,
    /// The platforms are asked.
    Asked,
    /// The same, beside nobody.
    Alone,
}

impl Work<'_> {
    /// Goes on with the runs that have begun and left something open, but for what only platforms that do not answer wait for.
    pub(super) async fn resume(&self) -> Result<(), FlowError> {
        let mut after = 0;
        loop {
            self.goes_on()?;
            let journal = &self.organisation.journal;
            let runs = journal.open_runs_of_batch(&self.batch.id, after, PAGE);
            let runs = runs.await?;
            let Some((last, _)) = runs.last() else {
                return Ok(());
            };
            after = *last;
            let alone = Mutex::default();
            let resumed = runs
                .into_iter()
                .map(|(_, story)| self.resume_one(story, &alone));
            self.all(resumed).await?;
            for story in alone.into_inner().unwrap_or_else(PoisonError::into_inner) {
                self.goes_on()?;
                self.resume_asked(&story).await?;
            }
        }
    }

    /// Goes on with one run, or puts it off until nobody's requests stand before the look at it.
    async fn resume_one(
        &self,
        story: RunStory,
        alone: &Mutex<Vec<RunStory>>,
    ) -> Result<(), FlowError> {
        self.goes_on()?;
        let listings = self.listings();
        let answers = |provider: &ProviderId| matches!(listings.of(provider), Some(Ok(_)));
        if !open_on(&story).into_iter().any(answers) {
            return Ok(());
        }
        let written = Written::of(&story)?;
        if waits_for_doors(&story) {
            return self.resume_asked(&story).await;
        }
        let went_on = match self.is_told_of(&story, &written, &listings).await {
            Ok(true) => self.resume_listed(&story, written, listings).await,
            Ok(false) => Ok(Way::Asked),
            Err(error) => Err(error),
        };
        self.organisation.give_back(&story.person).await;
        match went_on {
            Ok(Way::Listed) => Ok(()),
            Ok(Way::Asked) => self.resume_asked(&story).await,
            Ok(Way::Alone) => {
                alone
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(story);
                Ok(())
            }
            Err(error) => pass_over::<()>(Err(error)),
        }
    }

    /// Claims whom a run is about, and reports whether what was read of everybody tells how all that is open of them stands.
    async fn is_told_of(
        &self,
        story: &RunStory,
        written: &Written,
        listings: &Listings,
    ) -> Result<bool, FlowError> {
        let (organisation, on) = (self.organisation, covered(&written.intent));
        let (journal, person) = (&organisation.journal, &story.person);
        journal.claim(person, &on, false).await?;
        let unfinished = journal.unfinished(person).await?;
        let earlier = organisation.earlier(&written.intent.flow, &on, &unfinished, listings);
        Ok(matches!(earlier, Earlier::Told(_)))
    }

    /// Goes on with a run as if it were the only one.
    async fn resume_asked(&self, story: &RunStory) -> Result<(), FlowError> {
        let run = story.run.id.as_str();
        let since_ms = self.organisation.clock.now_ms();
        pass_over(self.organisation.resume(run, &Unwatched).await)?;
        let story = self.organisation.journal.story(run).await?;
        self.health.heed(&story.steps, since_ms, |_| true);
        self.counted();
        Ok(())
    }

    /// Goes on with a run of which no step is under way: the person is looked up in what was read of everybody, and read once more with
    /// everybody. Nothing is done for whoever may be the last to administer a platform or to sign there.
    async fn resume_listed(
        &self,
        story: &RunStory,
        written: Written,
        listings: Arc<Listings>,
    ) -> Result<Way, FlowError> {
        let (organisation, run, person) = (self.organisation, &story.run.id, &story.person);
        let since_ms = organisation.clock.now_ms();
        let prepared = organisation
            .prepare_going_on(run, person, written, Some(listings), &Unwatched)
            .await?;
        if may_be_the_last(&prepared) {
            return Ok(Way::Alone);
        }
        organisation.reopen(&prepared, run).await?;
        let late = organisation.take_over_now(&prepared, person, run).await?;
        let (sent, heeded) = self.send(&prepared, run, since_ms).await;
        sent?;
        organisation
            .take_over_late(&prepared, person, run, late)
            .await?;
        let steps = organisation.journal.steps(run).await?;
        self.health
            .heed(&steps, since_ms, |id| !heeded.contains(id));
        Ok(Way::Listed)
    }
}

/// The platforms on which a run has something to go on with: a step that nothing before it in its lane stands in the way of.
fn open_on(story: &RunStory) -> Vec<&ProviderId> {
    let mut lanes: BTreeMap<&ProviderId, Option<bool>> = BTreeMap::new();
    for step in &story.steps {
        let lane = lanes.entry(&step.step.provider).or_default();
        let stands_in_the_way =
            matches!(step.state, State::Failed | State::Parked) && !step.step.stage.lane_goes_on();
        if lane.is_none() && (stands_in_the_way || !step.state.is_final()) {
            *lane = Some(!stands_in_the_way);
        }
    }
    let open = lanes.into_iter().filter(|(_, open)| *open == Some(true));
    open.map(|(provider, _)| provider).collect()
}
