//! The way through the house: intent, observe, plan, journal, execute, verify.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::{Clock, Connect, Error, ErrorKind, MatchKey, ProviderId};
use kadry_journal::{Journal, JournalError, NewRun, PersonId, RunId};

use crate::error::FlowError;
use crate::execute::Execution;
use crate::identify::Identified;
use crate::intent::{Flow, Intent, Who};
use crate::interrupted::{Interrupted, Sender};
use crate::observe::{Here, Patience, Seen, Snapshot, Sought, observe};
use crate::plan::{Inherited, Plan, Protected, Rules, plan};
use crate::report::Report;
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
    pub(crate) sought: Sought,
    pub(crate) person: Option<PersonId>,
    pub(crate) interrupted: Interrupted,
    /// Whether a living process is at work on the person, from which carrying out takes over.
    pub(crate) takes_over: bool,
}

/// Whether a plan will be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is only shown: nothing is claimed and nothing is written down.
    Show,
    /// It will be carried out if the operator agrees: the person is claimed, and what an interrupted run left open is looked for.
    CarryOut,
}

/// A person who is being worked on.
#[derive(Debug, Default)]
struct Held {
    person: Option<PersonId>,
    interrupted: Interrupted,
    takes_over: bool,
}

impl Organisation {
    /// Looks and plans.
    ///
    /// # Repeats
    ///
    /// Nothing is written to any platform. What this process has claimed it keeps.
    ///
    /// # Errors
    ///
    /// [`FlowError::Refused`] when a guard says no, [`FlowError::KnownNowhere`] when a leaver has no record anywhere, and the errors
    /// of the journal.
    pub async fn prepare(
        &self,
        intent: &Intent,
        purpose: Purpose,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        let Identified { person, sought } = self.identify(intent).await?;
        if purpose == Purpose::Show {
            return self
                .look_and_plan(intent, sought, Held::default(), watch)
                .await;
        }
        let held = match (&intent.flow, person) {
            // Whoever joins is written down before anybody looks, so that two runs of the same newcomer meet at the claim.
            (Flow::Onboard(_), _) => {
                let person = self.journal.remember(&sought.keys).await?;
                self.hold_newcomer(person, intent, watch).await?
            }
            (Flow::Offboard(_), Some(person)) => self.hold_leaver(person, intent).await?,
            (Flow::Offboard(_), None) => Held::default(),
        };
        let person = held.person.clone();
        let prepared = self.look_and_plan(intent, sought, held, watch).await;
        match (prepared, person) {
            (Err(error), Some(person)) => {
                self.give_back(&person).await;
                Err(error)
            }
            (Ok(prepared), None) if !prepared.plan.steps.is_empty() => {
                self.hold_stranger(prepared, intent, watch).await
            }
            (prepared, _) => prepared,
        }
    }

