//! Going on with a run that was interrupted: replay, look, and go on within the plan that was approved.

use std::collections::BTreeSet;
use std::sync::Arc;

use kadry_core::{Action, Effect, ErrorKind, Grant, ProviderId, RunState, State};
use kadry_journal::{Note, PersonId, RunId, RunStory, StepError, StepStory};

use crate::decide::{ended, goes_on, lanes};
use crate::ending;
use crate::error::FlowError;
use crate::identify::Identified;
use crate::intent::Flow;
use crate::interrupted::{Interrupted, Sender};
use crate::many::Among;
use crate::native::is_native;
use crate::observe::Listings;
use crate::organisation::{Held, Organisation, Prepared, covered};
use crate::plan::resume::{Fate, Fates, fates};
use crate::plan::{Remark, Said, leave_out_what_stands};
use crate::report::Report;
use crate::settle::Wait;
use crate::take_over::Owed;
use crate::tenants::Tenants;
use crate::watch::Watch;
use crate::written::Written;

/// A run that is to go on, and what is planned now.
pub(crate) struct GoingOn {
    story: RunStory,
    /// The whole plan, as if nothing had been approved.
    pub(crate) prepared: Prepared,
    doors_first: bool,
}

impl Organisation {
    /// Goes on with an interrupted run: what its lost requests did is looked for, and of the steps that were approved those are carried
    /// out that are still to be done, about values that nobody has changed. Nothing else is sent.
    ///
    /// # Repeats
    ///
    /// What is done is not done again. A run that is held up by the same thing as before ends as before.
    ///
    /// # Errors
    ///
    /// [`FlowError::Ended`] for a run of which nothing is open, [`FlowError::LaterFirst`] when a later run of the person is open,
    /// [`FlowError::AnotherTenant`] when a platform is another tenant by now,
    /// [`FlowError::Refused`] when a guard says no by now, [`FlowError::Json`] for a run that another version wrote down in another way,
    /// and the errors of the journal, among which is that another process is at work on the person.
    pub async fn resume(&self, run: &str, watch: &dyn Watch) -> Result<Report, FlowError> {
        let story = self.journal.story(run).await?;
        goes_on(&story)?;
        let written = Written::of(&story)?;
        let mut on: BTreeSet<ProviderId> = covered(&written.intent).into_iter().collect();
        on.extend(lanes(&story));
        let on: Vec<ProviderId> = on.into_iter().collect();
        let person = story.person.clone();
        self.journal.claim(&person, &on, false).await?;
        let beside = match self.hold_things(&written.intent).await {
            Ok(beside) => beside,
            Err(error) => {
                self.give_back(&person).await;
                return Err(error);
            }
        };
        let resumed = self
            .resume_claimed(&story.run.id, &person, written, watch)
            .await;
        self.give_all_back(person, beside).await;
        resumed
    }

    async fn resume_claimed(
        &self,
        run: &RunId,
        person: &PersonId,
        written: Written,
        watch: &dyn Watch,
    ) -> Result<Report, FlowError> {
        let doors_first = written.doors_first;
        let seen = self
            .look_going_on(run, person, written, None, watch)
            .await?;
        let prepared = self.go_on_with(seen, watch).await?;
        if prepared.plan.steps.is_empty() && !doors_first {
            let after = prepared.snapshot.clone();
            return self.conclude(&prepared, person, run.clone(), &after).await;
        }
        self.go_on(prepared, person, run.clone(), watch).await
    }

