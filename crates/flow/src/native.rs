//! Operations that only one platform has: whom they are about, and what they leave to other runs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kadry_core::{Action, NativeCall, ProviderId, RemoteId, Step};
use kadry_journal::{JournalError, PersonId, RunStory};
use sha2::{Digest as _, Sha256};

use crate::error::FlowError;
use crate::intent::{Flow, Intent, Native, Who};
use crate::interrupted::Interrupted;
use crate::observe::{Here, Patience, Seen, Sought, observe, singles_of};
use crate::organisation::{Held, Organisation, covered};
use crate::plan::{Guard, Refused, Rules, hexadecimal, the_one_here};
use crate::settle::Wait;
use crate::watch::{Unwatched, Watch};

/// Reports whether a run has changed nothing but what only one platform has. It leaves nothing of what any other run is about.
pub(crate) fn is_native(story: &RunStory) -> bool {
    let native = |step: &Step| matches!(step.action, Action::Native { .. });
    !story.steps.is_empty() && story.steps.iter().all(|known| native(&known.step))
}

/// Reports whether a run is of the same call as an intent.
pub(crate) fn is_same_call(story: &RunStory, intent: &Intent) -> bool {
    is_native(story) && story.run.flow == intent.flow.name() && story.run.label == intent.label()
}

impl Flow {
    /// Reports whether nothing is asked for but what only one platform has.
    pub(crate) fn is_native(&self) -> bool {
        match self {
            Self::Native(_) | Self::Departments(_) => true,
            Self::Undo(undo) => {
                let mut done = undo.done.iter();
                done.all(|one| matches!(one.step.action, Action::Native { .. }))
            }
            Self::Onboard(_) | Self::Offboard(_) | Self::Transfer(_) => false,
        }
    }
}

/// Who stands for a thing that is called like this.
fn stand_in(thing: &str) -> PersonId {
    let digest = Sha256::digest(thing.as_bytes());
    let id = hexadecimal(&digest[..16]);
    PersonId::new(format!("thing-{id}"))
}

fn nobody_on(on: &ProviderId, who: &Who) -> FlowError {
    FlowError::NobodyThere {
        provider: on.clone(),
        who: who.to_string(),
    }
}

