//! What an interrupted run of the same person left open.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use kadry_core::{
    Action, EmployeeProvider, EmployeeRef, Error, ErrorKind, Event, Foresight, Grant, Notice,
    ProviderId, RunState, Stage, State, Step, Target, seek,
};
use kadry_journal::{JournalError, Note, PersonId, RunId, RunStory, StepStory};

use crate::defined::Defined;
use crate::ending::told;
use crate::organisation::Organisation;
use crate::plan::{Remark, Said};
use crate::report::Residue;
use crate::settle::{Finding, Lost, Wait, write_down};
use crate::tenants::Tenants;
use crate::watch::Watch;

/// What interrupted runs of one person leave to the next one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupted {
    /// The run, and the tenants for which it was approved, as long as nobody knows in which ones we stand now.
    pub(crate) of: Option<(RunId, Tenants)>,
    /// What they still owe.
    pub(crate) welcomes: BTreeMap<ProviderId, Notice>,
    /// The latest moment at which a request that opens a door can have left, by platform.
    pub(crate) late: BTreeMap<ProviderId, i64>,
    /// The steps that they did not carry out.
    pub(crate) undone: Vec<Step>,
    /// What those that came to no end were not going to take; one that ended has told it.
    pub(crate) foreseen: Vec<Residue>,
    /// What they did not hand over, by platform.
    pub(crate) hand_overs: BTreeMap<ProviderId, Vec<Grant>>,
    /// The platforms on which a lost step could not be looked for.
    pub(crate) unsettled: BTreeSet<ProviderId>,
}

/// Whether whoever began the interrupted runs is still at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Nobody sends anything any more.
    Gone,
    /// A living process, from which the person is about to be taken over.
    AtWork,
}

impl Organisation {
    /// Settles the lost steps of the person's interrupted runs by looking at their platforms, and
    /// says what they still owe. For somebody who joins: there is time to wait for late effects.
    ///
    /// Only the platforms of the new flow are looked at: what is open elsewhere stays open.
    pub(crate) async fn settle_interrupted(
        &self,
        person: &PersonId,
        covered: &[ProviderId],
        watch: &dyn Watch,
    ) -> Result<Vec<Interrupted>, JournalError> {
        let mut found = Vec::new();
        for story in self.journal.unfinished(person).await? {
            let unsettled = self
                .settle_lost(&story, covered, Wait::Always, watch)
                .await?;
            let story = self.journal.story(story.run.id.as_str()).await?;
            found.push(Interrupted::by(&story, covered, unsettled));
        }
        Ok(found)
    }

    /// Looks for what the lost steps of a run did on these platforms, all at once. Returns the platforms on which that could not be told.
    pub(crate) async fn settle_lost(
        &self,
        story: &RunStory,
        on: &[ProviderId],
        wait: Wait,
        watch: &dyn Watch,
    ) -> Result<BTreeSet<ProviderId>, JournalError> {
        let steps = story.steps.iter();
        let lost: Vec<&StepStory> = steps
            .filter(|step| is_lost(step) && is_on(step, on))
            .collect();
        lost.iter().for_each(|lost| watch.settling(&lost.step));
        let looks = lost.iter().map(|step| self.settle_step(story, step, wait));
        let settled = try_join_all(looks).await?;
        let unsettled = lost.iter().zip(settled).filter(|(_, settled)| !settled);
        Ok(unsettled
            .map(|(step, _)| step.step.provider.clone())
            .collect())
    }

    /// Says what the person's interrupted runs leave to somebody who leaves. No door waits for a
    /// look: what may still take effect is closed once more when it no longer can. Nothing of the run that goes on by this is waited for.
    pub(crate) async fn read_interrupted(
        &self,
        person: &PersonId,
        covered: &[ProviderId],
        sender: Sender,
        goes_on: Option<&RunId>,
    ) -> Result<Vec<Interrupted>, JournalError> {
        let unfinished = self.journal.unfinished(person).await?;
        Ok(self.interrupted_by(&unfinished, covered, sender, goes_on))
    }

    /// As [`Organisation::read_interrupted`], of runs that were read already.
    pub(crate) fn interrupted_by(
        &self,
        unfinished: &[RunStory],
        covered: &[ProviderId],
        sender: Sender,
        goes_on: Option<&RunId>,
    ) -> Vec<Interrupted> {
        let mut found = Vec::new();
        for story in unfinished {
            let mut left = Interrupted::by(story, covered, BTreeSet::new());
            let others = story
                .steps
                .iter()
                .filter(|_| goes_on != Some(&story.run.id));
            for step in others.filter(|step| is_on(step, covered)) {
                let in_flight = match sender {
                    Sender::Gone => is_lost(step),
                    Sender::AtWork => !step.state.is_final(),
                };
                if in_flight && step.step.action.opens_a_door() {
                    let left_ms = match sender {
                        Sender::Gone => self.window(story, step).1,
                        Sender::AtWork => self
                            .clock
                            .now_ms()
                            .saturating_add_unsigned(self.timing.tried_for_ms()),
                    };
                    let late = left
                        .late
                        .entry(step.step.provider.clone())
                        .or_insert(left_ms);
                    *late = left_ms.max(*late);
                }
            }
            found.push(left);
        }
        found
    }

