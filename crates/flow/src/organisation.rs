//! The way through the house: intent, observe, plan, journal, execute, verify.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::{
    Clock, Connect, EmployeeProvider, Error, ErrorKind, MatchKey, ProviderId, RunState, State,
};
use kadry_journal::{Journal, JournalError, NewRun, PersonId, RunId};
use serde_json::json;

use crate::error::FlowError;
use crate::execute::Execution;
use crate::identify::Identified;
use crate::intent::{Flow, Intent};
use crate::interrupted::Interrupted;
use crate::observe::{Seen, Snapshot, Sought, observe};
use crate::plan::{Owed, Plan, Protected, plan};
use crate::report::{Report, StepReport, caveats, residue, state_of, steps_of};
use crate::timing::Timing;
use crate::watch::Watch;

/// One organisation: its platforms, its journal, and who is protected in it.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Where every write is written down first.
    pub journal: Journal,
    /// The configured platforms.
    pub connects: Vec<Arc<dyn Connect>>,
    /// Who may not be touched.
    pub protected: Protected,
    /// How long things may take.
    pub timing: Timing,
    /// The time.
    pub clock: Clock,
}

/// A plan that was made and can be carried out.
#[derive(Debug)]
pub struct Prepared {
    /// What was asked.
    pub intent: Intent,
    /// What would be written.
    pub plan: Plan,
    /// What was seen.
    pub snapshot: Snapshot,
    keys: Vec<MatchKey>,
    person: Option<PersonId>,
    interrupted: Interrupted,
}

/// Whether a plan will be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is only shown: nothing is claimed and nothing is written down.
    Show,
    /// It will be carried out if the operator agrees: the person is claimed, and what an interrupted run left open is settled first.
    CarryOut,
}

impl Organisation {
    /// Looks and plans.
    ///
    /// # Errors
    ///
    /// [`FlowError::Refused`] when a guard says no, [`FlowError::KnownNowhere`] when a leaver has no record anywhere, and the errors
    /// of the journal. Nothing was written to any platform.
    pub async fn prepare(
        &self,
        intent: &Intent,
        purpose: Purpose,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        let mut who = self.identify(intent).await?;
        if purpose == Purpose::Show {
            return self
                .look_and_plan(intent, who, Interrupted::default())
                .await;
        }
        // Whoever joins is written down before anybody looks, so that two runs of the same newcomer meet at the claim.
        if matches!(intent.flow, Flow::Onboard(_)) {
            who.person = Some(self.journal.remember(&who.keys).await?);
        }
        let Some(person) = who.person.clone() else {
            return self
                .look_and_plan(intent, who, Interrupted::default())
                .await;
        };
        self.claim(&person, intent).await?;
        let covered: Vec<ProviderId> = intent.flow.providers().into_iter().cloned().collect();
        let prepared = match self.settle_interrupted(&person, &covered, watch).await {
            Ok(interrupted) => self.look_and_plan(intent, who, interrupted).await,
            Err(error) => Err(error.into()),
        };
        if prepared.is_err() {
            self.journal.release(&person).await?;
        }
        prepared
    }

