//! Whom a file does not know, although they are there.

use std::collections::HashMap;

use kadry_core::{Access, Email, Employee, FieldName, MatchKey, ProviderId, RemoteId};

use super::known::Known;
use super::{Asked, Drafting};
use crate::error::FlowError;
use crate::intent::Who;
use crate::observe::{Listing, Listings};

/// Somebody whom a file does not know, and whose door is open somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surplus {
    /// How they are named in a command.
    pub who: Who,
    /// The name on one of the records.
    pub name: String,
    /// The records.
    pub records: Vec<(ProviderId, RemoteId)>,
    /// A line of the file whose person has the name of a record, and none of its keys.
    pub perhaps: Option<u32>,
    /// Whether the configuration says that they are touched only on purpose.
    pub privileged: bool,
}

/// Whom the configuration protects, by every key and record that is known of them: an e-mail stands on few of their records.
#[derive(Debug, Default)]
struct Guarded {
    exempt: Known,
    privileged: Known,
}

impl Drafting {
    /// Returns the lines that name nobody who could be recognised: any of the surplus may be meant by them.
    #[must_use]
    pub fn unreadable(&self) -> &[u32] {
        &self.unreadable
    }

    /// Returns whom nobody who was planned for can be: who has an open door on a platform that was read whole, is not our own record and
    /// not exempt. Those who left by the file are among them. Nobody is, unless [`Drafting::look_everywhere`] came before the first plan.
    ///
    /// # Errors
    ///
    /// A record that cannot be read back, which is our own fault, and the errors of the journal.
    pub async fn surplus(&self) -> Result<Vec<Surplus>, FlowError> {
        if self.elsewhere.is_none() {
            return Ok(Vec::new());
        }
        let guarded = Guarded {
            exempt: self.all_of(&self.organisation.protected.exempt).await?,
            privileged: self.all_of(&self.organisation.protected.privileged).await?,
        };
        let mut groups: Vec<Surplus> = Vec::new();
        let mut by_name: HashMap<Who, usize> = HashMap::new();
        for (provider, listing) in self.listings.whole() {
            for employee in listing.everybody() {
                let employee = employee.map_err(|error| self.unread(provider, error))?;
                if !self.is_surplus(provider, listing, &employee, &guarded.exempt) {
                    continue;
                }
                let who = named(provider, &employee);
                let at = *by_name.entry(who.clone()).or_insert(groups.len());
                if at == groups.len() {
                    groups.push(Surplus {
                        who,
                        name: employee.profile.full_name(),
                        records: Vec::new(),
                        perhaps: None,
                        privileged: false,
                    });
                }
                if let Some(group) = groups.get_mut(at) {
                    group.privileged |= guarded.privileged.has(provider, &employee.at);
                    let record = (provider.clone(), employee.at.id);
                    let perhaps = self.namesakes.get(&record).copied();
                    group.perhaps = group.perhaps.or(perhaps);
                    group.records.push(record);
                }
            }
        }
        Ok(groups)
    }

    /// Returns what is known of whoever has one of these e-mails.
    async fn all_of(&self, emails: &[Email]) -> Result<Known, FlowError> {
        let mut all = Known::default();
        let keys = emails.iter().cloned().map(MatchKey::Email);
        let keys: Vec<Vec<MatchKey>> = keys.map(|key| vec![key]).collect();
        let known = self
            .organisation
            .journal
            .acquaintances(keys.clone())
            .await?;
        for (mut keys, known) in keys.into_iter().zip(known) {
            if let Ok(known) = known {
                for link in &known.links {
                    all.record(&link.provider, &link.who.id);
                }
                keys.extend(known.aliases);
            }
            all.keys(&keys);
            let elsewhere = self.elsewhere.iter().flat_map(Listings::whole);
            for (provider, listing) in self.listings.whole().chain(elsewhere) {
                for one in listing.seek(&keys).unwrap_or_default() {
                    all.keys(&one.at.keys);
                    all.record(provider, &one.at.id);
                }
            }
        }
        Ok(all)
    }

    fn unread(&self, provider: &ProviderId, source: kadry_core::Error) -> FlowError {
        FlowError::NoSuchRecord {
            provider: provider.clone(),
            source: Some(source),
        }
    }

    fn is_surplus(
        &self,
        provider: &ProviderId,
        listing: &Listing,
        employee: &Employee,
        exempt: &Known,
    ) -> bool {
        let own = listing.standing().own.as_ref().map(|own| &own.id);
        let is_exempt = || {
            let shown = employee.profile.get(FieldName::Email).value();
            let shown = shown.map(|email| Email::of_record(email));
            let emails = &self.organisation.protected.exempt;
            exempt.has(provider, &employee.at) || shown.is_some_and(|email| emails.contains(&email))
        };
        employee.access == Access::Open
            && own != Some(&employee.at.id)
            && !self.known.has(provider, &employee.at)
            && !is_exempt()
    }

    /// Notes which records somebody may be for whom nothing can be planned: by the keys that could be read, else by the name.
    pub(super) fn recognise_by_fields(&mut self, asked: &Asked) -> Result<(), FlowError> {
        let (fields, keys) = (&asked.fields, asked.keys());
        let listings = std::sync::Arc::clone(&self.listings);
        let mut is_found = false;
        let mut is_hidden = false;
        for (provider, listing) in listings.whole() {
            // Where keys are hidden everybody may be anybody.
            let found = listing.seek(&keys);
            is_hidden |= found.is_err();
            let mut found = found.unwrap_or_default();
            if found.is_empty() {
                let named = listing.namesakes(fields);
                found = named.map_err(|error| self.unread(provider, error))?;
            }
            is_found |= !found.is_empty();
            for one in found {
                self.known.keys(&one.at.keys);
                self.known.record(provider, &one.at.id);
            }
        }
        // Whoever has a key that nobody carries is not there.
        if !is_found && (keys.is_empty() || is_hidden) {
            self.unreadable.extend(asked.line);
        }
        Ok(())
    }
}

/// Returns how a record is named in a command that is to find it: by a key that it carries.
fn named(provider: &ProviderId, employee: &Employee) -> Who {
    let id = employee.at.keys.iter().find_map(|key| match key {
        MatchKey::ExternalId(id) => Some(Who::Person(id.clone())),
        MatchKey::Email(_) => None,
    });
    let email = employee.at.email().cloned().map(Who::Email);
    let record = || Who::Record(provider.clone(), employee.at.id.clone());
    email.or(id).unwrap_or_else(record)
}
