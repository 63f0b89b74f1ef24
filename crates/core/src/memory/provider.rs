//! The trait over the world in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::edits::kind_of;
use super::world::{Fault, Row, World, WrittenCall, keys};
use crate::capability::Capability;
use crate::employee::{Access, Employee, EmployeeRef, Known, MatchKey, RemoteId};
use crate::error::{Effect, Error, ErrorKind, Repeat, Result};
use crate::fold::fold;
use crate::grant::{Definition, Grant, GrantEdit, GrantKind, KindName, Offer, ReadBy};
use crate::native::Native;
use crate::page::{Cursor, Page};
use crate::plan::{Change, Notice, Wish};
use crate::provider::{EmployeeProvider, Look, ProviderId, Review, Standing};

/// A provider in memory. Clones share what they hold.
#[derive(Clone, Debug)]
pub struct Memory {
    id: ProviderId,
    capability: Arc<Capability>,
    world: Arc<Mutex<World>>,
}

impl Memory {
    /// Returns an empty platform that can do what `capability` says.
    #[must_use]
    pub fn new(id: ProviderId, capability: Capability) -> Self {
        Self {
            id,
            capability: Arc::new(capability),
            world: Arc::new(Mutex::new(World::new())),
        }
    }

    /// Adds something that can be granted, and returns its id.
    pub fn offer(&self, kind: &KindName, path: &[&str]) -> RemoteId {
        let mut world = self.world();
        let id = world.fresh_id();
        let path: Vec<String> = path.iter().map(|&name| name.to_owned()).collect();
        let name = path.last().cloned().unwrap_or_default();
        let holders = matches!(
            self.capability.kind(kind).map(|kind| kind.read),
            Some(ReadBy::Catalogue)
        )
        .then(Vec::new);
        let offer = Offer {
            id: id.clone(),
            name,
            path,
            holders,
            owner: None,
            through: Vec::new(),
        };
        world.offers.entry(kind.clone()).or_default().push(offer);
        id
    }

    /// Gives something that can be granted another name. Whoever has it keeps it, and its path.
    pub fn rename(&self, kind: &KindName, offer: &RemoteId, name: &str) {
        self.change_offer(kind, offer, |row| name.clone_into(&mut row.name));
    }

    /// Stands in another tenant from now on, with whoever is there. Until then the tenant is called as the platform.
    pub fn stand_in(&self, tenant: &str) {
        self.world().tenant = Some(tenant.to_owned());
    }

    /// Attaches a grant of an earlier kind to an offer, so that whoever gets the one comes into the other.
    pub fn attach(&self, kind: &KindName, offer: &RemoteId, through: &RemoteId) {
        self.change_offer(kind, offer, |row| row.through.push(through.clone()));
    }

    /// Makes somebody the owner of an offer.
    pub fn give(&self, kind: &KindName, offer: &RemoteId, owner: &RemoteId) {
        self.change_offer(kind, offer, |row| row.owner = Some(owner.clone()));
    }

    fn change_offer(&self, kind: &KindName, offer: &RemoteId, change: impl Fn(&mut Offer)) {
        let mut world = self.world();
        let offers = world.offers.entry(kind.clone()).or_default();
        let of = offers.iter_mut().filter(|row| row.id == *offer);
        of.for_each(change);
    }

    /// Makes somebody one of those who manage an offer beside its owner.
    pub fn keep(&self, kind: &KindName, offer: &RemoteId, who: &RemoteId) {
        let at = (kind.clone(), offer.clone());
        let mut world = self.world();
        world.keepers.entry(at).or_default().push(who.clone());
    }

    /// Returns the id of something that can be granted.
    #[must_use]
    pub fn offered(&self, kind: &KindName, name: &str) -> Option<RemoteId> {
        let world = self.world();
        let offers = world.offers.get(kind)?;
        offers
            .iter()
            .find(|offer| fold(&offer.name) == fold(name))
            .map(|offer| offer.id.clone())
    }

    /// Returns an id that nothing has yet.
    #[must_use]
    pub fn fresh_id(&self) -> RemoteId {
        self.world().fresh_id()
    }

    /// Adds or changes records behind everybody's back, as an administrator of the platform would.
    pub fn edit<T>(&self, edit: impl FnOnce(&mut Vec<Row>) -> T) -> T {
        edit(&mut self.world().rows)
    }

    /// Makes a record ours: the service account.
    pub fn own(&self, id: &RemoteId) {
        self.world().own = Some(id.clone());
    }

