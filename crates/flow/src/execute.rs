//! Carrying out what was approved. Only this file writes to a platform.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use kadry_core::{
    Action, Clock, Connect, Effect, EmployeeProvider, EmployeeRef, Error, ErrorKind, Event, Offer,
    ProviderId, Result, Stage, State, Step, Target,
};
use kadry_journal::{Journal, JournalError, Note, RunId, StepError, StepStory, Turn};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::defined::{Defined, Made};
use crate::intent::Flow;
use crate::observe::{Going, Sought, table_of};
use crate::plan::{Plan, Rules};
use crate::powers::lost_by;
use crate::settle::{Lost, Wait, write_down};
use crate::tenants::Tenants;
use crate::timing::Timing;
use crate::watch::Watch;

/// Everything that carrying out a plan needs.
#[derive(Debug)]
pub(crate) struct Execution<'a> {
    pub(crate) journal: &'a Journal,
    pub(crate) run: &'a RunId,
    pub(crate) connects: &'a [Arc<dyn Connect>],
    /// The platforms that answered when the plan was made.
    pub(crate) providers: BTreeMap<ProviderId, Arc<dyn EmployeeProvider>>,
    pub(crate) clock: &'a Clock,
    /// Whether nothing new is to be sent.
    pub(crate) halt: &'a CancellationToken,
    pub(crate) timing: &'a Timing,
    pub(crate) flow: &'a Flow,
    pub(crate) sought: &'a Sought,
    pub(crate) rules: Rules<'a>,
    /// Until when a door may still be opened by an interrupted run, by platform.
    pub(crate) late: BTreeMap<ProviderId, i64>,
    /// In which tenants the run was approved.
    pub(crate) tenants: &'a Tenants,
    /// The platforms on which the person administers or signs.
    pub(crate) powerful: BTreeSet<ProviderId>,
    /// The looks that the plan did not wait for.
    pub(crate) going: &'a Going,
    /// The steps of others that make what these steps give, with what they made where it is at hand.
    pub(crate) made_before: &'a [(Step, Option<Offer>)],
    /// What is planned, and to be said, while the run goes on.
    pub(crate) more: &'a Mutex<Plan>,
    /// When what the plan is made of was seen, in milliseconds since the Unix epoch.
    pub(crate) seen_ms: i64,
    pub(crate) watch: &'a dyn Watch,
}

/// What a step is aimed at.
pub(crate) struct Aim {
    pub(crate) provider: Arc<dyn EmployeeProvider>,
    pub(crate) who: Option<EmployeeRef>,
    /// Keeps others from the platform who may be the last one there as well, until the step has ended.
    pub(crate) turn: Option<Turn>,
}

impl Aim {
    fn at(provider: Arc<dyn EmployeeProvider>, who: Option<EmployeeRef>) -> Self {
        Self {
            provider,
            who,
            turn: None,
        }
    }
}

/// What a step needs of its lane.
struct At<'a> {
    provider: &'a dyn EmployeeProvider,
    who: Option<EmployeeRef>,
    /// When the request is given up, because a door waits behind it.
    until_ms: Option<i64>,
}

