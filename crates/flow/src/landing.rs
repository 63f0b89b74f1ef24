//! Closes that were lost and sent again may still land, and somebody who comes back would be locked out by the first of them.

use kadry_core::{Access, Action, Event, Foresight, ProviderId, Step};
use kadry_journal::{JournalError, PersonId, RunStory};

use crate::organisation::Organisation;
use crate::watch::Watch;

/// Among how many of a person's latest runs such a close is looked for.
const LATEST: u32 = 20;

/// For how long nobody looks back at most, in milliseconds: no time-out is that long.
const LOOKED_BACK_MS: i64 = 60 * 60 * 1_000;

impl Organisation {
    /// Waits until no close of an earlier run can take effect any more on these platforms.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub(crate) async fn let_closes_land(
        &self,
        person: &PersonId,
        covered: &[ProviderId],
        watch: &dyn Watch,
    ) -> Result<(), JournalError> {
        for (step, left_ms) in self.may_land(person, covered).await? {
            let mut connects = self.connects.iter();
            let Some(connect) = connects.find(|connect| *connect.id() == step.provider) else {
                continue;
            };
            // Where nobody answers, nobody is let in either.
            let Ok(provider) = connect.connect(Foresight::default()).await else {
                continue;
            };
            let timeout_ms = provider.capability().request_timeout_ms;
            let late_ms = timeout_ms.saturating_add(self.timing.margin_ms);
            let until_ms = left_ms.saturating_add_unsigned(late_ms);
            if until_ms > self.clock.now_ms() {
                watch.settling(&step);
                self.clock.wait_until(until_ms).await;
            }
        }
        Ok(())
    }

    /// Returns the closes of earlier runs on these platforms that were lost not long ago, each with the latest moment at which its request
    /// can have left.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub(crate) async fn may_land(
        &self,
        person: &PersonId,
        covered: &[ProviderId],
    ) -> Result<Vec<(Step, i64)>, JournalError> {
        let since_ms = self.clock.now_ms().saturating_sub(LOOKED_BACK_MS);
        let mut closes = Vec::new();
        for run in self.journal.runs_of(person, LATEST).await? {
            if run.ended_ms.is_some_and(|at_ms| at_ms < since_ms) {
                continue;
            }
            let story = self.journal.story(run.id.as_str()).await?;
            let lost = lost_closes(&story).into_iter();
            let lately = lost
                .filter(|(step, left_ms)| *left_ms >= since_ms && covered.contains(&step.provider));
            closes.extend(lately.map(|(step, left_ms)| (step.clone(), left_ms)));
        }
        Ok(closes)
    }
}

/// Returns the closes of a run that were lost, each with the latest moment at which its request can have left.
fn lost_closes(story: &RunStory) -> Vec<(&Step, i64)> {
    let closes = story.steps.iter().filter(|step| {
        let access = Access::Suspended;
        step.step.action == Action::SetAccess { access }
    });
    let lost = closes.filter_map(|step| {
        let mut events = step.events.iter().rev();
        let lost = events.find(|row| row.event == Event::Lost)?;
        Some((&step.step, lost.at_ms))
    });
    lost.collect()
}