    /// Reports whether it is known now what the step did.
    async fn settle_step(
        &self,
        story: &RunStory,
        lost: &StepStory,
        wait: Wait,
    ) -> Result<bool, JournalError> {
        let run = &story.run.id;
        let seq = lost.step.seq;
        if lost.state == State::Started {
            self.journal
                .record(run, seq, Event::Lost, &Note::default())
                .await?;
        }
        let Some(connect) = self
            .connects
            .iter()
            .find(|connect| *connect.id() == lost.step.provider)
        else {
            return Ok(false);
        };
        let finding = async {
            let provider = connect.connect(Foresight::default()).await?;
            self.stands_where(story, provider.as_ref()).await?;
            let who = self.who(story, lost, provider.as_ref()).await?;
            if who.is_none() && matches!(lost.step.target, Target::Sought(_)) {
                // Nobody is there any more whose door could be open.
                return Ok(Some(Finding::bare(Event::FoundDone)));
            }
            let (began_ms, left_ms) = self.window(story, lost);
            let mut defined = Defined::default();
            for earlier in made_before(story, lost) {
                defined.note(earlier, None);
            }
            let step = defined.name(&lost.step, provider.as_ref()).await?;
            let lost = Lost {
                provider: provider.as_ref(),
                step: step.as_ref(),
                who: who.as_ref(),
                began_ms,
                left_ms,
                margin_ms: self.timing.margin_ms,
                clock: &self.clock,
            };
            lost.look(wait).await
        };
        let looked = finding.await;
        Ok(write_down(&self.journal, run, &lost.step, looked)
            .await?
            .is_some())
    }

    /// # Errors
    ///
    /// `Conflict` when we stand in another tenant than the run did: what is there says nothing of its steps. The errors of any read.
    async fn stands_where(
        &self,
        story: &RunStory,
        provider: &dyn EmployeeProvider,
    ) -> kadry_core::Result<()> {
        let tenants = Tenants::of(story);
        let Some(tenant) = tenants.on(provider.id()) else {
            return Ok(());
        };
        if provider.whoami().await?.tenant == tenant {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Conflict,
            "the run was approved for another account",
        ))
    }

    /// Returns when the last try of a lost step began, and the latest moment at which its request can
    /// have left: whoever sent it gave it up or is gone by then, and no request is tried for ever.
    fn window(&self, story: &RunStory, lost: &StepStory) -> (i64, i64) {
        let last = |event| lost.events.iter().rev().find(|row| row.event == event);
        let began_ms = last(Event::Started).map_or(story.run.started_ms, |row| row.at_ms);
        let given_up = last(Event::Lost).filter(|_| lost.state == State::Unsure);
        let given_up_ms = given_up.map_or(self.clock.now_ms(), |row| row.at_ms);
        let latest_ms = began_ms.saturating_add_unsigned(self.timing.tried_for_ms());
        (began_ms, given_up_ms.min(latest_ms))
    }

    async fn who(
        &self,
        story: &RunStory,
        lost: &StepStory,
        provider: &dyn EmployeeProvider,
    ) -> kadry_core::Result<Option<EmployeeRef>> {
        Ok(match &lost.step.target {
            Target::Nobody => None,
            Target::Known(who) => Some(who.clone()),
            Target::CreatedBy(seq) => story
                .steps
                .iter()
                .find(|step| step.step.seq == *seq)
                .and_then(StepStory::record)
                .cloned(),
            Target::Sought(keys) => match seek(provider, keys).await?.matches.as_slice() {
                [] => None,
                [employee] => Some(employee.at.clone()),
                [_, _, ..] => {
                    return Err(Error::new(
                        ErrorKind::Conflict,
                        "several records match, so nobody can tell which one was meant",
                    ));
                }
            },
        })
    }
}

impl Interrupted {
    /// Returns what a run leaves, once its lost steps are settled as far as they can be.
    pub(crate) fn by(
        story: &RunStory,
        covered: &[ProviderId],
        unsettled: BTreeSet<ProviderId>,
    ) -> Self {
        let mut left = Self {
            of: Some((story.run.id.clone(), Tenants::of(story))),
            unsettled,
            ..Self::default()
        };
        left.take(story, covered);
        left
    }

