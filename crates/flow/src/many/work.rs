//! Carrying out a batch: part by part, many beside each other, and all read once more at the end.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::stream::{self, StreamExt as _};
use kadry_core::{Connect, Error, ErrorKind, ProviderId, RunState, Stage, Step, Target};
use kadry_journal::{
    BatchSummary, JournalError, Part, PartId, PartState, PersonId, RunId, RunSummary, Taken,
};
use serde::Deserialize as _;

use super::decide::ended;
use super::health::Health;
use super::lockout::{AFTER_MANY, PutOff, Turn, may_be_the_last};
use super::moved::approved;
use super::not_begun::NotBegun;
use super::result::state_of;
use super::things::{Needed, Things, is_making, note, platforms, things};
use super::{Among, Batch, Person, Planned, Why, observed};
use crate::error::FlowError;
use crate::intent::{Flow, Intent};
use crate::observe::{Listings, Seen};
use crate::organisation::{Held, Organisation, Prepared, Purpose, closes_doors_first, covered};
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
    things: Things,
    /// Those for whom the platforms themselves are asked, until it is their turn.
    put_off: PutOff,
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
    async fn refresh(&self) -> Result<(), FlowError> {
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

    /// Carries out one part, if nothing has moved since it was approved.
    async fn part(&self, part: Part, planned: Planned, turn: Turn) -> Result<(), FlowError> {
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
        let (on, since_ms) = (covered(&intent), self.batch.started_ms);
        let taken = match journal.take(&person, &on, intent.keys(), since_ms).await {
            Ok(taken) => taken,
            // Whoever is at work there comes to an end, and the part waits for the next command.
            Err(JournalError::Claimed { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let carried = self
            .part_of(&person, *intent, planned, &id, taken, turn)
            .await;
        organisation.give_back(&person).await;
        let why = match carried {
            Ok(()) | Err(NotBegun::Waits) => return Ok(()),
            Err(NotBegun::Later(when, planned)) => {
                self.put_off.until(when, part, *planned);
                return Ok(());
            }
            Err(NotBegun::Never(why)) => why,
            Err(NotBegun::Fault(error)) => return Err(error),
        };
        let state = match why {
            Why::Later => PartState::Superseded,
            Why::Line(_)
            | Why::Guards(_)
            | Why::TwoPeople
            | Why::Twice(_)
            | Why::AtWork
            | Why::LeftOut
            | Why::Moved(_)
            | Why::GivenUp { .. }
            | Why::StillOpen(_)
            | Why::Surplus
            | Why::Unread(_)
            | Why::Namesake(_)
            | Why::Unreadable(_) => PartState::Moved,
        };
        let why = serde_json::to_value(why)?;
        journal.set_aside(&id, state, &why).await?;
        self.counted();
        Ok(())
    }

    async fn part_of(
        &self,
        person: &PersonId,
        intent: Intent,
        planned: Planned,
        id: &PartId,
        taken: Taken,
        turn: Turn,
    ) -> Result<(), NotBegun> {
        if self.is_later_at_work(&taken.begun_since).await? {
            return Err(NotBegun::Never(Why::Later));
        }
        let doors_first = planned.who.doors_first;
        let purpose = if doors_first {
            Purpose::CarryOutUnasked
        } else {
            Purpose::CarryOut
        };
        let mut is_alone = !taken.unfinished.is_empty();
        let closes_now = matches!(&intent.flow, Flow::Offboard(leaving) if leaving.now);
        if is_alone && closes_now && turn == Turn::Many {
            return Err(NotBegun::Later(Turn::Few, Box::new(planned)));
        }
        let mut prepared = self.prepare(person, &intent, purpose, id, taken).await?;
        if may_be_the_last(&prepared) {
            // Of those who stand in for each other one goes after the other, as they are by then.
            if turn != Turn::Alone {
                return Err(NotBegun::Later(Turn::Alone, Box::new(planned)));
            }
            // Whom an earlier run left open was looked at just now.
            if !is_alone {
                let among = Among::Many(Some(id.clone()));
                let again = self
                    .organisation
                    .prepare_among(&intent, purpose, among, self.watch);
                (prepared, is_alone) = (again.await?, true);
            }
        }
        let is_read =
            |id: &ProviderId| matches!(prepared.snapshot.seen.get(id), Some(Seen::Here(_)));
        // A look that took too long for the other doors of the person goes on beside them.
        let is_sought = |id: &ProviderId| {
            let on = |step: &&Step| step.provider == *id;
            let mut approved = planned.steps.iter().filter(on);
            let mut steps = prepared.plan.steps.iter().filter(on);
            is_alone
                && closes_now
                && approved.any(|step| step.stage == Stage::Close)
                && steps.any(|step| matches!(step.target, Target::Sought(_)))
        };
        for provider in platforms(&planned.steps) {
            let listings = self.listings();
            let is_listed = matches!(listings.of(provider), Some(Ok(_)));
            if is_listed && !is_read(provider) && !is_sought(provider) {
                self.health.was_silent(provider);
            }
        }
        let on = platforms(&planned.steps);
        if !on.into_iter().any(|id| is_read(id) || is_sought(id)) {
            return Err(NotBegun::Waits);
        }
        let now = Planned {
            who: Person {
                observed: observed(&prepared.snapshot, &prepared.intent.flow)?,
                ..Person::new(None, String::new())
            },
            steps: prepared.plan.steps.clone(),
        };
        if let Some(on) = planned.differs(&now, is_read) {
            return Err(NotBegun::Never(Why::Moved(on)));
        }
        if planned
            .who
            .after
            .iter()
            .any(|step| !is_read(&step.provider))
        {
            return Err(NotBegun::Waits);
        }
        self.carry_out(person, prepared, planned, is_alone).await
    }

    /// Begins a part of which nothing has moved, and sends it.
    async fn carry_out(
        &self,
        person: &PersonId,
        mut prepared: Prepared,
        planned: Planned,
        is_alone: bool,
    ) -> Result<(), NotBegun> {
        let organisation = self.organisation;
        let missing = things(&prepared.plan.steps);
        let approved = approved(planned.steps, &prepared.plan.steps);
        let (own, steps): (Vec<Step>, Vec<Step>) = approved.into_iter().partition(is_making);
        let (journal, batch) = (&organisation.journal, &self.batch.id);
        let others = planned.who.after;
        let needed = self.things.needed(own, others, &missing, journal, batch);
        let Needed::Makes {
            steps: makes,
            before,
            mut turn,
        } = needed.await?
        else {
            return Err(NotBegun::Waits);
        };
        let label = prepared.intent.who.to_string();
        let makes = makes.into_iter().map(|step| Step {
            person: label.clone(),
            ..step
        });
        prepared.plan.steps = makes.chain(steps).collect();
        prepared.made_before = before;
        let since_ms = organisation.clock.now_ms();
        let run = organisation.begin(&prepared, person).await?;
        let snapshot = turn.is_some().then(|| prepared.snapshot.clone());
        let (sent, heeded) = if is_alone {
            let gone_on = organisation.go_on(prepared, person, run.clone(), self.watch);
            let gone_on = gone_on.await.map(|_| self.counted());
            (gone_on, BTreeSet::new())
        } else {
            self.send(&prepared, &run, since_ms).await
        };
        let steps = organisation.journal.steps(&run).await?;
        self.health
            .heed(&steps, since_ms, |id| !heeded.contains(id));
        if let (Some(made), Some(snapshot)) = (&mut turn, &snapshot) {
            note(made, &steps, snapshot).await;
        }
        match sent {
            // What was begun is taken up by whoever is at work on the person now.
            Ok(()) | Err(FlowError::Journal(JournalError::TakenOver)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reports whether a command that was given later has been at work on somebody. Another batch is as late as its plan was approved,
    /// however late it comes to somebody.
    async fn is_later_at_work(&self, begun_since: &[RunSummary]) -> Result<bool, FlowError> {
        let journal = &self.organisation.journal;
        let since_ms = self.batch.started_ms;
        for run in begun_since {
            let is_later = match &run.batch {
                Some(batch) if *batch == self.batch.id => false,
                Some(batch) => {
                    let other = journal.batch(batch.as_str()).await?;
                    other.is_some_and(|other| other.started_ms > since_ms)
                }
                None => true,
            };
            if is_later {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Looks the person up in what was read of everybody; on the platforms themselves where an earlier run left something open.
    async fn prepare(
        &self,
        person: &PersonId,
        intent: &Intent,
        purpose: Purpose,
        id: &PartId,
        taken: Taken,
    ) -> Result<Prepared, NotBegun> {
        let organisation = self.organisation;
        let among = Among::Many(Some(id.clone()));
        if !taken.unfinished.is_empty() {
            let prepared = organisation.prepare_among(intent, purpose, among, self.watch);
            return Ok(prepared.await?);
        }
        let identified = organisation.identify_known(intent, taken.known).await?;
        let sought = identified.sought;
        let held = Held {
            person: Some(person.clone()),
            among,
            doors_first: closes_doors_first(purpose, &intent.flow),
            listings: Some(self.listings()),
            ..Held::default()
        };
        let prepared = organisation.look_and_plan(intent, sought, held, self.watch);
        Ok(prepared.await?)
    }

    pub(super) fn counted(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        self.watch
            .people(done.min(self.batch.parts), self.batch.parts);
    }
}
