//! One platform as a flow needs to see it.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{Either, OptionFuture, join_all, select, try_join_all};
use kadry_core::{
    Access, Connect, Employee, EmployeeProvider, EmployeeRef, Error, ErrorKind, Foresight, Grant,
    GrantKind, KindName, Known, MatchKey, Offer, ProviderId, ReadBy, Result, Sighting, Standing,
    every, seek,
};

use super::everybody::by_id_at;
use super::moving::Moving;
use super::source::Source;
use super::tree::grown;
use super::wanted::Wanted;
use super::{
    Everybody, Grown, Held, Here, Keepers, Offered, Offers, Patience, Single, Sought, native,
};
use crate::intent::Flow;

/// Reads one platform.
pub(crate) async fn look(
    connect: &dyn Connect,
    flow: &Flow,
    sought: &Sought,
    patience: Patience,
    source: Source<'_>,
) -> Result<Here> {
    let wanted = match flow {
        Flow::Onboard(onboard) => Wanted::Role(
            onboard
                .sections
                .get(connect.id())
                .ok_or_else(|| not_covered(connect.id()))?,
        ),
        Flow::Offboard(offboard) => Wanted::Leaving(offboard),
        Flow::Transfer(transfer) => Wanted::Moving(Moving::on(transfer, connect.id())),
        Flow::Undo(undo) => Wanted::Undoing(undo, connect.id()),
        Flow::Native(native) => Wanted::Native(native),
        Flow::Departments(departments) => Wanted::Departments(departments),
    };
    let keys = sought.all();
    let foresight = Foresight {
        whom: &keys,
        holdings: matches!(wanted, Wanted::Leaving(_)),
    };
    let look = Look {
        provider: match source {
            Source::Listing(listing) => Arc::clone(listing.provider()),
            Source::Platform | Source::Again(_) => connect.connect(foresight).await?,
        },
        wanted,
        sought,
        holdings: patience.holdings,
        source,
    };
    let aside = pin!(look.aside(patience.glance));
    let here = pin!(look.here(&keys));
    let (mut here, aside) = match select(here, aside).await {
        Either::Left((here, aside)) => {
            let here = here?;
            let worth_it = matches!(here.matches.as_slice(), [one] if one.access == Access::Open);
            // Whoever is out is in none of these lists.
            let aside = worth_it.then(|| tokio::time::timeout(patience.glance, aside));
            (here, OptionFuture::from(aside).await.and_then(Result::ok))
        }
        Either::Right((aside, here)) => (here.await?, Some(aside)),
    };
    if let Some(Ok(offers)) = aside {
        look.add_aside(offers, &mut here);
    }
    Ok(here)
}

struct Look<'a> {
    provider: Arc<dyn EmployeeProvider>,
    wanted: Wanted<'a>,
    sought: &'a Sought,
    holdings: bool,
    source: Source<'a>,
}

/// What a record held while it was looked for.
type Beside = Option<(EmployeeRef, BTreeMap<KindName, Result<Vec<Grant>>>)>;

