//! Whose a record is, when an operator says it. Only the store changes: nothing here writes to any platform.

use kadry_core::{Connect, Employee, Foresight, MatchKey, ProviderId, RemoteId, Standing};
use kadry_journal::{JournalError, PersonId};

use crate::error::FlowError;
use crate::intent::Who;
use crate::observe::by_id;
use crate::organisation::Organisation;

/// A record that is about to be linked to a person.
#[derive(Clone, Debug)]
pub struct Linking {
    /// The platform of the record.
    pub provider: ProviderId,
    /// The record as it is now.
    pub employee: Employee,
    /// The keys that lead to the person; for somebody new, those that the operator gave.
    pub known_by: Vec<MatchKey>,
    /// The keys of the record that do not lead to the person yet, and will.
    pub gained: Vec<MatchKey>,
    /// Whether the record is linked to the person already.
    pub linked: bool,
    /// Whether the store does not know the person yet.
    pub new_person: bool,
    person: Option<PersonId>,
    tenant: String,
}

impl Linking {
    /// Reports whether the store says all of it already.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.linked && self.gained.is_empty()
    }
}

/// Why a record cannot be linked.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The record cannot be read, or the store failed.
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// The record is the one that we work with.
    #[error("the record is the service account")]
    ServiceAccount,
    /// The record is linked to somebody else.
    #[error("the record is linked to another person")]
    LinkedToAnother {
        /// The keys that lead to that person.
        keys: Vec<MatchKey>,
    },
    /// A key of the record leads to somebody else: two people would become one.
    #[error("a key of the record leads to another person")]
    KeyOfAnother {
        /// Which key.
        key: MatchKey,
        /// The keys that lead to that person.
        keys: Vec<MatchKey>,
    },
    /// The person is linked to another record of the platform, or was named by one.
    #[error("the person has another record on the platform")]
    AnotherRecord {
        /// Which record.
        record: RemoteId,
        /// Whether it is linked, so that it can be unlinked.
        linked: bool,
    },
    /// The person was named by a record that carries no key, so that nothing would lead to them.
    #[error("nothing leads to the person")]
    Nameless,
}

impl From<JournalError> for LinkError {
    fn from(error: JournalError) -> Self {
        Self::Flow(error.into())
    }
}

/// Whom the operator named, as far as the store and the named record tell.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) person: Option<PersonId>,
    /// The keys that were given, or that stand on the record that was named.
    pub(crate) keys: Vec<MatchKey>,
}

impl Organisation {
    /// Looks at a record and at the person to whom it is to be linked.
    ///
    /// # Errors
    ///
    /// [`FlowError::NoSuchRecord`] for a record that is not there or cannot be read, and every other [`LinkError`] that forbids the link.
    pub async fn look_at_link(
        &self,
        who: &Who,
        provider: &ProviderId,
        record: &RemoteId,
    ) -> Result<Linking, LinkError> {
        if let Who::Record(on, named) = who
            && on == provider
            && named != record
        {
            return Err(LinkError::AnotherRecord {
                record: named.clone(),
                linked: false,
            });
        }
        let Named { person, keys } = self.named(who).await?;
        let (standing, employee) = self.record_now(provider, record).await?;
        if standing.own.is_some_and(|own| own.id == employee.at.id) {
            return Err(LinkError::ServiceAccount);
        }
        let tenant = standing.tenant;
        let holder = self.journal.linked(provider, &tenant, record).await?;
        if let Some(other) = holder
            .as_ref()
            .filter(|&other| person.as_ref() != Some(other))
        {
            let keys = self.journal.aliases(other).await?;
            return Err(LinkError::LinkedToAnother { keys });
        }
        for (key, other) in self.journal.holders(&employee.at.keys).await? {
            if person.as_ref() != Some(&other) {
                let keys = self.journal.aliases(&other).await?;
                return Err(LinkError::KeyOfAnother { key, keys });
            }
        }
        let known_by = match &person {
            Some(person) => {
                self.has_no_other(person, provider, &tenant, record).await?;
                self.journal.aliases(person).await?
            }
            None if keys.is_empty() => return Err(LinkError::Nameless),
            None => keys,
        };
        let new = |key: &&MatchKey| !known_by.contains(key);
        let gained: Vec<MatchKey> = employee.at.keys.iter().filter(new).cloned().collect();
        Ok(Linking {
            provider: provider.clone(),
            gained,
            known_by,
            linked: holder.is_some(),
            new_person: person.is_none(),
            person,
            tenant,
            employee,
        })
    }

