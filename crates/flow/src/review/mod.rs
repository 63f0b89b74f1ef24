//! An access review: everybody against their role, and who could do harm. Nothing is written, neither to a platform nor to the journal.
//!
//! [`Reviewing::begin`] reads every platform once. [`Reviewing::review`] compares whoever is expected, from a file or from the runs of
//! the journal, some at a time, so that nobody has to be kept. Whoever is left on the platforms then is somebody of whom no role is
//! known: [`Reviewing::left_over`] finds them. Nobody is left out, and nobody is called clean on a platform that was not read.

mod person;
mod placed;
mod rest;
mod result;
mod sighted;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures::future::join_all;
use futures::{StreamExt as _, stream};
use kadry_core::{Email, Error, Fields, KindName, MatchKey, ProviderId, ReadBy};
use kadry_journal::{Acquaintance, JournalError};

use crate::error::FlowError;
use crate::intent::RoleSection;
use crate::observe::{Hindrance, Listing, Listings, Lists, lists};
use crate::organisation::Organisation;
use crate::watch::Watch;
use sighted::Sighted;

pub use crate::plan::holdings::Thing;
pub use rest::LeftOver;
pub use result::{Basis, Doubt, Place, Reviewed, Verdict};

/// How many people are compared beside each other, where a platform has to be asked about each.
const BESIDE: usize = 32;

/// Somebody who is expected on the platforms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The line of the file that names them.
    pub line: Option<u32>,
    /// The person as the operator knows them.
    pub label: String,
    /// What is known of the person.
    pub fields: Fields,
    /// The keys by which they are found.
    pub keys: Vec<MatchKey>,
    /// On what they are held against the platforms.
    pub basis: Basis,
    /// What their role gives, by platform.
    pub sections: BTreeMap<ProviderId, RoleSection>,
}

/// A review that is going on.
#[derive(Debug)]
pub struct Reviewing {
    organisation: Organisation,
    platforms: BTreeMap<ProviderId, Platform>,
    unread: BTreeMap<ProviderId, Arc<Error>>,
    /// The records that were told to be somebody's, by hash, with the line that names the person.
    told: HashMap<u64, Option<u32>>,
}

/// A platform that was read.
#[derive(Debug)]
struct Platform {
    listing: Arc<Listing>,
    lists: Lists,
}

impl Reviewing {
    /// Reads everybody on these platforms, and what can be granted there.
    ///
    /// Where `may_shrink` is not said, a platform that shows far fewer people than when all were last counted is one that was not read.
    ///
    /// # Errors
    ///
    /// The errors of the journal. A platform that cannot be read is told by [`Reviewing::unread`].
    pub async fn begin(
        organisation: &Organisation,
        on: &[ProviderId],
        may_shrink: bool,
        watch: &dyn Watch,
    ) -> Result<Self, FlowError> {
        let connects = organisation.connects.iter();
        let connects: Vec<_> = connects
            .filter(|connect| on.contains(connect.id()))
            .cloned()
            .collect();
        let mut listings = Listings::read(&connects, &organisation.clock, watch).await;
        if !may_shrink {
            organisation.doubt_what_shrank(&mut listings).await?;
        }
        let read = listings.whole().map(|(provider, listing)| async move {
            let platform = Platform {
                listing: Arc::clone(listing),
                lists: lists(listing).await,
            };
            (provider.clone(), platform)
        });
        let platforms = join_all(read).await.into_iter().collect();
        Ok(Self {
            organisation: organisation.clone(),
            platforms,
            unread: listings.refused(),
            told: HashMap::new(),
        })
    }

    /// Lists the platforms that were read, with how many people are there.
    pub fn read(&self) -> impl Iterator<Item = (&ProviderId, usize)> {
        let platforms = self.platforms.iter();
        platforms.map(|(id, platform)| (id, platform.listing.len()))
    }

    /// Returns the platforms that could not be read, and why.
    #[must_use]
    pub const fn unread(&self) -> &BTreeMap<ProviderId, Arc<Error>> {
        &self.unread
    }

    /// Lists the kinds of which a platform shows of nobody who has them, and why.
    pub fn blind(&self) -> impl Iterator<Item = (&ProviderId, &KindName, &Hindrance)> {
        self.platforms.iter().flat_map(|(id, platform)| {
            let capability = platform.listing.provider().capability();
            let kinds = capability.grants.iter();
            let kinds = kinds.filter(|kind| kind.read == ReadBy::Catalogue);
            kinds.filter_map(move |kind| {
                let why = platform.lists.unread.get(&kind.name)?;
                Some((id, &kind.name, why))
            })
        })
    }

    /// Holds some people against their roles, in their order.
    ///
    /// # Errors
    ///
    /// The errors of the journal, and a record that cannot be read back, which is our own fault.
    pub async fn review(&mut self, people: Vec<Expected>) -> Result<Vec<Reviewed>, FlowError> {
        let keys = people.iter().map(|one| one.keys.clone()).collect();
        let known = self.organisation.journal.acquaintances(keys).await?;
        let mut sighted = Vec::with_capacity(people.len());
        for (one, known) in people.iter().zip(known) {
            let found = match known {
                Ok(known) => self.sight(one, &known, false)?,
                Err(JournalError::TwoPeople) => self.sight(one, &Acquaintance::default(), true)?,
                Err(error) => return Err(error.into()),
            };
            sighted.push(found);
        }
        let reviewed = people.iter().zip(sighted);
        let reviewed = reviewed.map(|(one, sighted)| self.person(one, sighted));
        Ok(stream::iter(reviewed).buffered(BESIDE).collect().await)
    }

    /// Reports whether the configuration names any of these e-mails.
    fn protects(list: &[Email], sighted: &Sighted, keys: &[MatchKey]) -> bool {
        let of_records = sighted.keys();
        let mut all = keys.iter().chain(of_records);
        all.any(|key| match key {
            MatchKey::Email(email) => list.contains(email),
            MatchKey::ExternalId(_) => false,
        })
    }
}
