//! Who the operator means.

use kadry_core::{Employee, EmployeeRef, MatchKey, ProviderId, RemoteId, every};
use kadry_journal::PersonId;

use crate::error::FlowError;
use crate::intent::{Intent, Who};
use crate::observe::Hint;
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
        let connect = self
            .connects
            .iter()
            .find(|connect| connect.id() == id)
            .ok_or_else(|| missing(None))?;
        let provider = connect
            .connect()
            .await
            .map_err(|error| missing(Some(error)))?;
        let who = EmployeeRef {
            id: remote.clone(),
            settled: true,
            keys: Vec::new(),
        };
        if let Some(employee) = provider
            .get(&who)
            .await
            .map_err(|error| missing(Some(error)))?
        {
            return Ok(employee);
        }
        // Not every platform reads by id: the list shows everybody.
        let all = every(|from| {
            let provider = &provider;
            async move { provider.list(from.as_ref()).await }
        });
        let all = all.await.map_err(|error| missing(Some(error)))?;
        all.into_iter()
            .find(|employee| employee.at.id == *remote)
            .ok_or_else(|| missing(None))
    }
}
