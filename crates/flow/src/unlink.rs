//! Records that are nobody's any more, when an operator says it. Only the store changes: nothing here writes to any platform.

use kadry_core::{Employee, Foresight, MatchKey, ProviderId, RemoteId, seek};
use kadry_journal::{Link, PersonId};

use crate::error::FlowError;
use crate::intent::Who;
use crate::link::Named;
use crate::observe::by_id;
use crate::organisation::Organisation;

/// A link that is about to be forgotten.
#[derive(Clone, Debug)]
pub struct Unlinking {
    /// The platform.
    pub provider: ProviderId,
    /// The record that is linked, or that leads to the person by an earlier key alone; none when there is nothing to forget.
    pub record: Option<RemoteId>,
    /// Whether the record is linked.
    pub linked: bool,
    /// The keys that will lead to the person no more.
    pub lost: Vec<MatchKey>,
    /// The keys of the record that go on leading to the person, and why.
    pub kept: Vec<(MatchKey, Stays)>,
    person: PersonId,
}

/// Why a key of a record goes on leading to a person to whom the record does not belong any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stays {
    /// The operator has named the person by it.
    Given,
    /// Another record of the person carries it.
    Elsewhere,
    /// Without it nobody could name the person.
    Last,
}

impl Organisation {
    /// Looks what would be forgotten if a person had nothing to do with a platform's record: the link and the keys that came with it.
    /// Without a link it is the record that is found there by keys which no record of the person carries any more. None is a person
    /// whom the store does not know.
    ///
    /// # Errors
    ///
    /// [`FlowError::NoSuchRecord`] when the platform has to be asked and does not answer, and the errors
    /// of the store.
    pub async fn look_at_unlink(
        &self,
        who: &Who,
        provider: &ProviderId,
    ) -> Result<Option<Unlinking>, FlowError> {
        let Named { person, keys } = self.named(who).await?;
        let Some(person) = person else {
            return Ok(None);
        };
        let aliases = self.journal.aliases(&person).await?;
        let (here, others): (Vec<Link>, Vec<Link>) = self
            .journal
            .links(&person)
            .await?
            .into_iter()
            .partition(|link| link.provider == *provider);
        let given = match who {
            Who::Record(..) | Who::Thing(_) => Vec::new(),
            Who::Email(_) | Who::Person(_) => keys,
        };
        let mut unlinking = Unlinking {
            provider: provider.clone(),
            record: None,
            linked: false,
            lost: Vec::new(),
            kept: Vec::new(),
            person,
        };
        if let Some(link) = here.into_iter().next() {
            let elsewhere = others.into_iter().flat_map(|link| link.who.keys).collect();
            let leads = Leads {
                aliases,
                given,
                elsewhere,
            };
            unlinking.linked = true;
            (unlinking.lost, unlinking.kept) = leads.without(&link.who.keys);
            unlinking.record = Some(link.who.id);
            return Ok(Some(unlinking));
        }
        self.look_for_earlier(&mut unlinking, aliases, given, others)
            .await?;
        Ok(Some(unlinking))
    }

    /// Forgets the link and the keys that came with it.
    ///
    /// # Repeats
    ///
    /// A second call changes nothing. Nothing is written to any platform.
    ///
    /// # Errors
    ///
    /// [`JournalError::Claimed`](kadry_journal::JournalError::Claimed) while another process works on the person there, and the errors of the store.
    pub async fn unlink(&self, unlinking: &Unlinking) -> Result<(), FlowError> {
        let (person, provider) = (&unlinking.person, &unlinking.provider);
        let on = std::slice::from_ref(provider);
        self.journal.claim(person, on, false).await?;
        let detached = self.journal.detach(person, provider, &unlinking.lost).await;
        self.journal.release(person).await?;
        detached?;
        Ok(())
    }

    /// Looks for a record that leads to the person by a key which no record of theirs carries any more.
    async fn look_for_earlier(
        &self,
        unlinking: &mut Unlinking,
        aliases: Vec<MatchKey>,
        given: Vec<MatchKey>,
        others: Vec<Link>,
    ) -> Result<(), FlowError> {
        let mut elsewhere = Vec::new();
        for link in others {
            elsewhere.extend(self.keys_now(link).await);
        }
        let leads = Leads {
            aliases,
            given,
            elsewhere,
        };
        for employee in self.found(&unlinking.provider, &leads.aliases).await? {
            let (lost, kept) = leads.without(&employee.at.keys);
            // A record that goes on being found is the person's in any case.
            if !lost.is_empty() && kept.iter().all(|(_, why)| *why == Stays::Last) {
                unlinking.record = Some(employee.at.id);
                (unlinking.lost, unlinking.kept) = (lost, kept);
                break;
            }
        }
        Ok(())
    }

    /// The records of a platform that carry one of the keys; none where the platform is not configured any more.
    async fn found(
        &self,
        provider: &ProviderId,
        keys: &[MatchKey],
    ) -> Result<Vec<Employee>, FlowError> {
        let Some(connect) = self.reach(provider) else {
            return Ok(Vec::new());
        };
        let read = async {
            let provider = connect.connect(Foresight::default()).await?;
            Ok(seek(provider.as_ref(), keys).await?.matches)
        };
        let found = self.in_time(self.timing.observe_ms, read).await;
        found.map_err(|error| FlowError::NoSuchRecord {
            provider: provider.clone(),
            source: Some(error),
        })
    }

    /// The keys that a linked record carries now; those it carried when it was seen last, where it cannot be read.
    async fn keys_now(&self, link: Link) -> Vec<MatchKey> {
        let Some(connect) = self.reach(&link.provider) else {
            return link.who.keys;
        };
        match self
            .in_time(self.timing.observe_ms, by_id(connect, &link.who.id))
            .await
        {
            Ok(Some(employee)) => employee.at.keys,
            Ok(None) | Err(_) => link.who.keys,
        }
    }
}

/// What leads to a person.
#[derive(Debug)]
struct Leads {
    aliases: Vec<MatchKey>,
    given: Vec<MatchKey>,
    /// The keys of the person's other records.
    elsewhere: Vec<MatchKey>,
}

impl Leads {
    /// Returns which keys of a record lead to the person no more when the record is not theirs, and which still do.
    fn without(&self, keys: &[MatchKey]) -> (Vec<MatchKey>, Vec<(MatchKey, Stays)>) {
        let (mut lost, mut kept) = (Vec::new(), Vec::new());
        // In the order of the aliases, so that of several last keys the strongest stays.
        for key in self.aliases.iter().filter(|&key| keys.contains(key)) {
            if self.given.contains(key) {
                kept.push((key.clone(), Stays::Given));
            } else if self.elsewhere.contains(key) {
                kept.push((key.clone(), Stays::Elsewhere));
            } else {
                lost.push(key.clone());
            }
        }
        if !lost.is_empty() && lost.len() == self.aliases.len() {
            kept.push((lost.remove(0), Stays::Last));
        }
        (lost, kept)
    }
}
