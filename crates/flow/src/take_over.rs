//! What earlier runs of a person left open passes to a later run.

use kadry_core::{Event, ProviderId, Stage, State};
use kadry_journal::{JournalError, Note, PersonId, RunId, RunStory, StepStory};

use crate::intent::Intent;
use crate::interrupted::is_on;
use crate::native::is_same_call;
use crate::observe::Seen;
use crate::organisation::{Organisation, Prepared, covered};
use crate::tenants::Tenants;

/// What becomes of what a run owes when a later one takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owed {
    /// The later one has it in its plan, or does not want it.
    Ends,
    /// The later one holds no more than was approved for it: greetings, and platforms on which it has nothing to do for the same end, wait
    /// for their own run to go on.
    Stays,
}

impl Organisation {
    /// Takes over what earlier runs left open where that can be done as soon as the later run has begun. Returns the platforms where it
    /// waits until the later run has nothing open any more.
    pub(crate) async fn take_over_now(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        run: &RunId,
    ) -> Result<Vec<ProviderId>, JournalError> {
        let (now, late) = prepared.taken_over();
        self.take_over_for(prepared, person, run, &now).await?;
        Ok(late)
    }

    /// Takes over what earlier runs left open on those of these platforms where the later run has nothing open any more.
    pub(crate) async fn take_over_late(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        run: &RunId,
        late: Vec<ProviderId>,
    ) -> Result<(), JournalError> {
        let ended = self.closed_late(run, late).await?;
        self.take_over_for(prepared, person, run, &ended).await
    }

    async fn take_over_for(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        run: &RunId,
        on: &[ProviderId],
    ) -> Result<(), JournalError> {
        let owed = if prepared.resumed {
            Owed::Stays
        } else {
            Owed::Ends
        };
        let tenants = Tenants::seen(&prepared.snapshot);
        self.take_over(&prepared.intent, person, on, &tenants, Some(run), owed)
            .await
    }

    /// The platforms on which the late close has come to its end: what could still have opened the
    /// door there cannot any more.
    async fn closed_late(
        &self,
        run: &RunId,
        late: Vec<ProviderId>,
    ) -> Result<Vec<ProviderId>, JournalError> {
        let story = self.journal.story(run.as_str()).await?;
        let open = |provider: &ProviderId| {
            let mut steps = story
                .steps
                .iter()
                .filter(|step| step.step.provider == *provider);
            steps.any(|step| !step.state.is_final())
        };
        Ok(late
            .into_iter()
            .filter(|provider| !open(provider))
            .collect())
    }

    /// Ends what interrupted runs of a person left open on these platforms, for a later run. What they began in other tenants stays open.
    pub(crate) async fn take_over(
        &self,
        intent: &Intent,
        person: &PersonId,
        on: &[ProviderId],
        tenants: &Tenants,
        by: Option<&RunId>,
        owed: Owed,
    ) -> Result<(), JournalError> {
        let open = self.journal.unfinished(person).await?;
        let (mine, others): (Vec<_>, Vec<_>) =
            open.iter().partition(|story| by == Some(&story.run.id));
        // What only one platform has takes nothing over but the same call.
        let is_mine = |story: &RunStory| !intent.flow.is_native() || is_same_call(story, intent);
        for story in others.into_iter().filter(|story| is_mine(story)) {
            let is_left = |provider: &ProviderId| {
                let mut mine = mine.iter().filter(|_| owed == Owed::Stays);
                mine.any(|mine| mine.run.flow == story.run.flow && !has_step(mine, provider))
            };
            let theirs = Tenants::of(story);
            let is_left = |id: &ProviderId| is_left(id) || theirs.differ(tenants, id);
            let on: Vec<ProviderId> = on.iter().filter(|id| !is_left(id)).cloned().collect();
            let is_theirs = |step: &StepStory| !step.state.is_final() && is_on(step, &on);
            if owed == Owed::Ends || story.steps.iter().any(is_theirs) {
                self.yield_to(story, &on, by, owed).await?;
            }
        }
        Ok(())
    }

    /// Ends what one run left open on these platforms, for a later run.
    pub(crate) async fn yield_to(
        &self,
        story: &RunStory,
        on: &[ProviderId],
        by: Option<&RunId>,
        owed: Owed,
    ) -> Result<(), JournalError> {
        let run = &story.run.id;
        let open: Vec<&StepStory> = story
            .steps
            .iter()
            .filter(|step| !step.state.is_final())
            .collect();
        let stays = |step: &StepStory| owed == Owed::Stays && step.step.stage == Stage::Welcome;
        let ours: Vec<&StepStory> = open
            .iter()
            .filter(|step| is_on(step, on) && !stays(step))
            .copied()
            .collect();
        for step in ours.iter().filter(|step| step.state == State::Started) {
            let seq = step.step.seq;
            self.journal
                .record(run, seq, Event::Lost, &Note::default())
                .await?;
        }
        if open.is_empty() && !story.steps.iter().all(|step| is_on(step, on)) {
            // All of it is done, and somewhere else nobody has read it back yet.
            return Ok(());
        }
        if ours.len() == open.len() {
            return self.journal.supersede(run, by).await;
        }
        for step in ours {
            let seq = step.step.seq;
            self.journal
                .record(run, seq, Event::Superseded, &Note::default())
                .await?;
        }
        Ok(())
    }
}

impl Prepared {
    /// Returns the platforms on which earlier runs are taken over at once, and those where that waits until nothing is open any more.
    ///
    /// What a platform that was silent is owed is owed still. Only a door that is closed by key there ends what would open it.
    pub(crate) fn taken_over(&self) -> (Vec<ProviderId>, Vec<ProviderId>) {
        let left = &self.interrupted;
        let is_read = |id: &ProviderId| matches!(self.snapshot.seen.get(id), Some(Seen::Here(_)));
        let closes = |id: &ProviderId| {
            let mut steps = self.plan.steps.iter();
            steps.any(|step| step.provider == *id && step.stage == Stage::Close)
        };
        let mut on = covered(&self.intent);
        on.retain(|id| !left.unsettled.contains(id));
        let (now, mut late): (Vec<_>, Vec<_>) = on
            .into_iter()
            .partition(|id| is_read(id) && !left.late.contains_key(id));
        late.retain(|id| is_read(id) || (closes(id) && !left.hand_overs.contains_key(id)));
        (now, late)
    }
}

fn has_step(story: &RunStory, provider: &ProviderId) -> bool {
    let mut steps = story.steps.iter();
    steps.any(|step| step.step.provider == *provider)
}
