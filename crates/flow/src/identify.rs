//! Who the operator means.

use std::time::Duration;

use kadry_core::{Employee, Error, MatchKey, ProviderId, RemoteId};
use kadry_journal::{Acquaintance, JournalError, PersonId};

use crate::error::FlowError;
use crate::intent::{Flow, Intent, Offboard, Who};
use crate::many::{hint, sought};
use crate::observe::{Snapshot, Sought, by_id};
use crate::organisation::Organisation;

/// A person as far as the store and the operator's words tell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identified {
    pub(crate) person: Option<PersonId>,
    pub(crate) sought: Sought,
}

impl Organisation {
    /// Returns the keys of a person and where records of theirs were seen before.
    pub(crate) async fn identify(&self, intent: &Intent) -> Result<Identified, FlowError> {
        let (person, keys) = self.known(&intent.who, intent.keys(), intent).await?;
        let mut sought = Sought {
            keys,
            ..Sought::default()
        };
        if let Some(known) = &person {
            // Asked for together, they are read together.
            let (remembered, links) =
                futures::try_join!(self.journal.aliases(known), self.journal.links(known))?;
            sought.remembered = remembered;
            sought.hints = links.into_iter().map(hint).collect();
        }
        if let Who::Record(provider, id) = &intent.who
            && sought.keys.is_empty()
            && sought.remembered.is_empty()
        {
            sought.named = Some((provider.clone(), id.clone()));
        }
        sought.successor = self.successor(intent).await?;
        Ok(Identified { person, sought })
    }

    /// As [`Organisation::identify`], where the store has told already what the keys lead to.
    pub(crate) async fn identify_known(
        &self,
        intent: &Intent,
        known: Result<Acquaintance, JournalError>,
    ) -> Result<Identified, FlowError> {
        if matches!(intent.who, Who::Record(..)) {
            // Its keys stand on the platform.
            return self.identify(intent).await;
        }
        let known = known?;
        let person = known.person.clone();
        let mut sought = sought(intent, known);
        sought.successor = self.successor(intent).await?;
        Ok(Identified { person, sought })
    }

    /// Returns how to look for whoever comes into what a leaver alone keeps.
    async fn successor(&self, intent: &Intent) -> Result<Option<Box<Sought>>, FlowError> {
        let Flow::Offboard(Offboard {
            successor: Some(who),
            ..
        }) = &intent.flow
        else {
            return Ok(None);
        };
        let keys = who.key().into_iter().collect();
        let (person, mut keys) = self.known(who, keys, intent).await?;
        if let Some(known) = person {
            let more = self.journal.aliases(&known).await?.into_iter();
            keys.extend(more.filter(|key| !keys.contains(key)).collect::<Vec<_>>());
        }
        let sought = Sought {
            keys,
            ..Sought::default()
        };
        Ok(Some(Box::new(sought)))
    }

    /// Returns whom the store knows by the name that was typed and its keys, and these keys with those on the record that it names.
    async fn known(
        &self,
        who: &Who,
        mut keys: Vec<MatchKey>,
        intent: &Intent,
    ) -> Result<(Option<PersonId>, Vec<MatchKey>), FlowError> {
        let mut person = None;
        if let Who::Record(provider, id) = who {
            let (known, on_it) = self.named_by(provider, id, intent).await?;
            person = known;
            keys.extend(on_it);
        }
        if person.is_none() {
            person = self.journal.person(&keys).await?;
        }
        Ok((person, keys))
    }

    /// Gives up on a platform that takes too long to say who a record is.
    pub(crate) async fn in_time<T>(
        &self,
        patience_ms: u64,
        read: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let patience = Duration::from_millis(patience_ms);
        tokio::time::timeout(patience, read)
            .await
            .unwrap_or_else(|_| Err(Error::no_answer(patience).during("observe")))
    }

    /// Returns whom the store knows behind a record that the operator named, and the keys on it.
    async fn named_by(
        &self,
        provider: &ProviderId,
        id: &RemoteId,
        intent: &Intent,
    ) -> Result<(Option<PersonId>, Vec<MatchKey>), FlowError> {
        let known = self.journal.person_behind(provider, id).await?;
        let patience_ms = self.patience_ms(intent, known.is_some());
        match self.record(provider, id, patience_ms).await {
            Ok(employee) => Ok((known, employee.at.keys)),
            // A silent platform must not keep the other doors open.
            Err(_) if known.is_some() => Ok((known, Vec::new())),
            Err(error) => Err(error),
        }
    }

    /// How long a record that was named may take to be read: where doors must close now, they wait only if nothing else tells whose.
    const fn patience_ms(&self, intent: &Intent, is_known: bool) -> u64 {
        match &intent.flow {
            Flow::Offboard(offboard) if offboard.now && is_known => self.timing.hurry_ms,
            Flow::Offboard(offboard) if offboard.now => self.timing.observe_now_ms,
            Flow::Offboard(_)
            | Flow::Onboard(_)
            | Flow::Transfer(_)
            | Flow::Undo(_)
            | Flow::Native(_)
            | Flow::Departments(_) => self.timing.observe_ms,
        }
    }

    /// The record that the operator named by its id.
    async fn record(
        &self,
        id: &ProviderId,
        remote: &RemoteId,
        patience_ms: u64,
    ) -> Result<Employee, FlowError> {
        let missing = |source| FlowError::NoSuchRecord {
            provider: id.clone(),
            source,
        };
        let connect = self.connects.iter().find(|connect| connect.id() == id);
        let connect = connect.ok_or_else(|| missing(None))?;
        match self
            .in_time(patience_ms, by_id(connect.as_ref(), remote))
            .await
        {
            Ok(employee) => employee.ok_or_else(|| missing(None)),
            Err(error) => Err(missing(Some(error))),
        }
    }
}

/// The keys of the records that were found beyond doubt, when there are platforms where nobody was.
pub(crate) fn keys_of_records(sought: &Sought, snapshot: &Snapshot) -> Vec<MatchKey> {
    if snapshot.here().all(|(_, here)| !here.matches.is_empty()) {
        return Vec::new();
    }
    let mut more: Vec<MatchKey> = Vec::new();
    for (_, here) in snapshot.here() {
        let [employee] = here.matches.as_slice() else {
            continue;
        };
        if here.doubtful.is_empty() {
            let new = employee
                .at
                .keys
                .iter()
                .filter(|key| !sought.keys.contains(key));
            more.extend(new.cloned());
        }
    }
    more
}
