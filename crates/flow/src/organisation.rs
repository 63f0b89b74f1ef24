//! The way through the house: intent, observe, plan, journal, execute, verify.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::{Clock, Connect, Error, ErrorKind, Offer, ProviderId, Stage, Step};
use kadry_journal::{Journal, PersonId, RunId, StepStory};
use tokio_util::sync::CancellationToken;

use crate::braking::Kept;
use crate::error::FlowError;
use crate::identify::{Identified, keys_of_records};
use crate::intent::{Flow, Intent, Who};
use crate::interrupted::Interrupted;
use crate::many::{Among, goes_by_another_id};
use crate::observe::{
    Going, Here, Hint, Listings, Observed, Patience, Seen, Snapshot, Sought, begin_to_observe,
    look_up,
};
use crate::plan::{Inherited, Limits, Plan, Protected, Refused, plan, settled, with_singles};
use crate::take_over::Owed;
use crate::tenants::Tenants;
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
    /// How many people changes may concern.
    pub limits: Limits,
    /// How long things may take.
    pub timing: Timing,
    /// The time.
    pub clock: Clock,
    /// Tells whatever is being carried out to end after the requests that are under way: nothing new is sent.
    pub halt: CancellationToken,
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
    /// What the run may not pass.
    pub(crate) ceilings: Vec<Kept>,
    /// In which tenants it is approved: where a platform was silent, the one that the store remembers.
    pub(crate) tenants: Tenants,
    pub(crate) sought: Sought,
    pub(crate) person: Option<PersonId>,
    pub(crate) interrupted: Interrupted,
    /// Whether a living process is at work on the person, from which carrying out takes over.
    pub(crate) takes_over: bool,
    /// Whether only the doors are planned so far.
    pub(crate) doors_first: bool,
    /// Whether the plan is what is left of an earlier one, so that it holds nothing of what other runs still owe.
    pub(crate) resumed: bool,
    /// The looks at platforms that were not read in time.
    pub(crate) going: Going,
    /// When the platforms began to be read, in milliseconds since the Unix epoch.
    pub(crate) seen_ms: i64,
    /// Whether the command is about others, too.
    pub(crate) among: Among,
    /// Who stands for the things that are held beside the person.
    pub(crate) beside: Vec<PersonId>,
    /// The steps of others that make what these steps give, with what they made where it is at hand.
    pub(crate) made_before: Vec<(Step, Option<Offer>)>,
}

impl Prepared {
    /// Reports whether a living process is at work on the person, from which they have to be taken over.
    #[must_use]
    pub const fn takes_over(&self) -> bool {
        self.takes_over
    }
}

/// Whether a plan will be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is only shown: nothing is claimed and nothing is written down.
    Show,
    /// It will be carried out if the operator agrees: the person is claimed, and what an interrupted run left open is looked for.
    CarryOut,
    /// It will be carried out, and nobody is asked. Doors that must close now wait for nothing that can be read and taken later: that
    /// is planned when they are closed, and carried out in the same run.
    CarryOutUnasked,
}

