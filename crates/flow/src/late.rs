//! Doors that are closed by key, because their platform was silent when the plan was made, or may still be opened.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use kadry_core::{
    Access, Connect, EmployeeProvider, EmployeeRef, Error, ErrorKind, Event, MatchKey, Stage, Step,
    Target,
};
use kadry_journal::{JournalError, Note, StepError, Turn};
use tokio::time::timeout;

use crate::execute::{Aim, Execution};
use crate::observe::{Here, Look, Patience, Source, look};
use crate::plan::{Guard, hidden_by, the_last, the_last_with, the_one_here};
use crate::powers::{holds_power, lost_by};

/// An open door that was looked for.
struct Found {
    aim: Aim,
    /// Whether the person administers the platform or signs there.
    is_powerful: bool,
    /// When it was seen at the earliest, in milliseconds since the Unix epoch.
    seen_ms: i64,
}

impl Execution<'_> {
    /// Looks for the record that a close by key is about: on a platform that was silent, or once more
    /// when an interrupted run can no longer open the door. None when nothing is to be closed, or when
    /// it still cannot be told.
    pub(crate) async fn seek(
        &self,
        step: &Step,
        keys: &[MatchKey],
    ) -> Result<Option<Aim>, JournalError> {
        if let Some(until_ms) = self.late.get(&step.provider) {
            self.watch.settling(step);
            tokio::select! {
                () = self.clock.wait_until(*until_ms) => {}
                () = self.halt.cancelled() => return Ok(None),
            }
        }
        let Some(found) = self.seek_open(step, keys).await? else {
            return Ok(None);
        };
        if !found.is_powerful {
            return Ok(Some(found.aim));
        }
        // Whoever stands in for the person may go as well: one after the other.
        let Some(turn) = self.turn(step).await? else {
            return Ok(None);
        };
        let on = &step.provider;
        let moved = self.journal.doors_moved(on, found.seen_ms, self.run);
        let found = if moved.await? {
            self.seek_open(step, keys).await?
        } else {
            Some(found)
        };
        Ok(found.map(|found| Aim {
            turn: Some(turn),
            ..found.aim
        }))
    }

    /// Returns the aim of a step after which the person administers or signs no more: nobody else who does goes meanwhile, and if
    /// somebody has gone since the plan was made, it is looked again who stays.
    pub(crate) async fn aim_alone(
        &self,
        step: &Step,
        provider: Arc<dyn EmployeeProvider>,
        who: &EmployeeRef,
    ) -> Result<Option<Aim>, JournalError> {
        let Some(turn) = self.turn(step).await? else {
            return Ok(None);
        };
        let on = &step.provider;
        let mut aim = Aim {
            provider,
            who: Some(who.clone()),
            turn: None,
        };
        if self.journal.doors_moved(on, self.seen_ms, self.run).await? {
            let again = if step.stage == Stage::Close {
                let found = self.seek_open(step, &self.sought.all()).await?;
                found.map(|found| found.aim)
            } else {
                let stays = self.somebody_stays(step, who).await?;
                stays.then_some(aim)
            };
            let Some(again) = again else {
                return Ok(None);
            };
            aim = again;
        }
        aim.turn = Some(turn);
        Ok(Some(aim))
    }

    /// Waits for the turn on the platform of a step; none when whatever is carried out is to end, or when whoever has the turn does not
    /// come to an end: the step is left to the next command then.
    async fn turn(&self, step: &Step) -> Result<Option<Turn>, JournalError> {
        let patience = Duration::from_millis(self.timing.turn_ms);
        let waiting = async {
            match timeout(patience, self.journal.turn(&step.provider)).await {
                Ok(turn) => turn.map(Some),
                Err(_) => {
                    tracing::warn!(provider.id = %step.provider, "another process is taking somebody's rights there, and does not come to an end");
                    Ok(None)
                }
            }
        };
        tokio::select! {
            turn = waiting => turn,
            () = self.halt.cancelled() => Ok(None),
        }
    }

    /// Reports whether somebody else still administers or signs where the person will not any more.
    async fn somebody_stays(&self, step: &Step, who: &EmployeeRef) -> Result<bool, JournalError> {
        let Some(connect) = self.connect_of(step) else {
            return Ok(false);
        };
        let deadline = Duration::from_millis(self.timing.deferred_ms);
        let here = timeout(deadline, self.answered(None, connect)).await;
        let Some(here) = here.ok().flatten() else {
            tracing::warn!(provider.id = %step.provider, "platform does not say who else is there");
            return Ok(false);
        };
        let mut matches = here.matches.iter();
        let Some(employee) = matches.find(|employee| employee.at.id == who.id) else {
            tracing::warn!(provider.id = %step.provider, "the record is not there any more as it was");
            return Ok(false);
        };
        let lost = lost_by(step, here.provider.as_ref());
        match the_last_with(&here.standing, employee, &here.others, lost) {
            Some(guard) => {
                self.forbidden(step, &[guard]).await?;
                Ok(false)
            }
            None => Ok(true),
        }
    }

    fn connect_of(&self, step: &Step) -> Option<&Arc<dyn Connect>> {
        let mut connects = self.connects.iter();
        connects.find(|connect| *connect.id() == step.provider)
    }

    /// Looks for the open door of a step. None when there is none, or when it cannot be told.
    async fn seek_open(
        &self,
        step: &Step,
        keys: &[MatchKey],
    ) -> Result<Option<Found>, JournalError> {
        let Some(connect) = self.connect_of(step) else {
            return Ok(None);
        };
        let Some((here, seen_ms)) = self.look_late(connect).await? else {
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
                if let Some(guard) = the_last(&here.standing, employee, &here.others) {
                    self.forbidden(step, &[guard]).await?;
                    return Ok(None);
                }
                if matches!(step.target, Target::Sought(_)) {
                    // Nobody has seen yet what this door hides.
                    self.more.lock().await.say(hidden_by(&here, employee));
                }
                let aim = Aim {
                    provider: Arc::clone(&here.provider),
                    who: Some(employee.at.clone()),
                    turn: None,
                };
                Ok(Some(Found {
                    aim,
                    is_powerful: holds_power(employee),
                    seen_ms,
                }))
            }
            Ok(_) => {
                self.record(step, Event::Skipped, &Note::default()).await?;
                Ok(None)
            }
            Err(guards) => {
                self.forbidden(step, &guards).await?;
                Ok(None)
            }
        }
    }

    /// Looks at a platform that was not read in time: the look that was begun goes on. Says when what it shows was seen at the earliest,
    /// in milliseconds since the Unix epoch.
    async fn look_late(
        &self,
        connect: &Arc<dyn Connect>,
    ) -> Result<Option<(Here, i64)>, JournalError> {
        let deadline = Duration::from_millis(self.timing.deferred_ms);
        if let Some(begun) = self.going.take(connect.id()) {
            let seen = timeout(deadline, self.answered(Some(begun), connect)).await;
            let (provider, run) = (connect.id(), self.run);
            // Whoever stands in for the person may be out since that look began.
            let moved = self.journal.doors_moved(provider, self.seen_ms, run);
            match seen {
                Err(_) => return Ok(None),
                Ok(Some(here)) if !moved.await? => return Ok(Some((here, self.seen_ms))),
                Ok(Some(_) | None) => {}
            }
        }
        let seen_ms = self.clock.now_ms();
        let fresh = timeout(deadline, self.answered(None, connect)).await;
        Ok(fresh.ok().flatten().map(|here| (here, seen_ms)))
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
    async fn forbidden(&self, step: &Step, guards: &[Guard]) -> Result<(), JournalError> {
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
            .await
            .map(drop)
    }
}
