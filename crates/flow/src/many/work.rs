//! Carrying out a batch: part by part, many beside each other, and all read once more at the end.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::stream::{self, StreamExt as _};
use kadry_core::{Connect, Error, ErrorKind, ProviderId, RunState};
use kadry_journal::{BatchSummary, JournalError, Part, PartState, RunId};
use serde::Deserialize as _;

use super::decide::ended;
use super::health::Health;
use super::lockout::{AFTER_MANY, PutOff, Turn};
use super::result::state_of;
use super::things::{Things, things};
use super::{Batch, Planned};
use crate::error::FlowError;
use crate::observe::Listings;
use crate::organisation::Organisation;
use crate::watch::Watch;

/// How many people are worked on beside each other. What a platform takes at once is minded below.
pub(super) const BESIDE: usize = 64;

/// How many parts are read from the journal at a time.
pub(super) const PAGE: u32 = 512;

/// How old what was read of everybody may be when somebody's part begins, in milliseconds. Where reading takes long, it may be older: so
/// many times as old as it took.
const FRESH_MS: i64 = 60_000;
const TIMES_AS_OLD: i64 = 10;

/// What the parts of a batch share.
pub(super) struct Work<'a> {
    pub(super) organisation: &'a Organisation,
    pub(super) batch: &'a BatchSummary,
    pub(super) on: Vec<ProviderId>,
    listings: Mutex<Arc<Listings>>,
    pub(super) health: Health,
    pub(super) things: Things,
    /// Those for whom the platforms themselves are asked, until it is their turn.
    pub(super) put_off: PutOff<(Part, Planned)>,
    /// Whether somebody's part has failed for a reason of our own, so that nobody else's is begun.
    stops: AtomicBool,
    done: AtomicU32,
    pub(super) watch: &'a dyn Watch,
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
    /// [`FlowError::Halted`] when it is told to end, [`FlowError::Ended`] for a batch that was ended for good, and the errors of the
    /// journal, among which is that another process is at work on it.
    pub async fn work(
        &self,
        batch: &RunId,
        listings: Option<Arc<Listings>>,
        watch: &dyn Watch,
    ) -> Result<RunState, FlowError> {
        let summary = self.journal.batch(batch.as_str()).await?;
        let summary = summary.ok_or(JournalError::NotFound)?;
        if summary.state == RunState::Superseded {
            return Err(ended(&summary));
        }
        self.journal.hold_batch(&summary.id).await?;
        let worked = self.work_held(&summary, listings, watch).await;
        let state = match &worked {
            Ok(state) => *state,
            Err(_) => RunState::Running,
        };
        let noted = self.journal.finish_batch(&summary.id, state).await;
        let state = worked?;
        noted?;
        Ok(state)
    }

    async fn work_held(
        &self,
        batch: &BatchSummary,
        listings: Option<Arc<Listings>>,
        watch: &dyn Watch,
    ) -> Result<RunState, FlowError> {
        let on = serde_json::from_value::<Batch>(batch.intent.clone())?
            .head
            .on;
        let begun = batch.parts.saturating_sub(batch.waiting + batch.open);
        let work = Work {
            organisation: self,
            batch,
            listings: Mutex::new(listings.unwrap_or_default()),
            health: Health::of(&on),
            things: Things::default(),
            put_off: PutOff::default(),
            stops: AtomicBool::new(false),
            done: AtomicU32::new(begun),
            on,
            watch,
        };
        watch.people(work.done.load(Ordering::Relaxed), batch.parts);
        if batch.waiting + batch.open > 0 {
            work.refresh().await?;
            work.resume().await?;
            work.begin().await?;
        }
        work.conclude().await?;
        state_of(&self.journal, &batch.id).await
    }
}

