//! Doors that are closed by key, because their platform was silent when the plan was made, or may still be opened.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use kadry_core::{
    Access, Connect, EmployeeProvider, EmployeeRef, Error, ErrorKind, Event, MatchKey, Step, Target,
};
use kadry_journal::{JournalError, Note, StepError};
use tokio::time::timeout;

use crate::execute::Execution;
use crate::observe::{Here, Look, Patience, Source, look};
use crate::plan::{Guard, hidden_by, the_last, the_one_here};

impl Execution<'_> {
    /// Looks for the record that a close by key is about: on a platform that was silent, or once more
    /// when an interrupted run can no longer open the door. None when nothing is to be closed, or when
    /// it still cannot be told.
    pub(crate) async fn seek(
        &self,
        step: &Step,
        keys: &[MatchKey],
    ) -> Result<Option<(Arc<dyn EmployeeProvider>, EmployeeRef)>, JournalError> {
        if let Some(until_ms) = self.late.get(&step.provider) {
            self.watch.settling(step);
            tokio::select! {
                () = self.clock.wait_until(*until_ms) => {}
                () = self.halt.cancelled() => return Ok(None),
            }
        }
        let connect = self
            .connects
            .iter()
            .find(|connect| *connect.id() == step.provider);
        let Some(connect) = connect else {
            return Ok(None);
        };
        let Some(here) = self.look_late(connect).await? else {
            tracing::warn!(provider.id = %step.provider, "platform is still silent");
            return Ok(None);
        };
        let approved = self.tenants.on(&step.provider);
        if approved.is_some_and(|tenant| tenant != here.standing.tenant) {
            tracing::warn!(provider.id = %step.provider, "platform is another tenant than the one that was approved");
            return Ok(None);
        }
        match the_one_here(&here, keys, self.rules) {
            Ok(Some(employee)) if employee.access == Access::Open => {
                match the_last(&here.standing, employee, &here.others) {
                    None => {
                        if matches!(step.target, Target::Sought(_)) {
                            // Nobody has seen yet what this door hides.
                            self.more.lock().await.say(hidden_by(&here, employee));
                        }
                        Ok(Some((Arc::clone(&here.provider), employee.at.clone())))
                    }
                    Some(guard) => self.forbidden(step, &[guard]).await,
                }
            }
            Ok(_) => {
                self.record(step, Event::Skipped, &Note::default()).await?;
                Ok(None)
            }
            Err(guards) => self.forbidden(step, &guards).await,
        }
    }

    /// Looks at a platform that was not read in time: the look that was begun goes on.
    async fn look_late(&self, connect: &Arc<dyn Connect>) -> Result<Option<Here>, JournalError> {
        let deadline = Duration::from_millis(self.timing.deferred_ms);
        if let Some(begun) = self.going.take(connect.id()) {
            let seen = timeout(deadline, self.answered(Some(begun), connect)).await;
            let (provider, run) = (connect.id(), self.run);
            // Whoever stands in for the person may be out since that look began.
            let moved = self.journal.doors_moved(provider, self.seen_ms, run);
            match seen {
                Err(_) => return Ok(None),
                Ok(Some(here)) if !moved.await? => return Ok(Some(here)),
                Ok(Some(_) | None) => {}
            }
        }
        let fresh = timeout(deadline, self.answered(None, connect)).await;
        Ok(fresh.ok().flatten())
    }

    /// Looks once more beside a look that hangs, every few seconds. What is read first counts.
    async fn answered(
        &self,
        begun: Option<Look<'static>>,
        connect: &Arc<dyn Connect>,
    ) -> Option<Here> {
        let patience = Patience::calm(self.timing).for_doors();
        let fresh = || {
            look(
                connect.as_ref(),
                self.flow,
                self.sought,
                patience,
                Source::Platform,
            )
            .boxed()
        };
        let mut looks = FuturesUnordered::new();
        looks.push(begun.unwrap_or_else(fresh));
        let pause = Duration::from_millis(self.timing.look_again_ms);
        loop {
            match timeout(pause, looks.next()).await {
                Ok(Some(Ok(here))) => return Some(here),
                Ok(Some(Err(_))) => {}
                Ok(None) => return None,
                Err(_) => looks.push(fresh()),
            }
        }
    }

    /// Writes down that guards do not let a step begin.
    async fn forbidden<T>(&self, step: &Step, guards: &[Guard]) -> Result<Option<T>, JournalError> {
        let names = guards
            .iter()
            .map(Guard::name)
            .collect::<Vec<_>>()
            .join(", ");
        let error = Error::new(ErrorKind::Conflict, "a guard says no").with("guard", names);
        let note = Note {
            error: Some(StepError::from(&error)),
            ..Note::default()
        };
        self.record(step, Event::Failed(error.kind()), &note)
            .await?;
        Ok(None)
    }
}
