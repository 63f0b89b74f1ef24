//! The way through the house: intent, observe, plan, journal, execute, verify.

use std::sync::Arc;

use kadry_core::{Clock, Connect, Offer, ProviderId, Step};
use kadry_journal::{Journal, PersonId, RunId};
use tokio_util::sync::CancellationToken;

use crate::braking::Kept;
use crate::error::FlowError;
use crate::identify::Identified;
use crate::intent::{Flow, Intent};
use crate::interrupted::Interrupted;
use crate::many::{Among, goes_by_another_id};
use crate::observe::{Going, Listings, Snapshot, Sought};
use crate::plan::{Limits, Plan, Protected, Refused};
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
