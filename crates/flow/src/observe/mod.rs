//! Reading the platforms. Nothing here writes.

mod again;
mod everybody;
mod going;
mod listing;
mod look;
mod moving;
mod native;
mod offered;
mod patience;
mod possible;
mod source;
mod tree;
mod wanted;
mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, join_all, select_all};
use kadry_core::{
    Connect, Employee, EmployeeProvider, EmployeeRef, Error, ErrorKind, Grant, KindName, MatchKey,
    ProviderId, RemoteId, Standing,
};
use serde::Serialize;
use tokio::time::Instant;

pub use listing::{Listing, Listings};
pub use native::{Single, WayBack};
pub use offered::Offered;
pub use patience::Patience;
pub use tree::Grown;
pub use whole::Hindrance;

pub(crate) use again::held_again;
pub(crate) use everybody::{by_id, everybody, name_grants};
pub(crate) use going::Going;
pub(crate) use listing::hash_of;
pub(crate) use look::{can_wait, look};
pub(crate) use moving::can_be_taken;
pub(crate) use native::{singles_of, table_of};
pub(crate) use source::Source;
pub(crate) use tree::{at_place, complete, grown, tree_of};
pub(crate) use wanted::is_read_aside;
pub(crate) use whole::{Lists, lists, whole};

use crate::intent::Flow;
use crate::watch::Watch;

/// The grants of one kind that somebody holds, as far as the platform shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// These, and no others.
    Seen(Vec<Grant>),
    /// The platform does not show them now, such as the chats of a suspended person.
    Unseen,
}

impl Held {
    /// Returns the grants that were seen.
    #[must_use]
    pub fn seen(&self) -> &[Grant] {
        match self {
            Self::Seen(grants) => grants,
            Self::Unseen => &[],
        }
    }

    fn into_seen(self) -> Vec<Grant> {
        match self {
            Self::Seen(grants) => grants,
            Self::Unseen => Vec::new(),
        }
    }
}

/// Who keeps a thing, beside its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keepers {
    /// The thing.
    pub what: Grant,
    /// The records of those who keep it.
    pub who: Vec<RemoteId>,
}

/// One platform that answered.
#[derive(Clone, Debug)]
pub struct Here {
    /// The platform.
    pub provider: Arc<dyn EmployeeProvider>,
    /// What we are there.
    pub standing: Arc<Standing>,
    /// The records that match the person.
    pub matches: Vec<Employee>,
    /// The matches that carry only a key of earlier times, which may be somebody else's now.
    pub doubtful: Vec<RemoteId>,
    /// A record that was this person's, is still there, and carries none of the keys any more. It may
    /// be somebody else's by now.
    pub strayed: Option<Employee>,
    /// What the one match holds, by kind; only the kinds that the flow asks about.
    pub held: BTreeMap<KindName, Held>,
    /// What can be granted, by kind; only the kinds that the flow asks about.
    pub offers: Offers,
    /// Who else administers the platform or signs there; read only where it decides whether somebody may leave.
    pub others: Vec<Employee>,
    /// Who keeps what the leaver holds; read only for a successor.
    pub keepers: Vec<Keepers>,
    /// The records of the successor.
    pub heir: Vec<Employee>,
    /// The single changes that only this platform has, as far as they are asked for or are to be taken back.
    pub native: Vec<Single>,
    /// The departments, where they are asked for and there are any.
    pub grown: Option<Grown>,
    /// People who have the name of the person and none of the keys, where nobody has a key.
    pub possible: Vec<Employee>,
    /// Everybody, where all were read, until names have been compared.
    everybody: Option<Everybody>,
}

/// What can be granted on a platform, by kind.
pub type Offers = BTreeMap<KindName, Arc<Offered>>;

/// Everybody on a platform.
#[derive(Clone, Debug)]
enum Everybody {
    /// All were read for the sake of one.
    These(Vec<Employee>),
    /// All were read before.
    Listed(Arc<Listing>),
}

impl Here {
    /// Returns a platform on which nobody is the person.
    #[must_use]
    pub const fn without(
        provider: Arc<dyn EmployeeProvider>,
        standing: Arc<Standing>,
        offers: Offers,
    ) -> Self {
        Self {
            provider,
            standing,
            matches: Vec::new(),
            doubtful: Vec::new(),
            strayed: None,
            held: BTreeMap::new(),
            offers,
            others: Vec::new(),
            keepers: Vec::new(),
            heir: Vec::new(),
            native: Vec::new(),
            grown: None,
            possible: Vec::new(),
            everybody: None,
        }
    }
}

/// What one platform showed.
#[derive(Clone, Debug)]
pub enum Seen {
    /// It answered.
    Here(Box<Here>),
    /// It did not answer in time, or answered with an error.
    Silent(Arc<Error>),
}

/// What all platforms showed.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// By platform.
    pub seen: BTreeMap<ProviderId, Seen>,
}

