//! From an approved plan to its report: journal, execute, verify.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::join_all;
use kadry_core::{
    Access, Action, Employee, KindName, ProviderId, ReadBy, RunState, Stage, State, Step,
};
use kadry_journal::{JournalError, NewRun, PersonId, RunId, RunStory};
use tokio::sync::Mutex;

use crate::braking::passed;
use crate::ending;
use crate::error::FlowError;
use crate::execute::Execution;
use crate::interrupted::Interrupted;
use crate::many::{Among, seen};
use crate::observe::{Patience, Seen, Snapshot, held_again};
use crate::organisation::{Organisation, Prepared, covered};
use crate::plan::{Inherited, Plan, Rules, hash_of, plan};
use crate::powers::powerful;
use crate::report::Report;
use crate::take_over::Owed;
use crate::tenants::Tenants;
use crate::watch::{Unwatched, Watch};
use crate::written::Written;

/// So far apart are the numbers of steps that are added to the run of one of many: those of all of them go through one plan, which is
/// shorter.
const APART: u32 = 10_000_000;

/// Numbers steps that are added to the run of one of many, so that no other step of them all has the same number.
fn number_apart(steps: &mut [Step], story: &RunStory) {
    let known = || story.steps.iter().map(|known| known.step.seq);
    let added = known().filter(|seq| *seq >= APART).count();
    let first = known().min().unwrap_or_default();
    let rounds = (1..).skip(added);
    for (step, round) in steps.iter_mut().zip(rounds) {
        step.seq = APART.saturating_mul(round).saturating_add(first);
    }
}

/// Returns the kinds of which a plan gives or takes something; none where some of that is not read person by person.
fn read_person_by_person(plan: &Plan, seen: &Snapshot) -> Option<BTreeSet<(ProviderId, KindName)>> {
    let kind_of = |step: &Step| {
        let (Action::SetGrants { kind, .. }, Some(Seen::Here(here))) =
            (&step.action, seen.seen.get(&step.provider))
        else {
            return None;
        };
        let known = here.provider.capability().kind(kind)?;
        (known.read == ReadBy::EachPerson).then(|| (step.provider.clone(), kind.clone()))
    };
    plan.steps.iter().map(kind_of).collect()
}