impl Look<'_> {
    async fn here(&self, keys: &[MatchKey]) -> Result<Here> {
        let (provider, wanted) = (self.provider.as_ref(), self.wanted);
        let found = async {
            let beside = async { Ok(self.held_beside().await) };
            let (sighting, beside) = futures::try_join!(self.seek(keys), beside)?;
            let held = match sighting.matches.as_slice() {
                [employee] => self.held_by_itself(employee, beside).await?,
                _ => BTreeMap::new(),
            };
            Ok((sighting, held))
        };
        let (standing, (sighting, mut held), offers, heir) = futures::try_join!(
            self.standing(),
            found,
            self.offers(|kind| !wanted.aside(kind)),
            self.heir()
        )?;
        let everybody = not_empty(&standing, sighting.everybody)?;
        let everybody = match self.source {
            Source::Listing(listing) => Some(Everybody::Listed(Arc::clone(listing))),
            Source::Platform | Source::Again(_) => everybody.map(Everybody::These),
        };
        let found = sighting.matches;
        let strayed = match self.sought.hint(provider.id(), &standing) {
            Some(hint) if found.is_empty() => self.get(&hint.who).await?,
            Some(_) | None => None,
        };
        let doubtful = self.sought.doubtful(provider.id(), &standing, &found);
        let matches: Vec<Employee> = found
            .into_iter()
            .map(|employee| named(employee, &offers))
            .collect();
        let (others, keepers) = match matches.as_slice() {
            [employee] => {
                held.extend(self.held_with_lists(employee, &offers));
                futures::try_join!(
                    self.others(employee, everybody.as_ref()),
                    self.keepers(employee, &offers)
                )?
            }
            _ => (Vec::new(), Vec::new()),
        };
        Ok(Here {
            provider: Arc::clone(&self.provider),
            standing,
            doubtful,
            strayed,
            held,
            offers,
            others,
            keepers,
            heir,
            native: self.natives(&matches).await?,
            grown: self.grown().await?,
            everybody,
            possible: Vec::new(),
            matches,
        })
    }

    /// What single changes are about that only this platform has.
    async fn natives(&self, matches: &[Employee]) -> Result<Vec<Single>> {
        match self.wanted {
            Wanted::Native(asked) => native::asked(self.provider.as_ref(), asked, matches).await,
            Wanted::Undoing(undo, on) => native::undone(self.provider.as_ref(), undo, on).await,
            Wanted::Role(_) | Wanted::Leaving(_) | Wanted::Moving(_) | Wanted::Departments(_) => {
                Ok(Vec::new())
            }
        }
    }

    /// The departments, where they are asked for.
    async fn grown(&self) -> Result<Option<Grown>> {
        match self.wanted {
            Wanted::Departments(asked) => grown(self.provider.as_ref(), asked.remove_empty).await,
            Wanted::Role(_)
            | Wanted::Leaving(_)
            | Wanted::Moving(_)
            | Wanted::Undoing(..)
            | Wanted::Native(_) => Ok(None),
        }
    }

    /// The lists that nobody waits for longer than a glance. Of many people all see the same: these are looked for once.
    async fn aside(&self, glance: Duration) -> Result<Offers> {
        let is_aside = |kind: &GrantKind| self.wanted.aside(kind);
        let Source::Listing(listing) = self.source else {
            return self.offers(is_aside).await;
        };
        let kinds = self.provider.capability().grants.iter();
        let kinds = kinds.filter(|kind| self.wanted.offers(kind) && is_aside(kind));
        let glanced = kinds.map(|kind| async {
            let offers = listing.glance(&kind.name, glance).await?;
            Some((kind.name.clone(), offers))
        });
        Ok(join_all(glanced).await.into_iter().flatten().collect())
    }

    async fn offers(&self, which: impl Fn(&GrantKind) -> bool) -> Result<Offers> {
        let provider = self.provider.as_ref();
        let grants = &provider.capability().grants;
        let kinds = grants
            .iter()
            .filter(|kind| self.wanted.offers(kind) && which(kind));
        let listed = kinds
            .filter(|kind| !self.needs_no_list(kind))
            .map(|kind| async move {
                if let Some(known) = self.known(kind) {
                    return Ok((kind.name.clone(), Arc::clone(known)));
                }
                if let Source::Listing(listing) = self.source {
                    return Ok((kind.name.clone(), listing.offers(&kind.name).await?));
                }
                let offers =
                    every(
                        |from| async move { provider.catalogue(&kind.name, from.as_ref()).await },
                    )
                    .await?;
                Ok::<_, Error>((kind.name.clone(), Arc::new(offers.into())))
            });
        Ok(try_join_all(listed).await?.into_iter().collect())
    }

    /// The list of a kind as it was before the run, where no holders stand in it.
    fn known(&self, kind: &GrantKind) -> Option<&Arc<Offered>> {
        match self.source {
            Source::Again(earlier) if kind.read != ReadBy::Catalogue => {
                earlier.offers.get(&kind.name)
            }
            Source::Platform | Source::Again(_) | Source::Listing(_) => None,
        }
    }

    async fn standing(&self) -> Result<Arc<Standing>> {
        match self.source {
            Source::Listing(listing) => Ok(Arc::clone(listing.standing())),
            Source::Platform | Source::Again(_) => self.provider.whoami().await.map(Arc::new),
        }
    }

    async fn seek(&self, keys: &[MatchKey]) -> Result<Sighting> {
        if let Some(id) = self.sought.named_on(self.provider.id()) {
            let found = match self.source {
                Source::Listing(listing) => listing.by_id(id)?,
                Source::Platform | Source::Again(_) => by_id_at(self.provider.as_ref(), id).await?,
            };
            return Ok(Sighting {
                matches: found.into_iter().collect(),
                everybody: None,
            });
        }
        match self.source {
            Source::Listing(listing) => Ok(Sighting {
                matches: listing.seek(keys)?,
                everybody: None,
            }),
            Source::Platform | Source::Again(_) => seek(self.provider.as_ref(), keys).await,
        }
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        match self.source {
            Source::Listing(listing) => listing.by_id(&who.id),
            Source::Platform | Source::Again(_) => self.provider.get(who).await,
        }
    }

    /// Whether a list would show nothing once more: whose door is closed is left out of it.
    fn needs_no_list(&self, kind: &GrantKind) -> bool {
        let leaving = matches!(self.wanted, Wanted::Leaving(_));
        matches!(self.source, Source::Again(_)) && leaving && !kind.while_suspended.is_yes()
    }

    /// The kinds that are asked about of somebody.
    fn asked<'a>(&'a self, employee: &Employee) -> impl Iterator<Item = &'a GrantKind> {
        let grants = &self.provider.capability().grants;
        let access = employee.access;
        grants
            .iter()
            .filter(move |kind| self.wanted.held(kind, access))
    }

    /// What whoever was seen before the run holds, read beside the search for them.
    async fn held_beside(&self) -> Beside {
        let Source::Again(earlier) = self.source else {
            return None;
        };
        let [employee] = earlier.matches.as_slice() else {
            return None;
        };
        // Their door may be another one by now.
        let either = [Access::Open, Access::Suspended];
        let asked = |kind: &GrantKind| either.iter().all(|access| self.wanted.held(kind, *access));
        let kinds = self.read_by_itself(employee);
        let kinds = kinds.filter(|kind| kind.while_suspended.is_yes() && asked(kind));
        let read = kinds.map(|kind| async move {
            let held = self.provider.held(&kind.name, &employee.at).await;
            (kind.name.clone(), held)
        });
        let held = join_all(read).await.into_iter().collect();
        Some((employee.at.clone(), held))
    }

    /// The kinds that are read person by person and asked about of somebody.
    fn read_by_itself<'a>(&'a self, employee: &'a Employee) -> impl Iterator<Item = &'a GrantKind> {
        self.asked(employee)
            .filter(|kind| kind.read == ReadBy::EachPerson)
            .filter(|kind| self.holdings || !can_wait(kind, employee))
    }

    /// What somebody holds of the kinds that are read person by person, as far as it was not read beside the search already.
    async fn held_by_itself(
        &self,
        employee: &Employee,
        beside: Beside,
    ) -> Result<BTreeMap<KindName, Held>> {
        let same = beside.filter(|(at, _)| *at == employee.at);
        let mut beside = same.map(|(_, held)| held).unwrap_or_default();
        let kinds = self.read_by_itself(employee);
        let read: Vec<_> = kinds
            .map(|kind| (kind, beside.remove(&kind.name)))
            .collect();
        let read = read.into_iter().map(|(kind, read)| async move {
            let held = match read {
                _ if is_hidden(kind, employee) => Held::Unseen,
                Some(held) => Held::Seen(held?),
                None => Held::Seen(self.provider.held(&kind.name, &employee.at).await?),
            };
            Ok::<_, Error>((kind.name.clone(), held))
        });
        Ok(try_join_all(read).await?.into_iter().collect())
    }

    /// What somebody holds of the kinds that stand on the record or in lists.
    fn held_with_lists(&self, employee: &Employee, offers: &Offers) -> BTreeMap<KindName, Held> {
        let held = |kind: &GrantKind| match kind.read {
            ReadBy::EachPerson => None,
            ReadBy::WithEmployee => Some(
                employee
                    .granted(&kind.name)
                    .map_or(Held::Unseen, |grants| Held::Seen(grants.to_vec())),
            ),
            ReadBy::Catalogue if is_hidden(kind, employee) => Some(Held::Unseen),
            ReadBy::Catalogue => Some(
                offers
                    .get(&kind.name)
                    .map_or(Held::Unseen, |offers| in_rows(kind, employee, offers)),
            ),
        };
        self.asked(employee)
            .filter_map(|kind| Some((kind.name.clone(), held(kind)?)))
            .collect()
    }

    /// Returns who else administers the platform or signs there, where that decides whether somebody may leave.
    async fn others(
        &self,
        employee: &Employee,
        everybody: Option<&Everybody>,
    ) -> Result<Vec<Employee>> {
        if !self.wanted.counts_others(employee, self.provider.as_ref()) {
            return Ok(Vec::new());
        }
        others(self.provider.as_ref(), employee, everybody).await
    }

    /// Returns the record of whoever comes into what the leaver alone keeps.
    async fn heir(&self) -> Result<Vec<Employee>> {
        let Some(successor) = &self.sought.successor else {
            return Ok(Vec::new());
        };
        let sighting = self.seek(&successor.keys).await?;
        Ok(sighting.matches)
    }

    /// Returns who keeps each thing that the leaver holds, beside its owner.
    async fn keepers(&self, employee: &Employee, offers: &Offers) -> Result<Vec<Keepers>> {
        if self.sought.successor.is_none() {
            return Ok(Vec::new());
        }
        let grants = &self.provider.capability().grants;
        let things = grants
            .iter()
            .filter(|kind| kind.hand_over.is_yes())
            .flat_map(|kind| {
                let rows = offers.get(&kind.name);
                rows.map_or_else(Vec::new, |rows| in_rows(kind, employee, rows).into_seen())
            });
        let read = things.map(|what| async move {
            let who = self.provider.keepers(&what.kind, &what).await?;
            Ok::<_, Error>(Keepers { what, who })
        });
        try_join_all(read).await
    }

    fn add_aside(&self, offers: Offers, here: &mut Here) {
        if let [employee] = here.matches.as_slice() {
            for kind in &self.provider.capability().grants {
                let rows = offers.get(&kind.name);
                if let (Some(rows), Access::Open) = (rows, employee.access) {
                    here.held
                        .insert(kind.name.clone(), in_rows(kind, employee, rows));
                }
            }
        }
        here.offers.extend(offers);
    }
}

