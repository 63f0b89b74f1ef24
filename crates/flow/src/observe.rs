//! Reading the platforms. Nothing here writes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::future::{join_all, try_join_all};
use kadry_core::{
    Access, Connect, Cursor, Employee, EmployeeProvider, EmployeeRef, Error, ErrorKind, FieldName,
    Foresight, Grant, GrantKind, KindName, Known, MatchKey, Offer, OnLeave, ProviderId, ReadBy,
    RemoteId, Result, Standing, every, fold, seek,
};

use crate::intent::{Flow, Intent, RoleSection};

/// The grants of one kind that somebody holds, as far as the platform shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// One platform that answered.
#[derive(Clone, Debug)]
pub struct Here {
    /// The platform.
    pub provider: Arc<dyn EmployeeProvider>,
    /// What we are there.
    pub standing: Standing,
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
    pub offers: BTreeMap<KindName, Vec<Offer>>,
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

impl Snapshot {
    /// Keeps a strayed record only where it bears the person's family name: a link to a record that
    /// was given to somebody else since leads nowhere.
    pub(crate) fn forget_strangers(&mut self, intent: &Intent) {
        let family = |employee: &Employee| {
            employee
                .profile
                .get(FieldName::LastName)
                .value()
                .map(|name| fold(name))
        };
        let mut names: BTreeSet<String> = BTreeSet::new();
        if let Flow::Onboard(onboard) = &intent.flow {
            names.extend(
                onboard
                    .fields
                    .get(&FieldName::LastName)
                    .map(|name| fold(name)),
            );
        }
        names.extend(
            self.here()
                .flat_map(|(_, here)| here.matches.iter().filter_map(family)),
        );
        for here in self.here_mut() {
            let known =
                |strayed: &Employee| family(strayed).is_some_and(|name| names.contains(&name));
            here.strayed = here.strayed.take().filter(known);
        }
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
        ids.filter(|id| hinted != Some(id)).collect()
    }
}

/// Which kinds of grants a flow wants to see on a platform.
#[derive(Clone, Copy, Debug)]
enum Wanted<'a> {
    Role(&'a RoleSection),
    Leaving,
}

impl Wanted<'_> {
    fn offers(self, kind: &GrantKind) -> bool {
        kind.catalogue.is_yes()
            && match self {
                Self::Role(section) => {
                    section.grants.contains_key(kind.role_key) || kind.follows_department
                }
                Self::Leaving => kind.read == ReadBy::Catalogue && kind.on_leave == OnLeave::Revoke,
            }
    }

    fn held(self, kind: &GrantKind, access: Access) -> bool {
        match self {
            Self::Role(section) => {
                section.grants.contains_key(kind.role_key) || access == Access::Suspended
            }
            Self::Leaving => kind.on_leave == OnLeave::Revoke,
        }
    }
}

/// Reads every platform of a flow, each within the deadline and none waiting for another.
pub async fn observe(
    connects: &[Arc<dyn Connect>],
    flow: &Flow,
    sought: &Sought,
    deadline: Duration,
) -> Snapshot {
    let covered = flow.providers();
    let lanes = connects.iter().filter(|connect| covered.contains(&connect.id())).map(|connect| async move {
        let look = look(connect.as_ref(), flow, sought);
        let seen = match tokio::time::timeout(deadline, look).await {
            Ok(Ok(here)) => Seen::Here(Box::new(here)),
            Ok(Err(error)) => Seen::Silent(Arc::new(error)),
            Err(_) => Seen::Silent(Arc::new(silence(deadline))),
        };
        if let Seen::Silent(error) = &seen {
            tracing::warn!(provider.id = %connect.id(), error.kind = %error.kind(), "platform is silent");
        }
        (connect.id().clone(), seen)
    });
    Snapshot {
        seen: join_all(lanes).await.into_iter().collect(),
    }
}

fn silence(deadline: Duration) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        format!("no answer within {} s", deadline.as_secs()),
    )
    .during("observe")
}

async fn look(connect: &dyn Connect, flow: &Flow, sought: &Sought) -> Result<Here> {
    let provider = connect.connect(Foresight::default()).await?;
    let wanted = match flow {
        Flow::Onboard(onboard) => Wanted::Role(
            onboard
                .sections
                .get(connect.id())
                .ok_or_else(|| not_covered(connect.id()))?,
        ),
        Flow::Offboard(_) => Wanted::Leaving,
    };
    let keys = sought.all();
    let (standing, sighting, offers) = futures::try_join!(
        provider.whoami(),
        seek(provider.as_ref(), &keys),
        offers(provider.as_ref(), wanted)
    )?;
    let found = sighting.matches;
    let strayed = match sought.hint(connect.id(), &standing) {
        Some(hint) if found.is_empty() => provider.get(&hint.who).await?,
        Some(_) | None => None,
    };
    let doubtful = sought.doubtful(connect.id(), &standing, &found);
    let matches: Vec<Employee> = found
        .into_iter()
        .map(|employee| named(employee, &offers))
        .collect();
    let held = match matches.as_slice() {
        [employee] => held(provider.as_ref(), employee, &offers, wanted).await?,
        _ => BTreeMap::new(),
    };
    Ok(Here {
        provider,
        standing,
        matches,
        doubtful,
        strayed,
        held,
        offers,
    })
}