impl Execution<'_> {
    /// Carries out the steps, lane by lane, no lane waiting for another; removals come later.
    ///
    /// # Errors
    ///
    /// The first error of the journal: what cannot be written down is not done.
    pub(crate) async fn run(&self, steps: &[Step]) -> Result<(), JournalError> {
        let waits = |step: &&Step| step.stage != Stage::Remove;
        self.lanes(steps.iter().filter(waits).collect()).await
    }

    /// Carries out the removals. Every door has been read back as closed by now; a record is not removed while something of it could
    /// not be tidied: it would be out of sight. Returns the platforms on which a record is removed.
    ///
    /// # Errors
    ///
    /// The first error of the journal.
    pub(crate) async fn remove(
        &self,
        steps: &[Step],
    ) -> Result<BTreeSet<ProviderId>, JournalError> {
        let story = self.journal.story(self.run.as_str()).await?;
        let ended = |step: &StepStory| matches!(step.state, State::Done | State::Skipped);
        let tidied = |removal: &&Step| {
            let mut before = story.steps.iter().filter(|step| {
                step.step.provider == removal.provider && step.step.stage != Stage::Remove
            });
            before.all(ended)
        };
        let removals = steps.iter().filter(|step| step.stage == Stage::Remove);
        let ready: Vec<&Step> = removals.filter(tidied).collect();
        let on = ready.iter().map(|step| step.provider.clone()).collect();
        self.lanes(ready).await?;
        Ok(on)
    }

    async fn lanes(&self, steps: Vec<&Step>) -> Result<(), JournalError> {
        let mut lanes: BTreeMap<&ProviderId, Vec<&Step>> = BTreeMap::new();
        for step in steps {
            lanes.entry(&step.provider).or_default().push(step);
        }
        join_all(lanes.into_values().map(|lane| self.lane(lane)))
            .await
            .into_iter()
            .collect()
    }

    async fn lane(&self, steps: Vec<&Step>) -> Result<(), JournalError> {
        let mut made: BTreeMap<u32, EmployeeRef> = BTreeMap::new();
        let mut defined = Defined::default();
        for (made, offer) in self.made_before {
            if steps.iter().any(|step| step.provider == made.provider) {
                defined.note(made, offer.clone());
            }
        }
        let mut release_until_ms = None;
        for (at, step) in steps.iter().copied().enumerate() {
            if self.halt.is_cancelled() {
                return Ok(());
            }
            let Some(aim) = self.aim(step, &made).await? else {
                return Ok(());
            };
            let provider = aim.provider.as_ref();
            let step = match defined.name(step, provider).await {
                Ok(step) => step,
                Err(error) if step.stage == Stage::Native => {
                    // What stands beside it does not need what is above it.
                    self.not_begun(step, &error).await?;
                    continue;
                }
                Err(error) => return self.not_begun(step, &error).await,
            };
            let step = step.as_ref();
            let a_door_waits = matches!(step.stage, Stage::HandOver | Stage::Release)
                && steps[at..].iter().any(|later| later.stage == Stage::Close);
            if a_door_waits {
                let until_ms = self
                    .clock
                    .now_ms()
                    .saturating_add_unsigned(self.timing.release_ms);
                release_until_ms.get_or_insert(until_ms);
            }
            let until_ms = release_until_ms.filter(|_| a_door_waits);
            if until_ms.is_some_and(|until| self.clock.now_ms() >= until) {
                continue;
            }
            let at = At {
                provider,
                who: aim.who,
                until_ms,
            };
            let (state, made_by_it) = self.step(step, &at).await?;
            if let Some(record) = made_by_it.record {
                made.insert(step.seq, record);
            }
            if state == State::Done {
                defined.note_branch(step, made_by_it.after.as_ref(), provider);
                defined.note(step, made_by_it.offer);
            }
            if state != State::Done && !step.stage.lane_goes_on() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Returns the platform and the record that a step is about; none ends the lane.
    async fn aim(
        &self,
        step: &Step,
        made: &BTreeMap<u32, EmployeeRef>,
    ) -> Result<Option<Aim>, JournalError> {
        let Some(provider) = self.providers.get(&step.provider).map(Arc::clone) else {
            return match &step.target {
                Target::Sought(keys) if step.stage == Stage::Close => self.seek(step, keys).await,
                Target::Sought(_) | Target::Nobody | Target::Known(_) | Target::CreatedBy(_) => {
                    Ok(None)
                }
            };
        };
        match &step.target {
            Target::Nobody => Ok(Some(Aim::at(provider, None))),
            Target::Known(who) => {
                let loses = || lost_by(step, provider.as_ref()).any();
                if self.powerful.contains(&step.provider) && loses() {
                    return self.aim_alone(step, provider, who).await;
                }
                Ok(Some(Aim::at(provider, Some(who.clone()))))
            }
            Target::CreatedBy(seq) => {
                let who = made.get(seq).cloned();
                Ok(who.map(|who| Aim::at(provider, Some(who))))
            }
            Target::Sought(keys) if step.stage == Stage::Close => self.seek(step, keys).await,
            Target::Sought(_) => Ok(None),
        }
    }

    /// Writes down that a step was not begun, because what it needs to know could not be read.
    async fn not_begun(&self, step: &Step, error: &Error) -> Result<(), JournalError> {
        let note = Note {
            error: Some(StepError::from(error)),
            ..Note::default()
        };
        self.record(step, Event::Failed(error.kind()), &note)
            .await
            .map(drop)
    }

    /// Carries out one step until it is done, refused, parked or left open. A request whose answer is
    /// lost, and that is proven not to have taken effect, is sent once more and no oftener.
    async fn step(&self, step: &Step, at: &At<'_>) -> Result<(State, Made), JournalError> {
        for last in [false, true] {
            if self.halt.is_cancelled() {
                return Ok((State::Waiting, Made::default()));
            }
            let began_ms = self.clock.now_ms();
            self.record(step, Event::Started, &Note::default()).await?;
            let error = match self.send(step, at).await {
                Ok(made) => {
                    let note = Note {
                        record: made.record.clone(),
                        after: made.after.clone(),
                        ..Note::default()
                    };
                    return Ok((self.record(step, Event::Done, &note).await?, made));
                }
                Err(error) => error,
            };
            // A conflict may be with our own first request, which took effect after all.
            let late = last && error.kind() == ErrorKind::Conflict;
            if error.kind() == ErrorKind::Conflict && matches!(step.action, Action::Define { .. }) {
                // Somebody else has made it in the meantime, or our own lost request has.
                let state = self.record(step, Event::Done, &Note::default()).await?;
                return Ok((state, Made::default()));
            }
            if error.effect() == Effect::None && !late {
                return Ok((self.refused(step, &error).await?, Made::default()));
            }
            let note = Note {
                error: Some(StepError::from(&error)),
                ..Note::default()
            };
            self.record(step, Event::Lost, &note).await?;
            let wait = if last { Wait::Never } else { Wait::IfRepeated };
            let (state, record) = self.settle(step, at, began_ms, wait).await?;
            if state != State::Waiting {
                let made = Made {
                    record,
                    ..Made::default()
                };
                return Ok((state, made));
            }
        }
        Ok((State::Unsure, Made::default()))
    }

    /// Writes down a request that did not take effect: for good, or until it may begin again.
    async fn refused(&self, step: &Step, error: &Error) -> Result<State, JournalError> {
        // A greeting that could not be sent is still owed.
        let event = if error.is_retryable() || step.stage == Stage::Welcome {
            Event::Held
        } else {
            Event::Failed(error.kind())
        };
        let retry_at_ms = error
            .retry_after_ms()
            .map(|wait| self.clock.now_ms().saturating_add_unsigned(wait));
        let note = Note {
            error: Some(StepError::from(error)),
            retry_at_ms,
            ..Note::default()
        };
        self.record(step, event, &note).await
    }

    /// Looks for what a lost request did, and writes it down. A look that fails or learns nothing
    /// leaves the step unsure: the next command looks again.
    async fn settle(
        &self,
        step: &Step,
        at: &At<'_>,
        began_ms: i64,
        wait: Wait,
    ) -> Result<(State, Option<EmployeeRef>), JournalError> {
        self.watch.settling(step);
        let lost = Lost {
            provider: at.provider,
            step,
            who: at.who.as_ref(),
            began_ms,
            left_ms: self.clock.now_ms(),
            margin_ms: self.timing.margin_ms,
            clock: self.clock,
        };
        let looked = tokio::select! {
            looked = self.in_time(at, lost.look(wait)) => looked,
            // The next command looks again.
            () = self.halt.cancelled() => Ok(None),
        };
        let found = write_down(self.journal, self.run, step, looked).await?;
        let (state, record) = found.unwrap_or((State::Unsure, None));
        self.watch.step(step, state);
        Ok((state, record))
    }

    async fn send(&self, step: &Step, at: &At<'_>) -> Result<Made> {
        self.in_time(at, call(at.provider, step, at.who.as_ref()))
            .await
    }

    /// Gives up when the time that a door waits is over: nobody knows what became of it then.
    async fn in_time<T>(&self, at: &At<'_>, asked: impl Future<Output = Result<T>>) -> Result<T> {
        let Some(until_ms) = at.until_ms else {
            return asked.await;
        };
        let left = u64::try_from(until_ms.saturating_sub(self.clock.now_ms())).unwrap_or(0);
        tokio::time::timeout(Duration::from_millis(left), asked)
            .await
            .unwrap_or_else(|_| {
                let late = Error::new(
                    ErrorKind::Unavailable,
                    "no answer in time; the door does not wait",
                );
                Err(late.with_effect(Effect::Unknown))
            })
    }

    pub(crate) async fn record(
        &self,
        step: &Step,
        event: Event,
        note: &Note,
    ) -> Result<State, JournalError> {
        let state = self.journal.record(self.run, step.seq, event, note).await?;
        self.watch.step(step, state);
        Ok(state)
    }
}

/// The one request of a step. Returns what it made, as the platform names it afterwards.
async fn call(
    provider: &dyn EmployeeProvider,
    step: &Step,
    who: Option<&EmployeeRef>,
) -> Result<Made> {
    let nobody =
        || Error::new(ErrorKind::NotFound, "the step is about nobody").with("step.seq", step.seq);
    match &step.action {
        Action::Define { kind, what } => provider.define(kind, what).await.map(Made::offer),
        Action::Create { wish } => {
            let made = provider.create(wish).await;
            made.map(|employee| Made::record(employee, &step.action))
        }
        Action::Update { change } => provider
            .update(who.ok_or_else(nobody)?, change)
            .await
            .map(|employee| Made::record(employee, &step.action)),
        Action::SetAccess { access } => provider
            .set_access(who.ok_or_else(nobody)?, *access)
            .await
            .map(|employee| Made::record(employee, &step.action)),
        Action::SetGrants { kind, add, drop } => provider
            .set_grants(who.ok_or_else(nobody)?, kind, add, drop)
            .await
            .map(|()| Made::default()),
        Action::Notify { notice } => provider
            .notify(who.ok_or_else(nobody)?, notice)
            .await
            .map(|()| Made::default()),
        Action::Remove => provider
            .remove(who.ok_or_else(nobody)?)
            .await
            .map(|()| Made::default()),
        Action::Native { call, .. } => {
            let table = table_of(provider)?;
            table.write(call).await.map(Made::native)
        }
    }
}
