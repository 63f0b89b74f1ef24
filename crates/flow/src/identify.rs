//! Who the operator means.

use kadry_core::{Employee, MatchKey, ProviderId, RemoteId};
use kadry_journal::PersonId;

use crate::error::FlowError;
use crate::intent::{Intent, Who};
use crate::observe::{Hint, by_id};
use crate::organisation::Organisation;

/// A person as far as the store and the operator's words tell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identified {
    pub(crate) person: Option<PersonId>,
    pub(crate) keys: Vec<MatchKey>,
    pub(crate) hints: Vec<Hint>,
}

impl Organisation {
    /// Returns the keys of a person and where records of theirs were seen before.
    pub(crate) async fn identify(&self, intent: &Intent) -> Result<Identified, FlowError> {
        let mut keys = intent.keys();
        let mut person = None;
        if let Who::Record(provider, id) = &intent.who {
            person = self.journal.person_behind(provider, id).await?;
            if person.is_none() {
                keys.extend(self.record(provider, id).await?.at.keys);
            }
        }
        if person.is_none() {
            person = self.journal.person(&keys).await?;
        }
        let Some(known) = &person else {
            return Ok(Identified {
                person,
                keys,
                hints: Vec::new(),
            });
        };
        for alias in self.journal.aliases(known).await? {
            if !keys.contains(&alias) {
                keys.push(alias);
            }
        }
        let links = self.journal.links(known).await?;
        let hints = links.into_iter().map(|link| Hint {
            provider: link.provider,
            tenant: link.tenant,
            who: link.who,
        });
        Ok(Identified {
            person,
            keys,
            hints: hints.collect(),
        })
    }

    /// The record that the operator named by its id.
    async fn record(&self, id: &ProviderId, remote: &RemoteId) -> Result<Employee, FlowError> {
        let missing = |source| FlowError::NoSuchRecord {
            provider: id.clone(),
            source,
        };
        let connect = self.connects.iter().find(|connect| connect.id() == id);
        let connect = connect.ok_or_else(|| missing(None))?;
        match by_id(connect.as_ref(), remote).await {
            Ok(employee) => employee.ok_or_else(|| missing(None)),
            Err(error) => Err(missing(Some(error))),
        }
    }
}