    /// Looks for what the lost requests of a run of somebody whom we hold did, and plans anew. The person is looked up in what was read of
    /// everybody, where that is given.
    pub(crate) async fn look_going_on(
        &self,
        run: &RunId,
        person: &PersonId,
        written: Written,
        listings: Option<Arc<Listings>>,
        watch: &dyn Watch,
    ) -> Result<GoingOn, FlowError> {
        self.yield_to_later(run, person).await?;
        let on = covered(&written.intent);
        let story = self.journal.story(run.as_str()).await?;
        let unsettled = self
            .settle_lost(&story, &on, Wait::IfRepeated, watch)
            .await?;
        let interrupted = self
            .left_by(run, person, &written.intent.flow, &on, unsettled)
            .await?;
        if !matches!(written.intent.flow, Flow::Offboard(_)) {
            self.let_closes_land(person, &on, watch).await?;
        }
        let Identified { sought, .. } = self.identify(&written.intent).await?;
        let among = match listings {
            Some(_) => Among::Many(None),
            None => Among::Alone,
        };
        let held = Held {
            person: Some(person.clone()),
            interrupted,
            takes_over: false,
            doors_first: written.doors_first,
            known: None,
            approved: Some((run.clone(), written.tenants)),
            concludes: false,
            among,
            listings,
            beside: Vec::new(),
            singled: None,
        };
        let mut prepared = self
            .look_and_plan(&written.intent, sought, held, watch)
            .await?;
        let story = self.journal.story(run.as_str()).await?;
        leave_out_what_stands(&mut prepared.plan, &story, &prepared.snapshot);
        Ok(GoingOn {
            story,
            prepared,
            doors_first: written.doors_first,
        })
    }

    /// Writes down which of the steps that were approved go on, and returns the plan of these.
    pub(crate) async fn go_on_with(
        &self,
        going_on: GoingOn,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        let GoingOn {
            story,
            mut prepared,
            doors_first,
        } = going_on;
        let fates = fates(
            &story,
            &prepared.plan,
            &prepared.snapshot,
            doors_first,
            self.clock.now_ms(),
        );
        self.write_fates(&story, &fates, watch).await?;
        prepared.narrow(fates);
        prepared
            .plan
            .remarks
            .retain(|remark| !is_taken_back(remark, &story));
        prepared.resumed = true;
        Ok(prepared)
    }

    /// Writes down that a run is under way again that had come to an end for the time being, and what is foreseen of its end.
    ///
    /// # Errors
    ///
    /// The errors of the journal, among which is that a later run took over.
    pub(crate) async fn reopen(&self, prepared: &Prepared, run: &RunId) -> Result<(), FlowError> {
        let ending = match prepared.foreseen() {
            Some(foreseen) => ending::of(&foreseen)?,
            None => serde_json::json!({}),
        };
        let under_way = self.journal.finish(run, RunState::Running, &ending);
        Ok(under_way.await?)
    }

    /// Leaves to later runs what they have done since on the same platforms.
    ///
    /// # Errors
    ///
    /// [`FlowError::LaterFirst`] when one of them is open itself, and the errors of the journal.
    async fn yield_to_later(&self, run: &RunId, person: &PersonId) -> Result<(), FlowError> {
        let mut story = self.journal.story(run.as_str()).await?;
        let tenants = Tenants::of(&story);
        let mut open = self.journal.unfinished(person).await?;
        let counts = |later: &RunStory| is_native(&story) || !is_native(later);
        open.retain(|other| counts(other));
        // What was begun in another tenant waits until we stand there again.
        let mut here = open
            .iter()
            .rev()
            .filter(|other| !Tenants::of(other).differ_everywhere(&tenants));
        if let Some(last) = here.next().filter(|last| last.run.id != *run)
            && here.any(|story| story.run.id == *run)
        {
            let later = last.run.id.clone();
            return Err(FlowError::LaterFirst { later });
        }
        let runs = self.journal.runs_of(person, u32::MAX).await?;
        for later in runs.iter().take_while(|later| later.id != *run) {
            let later = self.journal.story(later.id.as_str()).await?;
            if is_native(&later) && (!is_native(&story) || later.run.label != story.run.label) {
                continue;
            }
            let done = later.steps.iter().filter(|step| step.state == State::Done);
            let on = done.map(|step| step.step.provider.clone());
            let theirs = Tenants::of(&later);
            let on: Vec<ProviderId> = on.filter(|id| !theirs.differ(&tenants, id)).collect();
            let is_theirs =
                |step: &StepStory| !step.state.is_final() && on.contains(&step.step.provider);
            if story.steps.iter().any(is_theirs) {
                self.yield_to(&story, &on, Some(&later.run.id), Owed::Ends)
                    .await?;
                story = self.journal.story(run.as_str()).await?;
            }
        }
        if story.run.state == RunState::Superseded {
            return Err(ended(&story));
        }
        Ok(())
    }

