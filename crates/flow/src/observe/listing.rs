//! Everybody on a platform, read once, where many people are looked for.
//!
//! One look at a person may cost as many requests as reading everybody. Where many are worked on, everybody is read first, and each is
//! looked up in what was read. It is kept packed, one record after the other, so that a hundred thousand people fit beside each other.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use futures::try_join;
use hashbrown::HashTable;
use kadry_core::{
    Clock, Connect, Employee, EmployeeProvider, Error, ErrorKind, Fields, Foresight, KeyName,
    KindName, Known, MatchKey, ProviderId, RemoteId, Result, Standing, every, every_page,
};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::offered::Offered;
use super::possible::{self, Name};
use crate::watch::Watch;

/// Everybody on one platform, as they were at one moment.
pub struct Listing {
    provider: Arc<dyn EmployeeProvider>,
    standing: Arc<Standing>,
    records: Records,
    by_key: Index,
    by_id: Index,
    by_name: Index,
    /// Who administers the platform or signs there.
    powerful: Vec<Employee>,
    /// The keys that the platform hides of somebody, so that nobody is proven to be absent.
    hidden: BTreeSet<KeyName>,
    offers: BTreeMap<KindName, OnceCell<Arc<Offered>>>,
    /// The same of the kinds that nobody waits for, where a glance was enough.
    glanced: BTreeMap<KindName, OnceCell<Option<Arc<Offered>>>>,
    /// When it was begun to be read, in milliseconds since the Unix epoch.
    read_ms: i64,
    /// How long that took, in milliseconds.
    took_ms: i64,
}

impl fmt::Debug for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("provider", self.provider.id())
            .field("people", &self.len())
            .finish_non_exhaustive()
    }
}

/// Everybody on each platform. A platform that could not be read whole has none.
#[derive(Clone, Debug, Default)]
pub struct Listings(BTreeMap<ProviderId, std::result::Result<Arc<Listing>, Arc<Error>>>);

impl Listings {
    /// Reads these platforms side by side.
    pub async fn read(connects: &[Arc<dyn Connect>], clock: &Clock, watch: &dyn Watch) -> Self {
        let read = connects.iter().map(|connect| async move {
            let listing = Listing::read(connect.as_ref(), clock, watch).await;
            if let Err(error) = &listing {
                let provider = connect.id();
                tracing::warn!(provider.id = %provider, error.kind = %error.kind(), "platform is not read");
            }
            (
                connect.id().clone(),
                listing.map(Arc::new).map_err(Arc::new),
            )
        });
        Self(join_all(read).await.into_iter().collect())
    }

    /// Returns what is known of a platform; none when it was not to be read.
    #[must_use]
    pub fn of(
        &self,
        provider: &ProviderId,
    ) -> Option<&std::result::Result<Arc<Listing>, Arc<Error>>> {
        self.0.get(provider)
    }

    /// Lists the platforms that were read whole.
    pub fn whole(&self) -> impl Iterator<Item = (&ProviderId, &Arc<Listing>)> {
        let read = self.0.iter();
        read.filter_map(|(id, listing)| Some((id, listing.as_ref().ok()?)))
    }

    /// Lists the platforms that could not be read whole, and why.
    pub fn unread(&self) -> impl Iterator<Item = (&ProviderId, &Error)> {
        let read = self.0.iter();
        read.filter_map(|(id, listing)| Some((id, listing.as_ref().err()?.as_ref())))
    }

    /// Returns the platforms that could not be read whole, and why.
    pub(crate) fn refused(self) -> BTreeMap<ProviderId, Arc<Error>> {
        let read = self.0.into_iter();
        read.filter_map(|(id, listing)| Some((id, listing.err()?)))
            .collect()
    }

    /// Takes everybody off a platform, because what was read there cannot be true.
    pub(crate) fn doubt(&mut self, provider: &ProviderId, error: Error) {
        self.0.insert(provider.clone(), Err(Arc::new(error)));
    }

    /// Returns when the oldest of it was read, in milliseconds since the Unix epoch.
    pub(crate) fn read_ms(&self) -> Option<i64> {
        self.whole().map(|(_, listing)| listing.read_ms).min()
    }

    /// Returns how long the slowest platform took to be read, in milliseconds.
    pub(crate) fn took_ms(&self) -> i64 {
        let took = self.whole().map(|(_, listing)| listing.took_ms);
        took.max().unwrap_or_default()
    }
}

