//! Sending what a part approves, each platform by itself.

use std::collections::BTreeSet;

use futures::future::join_all;
use kadry_core::{ProviderId, Step, Target};
use kadry_journal::{JournalError, PersonId, RunId};
use tokio::sync::Mutex;

use super::things::platforms;
use super::work::Work;
use crate::error::FlowError;
use crate::execute::Execution;
use crate::observe::Seen;
use crate::organisation::Prepared;
use crate::plan::Plan;

impl Work<'_> {
    /// Sends what a part approves, but for platforms that do not answer. It is read once more when all parts are through.
    ///
    /// Returns the platforms as well of which it is noted already what came of it.
    pub(super) async fn send<'a>(
        &self,
        prepared: &'a Prepared,
        run: &RunId,
        since_ms: i64,
    ) -> (Result<(), FlowError>, BTreeSet<&'a ProviderId>) {
        let more = Mutex::new(Plan::default());
        let snapshot = &prepared.snapshot;
        let execution = self
            .organisation
            .execution(prepared, run, snapshot, &more, self.watch);
        let lanes = platforms(&prepared.plan.steps).into_iter();
        let lanes = lanes.map(|on| self.lane(on, prepared, &execution, since_ms));
        let mut heeded = BTreeSet::new();
        let mut sent = Ok(());
        for lane in join_all(lanes).await {
            match lane {
                Ok(noted) => heeded.extend(noted),
                Err(error) => sent = sent.and(Err(error.into())),
            }
        }
        if sent.is_ok() {
            self.counted();
        }
        (sent, heeded)
    }

    /// Sends as [`Work::send`] does, and what earlier runs of the person left open passes to this one.
    pub(super) async fn send_over<'a>(
        &self,
        prepared: &'a Prepared,
        person: &PersonId,
        run: &RunId,
        since_ms: i64,
    ) -> (Result<(), FlowError>, BTreeSet<&'a ProviderId>) {
        let organisation = self.organisation;
        let late = match organisation.take_over_now(prepared, person, run).await {
            Ok(late) => late,
            Err(error) => return (Err(error.into()), BTreeSet::new()),
        };
        let (sent, heeded) = self.send(prepared, run, since_ms).await;
        let passed = organisation.take_over_late(prepared, person, run, late);
        let passed = passed.await.map_err(FlowError::from);
        (sent.and(passed), heeded)
    }

    /// Sends the steps on one platform when it is their turn there: nobody's other platforms are waited for. Returns the platform where
    /// it is noted what came of it.
    async fn lane<'a>(
        &self,
        on: &'a ProviderId,
        prepared: &Prepared,
        execution: &Execution<'_>,
        since_ms: i64,
    ) -> Result<Option<&'a ProviderId>, JournalError> {
        let pass = self.health.pass(on).await;
        let is_read = matches!(prepared.snapshot.seen.get(on), Some(Seen::Here(_)));
        let answers = |step: &&Step| {
            let is_by_key = matches!(step.target, Target::Sought(_));
            step.provider == *on && (is_by_key || is_read)
        };
        if self.health.broken().contains(on) {
            return Ok(None);
        }
        let steps = prepared.plan.steps.iter().filter(answers);
        let steps: Vec<Step> = steps.cloned().collect();
        execution.run(&steps).await?;
        if pass.is_none() {
            return Ok(None);
        }
        // Others wait to hear whether the platform takes anything.
        let journal = &self.organisation.journal;
        let steps = journal.steps(execution.run).await?;
        self.health.heed(&steps, since_ms, |id| id == on);
        Ok(Some(on))
    }
}