    /// Returns what all runs together leave where we stand now, and says what they leave in other tenants.
    pub(crate) fn here(runs: Vec<Self>, now: &Tenants) -> (Self, Vec<Remark>) {
        let mut all = Self::default();
        let mut elsewhere = Vec::new();
        for mut left in runs {
            if let Some((run, tenants)) = left.of.take() {
                let is_here = |id: &ProviderId| !tenants.differ(now, id);
                for provider in left.on().into_iter().filter(|id| !is_here(id)) {
                    elsewhere.push(Remark {
                        what: Said::LeftElsewhere {
                            run: run.clone(),
                            tenant: tenants.on(&provider).unwrap_or_default().to_owned(),
                        },
                        provider,
                    });
                }
                left.only(is_here);
            }
            all.welcomes.extend(left.welcomes);
            for (provider, late_ms) in left.late {
                let known = all.late.entry(provider).or_insert(late_ms);
                *known = late_ms.max(*known);
            }
            all.undone.extend(left.undone);
            all.foreseen.extend(left.foreseen);
            for (provider, grants) in left.hand_overs {
                all.hand_overs.entry(provider).or_default().extend(grants);
            }
            all.unsettled.extend(left.unsettled);
        }
        (all, elsewhere)
    }

    /// Returns the platforms on which something is left.
    fn on(&self) -> BTreeSet<ProviderId> {
        let undone = self.undone.iter().map(|step| &step.provider);
        let lanes = undone.chain(self.welcomes.keys()).chain(self.late.keys());
        let lanes = lanes.chain(self.hand_overs.keys()).chain(&self.unsettled);
        lanes.cloned().collect()
    }

    fn only(&mut self, is_here: impl Fn(&ProviderId) -> bool) {
        self.welcomes.retain(|id, _| is_here(id));
        self.late.retain(|id, _| is_here(id));
        self.undone.retain(|step| is_here(&step.provider));
        self.foreseen.retain(|left| is_here(&left.provider));
        self.hand_overs.retain(|id, _| is_here(id));
        self.unsettled.retain(is_here);
    }

    fn take(&mut self, story: &RunStory, covered: &[ProviderId]) {
        if story.run.state == RunState::Running {
            let ours = |left: &Residue| covered.contains(&left.provider);
            let known = told(story).residue.into_iter();
            self.foreseen.extend(known.filter(ours));
        }
        let open = || story.steps.iter().filter(|step| !step.state.is_final());
        for step in open().filter(|step| step.step.stage == Stage::HandOver) {
            if let Action::SetGrants { add, .. } = &step.step.action {
                let left = self.hand_overs.entry(step.step.provider.clone());
                left.or_default().extend(add.iter().cloned());
            }
        }
        let ours = open().filter(|step| is_on(step, covered));
        let settled = ours.filter(|step| !self.unsettled.contains(&step.step.provider));
        self.undone.extend(settled.map(|step| step.step.clone()));
        self.welcomes.extend(welcomes(story));
    }
}

/// The steps of the same lane that were done, as far as they made something that can be granted.
fn made_before<'a>(story: &'a RunStory, lost: &StepStory) -> impl Iterator<Item = &'a Step> {
    let provider = lost.step.provider.clone();
    let steps = story.steps.iter();
    steps
        .filter(move |step| step.state == State::Done && step.step.provider == provider)
        .map(|step| &step.step)
}

pub(crate) fn is_on(step: &StepStory, providers: &[ProviderId]) -> bool {
    providers.contains(&step.step.provider)
}

/// Reports whether nobody knows what a step did.
pub(crate) fn is_lost(step: &StepStory) -> bool {
    matches!(step.state, State::Started | State::Unsure)
}

/// The greetings that were approved and not sent to people whom the same lane had let in, or who were in already.
fn welcomes(story: &RunStory) -> BTreeMap<ProviderId, Notice> {
    let let_in = |provider: &ProviderId| {
        let mut doors = story
            .steps
            .iter()
            .filter(|step| step.step.provider == *provider);
        doors.all(|step| {
            !matches!(step.step.stage, Stage::Create | Stage::Reopen) || step.state == State::Done
        })
    };
    let unsent = story
        .steps
        .iter()
        .filter(|step| step.state == State::Waiting && let_in(&step.step.provider));
    let greeting = |step: &StepStory| {
        Some((
            step.step.provider.clone(),
            step.step.action.notice()?.clone(),
        ))
    };
    unsent.filter_map(greeting).collect()
}
