//! Reading everything once more: a new plan must be empty.

use kadry_core::{Action, Grant, KindName, ProviderId, RunState, State, Step};
use kadry_journal::{PersonId, RunId, RunStory, StepError};

use crate::ending;
use crate::error::FlowError;
use crate::intent::Flow;
use crate::many::Among;
use crate::observe::{Held, Here, Patience, Seen, Snapshot, observe_again};
use crate::organisation::{Organisation, Prepared};
use crate::plan::{Inherited, Remark, Said, leave_out_what_stands, plan};
use crate::report::{
    Caveat, Door, Report, Residue, StepReport, caveats, doors, foreseen, residue, state_of,
    steps_of, still_attached, taken,
};
use crate::watch::Unwatched;

impl Organisation {
    /// Reads these platforms once more, but for those that were silent until now: they are not waited for again.
    pub(crate) async fn look_again(
        &self,
        prepared: &Prepared,
        run: &RunId,
        which: impl Fn(&ProviderId) -> bool,
    ) -> Result<Snapshot, FlowError> {
        let story = self.journal.story(run.as_str()).await?;
        let connects: Vec<_> = self
            .connects
            .iter()
            .filter(|connect| which(connect.id()) && !is_silent(&story, connect.id()))
            .cloned()
            .collect();
        let (flow, sought) = (&prepared.intent.flow, &prepared.sought);
        let patience = Patience::calm(&self.timing).with(flow);
        let earlier = |id: &ProviderId| {
            let defines = |step: &Step| matches!(step.action, Action::Define { .. });
            let mut lane = prepared
                .plan
                .steps
                .iter()
                .filter(|step| step.provider == *id);
            match prepared.snapshot.seen.get(id)? {
                Seen::Here(here) if !lane.any(defines) => Some(here.as_ref()),
                Seen::Here(_) | Seen::Silent(_) => None,
            }
        };
        Ok(observe_again(&connects, flow, sought, patience, &Unwatched, &earlier).await)
    }

    /// Adds the platforms that are not configured any more, which nobody has read.
    fn with_unconfigured(&self, prepared: &Prepared, after: &Snapshot) -> Snapshot {
        let mut after = after.clone();
        for (provider, seen) in &prepared.snapshot.seen {
            if !self.connects.iter().any(|connect| connect.id() == provider) {
                after.seen.insert(provider.clone(), seen.clone());
            }
        }
        after
    }

    /// Plans once more over what was read last, and says what became of the run.
    pub(crate) async fn conclude(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        run: RunId,
        after: &Snapshot,
    ) -> Result<Report, FlowError> {
        let story = self.journal.story(run.as_str()).await?;
        self.conclude_told(prepared, person, &story, after).await
    }

    /// As [`Organisation::conclude`], of a run to which nothing has happened since its story was read.
    pub(crate) async fn conclude_told(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        story: &RunStory,
        after: &Snapshot,
    ) -> Result<Report, FlowError> {
        let (intent, run) = (&prepared.intent, &story.run.id);
        let after = &self.with_unconfigured(prepared, after);
        let mut silent = self.connects.iter().map(|connect| connect.id());
        let some_silent = silent.any(|id| is_silent(story, id));
        let mut steps = steps_of(story);
        prepared.say_why_silent(&mut steps);
        let mut again = plan(
            intent,
            &prepared.sought.all(),
            after,
            &Inherited::default(),
            &self.protected,
        );
        if let Ok(again) = &mut again {
            leave_out_what_stands(again, story, after);
        }
        let verified = !some_silent
            && after.is_complete()
            && again
                .as_ref()
                .is_ok_and(|plan| plan.steps.is_empty() && plan.minds_every_door());
        // What was not needed any more was seen to be gone, unless it says why it was left.
        let is_gone = |step: &StepReport| step.state == State::Skipped && step.error.is_none();
        let undone = steps
            .iter()
            .filter(|step| step.state != State::Done && !is_gone(step))
            .map(|step| &step.step);
        let undone = undone.chain(prepared.owed()).cloned().collect::<Vec<_>>();
        let (residue, caveats) = prepared.left(&undone, &taken(&steps), after);
        let rest = left_undone(&steps, after);
        let proven = verified && prepared.plan.is_whole() && rest.is_empty();
        let state = state_of(&steps, proven, prepared.is_right_somewhere());
        let mut report = Report {
            run: Some(run.clone()),
            state,
            steps,
            verified,
            doors: prepared.doors(after),
            residue,
            caveats,
            refused: again.err().unwrap_or_default(),
            ..prepared.report()
        };
        report.remarks.extend(rest);
        let ending = ending::of(&report)?;
        self.remember_links(person, after).await?;
        self.journal.finish(run, state, &ending).await?;
        Ok(report)
    }
}

/// Says of steps that are done what the platform left out of them without a word.
fn left_undone(steps: &[StepReport], after: &Snapshot) -> Vec<Remark> {
    let done = steps.iter().filter(|step| step.state == State::Done);
    let rest = |step: &StepReport| {
        let Action::Native { call, .. } = &step.step.action else {
            return None;
        };
        let mut here = after.here();
        let (provider, here) = here.find(|(id, _)| **id == step.step.provider)?;
        let table = here.provider.native()?;
        let mut seen = here.native.iter();
        let now = seen.find(|seen| seen.call == *call).map(|seen| &seen.now);
        let before = step.step.before.native.as_ref()?;
        let rest = table.rest(call, before, step.answer.as_ref().or(now)?)?;
        Some(Remark {
            provider: provider.clone(),
            what: Said::LeftUndone {
                step: Box::new(step.step.clone()),
                left: rest.left,
                rest: rest.call,
            },
        })
    };
    done.filter_map(rest).collect()
}

