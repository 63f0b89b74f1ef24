//! Whom a file does not know, although they are there.

use std::collections::BTreeMap;

use kadry_core::{Access, Email, Employee, FieldName, MatchKey, ProviderId, RemoteId};

use super::{Asked, Drafting};
use crate::error::FlowError;
use crate::intent::Who;
use crate::observe::Listing;

/// Somebody whom a file does not know, and whose door is open somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surplus {
    /// How they are named in a command.
    pub who: Who,
    /// The name on one of the records.
    pub name: String,
    /// The records.
    pub records: Vec<(ProviderId, RemoteId)>,
}

/// Records that share a key.
#[derive(Debug, Default)]
struct Group {
    keys: Vec<MatchKey>,
    name: String,
    records: Vec<(ProviderId, RemoteId)>,
}

impl Drafting {
    /// Returns the lines that name nobody who could be recognised: any of the surplus may be meant by them.
    #[must_use]
    pub fn unreadable(&self) -> &[u32] {
        &self.unreadable
    }

    /// Returns whom nobody who was planned for can be: who has an open door on a platform that was read whole, is not our own record and
    /// not exempt. Those who left by the file are among them.
    ///
    /// # Errors
    ///
    /// A record that cannot be read back: our own fault.
    pub fn surplus(&self) -> Result<Vec<Surplus>, FlowError> {
        let mut groups: Vec<Group> = Vec::new();
        let mut by_key: BTreeMap<MatchKey, usize> = BTreeMap::new();
        for (provider, listing) in self.listings.whole() {
            for employee in listing.everybody() {
                let employee = employee.map_err(|error| self.unread(provider, error))?;
                if !self.is_surplus(provider, listing, &employee) {
                    continue;
                }
                let mut keys = employee.at.keys.iter();
                let at = keys.find_map(|key| by_key.get(key)).copied();
                let at = at.unwrap_or_else(|| {
                    groups.push(Group::default());
                    groups.len() - 1
                });
                for key in &employee.at.keys {
                    by_key.insert(key.clone(), at);
                }
                if let Some(group) = groups.get_mut(at) {
                    group.add(provider, employee);
                }
            }
        }
        Ok(groups.into_iter().filter_map(Group::into_surplus).collect())
    }

    fn unread(&self, provider: &ProviderId, source: kadry_core::Error) -> FlowError {
        FlowError::NoSuchRecord {
            provider: provider.clone(),
            source: Some(source),
        }
    }

    fn is_surplus(&self, provider: &ProviderId, listing: &Listing, employee: &Employee) -> bool {
        let own = listing.standing().own.as_ref().map(|own| &own.id);
        let is_known = || {
            let known = self.known.get(provider);
            known.is_some_and(|known| known.contains(&employee.at.id))
        };
        let exempt = &self.organisation.protected.exempt;
        let is_exempt = || {
            employee.at.keys.iter().any(|key| match key {
                MatchKey::Email(email) => exempt.contains(email),
                MatchKey::ExternalId(_) => false,
            })
        };
        employee.access == Access::Open
            && own != Some(&employee.at.id)
            && !is_known()
            && !is_exempt()
    }

    /// Notes which records somebody may be for whom nothing can be planned: by the keys that could be read, else by the name.
    pub(super) fn recognise_by_fields(&mut self, asked: &Asked) -> Result<(), FlowError> {
        let fields = &asked.fields;
        let external_id = fields.get(&FieldName::ExternalId).cloned();
        let email = fields.get(&FieldName::Email);
        let keys: Vec<MatchKey> = external_id
            .map(MatchKey::ExternalId)
            .into_iter()
            .chain(email.map(|email| MatchKey::Email(Email::of_record(email))))
            .collect();
        let listings = std::sync::Arc::clone(&self.listings);
        let mut any = false;
        for (provider, listing) in listings.whole() {
            // Where keys are hidden everybody may be anybody; then nobody is found, and the line counts as unreadable.
            let mut found = listing.seek(&keys).unwrap_or_default();
            if found.is_empty() {
                let named = listing.namesakes(fields);
                found = named.map_err(|error| self.unread(provider, error))?;
            }
            any |= !found.is_empty();
            let known = self.known.entry(provider.clone()).or_default();
            known.extend(found.into_iter().map(|one| one.at.id));
        }
        // Whoever has a key that nobody carries is not there.
        if !any && keys.is_empty() {
            self.unreadable.extend(asked.line);
        }
        Ok(())
    }
}

impl Group {
    fn add(&mut self, provider: &ProviderId, employee: Employee) {
        if self.name.is_empty() {
            self.name = employee.profile.full_name();
        }
        self.records.push((provider.clone(), employee.at.id));
        let new = employee.at.keys.into_iter();
        let new: Vec<_> = new.filter(|key| !self.keys.contains(key)).collect();
        self.keys.extend(new);
    }

    fn into_surplus(self) -> Option<Surplus> {
        let email = self.keys.iter().find_map(|key| match key {
            MatchKey::Email(email) => Some(Who::Email(email.clone())),
            MatchKey::ExternalId(_) => None,
        });
        let id = self.keys.iter().find_map(|key| match key {
            MatchKey::ExternalId(id) => Some(Who::Person(id.clone())),
            MatchKey::Email(_) => None,
        });
        let (provider, record) = self.records.first()?.clone();
        Some(Surplus {
            who: email.or(id).unwrap_or(Who::Record(provider, record)),
            name: self.name,
            records: self.records,
        })
    }
}