/// A person who is being worked on.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) person: Option<PersonId>,
    pub(crate) interrupted: Vec<Interrupted>,
    pub(crate) takes_over: bool,
    pub(crate) doors_first: bool,
    /// Who it is as far as the store tells, where nobody is held.
    pub(crate) known: Option<PersonId>,
    /// The run that goes on, and the tenants for which it was approved.
    pub(crate) approved: Option<(RunId, Tenants)>,
    /// Whether the run only comes to its end: a guard that says no to what is left stands in its report.
    pub(crate) concludes: bool,
    pub(crate) among: Among,
    /// Who stands for the things that are held beside the person.
    pub(crate) beside: Vec<PersonId>,
    /// The intent with the single changes of things, where it has come to name them.
    pub(crate) singled: Option<Intent>,
    /// What was read of everybody, to be looked up there instead of on the platforms.
    pub(crate) listings: Option<Arc<Listings>>,
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
    /// [`FlowError::Refused`] when a guard says no, [`FlowError::KnownNowhere`] when a leaver has no record anywhere and never
    /// had one that the store knows of, or somebody who changes places has none, and the errors of the journal.
    pub async fn prepare(
        &self,
        intent: &Intent,
        purpose: Purpose,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        self.prepare_among(intent, purpose, Among::Alone, watch)
            .await
    }

    /// Looks and plans for somebody whom a command is about, maybe among others.
    pub(crate) async fn prepare_among(
        &self,
        intent: &Intent,
        purpose: Purpose,
        among: Among,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        let Identified { person, sought } = self.identify(intent).await?;
        if let Some(guard) = goes_by_another_id(intent, &sought.remembered) {
            let provider = None;
            return Err(FlowError::Refused(vec![Refused { provider, guard }]));
        }
        let doors_first = closes_doors_first(purpose, &intent.flow);
        let held = Held {
            doors_first,
            known: person.clone(),
            among: among.clone(),
            ..Held::default()
        };
        if purpose == Purpose::Show {
            return self.look_and_plan(intent, sought, held, watch).await;
        }
        let thing = self.stands_for(intent).await?;
        let held = match (&intent.flow, thing.clone().or(person)) {
            (Flow::Native(_) | Flow::Departments(_), Some(person)) => {
                self.hold_for_native(person, intent, watch).await?
            }
            (Flow::Undo(_), Some(person)) if thing.is_some() => {
                self.hold_undoing(person, intent, watch).await?
            }
            // Whoever joins is written down before anybody looks, so that two runs of the same newcomer meet at the claim.
            (Flow::Onboard(_) | Flow::Undo(_), _) => {
                let person = self.journal.remember(&sought.keys).await?;
                self.hold_newcomer(person, intent, watch).await?
            }
            (Flow::Transfer(_), Some(person)) => self.hold_newcomer(person, intent, watch).await?,
            (Flow::Offboard(_), Some(person)) => self.hold_leaver(person, intent, purpose).await?,
            // A slip is not written down as somebody.
            (
                Flow::Offboard(_) | Flow::Transfer(_) | Flow::Native(_) | Flow::Departments(_),
                None,
            ) => Held::default(),
        };
        let mut held = Held {
            doors_first,
            among,
            ..held
        };
        let person = held.person.clone();
        let beside = held.beside.clone();
        let singled = held.singled.take();
        let intent = singled.as_ref().unwrap_or(intent);
        let prepared = self.look_and_plan(intent, sought, held, watch).await;
        let mut prepared = match (prepared, person) {
            (Err(error), Some(person)) => {
                self.give_all_back(person, beside).await;
                Err(error)
            }
            (Ok(prepared), None) if !prepared.plan.steps.is_empty() => {
                self.hold_stranger(prepared, intent, purpose, watch).await
            }
            (prepared, _) => prepared,
        }?;
        if purpose != Purpose::CarryOutUnasked {
            // What they show is old by the time that the operator has agreed.
            prepared.going = Going::default();
        }
        Ok(prepared)
    }

    /// Takes the person over from a living process, as the operator has agreed. What was seen is old by then: it is prepared anew.
    ///
    /// # Repeats
    ///
    /// What this process has claimed it keeps.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub async fn overtake(&self, prepared: &Prepared) -> Result<(), FlowError> {
        if let Some(person) = &prepared.person {
            let on = covered(&prepared.intent);
            self.journal.claim(person, &on, true).await?;
        }
        Ok(())
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
            let all = [&prepared.beside[..], std::slice::from_ref(person)].concat();
            self.journal.release_all(&all).await?;
        }
        Ok(())
    }

    /// Gives back whoever is held, and the things beside them.
    pub(crate) async fn give_all_back(&self, person: PersonId, beside: Vec<PersonId>) {
        for one in beside.iter().chain([&person]) {
            self.give_back(one).await;
        }
    }

    pub(crate) async fn give_back(&self, person: &PersonId) {
        give_back(&self.journal, person).await;
    }

    /// Looks at the platforms and plans over what they show.
    pub(crate) async fn look_and_plan(
        &self,
        intent: &Intent,
        mut sought: Sought,
        held: Held,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        let listings = held.listings.as_deref();
        // Whatever has happened since everybody was read has not been seen.
        let read_ms = listings.and_then(Listings::read_ms);
        let seen_ms = read_ms.unwrap_or_else(|| self.clock.now_ms());
        let mut patience = Patience::of(&self.timing, &intent.flow);
        if held.doors_first {
            patience = patience.for_doors();
        }
        let mut seen = self.look(intent, &sought, patience, listings, watch).await;
        // An external id means nothing to some platforms; the records that it finds carry keys that do.
        if matches!(
            (&intent.flow, &intent.who),
            (Flow::Offboard(_) | Flow::Transfer(_), Who::Person(_))
        ) {
            let more = keys_of_records(&sought, &seen.snapshot);
            if !more.is_empty() {
                sought.keys.extend(more);
                seen = self.look(intent, &sought, patience, listings, watch).await;
            }
        }
        let Observed {
            mut snapshot,
            going,
        } = seen;
        let tenants = Tenants::seen(&snapshot);
        if let Some((run, approved)) = &held.approved {
            tenants.must_be(approved, run)?;
        }
        let (interrupted, elsewhere) = Interrupted::here(held.interrupted, &tenants);
        for provider in &interrupted.unsettled {
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
        let inherited = Inherited {
            welcomes: interrupted.welcomes.clone(),
            late: self.late(&interrupted, &snapshot),
            hand_overs: interrupted.hand_overs.clone(),
        };
        let nobody = |here: &Here| here.matches.is_empty() && here.strayed.is_none();
        let nowhere = snapshot.is_complete()
            && inherited.late.is_empty()
            && !held.takes_over
            && snapshot.here().all(|(_, here)| nobody(here));
        let leaves = matches!(intent.flow, Flow::Offboard(_));
        let is_expected = leaves
            || match &intent.flow {
                Flow::Transfer(_) => true,
                Flow::Native(native) => native.about.is_some(),
                Flow::Onboard(_) | Flow::Offboard(_) | Flow::Undo(_) | Flow::Departments(_) => {
                    false
                }
            };
        let is_lost = nowhere && is_expected && !held.concludes;
        if is_lost && !(leaves && self.was_removed(&sought, &snapshot).await?) {
            if let Some(person) = held.person.as_ref().filter(|_| leaves) {
                // Nothing is left to do of what was once approved for somebody who is nowhere.
                self.take_over(intent, person, &covered(intent), &tenants, None, Owed::Ends)
                    .await?;
            }
            return Err(match &intent.flow {
                Flow::Native(native) => FlowError::NobodyThere {
                    provider: native.on.clone(),
                    who: intent.who.to_string(),
                },
                Flow::Onboard(_)
                | Flow::Offboard(_)
                | Flow::Transfer(_)
                | Flow::Undo(_)
                | Flow::Departments(_) => FlowError::KnownNowhere,
            });
        }
        let keys = sought.all();
        if let (Flow::Native(native), false) = (&intent.flow, snapshot.is_complete()) {
            return Err(unread(&native.on, &snapshot));
        }
        let intent = &with_singles(settled(intent, &keys, &snapshot), &snapshot);
        let planned = plan(intent, &keys, &snapshot, &inherited, &self.protected);
        let mut plan = match planned {
            Err(_) if held.concludes => Plan::default(),
            planned => planned.map_err(FlowError::Refused)?,
        };
        plan.say(elsewhere);
        // What goes on was within the limits when it was approved.
        let ceilings = if held.approved.is_some() || held.among != Among::Alone {
            Vec::new()
        } else {
            let person = held.person.as_ref().or(held.known.as_ref());
            self.keep_within(intent, &mut plan, person, held.doors_first)
                .await?
        };
        let mut tenants = held.approved.map_or(tenants, |(_, approved)| approved);
        let mut unknown = covered(intent);
        unknown.retain(|provider| tenants.on(provider).is_none());
        for provider in unknown {
            if let Some(tenant) = self.journal.tenant(&provider).await? {
                tenants.suppose(&provider, tenant);
            }
        }
        Ok(Prepared {
            ceilings,
            tenants,
            intent: intent.clone(),
            plan,
            snapshot,
            sought,
            person: held.person,
            interrupted,
            takes_over: held.takes_over,
            doors_first: held.doors_first,
            resumed: false,
            going: going.into(),
            seen_ms,
            among: held.among,
            beside: held.beside,
            made_before: Vec::new(),
        })
    }

    /// Whether somebody who has no record now had one that we removed: then nothing is left to do, and no name was mistyped.
    async fn was_removed(&self, sought: &Sought, seen: &Snapshot) -> Result<bool, FlowError> {
        let is_elsewhere = |hint: &Hint| {
            let mut here = seen.here();
            here.any(|(id, here)| *id == hint.provider && here.standing.tenant != hint.tenant)
        };
        // What was removed here says nothing of the records that are known in another tenant.
        if sought.hints.iter().any(is_elsewhere) {
            return Ok(false);
        }
        let Some(person) = self.journal.person(&sought.keys).await? else {
            return Ok(false);
        };
        for run in self.journal.runs_of(&person, u32::MAX).await? {
            let story = self.journal.story(run.id.as_str()).await?;
            let was_sent = |step: &StepStory| step.started_ms().is_some();
            let mut removals = story.steps.iter();
            if removals.any(|step| step.step.stage == Stage::Remove && was_sent(step)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(crate) async fn look(
        &self,
        intent: &Intent,
        sought: &Sought,
        patience: Patience,
        listings: Option<&Listings>,
        watch: &dyn Watch,
    ) -> Observed<'static> {
        if let Some(listings) = listings {
            let flow = &intent.flow;
            return Observed {
                snapshot: look_up(&self.connects, listings, flow, sought, patience).await,
                going: BTreeMap::new(),
            };
        }
        begin_to_observe(&self.connects, &intent.flow, sought, patience, watch).await
    }
}

/// Says why the one platform was not read without which there is no plan.
fn unread(provider: &ProviderId, snapshot: &Snapshot) -> FlowError {
    let silent = snapshot.seen.get(provider).and_then(|seen| match seen {
        Seen::Silent(source) => Some(Arc::clone(source)),
        Seen::Here(_) => None,
    });
    let source = silent.unwrap_or_else(|| {
        let unseen = Error::new(
            ErrorKind::Config,
            "the platform is not configured, or is switched off",
        );
        Arc::new(unseen)
    });
    FlowError::Unread {
        provider: provider.clone(),
        source,
    }
}

/// Reports whether a flow closes doors now and needs nothing else to be known for it.
pub(crate) fn closes_doors_first(purpose: Purpose, flow: &Flow) -> bool {
    purpose == Purpose::CarryOutUnasked
        && matches!(flow, Flow::Offboard(offboard) if offboard.now && offboard.successor.is_none())
}

/// Gives claims back. They end with the process anyway, so a failure hides nothing.
pub(crate) async fn give_back(journal: &Journal, person: &PersonId) {
    if let Err(error) = journal.release(person).await {
        tracing::warn!(%error, "claims could not be given back");
    }
}

pub(crate) fn covered(intent: &Intent) -> Vec<ProviderId> {
    intent.flow.providers().into_iter().cloned().collect()
}
