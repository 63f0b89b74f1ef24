//! From an intent to a plan: looking, and what comes between what is seen and the planner.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::{Error, ErrorKind, ProviderId, Stage};
use kadry_journal::{JournalError, StepStory};

use crate::error::FlowError;
use crate::identify::keys_of_records;
use crate::intent::{Flow, Intent, Who};
use crate::interrupted::Interrupted;
use crate::many::Among;
use crate::observe::{
    Here, Hint, Listings, Observed, Patience, Seen, Snapshot, Sought, begin_to_observe, look_up,
};
use crate::organisation::{Held, Organisation, Prepared, covered};
use crate::plan::{Inherited, Plan, plan, settled, with_singles};
use crate::take_over::Owed;
use crate::tenants::Tenants;
use crate::watch::Watch;

impl Organisation {
    /// Looks at the platforms and plans over what they show.
    pub(crate) async fn look_and_plan(
        &self,
        intent: &Intent,
        mut sought: Sought,
        mut held: Held,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        // Whatever has happened since everybody was read has not been seen.
        let read_ms = held.listings.as_deref().and_then(Listings::read_ms);
        let seen_ms = read_ms.unwrap_or_else(|| self.clock.now_ms());
        let seen = self
            .look_by_all_keys(intent, &mut sought, &held, watch)
            .await;
        let Observed {
            mut snapshot,
            going,
        } = seen;
        let tenants = Tenants::seen(&snapshot);
        if let Some((run, approved)) = &held.approved {
            tenants.must_be(approved, run)?;
        }
        let left = std::mem::take(&mut held.interrupted);
        let (interrupted, elsewhere) = Interrupted::here(left, &tenants);
        snapshot.doubt(&interrupted);
        let inherited = Inherited {
            welcomes: interrupted.welcomes.clone(),
            late: self.late(&interrupted, &snapshot),
            hand_overs: interrupted.hand_overs.clone(),
        };
        if inherited.late.is_empty() {
            self.must_be_somewhere(intent, &sought, &held, &snapshot)
                .await?;
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
        self.suppose(&mut tenants, intent).await?;
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

    /// Looks for a person. An external id means nothing to some platforms; the records that it finds carry keys that do.
    async fn look_by_all_keys(
        &self,
        intent: &Intent,
        sought: &mut Sought,
        held: &Held,
        watch: &dyn Watch,
    ) -> Observed<'static> {
        let listings = held.listings.as_deref();
        let mut patience = Patience::of(&self.timing, &intent.flow);
        if held.doors_first {
            patience = patience.for_doors();
        }
        let seen = self.look(intent, sought, patience, listings, watch).await;
        let (Flow::Offboard(_) | Flow::Transfer(_), Who::Person(_)) = (&intent.flow, &intent.who)
        else {
            return seen;
        };
        let more = keys_of_records(sought, &seen.snapshot);
        if more.is_empty() {
            return seen;
        }
        sought.keys.extend(more);
        self.look(intent, sought, patience, listings, watch).await
    }

    /// # Errors
    ///
    /// [`FlowError::KnownNowhere`] or [`FlowError::NobodyThere`] when a flow is about somebody who has to be there and is nowhere. Nothing
    /// is left to do then of what was once approved for them.
    async fn must_be_somewhere(
        &self,
        intent: &Intent,
        sought: &Sought,
        held: &Held,
        snapshot: &Snapshot,
    ) -> Result<(), FlowError> {
        let nobody = |here: &Here| here.matches.is_empty() && here.strayed.is_none();
        let nowhere = snapshot.is_complete() && snapshot.here().all(|(_, here)| nobody(here));
        if !nowhere || held.takes_over || held.concludes {
            return Ok(());
        }
        match &intent.flow {
            Flow::Offboard(_) => {
                if self.was_removed(sought, snapshot).await? {
                    return Ok(());
                }
                if let Some(person) = &held.person {
                    let (on, tenants) = (covered(intent), Tenants::seen(snapshot));
                    self.take_over(intent, person, &on, &tenants, None, Owed::Ends)
                        .await?;
                }
                Err(FlowError::KnownNowhere)
            }
            Flow::Transfer(_) => Err(FlowError::KnownNowhere),
            Flow::Native(native) if native.about.is_some() => Err(FlowError::NobodyThere {
                provider: native.on.clone(),
                who: intent.who.to_string(),
            }),
            Flow::Native(_) | Flow::Onboard(_) | Flow::Undo(_) | Flow::Departments(_) => Ok(()),
        }
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

    /// Supposes that platforms that did not answer are the tenants that they were last.
    async fn suppose(&self, tenants: &mut Tenants, intent: &Intent) -> Result<(), JournalError> {
        let mut unknown = covered(intent);
        unknown.retain(|provider| tenants.on(provider).is_none());
        for provider in unknown {
            if let Some(tenant) = self.journal.tenant(&provider).await? {
                tenants.suppose(&provider, tenant);
            }
        }
        Ok(())
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

impl Snapshot {
    /// Takes platforms as silent on which a step of an interrupted run could not be looked for.
    fn doubt(&mut self, interrupted: &Interrupted) {
        for provider in &interrupted.unsettled {
            let error = Error::new(
                ErrorKind::Unavailable,
                "an interrupted step of this person could not be looked for",
            );
            let silent = Seen::Silent(Arc::new(error));
            let seen = self.seen.entry(provider.clone());
            seen.and_modify(|seen| *seen = silent);
        }
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
