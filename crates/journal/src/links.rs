//! Where a person was seen: hints, valid within one tenant of a platform.

use kadry_core::{EmployeeRef, MatchKey, ProviderId, RemoteId};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::brakes;
use crate::column::{json, parsed};
use crate::error::JournalError;
use crate::people::{PersonId, add_aliases, drop_alias, mint, must_exist, one_behind};
use crate::store::Journal;

/// Where a person was seen on one platform. A hint: a record read through it must still match the person's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// On which platform.
    pub provider: ProviderId,
    /// In which tenant of it.
    pub tenant: String,
    /// Which record.
    pub who: EmployeeRef,
    /// When it was last seen there, in milliseconds since the Unix epoch.
    pub seen_at_ms: i64,
}

impl Journal {
    /// Notes that a person was seen as this record.
    ///
    /// # Repeats
    ///
    /// The last sighting counts: it replaces the person's link to the platform, and takes the record from anybody else.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotFound`] for an unknown person, and the errors of the store.
    pub async fn link(
        &self,
        person: &PersonId,
        provider: &ProviderId,
        tenant: &str,
        who: &EmployeeRef,
    ) -> Result<(), JournalError> {
        let person = person.clone();
        let sighting = Sighting::new(provider, tenant, who, self.clock().now_ms())?;
        self.store()
            .write(move |db| {
                must_exist(db, &person)?;
                sighting.take(db, &person)
            })
            .await
    }

    /// Notes as which records a person was seen, and in which tenants of the platforms, in one commit.
    ///
    /// # Repeats
    ///
    /// As [`Journal::link`], on each platform.
    ///
    /// # Errors
    ///
    /// As [`Journal::link`]; nothing is written then.
    pub async fn see(
        &self,
        person: &PersonId,
        seen: &[(ProviderId, String, EmployeeRef)],
    ) -> Result<(), JournalError> {
        let (person, now_ms) = (person.clone(), self.clock().now_ms());
        let sightings = seen
            .iter()
            .map(|(provider, tenant, who)| Sighting::new(provider, tenant, who, now_ms));
        let sightings: Vec<Sighting> = sightings.collect::<Result<_, _>>()?;
        self.store()
            .write(move |db| {
                must_exist(db, &person)?;
                for sighting in &sightings {
                    sighting.take(db, &person)?;
                    sighting.note_tenant(db)?;
                }
                Ok(())
            })
            .await
    }

    /// Makes a record a person's, with everything in one commit: the link, and the aliases, among which are the record's own keys. A
    /// person whom the store does not know is made.
    ///
    /// # Repeats
    ///
    /// A second call changes nothing but the time of the sighting. The person's earlier link to the platform is replaced.
    ///
    /// # Errors
    ///
    /// [`JournalError::TwoPeople`] when the record is linked to somebody else or an alias is somebody else's, and nothing is written
    /// then; [`JournalError::NotFound`] for an unknown person, and the errors of the store.
    pub async fn attach(
        &self,
        person: Option<&PersonId>,
        aliases: &[MatchKey],
        provider: &ProviderId,
        tenant: &str,
        who: &EmployeeRef,
    ) -> Result<PersonId, JournalError> {
        let (person, aliases) = (person.cloned(), aliases.to_vec());
        let (clock, random) = (self.clock().clone(), self.random().clone());
        let sighting = Sighting::new(provider, tenant, who, clock.now_ms())?;
        self.store()
            .write(move |db| {
                let known = one_behind(db, &aliases)?;
                let person = match (person, known) {
                    (Some(person), Some(known)) if person != known => {
                        return Err(JournalError::TwoPeople);
                    }
                    (Some(person), _) | (None, Some(person)) => person,
                    (None, None) => mint(db, &clock, &random)?,
                };
                must_exist(db, &person)?;
                if sighting.holder(db)?.is_some_and(|holder| holder != person) {
                    return Err(JournalError::TwoPeople);
                }
                add_aliases(db, &person, &aliases)?;
                sighting.put(db, &person)?;
                Ok(person)
            })
            .await
    }

    /// Forgets where a person was seen on a platform together with aliases of theirs, in one commit, and returns whether there was
    /// anything to forget.
    ///
    /// # Repeats
    ///
    /// A second call finds nothing.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn detach(
        &self,
        person: &PersonId,
        provider: &ProviderId,
        aliases: &[MatchKey],
    ) -> Result<bool, JournalError> {
        let (person, provider, aliases) = (person.clone(), provider.clone(), aliases.to_vec());
        self.store()
            .write(move |db| {
                let mut gone = drop_link(db, &person, &provider)?;
                for alias in &aliases {
                    gone += drop_alias(db, &person, alias)?;
                }
                Ok(gone > 0)
            })
            .await
    }

    /// Returns who was seen as this record of this tenant.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn linked(
        &self,
        provider: &ProviderId,
        tenant: &str,
        id: &RemoteId,
    ) -> Result<Option<PersonId>, JournalError> {
        let (provider, tenant, id) = (provider.clone(), tenant.to_owned(), id.clone());
        self.store()
            .read(move |db| holder(db, &provider, &tenant, &id))
            .await
    }

    /// Returns where a person was seen, by provider.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn links(&self, person: &PersonId) -> Result<Vec<Link>, JournalError> {
        let person = person.clone();
        self.store().read(move |db| links_of(db, &person)).await
    }

    /// Returns who was seen as this record. Links of another tenant than the provider's own do not count.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn person_behind(
        &self,
        provider: &ProviderId,
        id: &RemoteId,
    ) -> Result<Option<PersonId>, JournalError> {
        let (provider, id) = (provider.clone(), id.clone());
        self.store()
            .read(move |db| Ok(behind(db, &provider, &id)?.map(PersonId::new)))
            .await
    }

    /// Forgets where a person was seen on a platform, and returns whether there was anything to forget.
    ///
    /// # Repeats
    ///
    /// A second call finds nothing.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn unlink(
        &self,
        person: &PersonId,
        provider: &ProviderId,
    ) -> Result<bool, JournalError> {
        let (person, provider) = (person.clone(), provider.clone());
        self.store()
            .write(move |db| {
                let gone = drop_link(db, &person, &provider)?;
                Ok(gone > 0)
            })
            .await
    }

    /// Returns the tenant that a provider was last known to be.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn tenant(&self, provider: &ProviderId) -> Result<Option<String>, JournalError> {
        let provider = provider.clone();
        self.store()
            .read(move |db| {
                Ok(db
                    .prepare_cached("select tenant from tenant where provider = ?1")?
                    .query_row([provider.as_str()], |row| row.get(0))
                    .optional()?)
            })
            .await
    }

    /// Notes which tenant a provider is.
    ///
    /// # Repeats
    ///
    /// The last one counts.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn set_tenant(
        &self,
        provider: &ProviderId,
        tenant: &str,
    ) -> Result<(), JournalError> {
        let (provider, tenant) = (provider.clone(), tenant.to_owned());
        self.store()
            .write(move |db| note_tenant(db, &provider, &tenant))
            .await
    }
}

