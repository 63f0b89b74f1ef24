//! Carrying out a batch: part by part, many beside each other, and all read once more at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use kadry_core::{ErrorKind, ProviderId, RunState, State};
use kadry_journal::{
    BatchSummary, JournalError, Part, PartId, PartState, PersonId, RunId, RunStory,
};
use tokio::sync::Mutex as Turn;

use super::draft::thing;
use super::result::state_of;
use super::{Batch, Person, Planned, Why, observed};
use crate::error::FlowError;
use crate::identify::Identified;
use crate::intent::Intent;
use crate::observe::Listings;
use crate::organisation::{Held, Organisation, Prepared, Purpose, covered};
use crate::plan::Plan;
use crate::watch::{Unwatched, Watch};
use crate::written::Written;

/// How many people are worked on beside each other. What a platform takes at once is minded below.
const BESIDE: usize = 64;

/// How many parts are read from the journal at a time.
const PAGE: u32 = 512;

/// How old what was read of everybody may be when somebody's part begins, in milliseconds.
const FRESH_MS: i64 = 60_000;

/// So few people are looked at one by one at the end: reading everybody would take longer.
const FEW: usize = 4;

/// After so many people in a row for whom a platform did not answer, nothing more is sent there.
const BROKEN: u32 = 3;

/// What the parts of a batch share.
struct Work<'a> {
    organisation: &'a Organisation,
    batch: &'a BatchSummary,
    listings: Arc<Listings>,
    /// How many in a row a platform did not answer for.
    silent: Mutex<BTreeMap<ProviderId, u32>>,
    done: AtomicU32,
    watch: &'a dyn Watch,
}

impl Organisation {
    /// Carries out what is left of a batch: what is open goes on, what waits begins if nothing has moved, and in the end everybody is read
    /// once more. What came of it is in the journal.
    ///
    /// # Repeats
    ///
    /// What is done is not done again.
    ///
    /// # Errors
    ///
    /// [`FlowError::Halted`] when it is told to end, and the errors of the journal, among which is that another process is at work on it.
    pub async fn work(
        &self,
        batch: &RunId,
        listings: Option<Arc<Listings>>,
        watch: &dyn Watch,
    ) -> Result<RunState, FlowError> {
        let summary = self.journal.batch(batch.as_str()).await?;
        let summary = summary.ok_or(JournalError::NotFound)?;
        self.journal.hold_batch(&summary.id).await?;
        let intent: Batch = serde_json::from_value(summary.intent.clone())?;
        let is_fresh = |listings: &Arc<Listings>| {
            let read_ms = listings.read_ms().unwrap_or_default();
            self.clock.now_ms().saturating_sub(read_ms) <= FRESH_MS
        };
        let listings = match listings.filter(is_fresh) {
            Some(listings) => listings,
            None => Arc::new(self.list(&intent.head.on, watch).await),
        };
        let work = Work {
            organisation: self,
            batch: &summary,
            listings,
            silent: Mutex::default(),
            done: AtomicU32::new(summary.parts.saturating_sub(summary.waiting + summary.open)),
            watch,
        };
        watch.people(work.done.load(Ordering::Relaxed), summary.parts);
        work.resume().await?;
        work.begin().await?;
        work.conclude().await?;
        let state = state_of(&self.journal, &summary.id).await?;
        self.journal.finish_batch(&summary.id, state).await?;
        Ok(state)
    }

    async fn list(&self, on: &[ProviderId], watch: &dyn Watch) -> Listings {
        let connects = self.connects.iter();
        let connects: Vec<_> = connects
            .filter(|connect| on.contains(connect.id()))
            .cloned()
            .collect();
        Listings::read(&connects, &self.clock, watch).await
    }
}

