//! Which records are somebody's.

use std::collections::BTreeMap;

use kadry_core::{Employee, Error, MatchKey, ProviderId};
use kadry_journal::Acquaintance;

use super::{Doubt, Expected, Reviewing};
use crate::error::FlowError;
use crate::observe::{Listing, hash_of};
use crate::plan::Guard;

/// The records of somebody, by platform.
#[derive(Debug, Default)]
pub(super) struct Sighted {
    pub(super) on: BTreeMap<ProviderId, Seen>,
    /// Whether the keys that were given are two people's.
    pub(super) two_people: bool,
}

/// The records of somebody on one platform.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) records: Vec<Employee>,
    pub(super) doubts: Vec<Doubt>,
    /// Why nobody could look.
    pub(super) silent: Option<Error>,
}

impl Sighted {
    /// Returns the keys that stand on the records.
    pub(super) fn keys(&self) -> impl Iterator<Item = &MatchKey> {
        let records = self.on.values().flat_map(|seen| &seen.records);
        records.flat_map(|one| &one.at.keys)
    }

    /// Returns the keys that stand on the records that are the person's beyond doubt.
    fn sure_keys(&self) -> Vec<MatchKey> {
        let sure = self.on.values().filter(|seen| seen.doubts.is_empty());
        let records = sure.flat_map(|seen| &seen.records);
        records.flat_map(|one| one.at.keys.clone()).collect()
    }
}

impl Reviewing {
    /// Finds the records of somebody, and notes them as theirs.
    ///
    /// # Errors
    ///
    /// A record that cannot be read back, which is our own fault.
    pub(super) fn sight(
        &mut self,
        one: &Expected,
        known: &Acquaintance,
        two_people: bool,
    ) -> Result<Sighted, FlowError> {
        let mut sighted = Sighted {
            two_people,
            ..Sighted::default()
        };
        for (provider, platform) in &self.platforms {
            let seen = look(&platform.listing, provider, one, known);
            let seen = seen.map_err(|error| unread(provider, error))?;
            sighted.on.insert(provider.clone(), seen);
        }
        let elsewhere = sighted.sure_keys();
        for (provider, seen) in &mut sighted.on {
            if let (Some(platform), [], None) =
                (self.platforms.get(provider), &*seen.records, &seen.silent)
            {
                // Where keys are hidden nobody is found by them a second time either.
                seen.records = platform.listing.seek(&elsewhere).unwrap_or_default();
                let ids = seen.records.iter().map(|one| one.at.id.clone());
                seen.doubts.extend(ids.map(Doubt::OtherKey));
            }
        }
        for (provider, seen) in &mut sighted.on {
            for record in &seen.records {
                let hash = hash_of(&(provider, &record.at.id));
                if let Some(line) = self.told.get(&hash) {
                    seen.doubts.push(Doubt::Twice(*line));
                } else {
                    self.told.insert(hash, one.line);
                }
            }
        }
        Ok(sighted)
    }
}

/// Says that a record cannot be read back.
pub(super) fn unread(provider: &ProviderId, source: Error) -> FlowError {
    FlowError::NoSuchRecord {
        provider: provider.clone(),
        source: Some(source),
    }
}

/// Finds the records of somebody on one platform.
fn look(
    listing: &Listing,
    provider: &ProviderId,
    one: &Expected,
    known: &Acquaintance,
) -> kadry_core::Result<Seen> {
    let is_new = |key: &&MatchKey| !one.keys.contains(key);
    let mut keys = one.keys.clone();
    keys.extend(known.aliases.iter().filter(is_new).cloned());
    let mut seen = Seen::default();
    match listing.seek(&keys) {
        Ok(records) => seen.records = records,
        Err(error) => seen.silent = Some(error),
    }
    let tenant = &listing.standing().tenant;
    let mut links = known.links.iter();
    let hint = links.find(|link| link.provider == *provider && link.tenant == *tenant);
    let hint = hint.map(|link| &link.who.id);
    if let [_, _, ..] = &*seen.records {
        let records = seen.records.iter().map(|one| one.at.id.clone()).collect();
        let several = Guard::SeveralMatches { records };
        seen.doubts.push(Doubt::Guard(several));
    }
    for record in &seen.records {
        let is_given = one.keys.iter().any(|key| record.matches(key));
        if !is_given && hint != Some(&record.at.id) {
            let record = record.at.id.clone();
            seen.doubts.push(Doubt::Guard(Guard::OldAlias { record }));
        }
    }
    if let (Some(hint), []) = (hint, &*seen.records)
        && let Some(strayed) = listing.by_id(hint)?
    {
        let record = strayed.at.id.clone();
        seen.doubts.push(Doubt::Guard(Guard::Strayed { record }));
        seen.records.push(strayed);
        seen.silent = None;
    }
    let capability = listing.provider().capability();
    if seen.records.is_empty() && !keys.is_empty() && !capability.matches_by(&keys) {
        seen.doubts.push(Doubt::Guard(Guard::NoKey));
    }
    Ok(seen)
}