    /// Gives back what [`Organisation::prepare`] claimed, when the operator does not agree.
    ///
    /// # Repeats
    ///
    /// What is not held is not missed.
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
        let Some(person) = &prepared.person else {
            return Ok(prepared.nothing_to_do());
        };
        if prepared.takes_over {
            self.journal
                .claim(person, &covered(&prepared.intent), true)
                .await?;
        }
        let report = if prepared.plan.steps.is_empty() {
            self.end_without_steps(&prepared, person).await
        } else {
            self.carry_out_claimed(&prepared, person, watch).await
        };
        self.give_back(person).await;
        report
    }

    async fn carry_out_claimed(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        watch: &dyn Watch,
    ) -> Result<Report, FlowError> {
        let run = self.begin(prepared, person).await?;
        let mut settled = covered(&prepared.intent);
        settled.retain(|provider| !prepared.interrupted.unsettled.contains(provider));
        let (late, now): (Vec<_>, Vec<_>) = settled
            .into_iter()
            .partition(|provider| prepared.interrupted.late.contains_key(provider));
        self.take_over(person, &now, Some(&run)).await?;
        let here = prepared.snapshot.here();
        let execution = Execution {
            journal: &self.journal,
            run: &run,
            connects: &self.connects,
            providers: here
                .map(|(id, here)| (id.clone(), Arc::clone(&here.provider)))
                .collect(),
            clock: &self.clock,
            timing: &self.timing,
            sought: &prepared.sought,
            rules: Rules {
                protected: &self.protected,
                privileged: prepared.intent.privileged(),
            },
            late: self.late(&prepared.interrupted, &prepared.snapshot),
            watch,
        };
        execution.run(&prepared.plan.steps).await?;
        watch.verifying();
        let ended = self.closed_late(&run, late).await?;
        self.take_over(person, &ended, Some(&run)).await?;
        self.verify(prepared, person, run, watch).await
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

    async fn end_without_steps(
        &self,
        prepared: &Prepared,
        person: &PersonId,
    ) -> Result<Report, FlowError> {
        self.remember_links(person, &prepared.snapshot).await?;
        let mut settled = covered(&prepared.intent);
        settled.retain(|provider| !prepared.interrupted.unsettled.contains(provider));
        self.take_over(person, &settled, None).await?;
        Ok(prepared.nothing_to_do())
    }

    /// Claims somebody who joins, and settles what interrupted runs left open.
    async fn hold_newcomer(
        &self,
        person: PersonId,
        intent: &Intent,
        watch: &dyn Watch,
    ) -> Result<Held, FlowError> {
        let covered = covered(intent);
        self.journal.claim(&person, &covered, false).await?;
        match self.settle_interrupted(&person, &covered, watch).await {
            Ok(interrupted) => Ok(Held {
                person: Some(person),
                interrupted,
                takes_over: false,
            }),
            Err(error) => {
                self.give_back(&person).await;
                Err(error.into())
            }
        }
    }

    /// Claims somebody who leaves. From a living process the person is taken over only when the plan
    /// is carried out: until then the operator may still say no.
    async fn hold_leaver(&self, person: PersonId, intent: &Intent) -> Result<Held, FlowError> {
        let covered = covered(intent);
        let sender = match self.journal.claim(&person, &covered, false).await {
            Ok(()) => Sender::Gone,
            Err(JournalError::Claimed { .. }) => Sender::AtWork,
            Err(error) => return Err(error.into()),
        };
        let interrupted = self.read_interrupted(&person, &covered, sender).await?;
        Ok(Held {
            person: Some(person),
            interrupted,
            takes_over: sender == Sender::AtWork,
        })
    }

    /// Claims somebody who leaves and whom the store did not know. Whoever began to work on them in
    /// the meantime changes what was seen, so it is looked again.
    async fn hold_stranger(
        &self,
        seen: Prepared,
        intent: &Intent,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        let person = self.journal.remember(&seen.sought.keys).await?;
        let held = self.hold_leaver(person.clone(), intent).await?;
        if self.journal.runs_of(&person, 1).await?.is_empty() && !held.takes_over {
            return Ok(Prepared {
                person: Some(person),
                ..seen
            });
        }
        let again = self.look_and_plan(intent, seen.sought, held, watch).await;
        if again.is_err() {
            self.give_back(&person).await;
        }
        again
    }

    /// Gives the claims back. They end with the process anyway, so a failure hides nothing.
    async fn give_back(&self, person: &PersonId) {
        if let Err(error) = self.journal.release(person).await {
            tracing::warn!(%error, "claims could not be given back");
        }
    }

    async fn look_and_plan(
        &self,
        intent: &Intent,
        mut sought: Sought,
        held: Held,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        let mut snapshot = self.look(intent, &sought, watch).await;
        // An external id means nothing to some platforms; the records that it finds carry keys that do.
        if matches!(
            (&intent.flow, &intent.who),
            (Flow::Offboard(_), Who::Person(_))
        ) {
            let more = keys_of_records(&sought, &snapshot);
            if !more.is_empty() {
                sought.keys.extend(more);
                snapshot = self.look(intent, &sought, watch).await;
            }
        }
        for provider in &held.interrupted.unsettled {
            let error = Error::new(
                ErrorKind::Unavailable,
                "an interrupted step of this person could not be looked for",
            );
            let silent = Seen::Silent(Arc::new(error));
            snapshot
                .seen
                .entry(provider.clone())
                .and_modify(|seen| *seen = silent);
        }
        snapshot.forget_strangers(intent);
        let inherited = Inherited {
            welcomes: held.interrupted.welcomes.clone(),
            late: self.late(&held.interrupted, &snapshot),
        };
        let nobody = |here: &Here| here.matches.is_empty() && here.strayed.is_none();
        let nowhere = snapshot.is_complete()
            && inherited.late.is_empty()
            && snapshot.here().all(|(_, here)| nobody(here));
        if nowhere && matches!(intent.flow, Flow::Offboard(_)) {
            return Err(FlowError::KnownNowhere);
        }
        let plan = plan(
            intent,
            &sought.all(),
            &snapshot,
            &inherited,
            &self.protected,
        )
        .map_err(FlowError::Refused)?;
        Ok(Prepared {
            intent: intent.clone(),
            plan,
            snapshot,
            sought,
            person: held.person,
            interrupted: held.interrupted,
            takes_over: held.takes_over,
        })
    }

    async fn look(&self, intent: &Intent, sought: &Sought, watch: &dyn Watch) -> Snapshot {
        let patience = Patience::of(&self.timing, &intent.flow);
        observe(&self.connects, &intent.flow, sought, patience, watch).await
    }

    /// Until when a request of an interrupted run may still open a door, by platform.
    fn late(&self, interrupted: &Interrupted, snapshot: &Snapshot) -> BTreeMap<ProviderId, i64> {
        let timeout_ms = |provider: &ProviderId| {
            let here = snapshot.here().find(|(id, _)| *id == provider);
            here.map_or(self.timing.retry_for_ms, |(_, here)| {
                here.provider.capability().request_timeout_ms
            })
        };
        let until = |(provider, left_ms): (&ProviderId, &i64)| {
            let wait_ms = timeout_ms(provider).saturating_add(self.timing.margin_ms);
            (provider.clone(), left_ms.saturating_add_unsigned(wait_ms))
        };
        let possible = |(_, until_ms): &(ProviderId, i64)| *until_ms > self.clock.now_ms();
        interrupted
            .late
            .iter()
            .map(until)
            .filter(possible)
            .collect()
    }

    pub(crate) async fn remember_links(
        &self,
        person: &PersonId,
        snapshot: &Snapshot,
    ) -> Result<(), JournalError> {
        for (provider, here) in snapshot.here() {
            if let [employee] = here.matches.as_slice() {
                let tenant = &here.standing.tenant;
                self.journal
                    .link(person, provider, tenant, &employee.at)
                    .await?;
                self.journal.set_tenant(provider, tenant).await?;
            }
        }
        Ok(())
    }
}

fn covered(intent: &Intent) -> Vec<ProviderId> {
    intent.flow.providers().into_iter().cloned().collect()
}

/// The keys of the records that were found beyond doubt, when there are platforms where nobody was.
fn keys_of_records(sought: &Sought, snapshot: &Snapshot) -> Vec<MatchKey> {
    if snapshot.here().all(|(_, here)| !here.matches.is_empty()) {
        return Vec::new();
    }
    let mut more: Vec<MatchKey> = Vec::new();
    for (_, here) in snapshot.here() {
        let [employee] = here.matches.as_slice() else {
            continue;
        };
        if here.doubtful.is_empty() {
            let new = employee
                .at
                .keys
                .iter()
                .filter(|key| !sought.keys.contains(key));
            more.extend(new.cloned());
        }
    }
    more
}