impl Snapshot {
    /// Lists the platforms that answered, to be completed.
    pub(crate) fn here_mut(&mut self) -> impl Iterator<Item = &mut Here> {
        self.seen.values_mut().filter_map(|seen| match seen {
            Seen::Here(here) => Some(here.as_mut()),
            Seen::Silent(_) => None,
        })
    }

    /// Lists the platforms that answered.
    pub fn here(&self) -> impl Iterator<Item = (&ProviderId, &Here)> {
        self.seen.iter().filter_map(|(id, seen)| match seen {
            Seen::Here(here) => Some((id, here.as_ref())),
            Seen::Silent(_) => None,
        })
    }

    /// Reports whether every platform answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.seen.values().all(|seen| matches!(seen, Seen::Here(_)))
    }
}

/// A hint where a person's record is on one platform.
#[derive(Clone, Debug)]
pub struct Hint {
    /// Which platform.
    pub provider: ProviderId,
    /// Valid only while we stand in this tenant.
    pub tenant: String,
    /// Which record.
    pub who: EmployeeRef,
}

/// Whom to look for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// The keys that were given, or that stand on a record that was named.
    pub keys: Vec<MatchKey>,
    /// The keys that the person is remembered by. They may be somebody else's by now.
    pub remembered: Vec<MatchKey>,
    /// Where records of the person were seen before.
    pub hints: Vec<Hint>,
    /// The record that the operator named, where it bears no key: on its platform it is found by its id, and nowhere else is anybody.
    pub named: Option<(ProviderId, RemoteId)>,
    /// Who comes into what the person alone keeps.
    pub successor: Option<Box<Self>>,
}

impl Sought {
    /// Returns every key, the given ones first.
    #[must_use]
    pub fn all(&self) -> Vec<MatchKey> {
        let remembered = self
            .remembered
            .iter()
            .filter(|key| !self.keys.contains(key));
        self.keys.iter().chain(remembered).cloned().collect()
    }

    fn hint(&self, provider: &ProviderId, standing: &Standing) -> Option<&Hint> {
        let valid = |hint: &&Hint| hint.provider == *provider && hint.tenant == standing.tenant;
        self.hints.iter().find(valid)
    }

    /// Returns the record that was named on this platform.
    fn named_on(&self, provider: &ProviderId) -> Option<&RemoteId> {
        let (on, id) = self.named.as_ref()?;
        (on == provider).then_some(id)
    }

    /// Returns the records that match by a remembered key alone and were not seen as this person's.
    pub(crate) fn doubtful(
        &self,
        provider: &ProviderId,
        standing: &Standing,
        matches: &[Employee],
    ) -> Vec<RemoteId> {
        let hinted = self.hint(provider, standing).map(|hint| &hint.who.id);
        let given = |employee: &&Employee| self.keys.iter().any(|key| employee.matches(key));
        let doubtful = matches.iter().filter(|employee| !given(employee));
        let ids = doubtful.map(|employee| employee.at.id.clone());
        let named = self.named_on(provider);
        ids.filter(|id| hinted != Some(id) && named != Some(id))
            .collect()
    }
}

/// A look that is still going on.
pub(crate) type Look<'a> = BoxFuture<'a, kadry_core::Result<Here>>;

/// What was seen in time, and the looks that nobody waited for any longer.
pub(crate) struct Observed<'a> {
    pub(crate) snapshot: Snapshot,
    pub(crate) going: BTreeMap<ProviderId, Look<'a>>,
}

/// Reads every platform of a flow, each within the deadline and none waiting for another.
pub async fn observe(
    connects: &[Arc<dyn Connect>],
    flow: &Flow,
    sought: &Sought,
    patience: Patience,
    watch: &dyn Watch,
) -> Snapshot {
    begin_to_observe(connects, flow, sought, patience, watch)
        .await
        .snapshot
}

/// Reads every platform of a flow like [`observe`], and gives up no look that is not through in time.
pub(crate) async fn begin_to_observe(
    connects: &[Arc<dyn Connect>],
    flow: &Flow,
    sought: &Sought,
    patience: Patience,
    watch: &dyn Watch,
) -> Observed<'static> {
    let (whole, sought) = (Arc::new(flow.clone()), Arc::new(sought.clone()));
    let begin = |connect: &Arc<dyn Connect>| -> Look<'static> {
        let connect = Arc::clone(connect);
        let (flow, sought) = (Arc::clone(&whole), Arc::clone(&sought));
        async move { look(connect.as_ref(), &flow, &sought, patience, Source::Platform).await }
            .boxed()
    };
    let mut observed = await_looks(connects, flow, patience, watch, begin).await;
    for provider in flow.providers() {
        if !connects.iter().any(|connect| connect.id() == provider) {
            let silent = Seen::Silent(Arc::new(unconfigured()));
            observed.snapshot.seen.insert(provider.clone(), silent);
        }
    }
    observed
}

/// What is said of a platform of a run that nobody can reach any more. That nothing was read there is no proof of anything.
fn unconfigured() -> Error {
    Error::new(
        ErrorKind::Config,
        "the platform is not configured, or is switched off",
    )
}