/// Nothing is asked for but where a person is.
fn looking(who: &Who, on: &ProviderId) -> Intent {
    let native = Native {
        kind: String::new(),
        on: on.clone(),
        call: NativeCall::default(),
        about: Some(String::new()),
        singles: Some(Vec::new()),
        untried: false,
        things: BTreeSet::new(),
        named: Vec::new(),
        privileged: false,
    };
    Intent {
        flow: Flow::Native(native),
        who: who.clone(),
        actor: String::new(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
    }
}

impl Organisation {
    /// Returns the record that a person is on one platform. Only reads.
    ///
    /// # Errors
    ///
    /// [`FlowError::NobodyThere`] when nobody there is this person, [`FlowError::Refused`] when several are, [`FlowError::Unread`] when
    /// the platform cannot be read, and the errors of the journal.
    pub async fn record_of(&self, who: &Who, on: &ProviderId) -> Result<RemoteId, FlowError> {
        if let Who::Record(provider, id) = who
            && provider == on
        {
            return Ok(id.clone());
        }
        let intent = looking(who, on);
        let sought = self.identify(&intent).await?.sought;
        let here = self.look_for(&intent, &sought, on).await?;
        match here.matches.as_slice() {
            [] => Err(nobody_on(on, who)),
            [employee] => Ok(employee.at.id.clone()),
            several => {
                let records = several.iter().map(|one| one.at.id.clone()).collect();
                Err(FlowError::Refused(vec![Refused {
                    provider: Some(on.clone()),
                    guard: Guard::SeveralMatches { records },
                }]))
            }
        }
    }

    /// Returns the record that a person is on one platform, if it may be touched. Only reads.
    ///
    /// # Errors
    ///
    /// As [`Organisation::record_of`], and [`FlowError::Refused`] when a guard says no.
    pub async fn may_touch(
        &self,
        who: &Who,
        on: &ProviderId,
        privileged: bool,
    ) -> Result<RemoteId, FlowError> {
        let intent = looking(who, on);
        let sought = self.identify(&intent).await?.sought;
        let here = self.look_for(&intent, &sought, on).await?;
        let keys = sought.all();
        let rules = Rules {
            protected: &self.protected,
            privileged,
        };
        match the_one_here(&here, &keys, rules) {
            Ok(Some(employee)) => Ok(employee.at.id.clone()),
            Ok(None) => Err(nobody_on(on, who)),
            Err(guards) => {
                let refused = |guard| Refused {
                    provider: Some(on.clone()),
                    guard,
                };
                Err(FlowError::Refused(
                    guards.into_iter().map(refused).collect(),
                ))
            }
        }
    }

    async fn look_for(
        &self,
        intent: &Intent,
        sought: &Sought,
        on: &ProviderId,
    ) -> Result<Here, FlowError> {
        let patience = Patience::calm(&self.timing);
        let flow = &intent.flow;
        let mut snapshot = observe(&self.connects, flow, sought, patience, &Unwatched).await;
        match snapshot.seen.remove(on) {
            Some(Seen::Here(here)) => Ok(*here),
            Some(Seen::Silent(source)) => Err(FlowError::Unread {
                provider: on.clone(),
                source,
            }),
            None => Err(nobody_on(on, &intent.who)),
        }
    }

    /// Returns who stands for the thing that an intent is about; none where it is about a person. The same call about a thing is about the
    /// same one each time, so that two of them meet at the claim.
    pub(crate) async fn stands_for(&self, intent: &Intent) -> Result<Option<PersonId>, FlowError> {
        match (&intent.who, &intent.flow) {
            (Who::Thing(_), Flow::Undo(undo)) => {
                Ok(Some(self.journal.story(&undo.run).await?.person))
            }
            (Who::Thing(thing), _) => {
                let person = stand_in(thing);
                self.journal.stand_for(&person).await?;
                Ok(Some(person))
            }
            (Who::Email(_) | Who::Person(_) | Who::Record(..), _) => Ok(None),
        }
    }

    /// Claims whoever an operation is about and the things that it changes, and settles what interrupted operations left open. What other
    /// flows left open stays open.
    pub(crate) async fn hold_for_native(
        &self,
        person: PersonId,
        intent: &Intent,
        watch: &dyn Watch,
    ) -> Result<Held, FlowError> {
        let on = &covered(intent);
        self.journal.claim(&person, on, false).await?;
        let held = async {
            let unsettled = self.settle_natives(&person, on, watch).await?;
            let singled = self.singled(intent).await?;
            let beside = self.hold_things(singled.as_ref().unwrap_or(intent)).await?;
            Ok::<_, FlowError>((unsettled, singled, beside))
        };
        match held.await {
            Ok((unsettled, singled, beside)) => {
                let left = Interrupted {
                    unsettled,
                    ..Interrupted::default()
                };
                Ok(Held {
                    person: Some(person),
                    interrupted: vec![left],
                    beside,
                    singled,
                    ..Held::default()
                })
            }
            Err(error) => {
                self.give_back(&person).await;
                Err(error)
            }
        }
    }

    /// Claims the run of a thing that is taken back, and what it changed.
    pub(crate) async fn hold_undoing(
        &self,
        person: PersonId,
        intent: &Intent,
        watch: &dyn Watch,
    ) -> Result<Held, FlowError> {
        let held = self.hold_newcomer(person.clone(), intent, watch).await?;
        match self.hold_things(intent).await {
            Ok(beside) => Ok(Held { beside, ..held }),
            Err(error) => {
                self.give_back(&person).await;
                Err(error)
            }
        }
    }

    /// Claims the things that an operation changes and whoever it names beside them, as far as the store knows them. Returns who they are
    /// and who stands for the things.
    pub(crate) async fn hold_things(&self, intent: &Intent) -> Result<Vec<PersonId>, FlowError> {
        let (on, things) = match &intent.flow {
            Flow::Native(native) => (Some(&native.on), &native.things),
            Flow::Undo(undo) => (undo.on.first(), &undo.things),
            Flow::Onboard(_) | Flow::Offboard(_) | Flow::Transfer(_) | Flow::Departments(_) => {
                return Ok(Vec::new());
            }
        };
        let Some(on) = on else {
            return Ok(Vec::new());
        };
        let things = things
            .iter()
            .map(|thing| stand_in(&format!("{on} {thing}")));
        let mut all: Vec<PersonId> = things.collect();
        if let Flow::Native(native) = &intent.flow {
            for id in &native.named {
                all.extend(self.journal.person_behind(on, id).await?);
            }
        }
        self.journal.claim_things(&all, &covered(intent)).await?;
        Ok(all)
    }

    /// Returns the intent with the single changes of things that its call stands for; none where they are known or it is about somebody.
    async fn singled(&self, intent: &Intent) -> Result<Option<Intent>, FlowError> {
        let Flow::Native(native) = &intent.flow else {
            return Ok(None);
        };
        let connect = self.connects.iter().find(|one| *one.id() == native.on);
        let (None, None, Some(connect)) = (&native.about, &native.singles, connect) else {
            return Ok(None);
        };
        let read = self.in_time(
            self.timing.observe_ms,
            singles_of(connect.as_ref(), &native.call),
        );
        let (singles, things) = read.await.map_err(|source| FlowError::Unread {
            provider: native.on.clone(),
            source: Arc::new(source),
        })?;
        let native = Native {
            singles: Some(singles),
            untried: true,
            things,
            ..native.clone()
        };
        Ok(Some(Intent {
            flow: Flow::Native(native),
            ..intent.clone()
        }))
    }

    /// Returns the platforms on which it could not be told what an interrupted operation did.
    async fn settle_natives(
        &self,
        person: &PersonId,
        on: &[ProviderId],
        watch: &dyn Watch,
    ) -> Result<BTreeSet<ProviderId>, JournalError> {
        let mut unsettled = BTreeSet::new();
        for story in self.journal.unfinished(person).await? {
            if is_native(&story) {
                let left = self.settle_lost(&story, on, Wait::Always, watch).await?;
                unsettled.extend(left);
            }
        }
        Ok(unsettled)
    }
}
