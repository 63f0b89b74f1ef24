//! Whoever is on the platforms and was expected by nobody.

use std::collections::{BTreeMap, HashMap};
use std::vec;

use futures::{StreamExt as _, stream};
use kadry_core::{FieldName, Fields, MatchKey, ProviderId};

use super::sighted::{Seen, Sighted, unread};
use super::{BESIDE, Basis, Expected, Reviewed, Reviewing};
use crate::error::FlowError;
use crate::observe::hash_of;

/// How many people are compared at a time.
const CHUNK: usize = 256;

/// The people of whom no role is known, each by where their records are.
#[derive(Debug)]
pub struct LeftOver(vec::IntoIter<Vec<(ProviderId, usize)>>);

impl LeftOver {
    /// Returns how many are still to be reviewed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Reports whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Records that are put together into people: those that share a key are one person's.
#[derive(Debug, Default)]
struct Groups {
    by_key: HashMap<u64, usize>,
    /// The group that a group has gone into; itself where it has not.
    into: Vec<usize>,
    records: Vec<Vec<(ProviderId, usize)>>,
}

impl Groups {
    fn whole(&self, mut group: usize) -> usize {
        while let Some(next) = self.into.get(group).filter(|next| **next != group) {
            group = *next;
        }
        group
    }

    fn add(&mut self, provider: &ProviderId, at: usize, keys: &[MatchKey]) {
        let hashes: Vec<u64> = keys.iter().map(hash_of).collect();
        let known = hashes.iter().filter_map(|hash| self.by_key.get(hash));
        let mut known: Vec<usize> = known.map(|group| self.whole(*group)).collect();
        known.sort_unstable();
        known.dedup();
        let group = known.first().copied().unwrap_or_else(|| {
            self.into.push(self.into.len());
            self.records.push(Vec::new());
            self.into.len() - 1
        });
        for other in known.into_iter().filter(|other| *other != group) {
            if let Some(into) = self.into.get_mut(other) {
                *into = group;
            }
            let moved = self.records.get_mut(other).map(std::mem::take);
            if let (Some(records), Some(moved)) = (self.records.get_mut(group), moved) {
                records.extend(moved);
            }
        }
        self.by_key
            .extend(hashes.into_iter().map(|hash| (hash, group)));
        if let Some(records) = self.records.get_mut(group) {
            records.push((provider.clone(), at));
        }
    }
}

impl Reviewing {
    /// Returns everybody who was not expected.
    ///
    /// # Errors
    ///
    /// A record that cannot be read back, which is our own fault.
    pub fn left_over(&self) -> Result<LeftOver, FlowError> {
        let mut groups = Groups::default();
        for (provider, platform) in &self.platforms {
            for (at, employee) in platform.listing.everybody().enumerate() {
                let employee = employee.map_err(|error| unread(provider, error))?;
                let hash = hash_of(&(provider, &employee.at.id));
                if !self.told.contains_key(&hash) {
                    groups.add(provider, at, &employee.at.keys);
                }
            }
        }
        let mut people = groups.records;
        people.retain(|records| !records.is_empty());
        Ok(LeftOver(people.into_iter()))
    }

    /// Tells some more of them: all that they have is more than anybody knows of.
    ///
    /// # Errors
    ///
    /// A record that cannot be read back, which is our own fault.
    pub async fn review_left_over(
        &self,
        people: &mut LeftOver,
    ) -> Result<Vec<Reviewed>, FlowError> {
        let mut some = Vec::new();
        for records in people.0.by_ref().take(CHUNK) {
            some.push(self.gather(records)?);
        }
        let reviewed = some.into_iter();
        let reviewed =
            reviewed.map(|(one, sighted)| async move { self.person(&one, sighted).await });
        Ok(stream::iter(reviewed).buffered(BESIDE).collect().await)
    }

    fn gather(&self, records: Vec<(ProviderId, usize)>) -> Result<(Expected, Sighted), FlowError> {
        let mut sighted = Sighted::default();
        for (provider, at) in records {
            let Some(platform) = self.platforms.get(&provider) else {
                continue;
            };
            let employee = platform.listing.at(at);
            let employee = employee.map_err(|error| unread(&provider, error))?;
            let seen: &mut Seen = sighted.on.entry(provider).or_default();
            seen.records.push(employee);
        }
        let label = label(&sighted);
        let one = Expected {
            line: None,
            label,
            fields: Fields::new(),
            keys: Vec::new(),
            basis: Basis::Unknown,
            sections: BTreeMap::new(),
        };
        Ok((one, sighted))
    }
}

/// How somebody is named in a command that is to find them.
fn label(sighted: &Sighted) -> String {
    let records = || {
        let on = sighted.on.iter();
        on.flat_map(|(provider, seen)| seen.records.iter().map(move |one| (provider, one)))
    };
    let email = records().find_map(|(_, one)| one.at.email().map(ToString::to_string));
    let id = || {
        let mut ids =
            records().filter_map(|(_, one)| one.profile.get(FieldName::ExternalId).value());
        ids.next().map(|id| format!("person:{id}"))
    };
    let record = || {
        let first = records().next();
        first.map(|(provider, one)| format!("{provider}:{}", one.at.id))
    };
    email.or_else(id).or_else(record).unwrap_or_default()
}