/// Puts names to the grants of which the record shows only the id.
fn named(mut employee: Employee, offers: &BTreeMap<KindName, Vec<Offer>>) -> Employee {
    for (kind, grants) in &mut employee.grants {
        let (Known::Value(grants), Some(offers)) = (grants, offers.get(kind)) else {
            continue;
        };
        for grant in grants.iter_mut().filter(|grant| grant.is_nameless()) {
            if let Some(offer) = offers
                .iter()
                .find(|offer| grant.id.as_ref() == Some(&offer.id))
            {
                grant.name.clone_from(&offer.name);
            }
        }
    }
    employee
}

fn not_covered(id: &ProviderId) -> Error {
    Error::new(
        ErrorKind::Config,
        "the role has no section for this platform",
    )
    .with("provider.id", id)
}

async fn offers(
    provider: &dyn EmployeeProvider,
    wanted: Wanted<'_>,
) -> Result<BTreeMap<KindName, Vec<Offer>>> {
    let kinds = provider
        .capability()
        .grants
        .iter()
        .filter(|kind| wanted.offers(kind));
    let listed = kinds.map(|kind| async move {
        let offers =
            every(|from| async move { provider.catalogue(&kind.name, from.as_ref()).await })
                .await?;
        Ok::<_, Error>((kind.name.clone(), offers))
    });
    Ok(try_join_all(listed).await?.into_iter().collect())
}

async fn held(
    provider: &dyn EmployeeProvider,
    employee: &Employee,
    offers: &BTreeMap<KindName, Vec<Offer>>,
    wanted: Wanted<'_>,
) -> Result<BTreeMap<KindName, Held>> {
    let kinds = provider
        .capability()
        .grants
        .iter()
        .filter(|kind| wanted.held(kind, employee.access));
    let read = kinds.map(|kind| async move {
        let hidden = employee.access == Access::Suspended && !kind.while_suspended.is_yes();
        let held = match kind.read {
            ReadBy::EachPerson if !hidden => {
                Held::Seen(provider.held(&kind.name, &employee.at).await?)
            }
            ReadBy::Catalogue if !hidden => offers
                .get(&kind.name)
                .map_or(Held::Unseen, |offers| in_rows(kind, employee, offers)),
            ReadBy::WithEmployee => employee
                .granted(&kind.name)
                .map_or(Held::Unseen, |grants| Held::Seen(grants.to_vec())),
            ReadBy::EachPerson | ReadBy::Catalogue => Held::Unseen,
        };
        Ok::<_, Error>((kind.name.clone(), held))
    });
    Ok(try_join_all(read).await?.into_iter().collect())
}

fn in_rows(kind: &GrantKind, employee: &Employee, offers: &[Offer]) -> Held {
    let holds = |offer: &&Offer| {
        offer
            .holders
            .as_ref()
            .is_some_and(|holders| holders.contains(&employee.at.id))
    };
    let grant = |offer: &Offer| Grant {
        kind: kind.name.clone(),
        id: Some(offer.id.clone()),
        name: offer.name.clone(),
        value: None,
    };
    Held::Seen(offers.iter().filter(holds).map(grant).collect())
}

/// Returns the record with this id. Not every platform reads by id, but every one lists everybody.
///
/// # Errors
///
/// The errors of any request.
pub(crate) async fn by_id(connect: &dyn Connect, id: &RemoteId) -> Result<Option<Employee>> {
    let provider = connect.connect(Foresight::default()).await?;
    let who = EmployeeRef {
        id: id.clone(),
        settled: true,
        keys: Vec::new(),
    };
    if let Some(employee) = provider.get(&who).await? {
        return Ok(Some(employee));
    }
    let everybody = everybody(connect).await?;
    Ok(everybody.into_iter().find(|employee| employee.at.id == *id))
}

/// Returns every person on a platform, programs left out.
///
/// # Errors
///
/// `Protocol` when a platform on which we have a record lists nobody, and the errors of any request.
pub(crate) async fn everybody(connect: &dyn Connect) -> Result<Vec<Employee>> {
    let provider = connect.connect(Foresight::default()).await?;
    let list = &provider;
    let rows = every(|from| async move { list.list(from.as_ref()).await }).await?;
    if rows.is_empty() && provider.whoami().await?.own.is_some() {
        // We are on the list ourselves, so an empty one is no answer.
        let error = Error::new(ErrorKind::Protocol, "the platform lists nobody");
        return Err(error.with("provider.id", connect.id()));
    }
    Ok(rows
        .into_iter()
        .filter(|employee| !employee.marks.automaton)
        .collect())
}

/// Puts names to grants of which records show only the id, asking for the lists that are missing. A
/// list that cannot be read leaves the ids.
pub(crate) async fn name_grants(here: &mut Here) {
    let provider = Arc::clone(&here.provider);
    for kind in provider
        .capability()
        .grants
        .iter()
        .filter(|kind| kind.catalogue.is_yes())
    {
        let mut grants = here
            .matches
            .iter()
            .filter_map(|one| one.granted(&kind.name))
            .flatten();
        if !grants.any(Grant::is_nameless) {
            continue;
        }
        let list = async |from: Option<Cursor>| provider.catalogue(&kind.name, from.as_ref()).await;
        let Ok(offers) = every(list).await else {
            continue;
        };
        let offers = BTreeMap::from([(kind.name.clone(), offers)]);
        let matches = std::mem::take(&mut here.matches);
        here.matches = matches
            .into_iter()
            .map(|employee| named(employee, &offers))
            .collect();
    }
}