/// Looks a person up in what was read of everybody. What is read person by person is asked of the platforms.
pub(crate) async fn look_up(
    connects: &[Arc<dyn Connect>],
    listings: &Listings,
    flow: &Flow,
    sought: &Sought,
    patience: Patience,
) -> Snapshot {
    let providers = flow.providers();
    let looks = providers.iter().map(|provider| async move {
        let connect = connects
            .iter()
            .find(|connect| connect.id() == *provider)
            .ok_or_else(|| Arc::new(unconfigured()))?;
        let source = match listings.of(provider) {
            Some(Ok(listing)) => Source::Listing(listing),
            Some(Err(error)) => return Err(Arc::clone(error)),
            None => Source::Platform,
        };
        let looked = look(connect.as_ref(), flow, sought, patience, source);
        looked.await.map_err(Arc::new)
    });
    let mut snapshot = Snapshot::default();
    for (provider, looked) in providers.iter().zip(join_all(looks).await) {
        let seen = looked.map_or_else(Seen::Silent, |here| Seen::Here(Box::new(here)));
        snapshot.seen.insert((*provider).clone(), seen);
    }
    snapshot.compare_names(flow);
    snapshot
}

/// Reads platforms once more. `earlier` is what one showed before the run: lists in which the run changed nothing are not read again.
pub(crate) async fn observe_again<'a>(
    connects: &'a [Arc<dyn Connect>],
    flow: &'a Flow,
    sought: &'a Sought,
    patience: Patience,
    watch: &dyn Watch,
    earlier: &'a (dyn Fn(&ProviderId) -> Option<&'a Here> + Send + Sync),
) -> Snapshot {
    let begin = |connect: &'a Arc<dyn Connect>| -> Look<'a> {
        let source = earlier(connect.id()).map_or(Source::Platform, Source::Again);
        look(connect.as_ref(), flow, sought, patience, source).boxed()
    };
    await_looks(connects, flow, patience, watch, begin)
        .await
        .snapshot
}

async fn await_looks<'c, 'a>(
    connects: &'c [Arc<dyn Connect>],
    flow: &Flow,
    patience: Patience,
    watch: &dyn Watch,
    begin: impl Fn(&'c Arc<dyn Connect>) -> Look<'a>,
) -> Observed<'a> {
    let covered = flow.providers();
    let began = Instant::now();
    let covers = |connect: &&Arc<dyn Connect>| covered.contains(&connect.id());
    let mut awaited = Awaited {
        looks: connects
            .iter()
            .filter(covers)
            .map(|connect| (connect, begin(connect)))
            .collect(),
        deadline: patience.deadline,
        lifeless: None,
    };
    let mut snapshot = Snapshot::default();
    watch.reading(&awaited.ids());
    while !awaited.looks.is_empty() {
        let until = awaited.until();
        let next = select_all(awaited.looks.iter_mut().map(|(_, look)| look));
        let next = tokio::time::timeout_at(began + until, next).await;
        match next.map(|(looked, at, _)| (looked, at)) {
            Ok((looked, at)) => {
                let (connect, _) = awaited.looks.remove(at);
                if looked.is_ok() {
                    awaited.has_read(patience, began.elapsed());
                }
                watch.reading(&awaited.ids());
                snapshot.add(connect.id(), looked);
            }
            // One of them may have given a sign of life meanwhile.
            Err(_) if awaited.until() > until => {}
            Err(_) => break,
        }
    }
    for id in awaited.ids() {
        snapshot.add(id, Err(Error::no_answer(awaited.until()).during("observe")));
    }
    snapshot.compare_names(flow);
    let going = awaited.looks.into_iter();
    Observed {
        snapshot,
        going: going.map(|(at, look)| (at.id().clone(), look)).collect(),
    }
}

/// The platforms that are still being read, and how long that may take from the beginning.
struct Awaited<'c, 'a> {
    looks: Vec<(&'c Arc<dyn Connect>, Look<'a>)>,
    deadline: Duration,
    /// For those without a sign of life, as soon as one was read.
    lifeless: Option<Duration>,
}

impl<'c> Awaited<'c, '_> {
    fn ids(&self) -> Vec<&'c ProviderId> {
        self.looks.iter().map(|(at, _)| at.id()).collect()
    }

    fn has_read(&mut self, patience: Patience, took: Duration) {
        self.deadline = patience.after_an_answer(took);
        self.lifeless
            .get_or_insert_with(|| patience.after_the_first(took));
    }

    fn until(&self) -> Duration {
        let is_alive = self.looks.iter().any(|(at, _)| at.has_answered());
        let lifeless = self.lifeless.filter(|_| !is_alive);
        lifeless.unwrap_or(self.deadline)
    }
}

impl Snapshot {
    fn add(&mut self, id: &ProviderId, looked: kadry_core::Result<Here>) {
        let seen = match looked {
            Ok(here) => Seen::Here(Box::new(here)),
            Err(error) => {
                tracing::warn!(provider.id = %id, error.kind = %error.kind(), "platform is silent");
                Seen::Silent(Arc::new(error))
            }
        };
        self.seen.insert(id.clone(), seen);
    }
}