pub(super) fn is_hidden(kind: &GrantKind, employee: &Employee) -> bool {
    employee.access == Access::Suspended && !kind.while_suspended.is_yes()
}

/// Whether what somebody holds of a kind can be read and taken when their door is closed.
pub(crate) fn can_wait(kind: &GrantKind, employee: &Employee) -> bool {
    kind.read == ReadBy::EachPerson
        && kind.while_suspended.is_yes()
        && employee.access == Access::Open
}

/// Returns who else administers the platform or signs there.
///
/// # Errors
///
/// The errors of any request.
async fn others(
    provider: &dyn EmployeeProvider,
    employee: &Employee,
    everybody: Option<&Everybody>,
) -> Result<Vec<Employee>> {
    let listed;
    let everybody = match everybody {
        Some(Everybody::These(everybody)) => everybody,
        Some(Everybody::Listed(listing)) => listing.powerful(),
        None => {
            listed = every(|from| async move { provider.list(from.as_ref()).await }).await?;
            &listed
        }
    };
    let counts = |other: &&Employee| {
        let administers = other.marks.administrator == Known::Value(true);
        let signs = other.marks.signer == Known::Value(true);
        other.at.id != employee.at.id && !other.marks.automaton && (administers || signs)
    };
    Ok(everybody.iter().filter(counts).cloned().collect())
}

/// Refuses an empty list of a platform on which we have a record: we are on it ourselves.
fn not_empty(
    standing: &Standing,
    everybody: Option<Vec<Employee>>,
) -> Result<Option<Vec<Employee>>> {
    let lists_nobody = everybody.as_ref().is_some_and(Vec::is_empty);
    if lists_nobody && standing.own.is_some() {
        return Err(Error::new(ErrorKind::Protocol, "the platform lists nobody"));
    }
    Ok(everybody)
}

/// Puts names to the grants of which the record shows only the id.
pub(super) fn named(mut employee: Employee, offers: &Offers) -> Employee {
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

pub(super) fn in_rows(kind: &GrantKind, employee: &Employee, offers: &Offered) -> Held {
    let grant =
        |offer: &Offer| Grant::with_id(kind.name.clone(), offer.id.as_str(), offer.name.clone());
    let held = offers.held_by(&employee.at.id).into_iter();
    Held::Seen(held.map(grant).collect())
}