/// A tenant that is known already is not written again.
fn note_tenant(db: &Connection, provider: &ProviderId, tenant: &str) -> Result<(), JournalError> {
    db.prepare_cached(
        "insert into tenant (provider, tenant) values (?1, ?2)
         on conflict (provider) do update set tenant = excluded.tenant where tenant.tenant <> excluded.tenant",
    )?
    .execute([provider.as_str(), tenant])?;
    Ok(())
}

pub(crate) fn links_of(db: &Connection, person: &PersonId) -> Result<Vec<Link>, JournalError> {
    let mut all = db.prepare_cached(
        "select provider, tenant, who, seen_ms from link where person = ?1 order by provider",
    )?;
    let mut rows = all.query([person.as_str()])?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        links.push(Link {
            provider: ProviderId::new(row.get::<_, String>(0)?),
            tenant: row.get(1)?,
            who: parsed(&row.get::<_, String>(2)?, "a link")?,
            seen_at_ms: row.get(3)?,
        });
    }
    Ok(links)
}

/// Returns the person behind a record. Without a known tenant several may have a record of this id: the last sighting counts.
pub(crate) fn behind(
    db: &Connection,
    provider: &ProviderId,
    id: &RemoteId,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "select link.person from link
         left join tenant on tenant.provider = link.provider
         where link.provider = ?1 and link.remote = ?2
         and link.tenant = coalesce(tenant.tenant, link.tenant)
         order by link.seen_ms desc, link.person limit 1",
    )?
    .query_row([provider.as_str(), id.as_str()], |row| row.get(0))
    .optional()
}

/// A link that is about to be written.
#[derive(Debug)]
pub(crate) struct Sighting {
    provider: ProviderId,
    tenant: String,
    remote: RemoteId,
    who: String,
    seen_ms: i64,
}

impl Sighting {
    pub(crate) fn new(
        provider: &ProviderId,
        tenant: &str,
        who: &EmployeeRef,
        seen_ms: i64,
    ) -> Result<Self, JournalError> {
        Ok(Self {
            provider: provider.clone(),
            tenant: tenant.to_owned(),
            remote: who.id.clone(),
            who: json(who)?,
            seen_ms,
        })
    }

    pub(crate) fn holder(&self, db: &Connection) -> Result<Option<PersonId>, JournalError> {
        holder(db, &self.provider, &self.tenant, &self.remote)
    }

    /// Makes the record a person's, whoever had it.
    pub(crate) fn take(&self, db: &Connection, person: &PersonId) -> Result<(), JournalError> {
        db.prepare_cached(
            "delete from link
             where provider = ?1 and tenant = ?2 and remote = ?3 and person <> ?4",
        )?
        .execute([
            self.provider.as_str(),
            &self.tenant,
            self.remote.as_str(),
            person.as_str(),
        ])?;
        self.put(db, person)
    }

    /// Notes in which tenant of the platform it was.
    pub(crate) fn note_tenant(&self, db: &Connection) -> Result<(), JournalError> {
        note_tenant(db, &self.provider, &self.tenant)
    }

    fn put(&self, db: &Connection, person: &PersonId) -> Result<(), JournalError> {
        db.prepare_cached(
            "insert into link (person, provider, tenant, remote, who, seen_ms)
             values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (person, provider) do update set tenant = excluded.tenant,
             remote = excluded.remote, who = excluded.who, seen_ms = excluded.seen_ms",
        )?
        .execute(params![
            person.as_str(),
            self.provider.as_str(),
            self.tenant,
            self.remote.as_str(),
            self.who,
            self.seen_ms
        ])?;
        brakes::recognise(db, &self.provider, &self.remote, person)
    }
}

fn holder(
    db: &Connection,
    provider: &ProviderId,
    tenant: &str,
    id: &RemoteId,
) -> Result<Option<PersonId>, JournalError> {
    let person: Option<String> = db
        .prepare_cached(
            "select person from link where provider = ?1 and tenant = ?2 and remote = ?3",
        )?
        .query_row([provider.as_str(), tenant, id.as_str()], |row| row.get(0))
        .optional()?;
    Ok(person.map(PersonId::new))
}

fn drop_link(
    db: &Connection,
    person: &PersonId,
    provider: &ProviderId,
) -> Result<usize, JournalError> {
    Ok(db
        .prepare_cached("delete from link where person = ?1 and provider = ?2")?
        .execute([person.as_str(), provider.as_str()])?)
}