    /// Sets what happens to the coming writes, the first one first.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.world().faults.extend(faults);
    }

    /// Makes every call fail like this, or heals the platform.
    pub fn set_down(&self, kind: Option<ErrorKind>) {
        self.world().down = kind;
    }

    /// Returns every record, in the order of creation.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        self.world().rows.clone()
    }

    /// Returns every write that reached the platform.
    #[must_use]
    pub fn writes(&self) -> Vec<WrittenCall> {
        self.world().writes.clone()
    }

    /// Returns how many reads reached the platform.
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.world().reads
    }

    /// Returns the messages that were sent, with the record they went to.
    #[must_use]
    pub fn notices(&self) -> Vec<(RemoteId, String)> {
        self.world().notices.clone()
    }

    /// Returns the records whose creation told the person.
    #[must_use]
    pub fn invitations(&self) -> Vec<RemoteId> {
        self.world().invitations.clone()
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read<T>(&self, read: impl FnOnce(&World) -> Result<T>) -> Result<T> {
        let mut world = self.world();
        if let Some(kind) = world.down {
            return Err(Error::new(kind, "the platform is down").with_repeat(Repeat::Safe));
        }
        world.reads += 1;
        read(&world)
    }

    /// One write, with the fault that waits for it.
    pub(super) async fn write<T>(
        &self,
        operation: &'static str,
        repeat: Repeat,
        act: impl FnOnce(&mut World) -> Result<T> + Send,
    ) -> Result<T> {
        let (fault, answer) = self.arrive(operation, act);
        let lost = || {
            Error::new(ErrorKind::Unavailable, "the answer was lost")
                .with_effect(Effect::Unknown)
                .with_repeat(repeat)
        };
        match fault {
            Fault::Nothing => answer.map_err(|error| error.with_repeat(repeat)),
            Fault::LostBefore | Fault::LostAfter => Err(lost()),
            Fault::HangBefore | Fault::HangAfter => std::future::pending().await,
            Fault::Refused(kind) => {
                Err(Error::new(kind, "the platform refuses").with_repeat(repeat))
            }
            Fault::RefusedFor(wait_ms) => {
                let refused =
                    Error::new(ErrorKind::RateLimited, "the platform refuses for a while");
                Err(refused
                    .with_repeat(repeat)
                    .with_retry_after_ms(Some(wait_ms)))
            }
        }
    }

    fn arrive<T>(
        &self,
        operation: &'static str,
        act: impl FnOnce(&mut World) -> Result<T>,
    ) -> (Fault, Result<T>) {
        let mut world = self.world();
        if let Some(kind) = world.down {
            return (
                Fault::Nothing,
                Err(Error::new(kind, "the platform is down")),
            );
        }
        let fault = world.faults.pop_front().unwrap_or(Fault::Nothing);
        let reaches = matches!(fault, Fault::Nothing | Fault::LostAfter | Fault::HangAfter);
        let answer = if reaches {
            act(&mut world)
        } else {
            Err(Error::new(ErrorKind::Unavailable, "not done"))
        };
        world.writes.push(WrittenCall {
            operation,
            took_effect: answer.is_ok(),
        });
        (fault, answer)
    }

    fn kind(&self, name: &KindName) -> Result<&GrantKind> {
        kind_of(&self.capability, name)
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl EmployeeProvider for Memory {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn review(&self, wish: &Wish) -> Review {
        let holds = |field| {
            self.capability.creates(field).is_yes() || self.capability.updates(field).is_yes()
        };
        let stored = wish
            .fields
            .iter()
            .filter(|(field, _)| holds(**field))
            .map(|(field, value)| (*field, value.clone()))
            .collect();
        Review {
            stored,
            refused: Vec::new(),
            refused_grants: Vec::new(),
        }
    }

    fn native(&self) -> Option<&dyn Native> {
        Some(self)
    }

    async fn whoami(&self) -> Result<Standing> {
        self.read(|world| {
            let own = world
                .own
                .as_ref()
                .and_then(|own| world.rows.iter().find(|row| row.id == *own));
            Ok(Standing {
                own: own.map(|row| world.employee(row, &self.capability).at),
                administrator: Known::Value(true),
                tenant: world.tenant.clone().unwrap_or_else(|| self.id.to_string()),
                expires_at_ms: None,
                clock_ahead_ms: None,
            })
        })
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.read(|world| {
            let start = Self::start_of(from);
            let page = world.rows.iter().skip(start).take(Self::PAGE);
            Ok(Page {
                items: page
                    .map(|row| world.employee(row, &self.capability))
                    .collect(),
                next: Self::after(start, world.rows.len()),
            })
        })
    }

    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.read(|world| {
            let found = world
                .rows
                .iter()
                .filter(|row| keys(row, &self.capability).contains(key));
            Ok(Self::page_of(
                found
                    .map(|row| world.employee(row, &self.capability))
                    .collect(),
                from,
            ))
        })
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        self.read(|world| {
            Ok(world
                .row(who)
                .map(|row| world.employee(row, &self.capability)))
        })
    }

    async fn catalogue(&self, kind: &KindName, _from: Option<&Cursor>) -> Result<Page<Offer>> {
        let by_catalogue = self.kind(kind)?.read == ReadBy::Catalogue;
        self.read(|world| {
            let mut offers = world.offers.get(kind).cloned().unwrap_or_default();
            for offer in offers.iter_mut().filter(|_| by_catalogue) {
                let holds = |row: &&Row| {
                    row.access == Access::Open
                        && row.grants.get(kind).is_some_and(|held| {
                            held.iter()
                                .any(|grant| grant.id.as_ref() == Some(&offer.id))
                        })
                };
                offer.holders = Some(
                    world
                        .rows
                        .iter()
                        .filter(holds)
                        .map(|row| row.id.clone())
                        .collect(),
                );
            }
            Ok(Page::last(offers))
        })
    }

    async fn held(&self, kind: &KindName, who: &EmployeeRef) -> Result<Vec<Grant>> {
        self.read(|world| {
            let gone =
                || Error::new(ErrorKind::NotFound, "no such record").with("employee.id", &who.id);
            Ok(world
                .row(who)
                .ok_or_else(gone)?
                .grants
                .get(kind)
                .cloned()
                .unwrap_or_default())
        })
    }

    async fn keepers(&self, kind: &KindName, what: &Grant) -> Result<Vec<RemoteId>> {
        let nameless = || Error::new(ErrorKind::Invalid, "the grant has no id");
        let id = what.id.clone().ok_or_else(nameless)?;
        self.read(|world| {
            let open = |id: &&RemoteId| {
                let mut rows = world.rows.iter();
                rows.any(|row| row.id == **id && row.access == Access::Open)
            };
            let keepers = world.keepers.get(&(kind.clone(), id));
            Ok(keepers
                .into_iter()
                .flatten()
                .filter(open)
                .cloned()
                .collect())
        })
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        self.write("create", Repeat::Once, |world| {
            world.insert(wish, &self.capability)
        })
        .await
    }

    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        self.write("update", Repeat::Safe, |world| {
            world.change(who, change, &self.capability)
        })
        .await
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        let act = |world: &mut World| {
            let row = world.row_mut(who)?;
            row.access = access;
            let row = row.clone();
            Ok(world.employee(&row, &self.capability))
        };
        self.write("set_access", access.repeat(), act).await
    }

    async fn set_grants(
        &self,
        who: &EmployeeRef,
        kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        let kind = self.kind(kind)?;
        let act = |world: &mut World| {
            let mut row = world.row_mut(who)?.clone();
            if row.access == Access::Suspended && !kind.while_suspended.is_yes() {
                return Err(Error::new(
                    ErrorKind::NotFound,
                    "a suspended record is not seen here",
                ));
            }
            let keep = row.grants.get(&kind.name).cloned().unwrap_or_default();
            let edit = GrantEdit {
                keep,
                add: add.to_vec(),
                drop: drop.to_vec(),
            };
            world.edit_grants(kind, &mut row, &edit)?;
            *world.row_mut(who)? = row;
            Ok(())
        };
        self.write("set_grants", Repeat::Safe, act).await
    }

    async fn define(&self, kind: &KindName, what: &Definition) -> Result<Offer> {
        let act = |world: &mut World| {
            let exists = world
                .offers
                .get(kind)
                .is_some_and(|offers| offers.iter().any(|offer| offer.path == what.path));
            if exists {
                return Err(Error::new(ErrorKind::Conflict, "it exists"));
            }
            let name = what.path.last().cloned().unwrap_or_default();
            let id = world.fresh_id();
            let offer = Offer {
                id,
                name,
                path: what.path.clone(),
                holders: None,
                owner: None,
                through: Vec::new(),
            };
            world
                .offers
                .entry(kind.clone())
                .or_default()
                .push(offer.clone());
            Ok(offer)
        };
        self.write("define", Repeat::Once, act).await
    }

    async fn notify(&self, who: &EmployeeRef, notice: &Notice) -> Result<()> {
        let act = |world: &mut World| {
            let id = world.row_mut(who)?.id.clone();
            world.notices.push((id, notice.text.clone()));
            Ok(())
        };
        self.write("notify", Repeat::Once, act).await
    }

    async fn was_notified(&self, who: &EmployeeRef, notice: &Notice) -> Result<Look> {
        self.read(|world| {
            let sent = world
                .notices
                .iter()
                .any(|(id, text)| *id == who.id && *text == notice.text);
            Ok(if sent { Look::Found } else { Look::Absent })
        })
    }

    async fn remove(&self, who: &EmployeeRef) -> Result<()> {
        let act = |world: &mut World| {
            world.rows.retain(|row| row.id != who.id);
            Ok(())
        };
        self.write("remove", Repeat::Safe, act).await
    }
}