impl Listing {
    /// Reads everybody on a platform.
    ///
    /// # Errors
    ///
    /// `Protocol` when a platform on which we have a record lists nobody, and the errors of any request.
    pub async fn read(connect: &dyn Connect, clock: &Clock, watch: &dyn Watch) -> Result<Self> {
        let read_ms = clock.now_ms();
        let provider = connect.connect(Foresight::default()).await?;
        let (standing, first) = try_join!(provider.whoami(), provider.list(None))?;
        let mut first = Some(first);
        let mut listing = Self::empty(Arc::clone(&provider), standing, read_ms);
        let mut seen = HashSet::new();
        let mut rows = 0_u64;
        let mut unkept = None;
        let page = |from: Option<_>| {
            let (first, provider) = (first.take(), Arc::clone(&provider));
            async move {
                match first {
                    Some(first) => Ok(first),
                    None => provider.list(from.as_ref()).await,
                }
            }
        };
        every_page(page, |items| {
            rows += items.len() as u64;
            watch.listing(connect.id(), rows);
            for employee in items {
                if !employee.marks.automaton && seen.insert(hash_of(&employee.at.id)) {
                    let kept = listing.add(&employee);
                    unkept = unkept.take().or(kept.err());
                }
            }
        })
        .await?;
        if let Some(error) = unkept {
            return Err(error);
        }
        if rows == 0 && listing.standing.own.is_some() {
            let error = Error::new(ErrorKind::Protocol, "the platform lists nobody");
            return Err(error.with("provider.id", connect.id()));
        }
        listing.took_ms = clock.now_ms().saturating_sub(read_ms);
        Ok(listing)
    }

    fn empty(provider: Arc<dyn EmployeeProvider>, standing: Standing, read_ms: i64) -> Self {
        let kinds = || provider.capability().grants.iter();
        let offers = kinds().map(|kind| (kind.name.clone(), OnceCell::new()));
        let glanced = kinds().map(|kind| (kind.name.clone(), OnceCell::new()));
        Self {
            offers: offers.collect(),
            glanced: glanced.collect(),
            provider,
            standing: Arc::new(standing),
            records: Records::default(),
            by_key: Index::default(),
            by_id: Index::default(),
            by_name: Index::default(),
            powerful: Vec::new(),
            hidden: BTreeSet::new(),
            read_ms,
            took_ms: 0,
        }
    }

    fn add(&mut self, employee: &Employee) -> Result<()> {
        let at = self.records.add(employee)?;
        for key in &employee.at.keys {
            self.by_key.add(hash_of(key), at);
        }
        self.by_id.add(hash_of(&employee.at.id), at);
        for pair in possible::pairs(&possible::name_of(employee)) {
            self.by_name.add(pair, at);
        }
        let is = |mark: &Known<bool>| *mark == Known::Value(true);
        if is(&employee.marks.administrator) || is(&employee.marks.signer) {
            self.powerful.push(employee.clone());
        }
        for matching in &self.provider.capability().match_by {
            if employee.hides(matching.key) {
                self.hidden.insert(matching.key);
            }
        }
        Ok(())
    }

    /// Returns how many people there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.ends.len()
    }

    /// Reports whether nobody is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the platform.
    #[must_use]
    pub fn provider(&self) -> &Arc<dyn EmployeeProvider> {
        &self.provider
    }

    /// Returns what we are there.
    #[must_use]
    pub const fn standing(&self) -> &Arc<Standing> {
        &self.standing
    }

    /// Returns everybody, one after the other.
    ///
    /// # Errors
    ///
    /// `Protocol` for a record that cannot be read back: our own fault.
    pub fn everybody(&self) -> impl Iterator<Item = Result<Employee>> {
        (0..self.len()).map(|at| self.records.get(at))
    }

    /// Returns the record at a place, counted from 0.
    ///
    /// # Errors
    ///
    /// As [`Listing::everybody`].
    pub(crate) fn at(&self, place: usize) -> Result<Employee> {
        self.records.get(place)
    }

    /// Returns the records that carry one of the keys, as [`kadry_core::seek()`] does it.
    ///
    /// # Errors
    ///
    /// `Forbidden` when nobody matches and the platform hides from us what would have to be compared.
    pub(crate) fn seek(&self, keys: &[MatchKey]) -> Result<Vec<Employee>> {
        let capability = self.provider.capability();
        let known = keys
            .iter()
            .filter(|key| capability.found_by(key.name()).is_some());
        let mut at: Vec<usize> = Vec::new();
        for key in known.clone() {
            at.extend(self.by_key.get(hash_of(key)));
        }
        at.sort_unstable();
        at.dedup();
        let mut found = Vec::with_capacity(at.len());
        for at in at {
            let employee = self.records.get(at)?;
            // A hash may be somebody else's, too.
            if known.clone().any(|key| employee.matches(key)) {
                found.push(employee);
            }
        }
        let mut names = known.map(MatchKey::name);
        if found.is_empty() && names.any(|name| self.hidden.contains(&name)) {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "the platform hides from us what people are matched by, so nobody is proven to be absent",
            )
            .with("reason", "keys-hidden"));
        }
        Ok(found)
    }

    /// Returns the record with this id.
    ///
    /// # Errors
    ///
    /// As [`Listing::everybody`].
    pub(crate) fn by_id(&self, id: &RemoteId) -> Result<Option<Employee>> {
        for at in self.by_id.get(hash_of(id)) {
            let employee = self.records.get(at)?;
            if employee.at.id == *id {
                return Ok(Some(employee));
            }
        }
        Ok(None)
    }

    /// Returns who has one of the names, or most of it.
    ///
    /// # Errors
    ///
    /// As [`Listing::everybody`].
    pub(crate) fn named(&self, names: &[Name]) -> Result<Vec<Employee>> {
        let pairs = names.iter().flat_map(possible::pairs);
        let mut at: Vec<usize> = pairs.flat_map(|pair| self.by_name.get(pair)).collect();
        at.sort_unstable();
        at.dedup();
        at.into_iter().map(|at| self.records.get(at)).collect()
    }

    /// Returns who has the name that is given, or most of it.
    ///
    /// # Errors
    ///
    /// As [`Listing::everybody`].
    pub(crate) fn namesakes(&self, fields: &Fields) -> Result<Vec<Employee>> {
        let name = possible::name_in(fields);
        let mut found = self.named(std::slice::from_ref(&name))?;
        found.retain(|one| possible::agree(&name, &possible::name_of(one)));
        Ok(found)
    }

    /// Returns who administers the platform or signs there.
    pub(crate) fn powerful(&self) -> &[Employee] {
        &self.powerful
    }

    /// Returns what can be granted of a kind. It is read once.
    ///
    /// # Errors
    ///
    /// The errors of any request.
    pub(crate) async fn offers(&self, kind: &KindName) -> Result<Arc<Offered>> {
        let read = || async {
            let page =
                |from: Option<_>| async move { self.provider.catalogue(kind, from.as_ref()).await };
            let offers = every(page).await?;
            Ok(Arc::new(Offered::for_many(offers)))
        };
        match self.offers.get(kind) {
            Some(cell) => cell.get_or_try_init(read).await.cloned(),
            None => read().await,
        }
    }

    /// Returns what can be granted of a kind, if it is read in so short a time. Of many people one waits for it, and never a second one
    /// after them.
    pub(crate) async fn glance(&self, kind: &KindName, glance: Duration) -> Option<Arc<Offered>> {
        let read = || async { timeout(glance, self.offers(kind)).await.ok()?.ok() };
        self.glanced.get(kind)?.get_or_init(read).await.clone()
    }
}

