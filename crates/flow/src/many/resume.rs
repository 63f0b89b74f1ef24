//! Going on with the runs of a batch that were cut off.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::{ProviderId, State};
use kadry_journal::RunStory;

use super::conclude::{pass_over, waits_for_doors};
use super::earlier::Earlier;
use super::lockout::{PutOff, Turn, may_be_the_last};
use super::things::things;
use super::work::{PAGE, Work};
use crate::decide::goes_on;
use crate::error::FlowError;
use crate::observe::Listings;
use crate::organisation::covered;
use crate::watch::Unwatched;
use crate::written::Written;

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
            self.refresh().await?;
            let put_off = PutOff::default();
            let resumed = runs
                .into_iter()
                .map(|(_, story)| self.resume_one(story, &put_off));
            self.all(resumed).await?;
            for turn in [Turn::Few, Turn::Alone] {
                let these = put_off.whose_turn(turn);
                let many = turn.how_many(these.len());
                let asked = these.iter().map(|story| self.resume_asked(story));
                self.so_many(many, asked).await?;
            }
        }
    }

    /// Goes on with one run, if what was read of everybody tells how it stands. Otherwise it is put off until nobody's requests stand
    /// before the look at the person.
    async fn resume_one(
        &self,
        story: RunStory,
        put_off: &PutOff<RunStory>,
    ) -> Result<(), FlowError> {
        self.goes_on()?;
        let listings = self.listings();
        let answers = |provider: &ProviderId| matches!(listings.of(provider), Some(Ok(_)));
        if !open_on(&story).into_iter().any(answers) {
            return Ok(());
        }
        if waits_for_doors(&story) {
            put_off.until(Turn::Few, story);
            return Ok(());
        }
        let written = Written::of(&story)?;
        let person = &story.person;
        let on = covered(&written.intent);
        if let Err(error) = self.organisation.journal.claim(person, &on, false).await {
            return pass_over::<()>(Err(error.into()));
        }
        let resumed = self.resume_listed(&story, written, &on, listings).await;
        self.organisation.give_back(person).await;
        if let Ok(Some(turn)) = resumed {
            put_off.until(turn, story);
        }
        pass_over(resumed)
    }

    /// Goes on with a run as if it were the only one.
    async fn resume_asked(&self, story: &RunStory) -> Result<(), FlowError> {
        self.goes_on()?;
        let run = story.run.id.as_str();
        let since_ms = self.organisation.clock.now_ms();
        pass_over(self.organisation.resume(run, &Unwatched).await)?;
        let steps = self.organisation.journal.steps(&story.run.id).await?;
        self.health.heed(&steps, since_ms, |_| true);
        self.counted();
        Ok(())
    }

    /// Goes on with a run of somebody whom we hold: the person is looked up in what was read of everybody, and read once more with
    /// everybody. Returns the turn until which the run is put off, where that does not tell enough.
    async fn resume_listed(
        &self,
        story: &RunStory,
        written: Written,
        on: &[ProviderId],
        listings: Arc<Listings>,
    ) -> Result<Option<Turn>, FlowError> {
        let (organisation, run, person) = (self.organisation, &story.run.id, &story.person);
        let since_ms = organisation.clock.now_ms();
        let story = organisation.journal.story(run.as_str()).await?;
        // Until the person was held anybody could go on with the run.
        goes_on(&story)?;
        let mut unfinished = organisation.journal.unfinished(person).await?;
        if unfinished.iter().all(|open| open.run.id != *run) {
            // Nothing was done of one that has failed, which is in nobody else's way.
            unfinished.push(story);
        }
        let flow = &written.intent.flow;
        let earlier = organisation.earlier(flow, person, on, &unfinished, &listings);
        if !matches!(earlier.await?, Earlier::Told(_)) {
            return Ok(Some(Turn::Few));
        }
        let going_on = organisation
            .look_going_on(run, person, written, Some(listings), &Unwatched)
            .await?;
        if may_be_the_last(&going_on.prepared) {
            return Ok(Some(Turn::Alone));
        }
        if !things(&going_on.prepared.plan.steps).is_empty() {
            // Somebody else may have made it since everybody was read.
            return Ok(Some(Turn::Few));
        }
        // Before anything is written of its steps: a run that is under way comes to its end whatever happens.
        organisation.reopen(&going_on.prepared, run).await?;
        let prepared = organisation.go_on_with(going_on, &Unwatched).await?;
        organisation.reopen(&prepared, run).await?;
        let (sent, heeded) = self.send_over(&prepared, person, run, since_ms).await;
        let steps = organisation.journal.steps(run).await?;
        self.health
            .heed(&steps, since_ms, |id| !heeded.contains(id));
        sent.map(|()| None)
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