    /// Writes down that the record is the person's: the link, and the keys of the record.
    ///
    /// # Repeats
    ///
    /// A second call changes nothing. Nothing is written to any platform.
    ///
    /// # Errors
    ///
    /// [`JournalError::Claimed`] while another process works on the person there, [`JournalError::TwoPeople`] when somebody else got
    /// the record or a key of it in the meantime, and the errors of the store.
    pub async fn link(&self, linking: &Linking) -> Result<(), FlowError> {
        let (provider, tenant) = (&linking.provider, &linking.tenant);
        if let Some(person) = &linking.person {
            let on = std::slice::from_ref(provider);
            self.journal.claim(person, on, false).await?;
        }
        let aliases = [linking.known_by.as_slice(), &linking.gained].concat();
        let at = &linking.employee.at;
        let attached = self
            .journal
            .attach(linking.person.as_ref(), &aliases, provider, tenant, at)
            .await;
        if let Some(person) = &linking.person {
            self.journal.release(person).await?;
        }
        attached?;
        Ok(self.journal.set_tenant(provider, tenant).await?)
    }

    pub(crate) async fn named(&self, who: &Who) -> Result<Named, FlowError> {
        let keys = match who {
            Who::Email(email) => vec![MatchKey::Email(email.clone())],
            Who::Person(id) => vec![MatchKey::ExternalId(id.clone())],
            Who::Thing(_) => Vec::new(),
            Who::Record(provider, record) => {
                let person = self.journal.person_behind(provider, record).await?;
                if person.is_some() {
                    let keys = Vec::new();
                    return Ok(Named { person, keys });
                }
                self.record_now(provider, record).await?.1.at.keys
            }
        };
        let person = self.journal.person(&keys).await?;
        Ok(Named { person, keys })
    }

    /// Says no when the person is linked to another record of the platform. A link of another tenant leads nowhere and is none.
    async fn has_no_other(
        &self,
        person: &PersonId,
        provider: &ProviderId,
        tenant: &str,
        record: &RemoteId,
    ) -> Result<(), LinkError> {
        let links = self.journal.links(person).await?;
        let other = links.into_iter().find(|link| {
            link.provider == *provider && link.tenant == tenant && link.who.id != *record
        });
        match other {
            Some(link) => Err(LinkError::AnotherRecord {
                record: link.who.id,
                linked: true,
            }),
            None => Ok(()),
        }
    }

    /// What we are on a platform, and a record on it as it is now.
    async fn record_now(
        &self,
        provider: &ProviderId,
        record: &RemoteId,
    ) -> Result<(Standing, Employee), FlowError> {
        let missing = |source| FlowError::NoSuchRecord {
            provider: provider.clone(),
            source,
        };
        let connect = self.reach(provider).ok_or_else(|| missing(None))?;
        let read = async {
            let standing = connect
                .connect(Foresight::default())
                .await?
                .whoami()
                .await?;
            Ok((standing, by_id(connect, record).await?))
        };
        let (standing, employee) = self
            .in_time(self.timing.observe_ms, read)
            .await
            .map_err(|error| missing(Some(error)))?;
        let employee = employee.ok_or_else(|| missing(None))?;
        Ok((standing, employee))
    }

    pub(crate) fn reach(&self, provider: &ProviderId) -> Option<&dyn Connect> {
        let mut connects = self.connects.iter().map(AsRef::as_ref);
        connects.find(|connect| connect.id() == provider)
    }
}
