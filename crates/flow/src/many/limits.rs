//! Whether a plan for many people keeps within the limits.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use kadry_core::{Brake, Error, ErrorKind, MatchKey, ProviderId, RemoteId, Step};
use kadry_journal::Counts;

use super::{Counted, Drafting, Head, Person};
use crate::braking::Kept;
use crate::error::FlowError;
use crate::intent::{Flow, Intent};
use crate::observe::Listings;
use crate::organisation::Organisation;
use crate::plan::brakes::{self, Window};

/// Whom a plan concerns, by platform and kind of change.
#[derive(Debug, Default)]
pub(super) struct Concerned {
    people: Vec<Arc<One>>,
    /// Which of them somebody is.
    places: HashMap<Arc<One>, usize>,
    by_kind: BTreeMap<(ProviderId, Brake), HashSet<usize>>,
}

/// Somebody as the store can know them.
#[derive(Debug, PartialEq, Eq, Hash)]
enum One {
    /// By their keys.
    Keys(Vec<MatchKey>),
    /// By a record that bears a name alone: on which platform, and in which tenant of it.
    Record(ProviderId, String, RemoteId),
    /// By nothing but what the operator typed.
    Label(String),
}

impl One {
    fn of(who: &Person) -> Self {
        if !who.keys.is_empty() {
            return Self::Keys(who.keys.clone());
        }
        match who.seen.first() {
            Some((provider, tenant, record)) => {
                Self::Record(provider.clone(), tenant.clone(), record.id.clone())
            }
            None => Self::Label(who.person.clone()),
        }
    }
}

impl Concerned {
    /// Adds a person with their steps. Behind doors that close first everything is taken, although nothing of it is planned yet.
    pub(super) fn add(&mut self, who: &Person, steps: &[Step]) {
        let is_first = |intent: &Intent| matches!(&intent.flow, Flow::Offboard(it) if it.now);
        let doors_first = who.intent.as_deref().is_some_and(is_first);
        let one = self.place(One::of(who));
        for (provider, kinds) in brakes::kinds(steps) {
            let behind = doors_first.then_some(Brake::Revoke);
            for brake in kinds.into_iter().chain(behind) {
                let people = self.by_kind.entry((provider.clone(), brake));
                people.or_default().insert(one);
            }
        }
    }

    fn place(&mut self, one: One) -> usize {
        let one = Arc::new(one);
        let place = self.places.entry(Arc::clone(&one));
        *place.or_insert_with(|| {
            self.people.push(one);
            self.people.len() - 1
        })
    }

    /// Lists the people of one kind of change.
    fn these<'a>(&'a self, places: &'a HashSet<usize>) -> impl Iterator<Item = &'a One> {
        let people = places.iter().filter_map(|place| self.people.get(*place));
        people.map(AsRef::as_ref)
    }
}

impl Organisation {
    /// Returns what a batch may not pass.
    ///
    /// # Errors
    ///
    /// [`FlowError::Refused`] when it would pass it already, and the errors of the journal.
    pub(super) async fn keep_many_within(
        &self,
        concerned: &Concerned,
        listings: &Listings,
        allow: &BTreeMap<Brake, u32>,
    ) -> Result<Vec<Kept>, FlowError> {
        let mut ceilings = Vec::new();
        let mut refused = Vec::new();
        for ((provider, brake), people) in &concerned.by_kind {
            let planned = u32::try_from(people.len()).unwrap_or(u32::MAX);
            let heads = match listings.of(provider) {
                Some(Ok(listing)) => u32::try_from(listing.len()).ok(),
                Some(Err(_)) | None => None,
            };
            for window in Window::ALL {
                let kept = self.kept(provider, *brake, window, allow, heads);
                let Some(kept) = kept.await? else {
                    continue;
                };
                let before = match window {
                    Window::Run => 0,
                    Window::Day | Window::Month => {
                        let people = concerned.these(people).collect();
                        self.others(&kept, people).await?
                    }
                };
                let all = planned.saturating_add(before);
                if all > kept.ceiling.people {
                    refused.push(kept.over(all));
                } else if window != Window::Run {
                    ceilings.push(kept);
                }
            }
        }
        if refused.is_empty() {
            Ok(ceilings)
        } else {
            Err(FlowError::Refused(refused))
        }
    }