impl Work<'_> {
    pub(super) fn goes_on(&self) -> Result<(), FlowError> {
        if self.organisation.halt.is_cancelled() || self.stops.load(Ordering::Relaxed) {
            return Err(FlowError::Halted);
        }
        Ok(())
    }

    /// Waits for all of them, many beside each other. When one fails nothing new is begun, and what is under way comes to its end.
    pub(super) async fn all<F>(&self, people: impl Iterator<Item = F>) -> Result<(), FlowError>
    where
        F: Future<Output = Result<(), FlowError>>,
    {
        self.so_many(BESIDE, people).await
    }

    /// Waits for all of them, so many beside each other.
    pub(super) async fn so_many<F>(
        &self,
        many: usize,
        people: impl Iterator<Item = F>,
    ) -> Result<(), FlowError>
    where
        F: Future<Output = Result<(), FlowError>>,
    {
        let mut fault = Ok(());
        let mut beside = stream::iter(people).buffer_unordered(many.max(1));
        while let Some(ended) = beside.next().await {
            let Err(error) = ended else { continue };
            self.stops.store(true, Ordering::Relaxed);
            if !matches!(fault, Err(ref first) if !matches!(first, FlowError::Halted)) {
                fault = Err(error);
            }
        }
        fault
    }

    /// What was read of everybody. On platforms that have stopped answering nobody is looked for any more.
    pub(super) fn listings(&self) -> Arc<Listings> {
        let mut listings = self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        let is_whole = |id: &ProviderId| matches!(listings.of(id), Some(Ok(_)));
        let broken: Vec<_> = self.health.broken().into_iter().filter(is_whole).collect();
        if !broken.is_empty() {
            let mut known = Listings::clone(&listings);
            for provider in &broken {
                let error =
                    Error::new(ErrorKind::Unavailable, "the platform has stopped answering");
                known.doubt(provider, error);
            }
            *listings = Arc::new(known);
        }
        Arc::clone(&listings)
    }

    /// Reads everybody, unless that was done a moment ago.
    pub(super) async fn refresh(&self) -> Result<(), FlowError> {
        let listings = self.listings();
        let age_ms = |read_ms| self.organisation.clock.now_ms().saturating_sub(read_ms);
        let longest_ms = listings
            .took_ms()
            .saturating_mul(TIMES_AS_OLD)
            .max(FRESH_MS);
        let is_fresh = listings
            .read_ms()
            .is_none_or(|read_ms| age_ms(read_ms) <= longest_ms);
        let mut connects = self.connects();
        if is_fresh && connects.all(|connect| listings.of(connect.id()).is_some()) {
            return Ok(());
        }
        let read = self.list().await?;
        *self.listings.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
        Ok(())
    }

    fn connects(&self) -> impl Iterator<Item = &Arc<dyn Connect>> {
        let connects = self.organisation.connects.iter();
        connects.filter(|connect| self.on.contains(connect.id()))
    }

    /// Reads everybody.
    pub(super) async fn list(&self) -> Result<Listings, FlowError> {
        let organisation = self.organisation;
        let connects: Vec<_> = self.connects().cloned().collect();
        tokio::select! {
            read = Listings::read(&connects, &organisation.clock, self.watch) => Ok(read),
            () = organisation.halt.cancelled() => Err(FlowError::Halted),
        }
    }

    /// Begins the parts that wait.
    async fn begin(&self) -> Result<(), FlowError> {
        let mut after = 0;
        loop {
            self.goes_on()?;
            let journal = &self.organisation.journal;
            let waiting = Some(PartState::Waiting);
            let parts = journal.parts(&self.batch.id, after, PAGE, waiting).await?;
            let Some(last) = parts.last() else {
                return Ok(());
            };
            after = last.number;
            self.refresh().await?;
            let parts = parts.into_iter().map(|part| {
                let planned = Planned::deserialize(&part.body)?;
                Ok((part, planned))
            });
            let parts: Vec<(Part, Planned)> = parts.collect::<Result<_, FlowError>>()?;
            // What one makes for all of them goes first.
            let makes = |(_, planned): &(Part, Planned)| !things(&planned.steps).is_empty();
            let (first, rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(makes);
            for (part, planned) in first {
                self.part(part, planned, Turn::Alone).await?;
            }
            // No door waits until a slower platform has closed somebody else's.
            let is_door = |(_, planned): &(Part, Planned)| planned.who.doors_first;
            let (doors, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_door);
            for (many, some) in [(doors.len(), doors), (BESIDE, rest)] {
                let some = some.into_iter();
                let begun = some.map(|(part, planned)| self.part(part, planned, Turn::Many));
                self.so_many(many, begun).await?;
                for turn in AFTER_MANY {
                    let these = self.put_off.whose_turn(turn);
                    let many = turn.how_many(these.len());
                    let these = these.into_iter();
                    let begun = these.map(|(part, planned)| self.part(part, planned, turn));
                    self.so_many(many, begun).await?;
                }
            }
        }
    }

    pub(super) fn counted(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        self.watch
            .people(done.min(self.batch.parts), self.batch.parts);
    }
}