    /// Gives back what [`Organisation::prepare`] claimed, when the operator does not agree.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub async fn decline(&self, prepared: &Prepared) -> Result<(), FlowError> {
        if let Some(person) = &prepared.person {
            self.journal.release(person).await?;
        }
        Ok(())
    }

    /// Writes the plan down, carries it out, and reads everything once more.
    ///
    /// # Repeats
    ///
    /// A prepared plan is carried out once: preparing again looks again, so that the same command twice writes nothing twice.
    ///
    /// # Errors
    ///
    /// The errors of the journal: what cannot be written down is not done. What went wrong on a platform is in the report.
    pub async fn carry_out(
        &self,
        prepared: Prepared,
        watch: &dyn Watch,
    ) -> Result<Report, FlowError> {
        if prepared.plan.steps.is_empty() {
            return self.nothing_to_do(&prepared).await;
        }
        let person = match &prepared.person {
            Some(person) => person.clone(),
            None => {
                let person = self.journal.remember(&prepared.keys).await?;
                self.claim(&person, &prepared.intent).await?;
                person
            }
        };
        let report = self.carry_out_claimed(&prepared, &person, watch).await;
        self.journal.release(&person).await?;
        report
    }

    async fn carry_out_claimed(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        watch: &dyn Watch,
    ) -> Result<Report, FlowError> {
        let run = self.begin(prepared, person).await?;
        for open in &prepared.interrupted.runs {
            self.take_over(open, Some(&run)).await?;
        }
        let providers = prepared
            .snapshot
            .here()
            .map(|(id, here)| (id.clone(), Arc::clone(&here.provider)));
        let execution = Execution {
            journal: &self.journal,
            run: &run,
            connects: &self.connects,
            providers: providers.collect::<BTreeMap<ProviderId, Arc<dyn EmployeeProvider>>>(),
            clock: &self.clock,
            timing: &self.timing,
            privileged: prepared.intent.privileged(),
            watch,
        };
        execution.run(&prepared.plan.steps).await?;
        watch.verifying();
        self.verify(prepared, person, run).await
    }

    async fn begin(&self, prepared: &Prepared, person: &PersonId) -> Result<RunId, FlowError> {
        let intent = &prepared.intent;
        let new = NewRun {
            flow: intent.flow.name().to_owned(),
            person: person.clone(),
            label: intent.who.to_string(),
            actor: intent.actor.clone(),
            reason: intent.reason.clone(),
            intent: serde_json::to_value(intent)?,
            plan_hash: prepared.plan.hash()?,
        };
        Ok(self.journal.begin(&new, &prepared.plan.steps).await?)
    }

    /// Looks and plans once more: the new plan must be empty.
    async fn verify(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        run: RunId,
    ) -> Result<Report, FlowError> {
        let intent = &prepared.intent;
        let steps = steps_of(&self.journal.story(run.as_str()).await?);
        // A platform that was silent until now is not waited for once more.
        let silent = |connect: &Arc<dyn Connect>| {
            let on = |step: &&StepReport| step.step.provider == *connect.id();
            steps
                .iter()
                .filter(on)
                .any(|step| step.state == State::Deferred)
        };
        let (silent, connects): (Vec<_>, Vec<_>) = self.connects.iter().cloned().partition(silent);
        let sought = Sought {
            keys: prepared.keys.clone(),
            hints: Vec::new(),
        };
        let after = observe(&connects, &intent.flow, &sought, self.deadline(intent)).await;
        let again = plan(
            intent,
            &prepared.keys,
            &after,
            &Owed::default(),
            &self.protected,
        );
        let verified = silent.is_empty()
            && after.is_complete()
            && again.is_ok_and(|plan| plan.steps.is_empty());
        let undone = steps
            .iter()
            .filter(|step| step.state != State::Done)
            .map(|step| &step.step);
        let (residue, caveats) = match intent.flow {
            Flow::Offboard(_) => (
                residue(
                    &prepared.plan,
                    undone.chain(&prepared.interrupted.undone),
                    &after,
                ),
                caveats(&after),
            ),
            Flow::Onboard(_) => (Vec::new(), Vec::new()),
        };
        let state = state_of(&steps);
        self.remember_links(person, &after).await?;
        let ending = json!({ "verified": verified, "residue": residue.len() });
        self.journal.finish(&run, state, &ending).await?;
        Ok(Report {
            run: Some(run),
            flow: intent.flow.name(),
            person: intent.who.to_string(),
            state,
            steps,
            verified,
            residue,
            caveats,
            remarks: prepared.plan.remarks.clone(),
        })
    }

    async fn nothing_to_do(&self, prepared: &Prepared) -> Result<Report, FlowError> {
        if let Some(person) = &prepared.person {
            self.remember_links(person, &prepared.snapshot).await?;
            for open in &prepared.interrupted.runs {
                self.take_over(open, None).await?;
            }
            self.journal.release(person).await?;
        }
        Ok(prepared.nothing_to_do())
    }

    async fn look_and_plan(
        &self,
        intent: &Intent,
        who: Identified,
        interrupted: Interrupted,
    ) -> Result<Prepared, FlowError> {
        let sought = Sought {
            keys: who.keys,
            hints: who.hints,
        };
        let mut snapshot =
            observe(&self.connects, &intent.flow, &sought, self.deadline(intent)).await;
        for provider in &interrupted.unsettled {
            let error = Error::new(
                ErrorKind::Unavailable,
                "an interrupted step of this person could not be looked for",
            );
            snapshot
                .seen
                .entry(provider.clone())
                .and_modify(|seen| *seen = Seen::Silent(Arc::new(error)));
        }
        let nowhere =
            snapshot.is_complete() && snapshot.here().all(|(_, here)| here.matches.is_empty());
        if nowhere && matches!(intent.flow, Flow::Offboard(_)) {
            return Err(FlowError::KnownNowhere);
        }
        let plan = plan(
            intent,
            &sought.keys,
            &snapshot,
            &interrupted.owed,
            &self.protected,
        )
        .map_err(FlowError::Refused)?;
        Ok(Prepared {
            intent: intent.clone(),
            plan,
            snapshot,
            keys: sought.keys,
            person: who.person,
            interrupted,
        })
    }

    async fn claim(&self, person: &PersonId, intent: &Intent) -> Result<(), JournalError> {
        let providers: Vec<ProviderId> = intent.flow.providers().into_iter().cloned().collect();
        self.journal
            .claim(person, &providers, matches!(intent.flow, Flow::Offboard(_)))
            .await
    }

    async fn remember_links(
        &self,
        person: &PersonId,
        snapshot: &Snapshot,
    ) -> Result<(), JournalError> {
        for (provider, here) in snapshot.here() {
            if let [employee] = here.matches.as_slice() {
                self.journal
                    .link(person, provider, &here.standing.tenant, &employee.at)
                    .await?;
                self.journal
                    .set_tenant(provider, &here.standing.tenant)
                    .await?;
            }
        }
        Ok(())
    }

    const fn deadline(&self, intent: &Intent) -> Duration {
        let now = match &intent.flow {
            Flow::Offboard(offboard) => offboard.now,
            Flow::Onboard(_) => false,
        };
        Duration::from_millis(if now {
            self.timing.observe_now_ms
        } else {
            self.timing.observe_ms
        })
    }
}

impl Prepared {
    /// Returns the report of a plan that has no steps.
    #[must_use]
    pub fn nothing_to_do(&self) -> Report {
        let offboard = matches!(self.intent.flow, Flow::Offboard(_));
        Report {
            run: None,
            flow: self.intent.flow.name(),
            person: self.intent.who.to_string(),
            state: RunState::Done,
            steps: Vec::new(),
            verified: self.snapshot.is_complete(),
            residue: if offboard {
                residue(&self.plan, &self.interrupted.undone, &self.snapshot)
            } else {
                Vec::new()
            },
            caveats: if offboard {
                caveats(&self.snapshot)
            } else {
                Vec::new()
            },
            remarks: self.plan.remarks.clone(),
        }
    }
}