    /// What this run and earlier ones of the person leave to its continuation.
    pub(crate) async fn left_by(
        &self,
        run: &RunId,
        person: &PersonId,
        flow: &Flow,
        on: &[ProviderId],
        unsettled: BTreeSet<ProviderId>,
    ) -> Result<Vec<Interrupted>, FlowError> {
        let story = self.journal.story(run.as_str()).await?;
        let unfinished = match flow {
            Flow::Offboard(_) => self.journal.unfinished(person).await?,
            Flow::Onboard(_)
            | Flow::Transfer(_)
            | Flow::Undo(_)
            | Flow::Native(_)
            | Flow::Departments(_) => Vec::new(),
        };
        Ok(self.left_open(&story, &unfinished, flow, on, unsettled))
    }

    /// As [`Organisation::left_by`], of runs that were read already.
    pub(crate) fn left_open(
        &self,
        story: &RunStory,
        unfinished: &[RunStory],
        flow: &Flow,
        on: &[ProviderId],
        unsettled: BTreeSet<ProviderId>,
    ) -> Vec<Interrupted> {
        if !matches!(flow, Flow::Offboard(_)) {
            return vec![Interrupted::by(story, on, unsettled)];
        }
        let mut left = self.interrupted_by(unfinished, on, Sender::Gone, Some(&story.run.id));
        left.push(Interrupted {
            unsettled,
            ..Interrupted::default()
        });
        left
    }

    /// Writes down of steps that do not go on why they do not.
    async fn write_fates(
        &self,
        story: &RunStory,
        fates: &Fates,
        watch: &dyn Watch,
    ) -> Result<(), FlowError> {
        for (seq, fate) in &fates.steps {
            let Some(event) = fate.event() else { continue };
            let note = Note {
                error: match fate {
                    Fate::Moved => Some(moved()),
                    Fate::Hidden => Some(hidden()),
                    Fate::GoesOn(_) | Fate::Needless => None,
                },
                ..Note::default()
            };
            let state = self
                .journal
                .record(&story.run.id, *seq, event, &note)
                .await?;
            if let Some(step) = story.steps.iter().find(|step| step.step.seq == *seq) {
                watch.step(&step.step, state);
            }
        }
        Ok(())
    }
}

/// Reports whether a remark says of grants that they are not taken back which this very run has taken before it was interrupted: by now they
/// may be hidden behind a closed door.
fn is_taken_back(remark: &Remark, story: &RunStory) -> bool {
    let Said::NotTakenBack { step, .. } = &remark.what else {
        return false;
    };
    let Action::SetGrants { kind, add, .. } = &step.action else {
        return false;
    };
    let mut done = story
        .steps
        .iter()
        .filter(|step| step.state == State::Done && step.step.provider == remark.provider);
    done.any(|done| {
        let Action::SetGrants {
            kind: known, drop, ..
        } = &done.step.action
        else {
            return false;
        };
        let is_gone = |grant: &Grant| drop.iter().any(|gone| gone.same(grant));
        known == kind && !add.is_empty() && add.iter().all(is_gone)
    })
}

/// Why a step is not carried out whose record has changed since it was approved.
fn moved() -> StepError {
    not_carried_out(
        "the record has changed since the plan was approved",
        "moved",
    )
}

/// Why a step is not carried out that would take what the platform hides by now.
fn hidden() -> StepError {
    not_carried_out("the platform cannot do this", "hidden-while-suspended")
}

fn not_carried_out(message: &str, reason: &str) -> StepError {
    StepError {
        kind: ErrorKind::Conflict,
        message: message.to_owned(),
        effect: Effect::None,
        context: vec![("reason".to_owned(), reason.to_owned())],
        retry_after_ms: None,
    }
}

impl Prepared {
    /// Leaves of the plan what was approved, under the numbers that were approved, and says where there is more to do.
    fn narrow(&mut self, fates: Fates) {
        let going = fates.steps.into_values().filter_map(|fate| match fate {
            Fate::GoesOn(step) => Some(*step),
            Fate::Needless | Fate::Hidden | Fate::Moved => None,
        });
        self.plan.steps = going.collect();
        let more = fates.more.into_iter().map(|provider| Remark {
            provider,
            what: Said::MoreThanApproved,
        });
        self.plan.say(more.collect());
    }
}
