//! Who is who among many: whom a file knows, and who stands in it twice. Hashes are kept, so that a hundred thousand fit.

use std::collections::{HashMap, HashSet};

use kadry_core::{EmployeeRef, MatchKey, ProviderId, RemoteId};
use kadry_journal::PersonId;

use super::Person;
use crate::observe::hash_of;

/// Which records are somebody whom the file knows.
#[derive(Debug, Default)]
pub(super) struct Known(HashSet<u64>);

impl Known {
    /// Notes a record.
    pub(super) fn record(&mut self, provider: &ProviderId, id: &RemoteId) {
        self.0.insert(hash_of(&(provider, id)));
    }

    /// Notes the keys of somebody.
    pub(super) fn keys(&mut self, keys: &[MatchKey]) {
        self.0.extend(keys.iter().map(hash_of));
    }

    /// Reports whether a record is somebody's: by itself, or by a key of theirs.
    pub(super) fn has(&self, provider: &ProviderId, who: &EmployeeRef) -> bool {
        let by_key = |key| self.0.contains(&hash_of(key));
        self.0.contains(&hash_of(&(provider, &who.id))) || who.keys.iter().any(by_key)
    }
}

/// For whom was planned, by their keys, their records, and who they are in the store; each with the line that names them.
#[derive(Debug, Default)]
pub(super) struct PlannedFor(HashMap<u64, Option<u32>>);

impl PlannedFor {
    /// Returns the line of somebody earlier who is the same person; none when nobody is, and the person is noted then.
    pub(super) fn before(
        &mut self,
        who: &Person,
        person: Option<&PersonId>,
    ) -> Option<Option<u32>> {
        let keys = who.keys.iter().map(hash_of);
        let records = who.seen.iter();
        let records = records.map(|(provider, _, record)| hash_of(&(provider, &record.id)));
        let person = person.into_iter().map(|person| hash_of(&person.as_str()));
        let all: Vec<u64> = keys.chain(records).chain(person).collect();
        let before = all.iter().find_map(|one| self.0.get(one)).copied();
        if before.is_none() {
            self.0.extend(all.into_iter().map(|one| (one, who.line)));
        }
        before
    }
}
