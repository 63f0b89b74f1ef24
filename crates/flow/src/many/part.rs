//! One part of a batch: begun if nothing has moved since it was approved.

use std::collections::BTreeSet;

use kadry_core::{ProviderId, Stage, Step, Target};
use kadry_journal::{
    Acquaintance, JournalError, Part, PartId, PartState, PersonId, RunSummary, Taken,
};

use super::earlier::Earlier;
use super::lockout::{Turn, may_be_the_last};
use super::moved::approved;
use super::not_begun::NotBegun;
use super::things::{Needed, is_making, note, platforms, things};
use super::work::Work;
use super::{Among, Person, Planned, Why, observed};
use crate::error::FlowError;
use crate::intent::{Flow, Intent};
use crate::observe::Seen;
use crate::organisation::{Held, Prepared, Purpose, closes_doors_first, covered};

/// How somebody's part is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// They are looked up in what was read of everybody, and read once more with everybody.
    Listed,
    /// The same, and what earlier runs left open passes to this one.
    TakesOver,
    /// The platforms are asked about them, as if they were alone.
    Asked,
}

impl Way {
    const fn after(earlier: &Earlier) -> Self {
        match earlier {
            Earlier::Nothing => Self::Listed,
            Earlier::Told(_) => Self::TakesOver,
            Earlier::InDoubt => Self::Asked,
        }
    }
}

impl Work<'_> {
    /// Carries out one part, if nothing has moved since it was approved.
    pub(super) async fn part(
        &self,
        part: Part,
        planned: Planned,
        turn: Turn,
    ) -> Result<(), FlowError> {
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
                self.put_off.until(when, (part, *planned));
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
        let (on, unfinished) = (covered(&intent), &taken.unfinished);
        let listings = self.listings();
        let organisation = self.organisation;
        let earlier = organisation.earlier(&intent.flow, person, &on, unfinished, &listings);
        let earlier = earlier.await?;
        let mut way = Way::after(&earlier);
        if way == Way::Asked && closes_now(&intent.flow) && turn == Turn::Many {
            return Err(NotBegun::Later(Turn::Few, Box::new(planned)));
        }
        let known = taken.known;
        let mut prepared = self
            .prepare(person, &intent, purpose, id, known, earlier)
            .await?;
        if may_be_the_last(&prepared) {
            // Of those who stand in for each other one goes after the other, as they are by then.
            if turn != Turn::Alone {
                return Err(NotBegun::Later(Turn::Alone, Box::new(planned)));
            }
            if way != Way::Asked {
                let among = Among::Many(Some(id.clone()));
                let again = organisation.prepare_among(&intent, purpose, among, self.watch);
                (prepared, way) = (again.await?, Way::Asked);
            }
        }
        self.hold_against(&planned, &prepared, way)?;
        self.carry_out(person, prepared, planned, way).await
    }

    /// Holds what was approved for a part against what is seen and planned now.
    ///
    /// # Errors
    ///
    /// Why it is not begun: something has moved, or no platform answers that it needs.
    fn hold_against(
        &self,
        planned: &Planned,
        prepared: &Prepared,
        way: Way,
    ) -> Result<(), NotBegun> {
        let is_read =
            |id: &ProviderId| matches!(prepared.snapshot.seen.get(id), Some(Seen::Here(_)));
        // A look that took too long for the other doors of the person goes on beside them.
        let is_sought = |id: &ProviderId| {
            let on = |step: &&Step| step.provider == *id;
            let mut approved = planned.steps.iter().filter(on);
            let mut steps = prepared.plan.steps.iter().filter(on);
            way == Way::Asked
                && closes_now(&prepared.intent.flow)
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
        Ok(())
    }

    /// Begins a part of which nothing has moved, and sends it.
    async fn carry_out(
        &self,
        person: &PersonId,
        mut prepared: Prepared,
        planned: Planned,
        way: Way,
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
        let (sent, heeded) = match way {
            Way::Asked => {
                let gone_on = organisation.go_on(prepared, person, run.clone(), self.watch);
                let gone_on = gone_on.await.map(|_| self.counted());
                (gone_on, BTreeSet::new())
            }
            Way::Listed => self.send(&prepared, &run, since_ms).await,
            Way::TakesOver => self.send_over(&prepared, person, &run, since_ms).await,
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

    /// Looks the person up in what was read of everybody; on the platforms themselves where that does not tell what an earlier run left
    /// open.
    async fn prepare(
        &self,
        person: &PersonId,
        intent: &Intent,
        purpose: Purpose,
        id: &PartId,
        known: Result<Acquaintance, JournalError>,
        earlier: Earlier,
    ) -> Result<Prepared, NotBegun> {
        let organisation = self.organisation;
        let among = Among::Many(Some(id.clone()));
        let interrupted = match earlier {
            Earlier::Nothing => Vec::new(),
            Earlier::Told(interrupted) => interrupted,
            Earlier::InDoubt => {
                let prepared = organisation.prepare_among(intent, purpose, among, self.watch);
                return Ok(prepared.await?);
            }
        };
        let identified = organisation.identify_known(intent, known).await?;
        let sought = identified.sought;
        let held = Held {
            person: Some(person.clone()),
            interrupted,
            among,
            doors_first: closes_doors_first(purpose, &intent.flow),
            listings: Some(self.listings()),
            ..Held::default()
        };
        let prepared = organisation.look_and_plan(intent, sought, held, self.watch);
        Ok(prepared.await?)
    }
}

/// Reports whether doors are to close at once.
fn closes_now(flow: &Flow) -> bool {
    matches!(flow, Flow::Offboard(leaving) if leaving.now)
}