impl Organisation {
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
        let Some(person) = prepared.person.clone() else {
            return Ok(prepared.nothing_to_do());
        };
        if prepared.takes_over {
            self.journal
                .claim(&person, &covered(&prepared.intent), true)
                .await?;
        }
        let beside = prepared.beside.clone();
        let report = if prepared.plan.steps.is_empty() {
            self.end_without_steps(&prepared, &person).await
        } else {
            self.carry_out_claimed(prepared, &person, watch).await
        };
        self.give_all_back(person, beside).await;
        report
    }

    async fn carry_out_claimed(
        &self,
        prepared: Prepared,
        person: &PersonId,
        watch: &dyn Watch,
    ) -> Result<Report, FlowError> {
        let run = self.begin(&prepared, person).await?;
        self.go_on(prepared, person, run, watch).await
    }

    /// Carries out what is prepared of a run that has begun, and reads everything once more.
    pub(crate) async fn go_on(
        &self,
        mut prepared: Prepared,
        person: &PersonId,
        run: RunId,
        watch: &dyn Watch,
    ) -> Result<Report, FlowError> {
        let late = self.take_over_now(&prepared, person, &run).await?;
        let more = Mutex::new(Plan::default());
        let providers = covered(&prepared.intent);
        let lanes = providers
            .iter()
            .map(|id| self.lane(&prepared, &run, id, &more, watch));
        let mut after = Snapshot::default();
        for seen in join_all(lanes).await {
            after.seen.extend(seen?.seen);
        }
        prepared.plan.extend(more.into_inner());
        self.goes_on()?;
        self.take_over_late(&prepared, person, &run, late).await?;
        let touched = self.remove(&prepared, &run, &after, watch).await?;
        self.goes_on()?;
        self.look_where(&prepared, &run, &touched, &mut after, watch)
            .await?;
        prepared.plan.has_answered(|id| has_closed(&after, id));
        self.conclude(&prepared, person, run, &after).await
    }

    /// # Errors
    ///
    /// [`FlowError::Halted`] when whatever is carried out is to end.
    fn goes_on(&self) -> Result<(), FlowError> {
        if self.halt.is_cancelled() {
            return Err(FlowError::Halted);
        }
        Ok(())
    }

    /// Carries out the steps on one platform, reads it back, and tidies behind its closed door what was left for then. No other
    /// platform is waited for.
    async fn lane(
        &self,
        prepared: &Prepared,
        run: &RunId,
        id: &ProviderId,
        more: &Mutex<Plan>,
        watch: &dyn Watch,
    ) -> Result<Snapshot, FlowError> {
        let steps = prepared.plan.steps.iter();
        let steps: Vec<Step> = steps.filter(|step| step.provider == *id).cloned().collect();
        let execution = self.execution(prepared, run, &prepared.snapshot, more, watch);
        execution.run(&steps).await?;
        self.goes_on()?;
        watch.verifying(id);
        let seen = self.look_again(prepared, run, |one| one == id).await?;
        if prepared.doors_first && self.tidy(prepared, run, &seen, more, watch).await? {
            watch.verifying(id);
            return self.look_again(prepared, run, |one| one == id).await;
        }
        Ok(seen)
    }

    /// Reads the platforms once more on which something was written since.
    async fn look_where(
        &self,
        prepared: &Prepared,
        run: &RunId,
        touched: &BTreeSet<ProviderId>,
        after: &mut Snapshot,
        watch: &dyn Watch,
    ) -> Result<(), FlowError> {
        if touched.is_empty() {
            return Ok(());
        }
        touched.iter().for_each(|id| watch.verifying(id));
        let which = |id: &ProviderId| touched.contains(id);
        let again = self.look_again(prepared, run, which).await?;
        after.seen.extend(again.seen);
        Ok(())
    }

    /// Plans what is still to be taken behind a door that was read back as closed, adds it to the run, and takes it. Reports whether
    /// there was anything.
    async fn tidy(
        &self,
        prepared: &Prepared,
        run: &RunId,
        after: &Snapshot,
        more: &Mutex<Plan>,
        watch: &dyn Watch,
    ) -> Result<bool, FlowError> {
        let planned = plan(
            &prepared.intent,
            &prepared.sought.all(),
            after,
            &Inherited::default(),
            &self.protected,
        );
        let Ok(mut planned) = planned else {
            // What stands in the way is in the report: it is planned over once more for that.
            return Ok(false);
        };
        let steps = {
            // The lanes take turns, so that no two of them give one number.
            let mut more = more.lock().await;
            let story = self.journal.story(run.as_str()).await?;
            let is_done = |step: &Step| {
                let mut lane = story.steps.iter().filter(|known| {
                    known.step.provider == step.provider && known.step.stage != Stage::Remove
                });
                lane.all(|known| matches!(known.state, State::Done | State::Skipped))
            };
            planned.only(story.steps.len(), |step| {
                step.stage == Stage::Tidy && is_done(step) && has_closed(after, &step.provider)
            });
            if planned.steps.is_empty() {
                return Ok(false);
            }
            if story.run.batch.is_some() {
                number_apart(&mut planned.steps, &story);
            }
            let steps = planned.steps.clone();
            let known = story.steps.iter().map(|known| &known.step);
            let whole: Vec<&Step> = known.chain(&steps).collect();
            self.journal.extend(run, &steps, &hash_of(&whole)?).await?;
            more.extend(planned);
            steps
        };
        let execution = self.execution(prepared, run, after, more, watch);
        execution.run(&steps).await?;
        Ok(true)
    }

    /// Takes what is still to be taken behind the doors of somebody who was looked at once more among many. Returns how they are then;
    /// none where there was nothing to take.
    pub(crate) async fn tidy_behind_doors(
        &self,
        prepared: &mut Prepared,
        run: &RunId,
        everybody_was_read: bool,
    ) -> Result<Option<Snapshot>, FlowError> {
        let more = Mutex::new(Plan::default());
        let after = &prepared.snapshot;
        if !self.tidy(prepared, run, after, &more, &Unwatched).await? {
            return Ok(None);
        }
        let more = more.into_inner();
        // What stands in lists was read before it was taken; the rest was read behind the door already, and nothing was taken of it.
        let taken = read_person_by_person(&more, after).filter(|_| everybody_was_read);
        let again = if let Some(kinds) = taken {
            held_again(after, &kinds).await
        } else {
            let patience = Patience::of(&self.timing, &prepared.intent.flow);
            let (intent, sought) = (&prepared.intent, &prepared.sought);
            let again = self.look(intent, sought, patience, None, &Unwatched);
            again.await.snapshot
        };
        prepared.plan.say(more.remarks);
        Ok(Some(again))
    }

    /// Removes records, if every door was read back as closed. Returns the platforms where there was anything to remove.
    async fn remove(
        &self,
        prepared: &Prepared,
        run: &RunId,
        after: &Snapshot,
        watch: &dyn Watch,
    ) -> Result<BTreeSet<ProviderId>, FlowError> {
        let steps = &prepared.plan.steps;
        let covered = covered(&prepared.intent);
        let proven = covered.iter().all(|id| has_closed(after, id));
        if !proven || !steps.iter().any(|step| step.stage == Stage::Remove) {
            return Ok(BTreeSet::new());
        }
        let more = Mutex::default();
        let execution = self.execution(prepared, run, after, &more, watch);
        Ok(execution.remove(steps).await?)
    }

    pub(crate) fn execution<'a>(
        &'a self,
        prepared: &'a Prepared,
        run: &'a RunId,
        seen: &Snapshot,
        more: &'a Mutex<Plan>,
        watch: &'a dyn Watch,
    ) -> Execution<'a> {
        let here = seen.here();
        Execution {
            journal: &self.journal,
            run,
            connects: &self.connects,
            providers: here
                .map(|(id, here)| (id.clone(), Arc::clone(&here.provider)))
                .collect(),
            clock: &self.clock,
            halt: &self.halt,
            timing: &self.timing,
            flow: &prepared.intent.flow,
            sought: &prepared.sought,
            rules: Rules {
                protected: &self.protected,
                privileged: prepared.intent.privileged(),
            },
            late: self.late(&prepared.interrupted, &prepared.snapshot),
            tenants: &prepared.tenants,
            powerful: powerful(&prepared.snapshot),
            seen_ms: prepared.seen_ms,
            going: &prepared.going,
            made_before: &prepared.made_before,
            more,
            watch,
        }
    }

    pub(crate) async fn begin(
        &self,
        prepared: &Prepared,
        person: &PersonId,
    ) -> Result<RunId, FlowError> {
        let intent = &prepared.intent;
        let new = NewRun {
            flow: intent.flow.name().to_owned(),
            person: person.clone(),
            label: intent.label(),
            actor: intent.actor.clone(),
            reason: intent.reason.clone(),
            intent: serde_json::to_value(Written {
                intent: intent.clone(),
                doors_first: prepared.doors_first,
                tenants: prepared.tenants.clone(),
            })?,
            plan_hash: prepared.plan.hash()?,
            part: match &prepared.among {
                Among::Many(part) => part.clone(),
                Among::Alone => None,
            },
            ceilings: prepared
                .ceilings
                .iter()
                .map(|kept| kept.ceiling.clone())
                .collect(),
        };
        let begun = self.journal.begin(&new, &prepared.plan.steps).await;
        let run = begun.map_err(|error| passed(error, &prepared.ceilings))?;
        if let Some(foreseen) = prepared.foreseen() {
            let foreseen = ending::of(&foreseen)?;
            let state = RunState::Running;
            self.journal.finish(&run, state, &foreseen).await?;
        }
        Ok(run)
    }

    async fn end_without_steps(
        &self,
        prepared: &Prepared,
        person: &PersonId,
    ) -> Result<Report, FlowError> {
        self.remember_links(person, &prepared.snapshot).await?;
        let (now, late) = prepared.taken_over();
        let on = [now, late].concat();
        let tenants = Tenants::seen(&prepared.snapshot);
        self.take_over(&prepared.intent, person, &on, &tenants, None, Owed::Ends)
            .await?;
        Ok(prepared.nothing_to_do())
    }

    /// Until when a request of an interrupted run may still open a door, by platform.
    pub(crate) fn late(
        &self,
        interrupted: &Interrupted,
        snapshot: &Snapshot,
    ) -> BTreeMap<ProviderId, i64> {
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
        // A record that only an old key leads to may be somebody else's.
        let seen = seen(snapshot);
        if !seen.is_empty() {
            self.journal.see(person, &seen).await?;
        }
        Ok(())
    }
}

/// Reports whether a platform was read and no door of the person is open there.
fn has_closed(after: &Snapshot, id: &ProviderId) -> bool {
    match after.seen.get(id) {
        Some(Seen::Here(here)) => {
            let closed = |one: &Employee| one.access == Access::Suspended;
            here.strayed.is_none() && here.matches.iter().all(closed)
        }
        Some(Seen::Silent(_)) | None => false,
    }
}