/// Records as `MessagePack`, one after the other.
#[derive(Default)]
struct Records {
    packed: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    fn add(&mut self, employee: &Employee) -> Result<usize> {
        rmp_serde::encode::write(&mut self.packed, employee).map_err(|fault| unkept(&fault))?;
        self.ends.push(self.packed.len());
        Ok(self.ends.len() - 1)
    }

    fn get(&self, at: usize) -> Result<Employee> {
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let begin = before.copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(begin);
        let packed = self.packed.get(begin..end).unwrap_or_default();
        rmp_serde::from_slice(packed).map_err(|fault| unkept(&fault))
    }
}

/// A record that cannot be kept or read back is our own fault.
fn unkept(fault: &impl fmt::Display) -> Error {
    Error::new(ErrorKind::Protocol, "a record cannot be kept").with("detail", fault)
}

/// Where records are, by hash.
#[derive(Default)]
struct Index(HashTable<(u64, u32)>);

impl Index {
    fn add(&mut self, hash: u64, at: usize) {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.0.insert_unique(hash, (hash, at), |(hash, _)| *hash);
    }

    fn get(&self, hash: u64) -> impl Iterator<Item = usize> {
        let alike = self.0.iter_hash(hash);
        let same = alike.filter(move |(known, _)| *known == hash);
        same.map(|(_, at)| *at as usize)
    }
}

/// Returns a number that is the same for the same value.
pub(crate) fn hash_of(value: &(impl std::hash::Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use kadry_core::{Access, Email, EmployeeRef, FieldName, Grant, Marks, Profile};

    use super::*;

    /// Returns a record of which everything that can be told is told in each way.
    fn record(id: &str) -> Employee {
        let property = Grant::with_id(KindName::PROPERTY, "7", "Стол");
        let own = KindName::known("zone");
        let grants = [
            (
                KindName::PROPERTY,
                Known::Value(vec![property.clone(), property.holding("у окна")]),
            ),
            (own.clone(), Known::Value(vec![Grant::named(own, "Архив")])),
            (KindName::TAG, Known::Empty),
            (KindName::CHAT, Known::Hidden),
        ];
        Employee {
            at: EmployeeRef {
                id: RemoteId::new(id),
                settled: false,
                keys: vec![
                    MatchKey::ExternalId("17".to_owned()),
                    MatchKey::Email(Email::of_record("anna@example.test")),
                ],
            },
            profile: Profile::default()
                .with(FieldName::LastName, Known::Value("Образцова".to_owned()))
                .with(FieldName::Title, Known::Empty)
                .with(FieldName::Phone, Known::Hidden),
            access: Access::Suspended,
            marks: Marks {
                administrator: Known::Value(true),
                signer: Known::Hidden,
                registered: Known::Empty,
                automaton: false,
            },
            grants: grants.into(),
        }
    }

    #[test]
    fn a_record_that_was_kept_is_read_back_as_it_was() {
        let mut records = Records::default();
        let kept = ["", "1", "два"].map(record);
        for (place, one) in kept.iter().enumerate() {
            assert_eq!(records.add(one).unwrap(), place);
        }
        for (place, one) in kept.iter().enumerate() {
            assert_eq!(records.get(place).unwrap(), *one);
        }
        assert!(records.get(kept.len()).is_err());
    }
}