/// Reports whether a platform has a step that still waits for it to answer.
fn is_silent(story: &RunStory, provider: &ProviderId) -> bool {
    let mut on = story
        .steps
        .iter()
        .filter(|step| step.step.provider == *provider);
    on.any(|step| step.state == State::Deferred)
}

impl Prepared {
    /// Returns the report of a plan that has no steps.
    #[must_use]
    pub fn nothing_to_do(&self) -> Report {
        let undone: Vec<Step> = self.owed().cloned().collect();
        let (residue, caveats) = self.left(&undone, &[], &self.snapshot);
        let verified = self.snapshot.is_complete() && self.plan.minds_every_door();
        let proven = verified && self.plan.is_whole();
        let state = state_of(&[], proven, self.is_right_somewhere());
        Report {
            state,
            verified,
            doors: self.doors(&self.snapshot),
            residue,
            caveats,
            ..self.report()
        }
    }

    /// The doors of the person; what only one platform has opens and closes none.
    fn doors(&self, seen: &Snapshot) -> Vec<Door> {
        if self.intent.flow.is_native() {
            return Vec::new();
        }
        doors(seen)
    }

    /// What interrupted runs were about to take and nobody has seen since. What was seen before this plan is in this plan, or gone.
    fn owed(&self) -> impl Iterator<Item = &Step> {
        let seen = |step: &Step, kind: &KindName| {
            let mut here = self.snapshot.here();
            here.any(|(id, here)| {
                *id == step.provider && matches!(here.held.get(kind), Some(Held::Seen(_)))
            })
        };
        let unseen = move |step: &&Step| {
            let mut kinds = step.action.drops().into_iter();
            kinds.any(|(kind, _)| !seen(step, kind))
        };
        self.interrupted.undone.iter().filter(unseen)
    }

    /// Reports whether there is a platform where nothing had to be written.
    fn is_right_somewhere(&self) -> bool {
        let left_out = |provider: &ProviderId| {
            let has_step = self
                .plan
                .steps
                .iter()
                .any(|step| step.provider == *provider);
            let cannot = self.plan.remarks.iter().any(|remark| {
                let cannot = matches!(
                    remark.what,
                    Said::CannotClose { .. } | Said::NotTakenBack { .. }
                );
                remark.provider == *provider && cannot
            });
            has_step || cannot
        };
        let right = |(provider, here): (&ProviderId, &Here)| {
            (!here.matches.is_empty() || here.grown.is_some()) && !left_out(provider)
        };
        self.snapshot.here().any(right)
    }

    /// Says of steps that wait for a silent platform why it was silent.
    fn say_why_silent(&self, steps: &mut [StepReport]) {
        for step in steps
            .iter_mut()
            .filter(|step| step.state == State::Deferred)
        {
            if let Some(Seen::Silent(error)) = self.snapshot.seen.get(&step.step.provider) {
                step.error = Some(StepError::from(error.as_ref()));
            }
        }
    }

    /// What is known before anything is written, as the journal keeps it: a closed door may hide what stays behind it.
    pub(crate) fn foreseen(&self) -> Option<Report> {
        let mut residue = foreseen(&self.plan);
        residue.extend(self.interrupted.foreseen.iter().cloned());
        let report = || Report {
            residue: residue.clone(),
            ..self.report()
        };
        // Of many, each comes to an end when nobody has the plan at hand any more.
        let outlives = |remark: &Remark| remark.what.outlives_the_plan();
        let is_told_later = self.among != Among::Alone && self.plan.remarks.iter().any(outlives);
        (!residue.is_empty() || is_told_later).then(report)
    }

    fn report(&self) -> Report {
        Report {
            run: None,
            flow: self.intent.flow.name().to_owned(),
            person: self.intent.label(),
            state: RunState::Running,
            steps: Vec::<StepReport>::new(),
            verified: false,
            doors: Vec::new(),
            residue: Vec::new(),
            caveats: Vec::new(),
            remarks: self.plan.remarks.clone(),
            refused: Vec::new(),
        }
    }

    /// What is still open or attached, and what can never be shown; only a leaver leaves anything.
    fn left(
        &self,
        undone: &[Step],
        taken: &[(ProviderId, Grant)],
        seen: &Snapshot,
    ) -> (Vec<Residue>, Vec<Caveat>) {
        match self.intent.flow {
            Flow::Offboard(_) => {
                let mut residue = residue(&self.plan, undone, taken, seen);
                still_attached(&self.interrupted.foreseen, seen, &mut residue);
                (residue, caveats(&self.plan, seen))
            }
            Flow::Onboard(_)
            | Flow::Transfer(_)
            | Flow::Undo(_)
            | Flow::Native(_)
            | Flow::Departments(_) => (Vec::new(), Vec::new()),
        }
    }
}