    /// How many people beside those of the plan have been concerned in a window.
    async fn others(&self, kept: &Kept, people: Vec<&One>) -> Result<u32, FlowError> {
        let concerned = self.journal.concerned_people(&kept.ceiling).await?;
        if concerned.is_empty() {
            return Ok(0);
        }
        let mut keys = Vec::with_capacity(people.len());
        let mut planned = BTreeSet::new();
        for one in people {
            match one {
                One::Keys(known) => keys.push(known.clone()),
                One::Record(provider, tenant, id) => {
                    planned.extend(self.journal.linked(provider, tenant, id).await?);
                }
                One::Label(_) => {}
            }
        }
        let known = self.journal.acquaintances(keys).await?;
        planned.extend(known.into_iter().filter_map(|known| known.ok()?.person));
        let others = concerned.difference(&planned).count();
        Ok(u32::try_from(others).unwrap_or(u32::MAX))
    }
}

/// Of each hundred people so many may be missing since all were last counted, and so many at any rate.
const MISSING: u64 = 20;
const FEWEST_MISSING: u64 = 3;

/// Reports whether far fewer are there than there were.
#[must_use]
pub fn shrank(now: u64, before: u64) -> bool {
    let missing = before.saturating_sub(now);
    missing >= FEWEST_MISSING
        && u128::from(missing) * 100 > u128::from(before) * u128::from(MISSING)
}

impl Organisation {
    /// Takes everybody off platforms that show far fewer people than when all were last counted.
    pub(crate) async fn doubt_what_shrank(&self, listings: &mut Listings) -> Result<(), FlowError> {
        let counted = listings.whole().map(|(provider, listing)| {
            let tenant = listing.standing().tenant.clone();
            (provider.clone(), tenant, listing.len())
        });
        let counted: Vec<(ProviderId, String, usize)> = counted.collect();
        for (provider, tenant, now) in counted {
            let Some(before) = self.journal.heads_in(&provider, &tenant).await? else {
                continue;
            };
            if shrank(now as u64, u64::from(before)) {
                let error = Error::new(
                    ErrorKind::Protocol,
                    "the platform lists far fewer people than when all were last counted",
                )
                .with("reason", "list-shrank")
                .with("people", now)
                .with("people.before", before);
                listings.doubt(&provider, error);
            }
        }
        Ok(())
    }
}

impl Drafting {
    /// Returns how many people and lines there are, where anybody may count by it the next time.
    pub(super) fn counts(&self, head: &Head) -> Counts {
        let is_count = self.counted != Counted::NotAtAll;
        let whole = self.listings.whole().filter(|_| is_count);
        let heads = whole.map(|(provider, listing)| {
            let people = u32::try_from(listing.len()).unwrap_or(u32::MAX);
            let tenant = listing.standing().tenant.clone();
            (provider.clone(), tenant, people)
        });
        Counts {
            heads: heads.collect(),
            lines: head.lines.map(|lines| (head.file(), lines)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_shrunk_when_more_than_a_fifth_is_missing_and_three_at_least() {
        for (now, before, is_far_fewer) in [
            (100, 100, false),
            (130, 100, false),
            (80, 100, false),
            (79, 100, true),
            (0, 100, true),
            (0, 2, false),
            (2, 4, false),
            (1, 4, true),
            (9, 12, true),
            (10, 12, false),
            (0, 0, false),
            (u64::MAX, 0, false),
        ] {
            assert_eq!(shrank(now, before), is_far_fewer, "{now} of {before}");
        }
    }
}