impl Work<'_> {
    fn goes_on(&self) -> Result<(), FlowError> {
        if self.organisation.halt.is_cancelled() {
            return Err(FlowError::Halted);
        }
        Ok(())
    }

    /// Goes on with the runs that have begun and left something open.
    async fn resume(&self) -> Result<(), FlowError> {
        let mut after = 0;
        loop {
            let journal = &self.organisation.journal;
            let runs = journal.runs_of_batch(&self.batch.id, after, PAGE).await?;
            let Some((last, _)) = runs.last() else {
                return Ok(());
            };
            after = *last;
            let open = runs.into_iter().map(|(_, story)| story).filter(is_open);
            let resumed = open.map(|story| async move {
                self.goes_on()?;
                let id = &story.run.id;
                pass_over(self.organisation.resume(id.as_str(), &Unwatched).await)?;
                self.counted();
                Ok::<_, FlowError>(())
            });
            stream::iter(resumed)
                .buffer_unordered(BESIDE)
                .try_collect::<()>()
                .await?;
        }
    }

    /// Begins the parts that wait.
    async fn begin(&self) -> Result<(), FlowError> {
        let mut after = 0;
        loop {
            let journal = &self.organisation.journal;
            let waiting = Some(PartState::Waiting);
            let parts = journal.parts(&self.batch.id, after, PAGE, waiting).await?;
            let Some(last) = parts.last() else {
                return Ok(());
            };
            after = last.number;
            let parts = parts.into_iter().map(|part| {
                let planned: Planned = serde_json::from_value(part.body.clone())?;
                Ok((part, planned))
            });
            let parts: Vec<(Part, Planned)> = parts.collect::<Result<_, FlowError>>()?;
            // What one makes for all of them goes first.
            let makes = |(_, planned): &(Part, Planned)| {
                planned.steps.iter().any(|step| thing(step).is_some())
            };
            let (first, rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(makes);
            for (part, planned) in first {
                self.part(part, planned).await?;
            }
            let rest = rest
                .into_iter()
                .map(|(part, planned)| self.part(part, planned));
            stream::iter(rest)
                .buffer_unordered(BESIDE)
                .try_collect::<()>()
                .await?;
        }
    }

    /// Carries out one part, if nothing has moved since it was approved.
    async fn part(&self, part: Part, planned: Planned) -> Result<(), FlowError> {
        self.goes_on()?;
        let (Some(person), Some(intent)) = (part.person.clone(), planned.who.intent.clone()) else {
            return Ok(());
        };
        let id = PartId {
            batch: self.batch.id.clone(),
            number: part.number,
        };
        let organisation = self.organisation;
        let journal = &organisation.journal;
        match journal.claim(&person, &covered(&intent), false).await {
            Ok(()) => {}
            // Whoever is at work there comes to an end, and the part waits for the next command.
            Err(JournalError::Claimed { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let carried = self.part_of(&person, *intent, planned, &id).await;
        organisation.give_back(&person).await;
        match carried {
            Ok(None) => {}
            Ok(Some(why)) => {
                let state = match why {
                    Why::Later => PartState::Superseded,
                    Why::Line(_)
                    | Why::Guards(_)
                    | Why::TwoPeople
                    | Why::AtWork
                    | Why::LeftOut
                    | Why::Moved(_)
                    | Why::Surplus
                    | Why::Unreadable(_) => PartState::Moved,
                };
                let why = serde_json::to_value(why)?;
                journal.set_aside(&id, state, &why).await?;
                self.counted();
            }
            Err(FlowError::Journal(JournalError::TakenOver)) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Returns why it is not carried out, if it is not.
    async fn part_of(
        &self,
        person: &PersonId,
        intent: Intent,
        planned: Planned,
        id: &PartId,
    ) -> Result<Option<Why>, FlowError> {
        let organisation = self.organisation;
        let runs = organisation.journal.runs_of(person, 1).await?;
        let since = |run: &kadry_journal::RunSummary| {
            run.started_ms >= self.batch.started_ms && run.batch.as_ref() != Some(&self.batch.id)
        };
        if runs.iter().any(since) {
            return Ok(Some(Why::Later));
        }
        let prepared = match self.prepare(person, &intent, id).await {
            Ok(prepared) => prepared,
            Err(FlowError::Refused(_) | FlowError::KnownNowhere) => {
                return Ok(Some(Why::Moved(Vec::new())));
            }
            Err(error) => return Err(error),
        };
        let now = Planned {
            who: Person {
                observed: observed(&prepared.snapshot)?,
                ..Person::new(None, String::new())
            },
            steps: prepared.plan.steps.clone(),
        };
        if let Some(on) = planned.differs(&now) {
            return Ok(Some(Why::Moved(on)));
        }
        let is_alone = !prepared.interrupted.is_nothing();
        let approved = Plan {
            steps: planned.steps,
            remarks: prepared.plan.remarks.clone(),
        };
        let prepared = Prepared {
            plan: approved,
            made_before: planned.who.after,
            ..prepared
        };
        let run = organisation.begin(&prepared, person).await?;
        if is_alone {
            organisation
                .go_on(prepared, person, run, self.watch)
                .await?;
            self.counted();
        } else {
            self.send(&prepared, &run).await?;
        }
        Ok(None)
    }

    /// Looks the person up in what was read of everybody; on the platforms themselves where an earlier run left something open.
    async fn prepare(
        &self,
        person: &PersonId,
        intent: &Intent,
        id: &PartId,
    ) -> Result<Prepared, FlowError> {
        let organisation = self.organisation;
        let open = organisation.journal.unfinished(person).await?;
        if !open.is_empty() {
            let prepared = organisation
                .prepare(intent, Purpose::CarryOut, self.watch)
                .await?;
            return Ok(Prepared {
                part: Some(id.clone()),
                ..prepared
            });
        }
        let Identified { sought, .. } = organisation.identify(intent).await?;
        let held = Held {
            person: Some(person.clone()),
            part: Some(id.clone()),
            listings: Some(Arc::clone(&self.listings)),
            ..Held::default()
        };
        organisation
            .look_and_plan(intent, sought, held, self.watch)
            .await
    }

    /// Sends what a part approves, but for platforms that have stopped answering. It is read once more when all parts are through.
    async fn send(&self, prepared: &Prepared, run: &RunId) -> Result<(), FlowError> {
        let organisation = self.organisation;
        let broken = self.broken();
        let steps = prepared.plan.steps.iter();
        let steps: Vec<_> = steps
            .filter(|step| !broken.contains(&step.provider))
            .cloned()
            .collect();
        let more = Turn::new(Plan::default());
        let execution =
            organisation.execution(prepared, run, &prepared.snapshot, &more, self.watch);
        execution.run(&steps).await?;
        self.heed(run).await
    }

    fn broken(&self) -> BTreeSet<ProviderId> {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        let broken = silent.iter().filter(|(_, times)| **times >= BROKEN);
        broken.map(|(provider, _)| provider.clone()).collect()
    }

    /// Notes which platforms have answered, and which have not.
    async fn heed(&self, run: &RunId) -> Result<(), FlowError> {
        let story = self.organisation.journal.story(run.as_str()).await?;
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        for step in &story.steps {
            let kind = step.error().map(|error| error.kind);
            let is_silent = !matches!(step.state, State::Done | State::Failed)
                && kind == Some(ErrorKind::Unavailable);
            let times = silent.entry(step.step.provider.clone()).or_default();
            if is_silent {
                *times = times.saturating_add(1);
            } else if step.state == State::Done && *times < BROKEN {
                *times = 0;
            }
        }
        Ok(())
    }

    fn counted(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        self.watch
            .people(done.min(self.batch.parts), self.batch.parts);
    }

    /// Reads everybody once more, and says of each run how it has ended.
    async fn conclude(&self) -> Result<(), FlowError> {
        let journal = &self.organisation.journal;
        let mut listings = None;
        let mut after = 0;
        loop {
            let runs = journal.runs_of_batch(&self.batch.id, after, PAGE).await?;
            let Some((last, _)) = runs.last() else {
                return Ok(());
            };
            after = *last;
            let is_running = |(_, story): &(u32, RunStory)| story.run.state == RunState::Running;
            let runs: Vec<_> = runs.into_iter().filter(is_running).collect();
            if runs.is_empty() {
                continue;
            }
            self.goes_on()?;
            if listings.is_none() && (runs.len() > FEW || self.batch.parts > PAGE) {
                let batch: Batch = serde_json::from_value(self.batch.intent.clone())?;
                for provider in &batch.head.on {
                    self.watch.verifying(provider);
                }
                listings = Some(Arc::new(
                    self.organisation.list(&batch.head.on, self.watch).await,
                ));
            }
            let concluded = runs
                .into_iter()
                .map(|(_, story)| self.conclude_one(story, listings.clone()));
            stream::iter(concluded)
                .buffer_unordered(BESIDE)
                .try_collect::<()>()
                .await?;
        }
    }

    async fn conclude_one(
        &self,
        story: RunStory,
        listings: Option<Arc<Listings>>,
    ) -> Result<(), FlowError> {
        self.goes_on()?;
        let organisation = self.organisation;
        let written = Written::of(&story)?;
        let on = covered(&written.intent);
        match organisation.journal.claim(&story.person, &on, false).await {
            Ok(()) => {}
            Err(JournalError::Claimed { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let person = story.person.clone();
        let concluded = self.conclude_claimed(story, written, listings).await;
        organisation.give_back(&person).await;
        self.counted();
        pass_over(concluded)
    }

    async fn conclude_claimed(
        &self,
        story: RunStory,
        written: Written,
        listings: Option<Arc<Listings>>,
    ) -> Result<crate::report::Report, FlowError> {
        let organisation = self.organisation;
        let (run, person) = (story.run.id.clone(), story.person.clone());
        let Identified { sought, .. } = organisation.identify(&written.intent).await?;
        let held = Held {
            person: Some(person.clone()),
            approved: Some((run.clone(), written.tenants)),
            listings,
            ..Held::default()
        };
        let mut prepared = organisation
            .look_and_plan(&written.intent, sought, held, &Unwatched)
            .await?;
        // What is still to be done stays open in the run; nothing more is sent for it now.
        prepared.plan.steps.clear();
        prepared.resumed = true;
        let after = prepared.snapshot.clone();
        organisation.conclude(&prepared, &person, run, &after).await
    }
}

/// Whether a run has something to go on with.
fn is_open(story: &RunStory) -> bool {
    let mut steps = story.steps.iter();
    matches!(story.run.state, RunState::Running | RunState::Partial)
        && steps.any(|step| !step.state.is_final())
}

/// Passes over what stands in the way of one person: it is in the journal, and the others go on.
fn pass_over<T>(done: Result<T, FlowError>) -> Result<(), FlowError> {
    match done {
        Ok(_)
        | Err(
            FlowError::Refused(_)
            | FlowError::KnownNowhere
            | FlowError::Ended { .. }
            | FlowError::LaterFirst { .. }
            | FlowError::AnotherTenant { .. }
            | FlowError::Journal(
                JournalError::Claimed { .. } | JournalError::TakenOver | JournalError::Ended,
            ),
        ) => Ok(()),
        Err(error) => Err(error),
    }
}
