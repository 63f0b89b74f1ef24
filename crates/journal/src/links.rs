//! Where a person was seen: hints, valid within one tenant of a platform.

use kadry_core::{EmployeeRef, ProviderId, RemoteId};
use rusqlite::{OptionalExtension as _, params};

use crate::column::{json, parsed};
use crate::error::JournalError;
use crate::people::{PersonId, must_exist};
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
        let (person, provider, tenant) = (person.clone(), provider.clone(), tenant.to_owned());
        let (remote, who) = (who.id.clone(), json(who)?);
        let seen_ms = self.clock().now_ms();
        self.store()
            .write(move |db| {
                must_exist(db, &person)?;
                db.prepare_cached(
                    "delete from link
                     where provider = ?1 and tenant = ?2 and remote = ?3 and person <> ?4",
                )?
                .execute([
                    provider.as_str(),
                    &tenant,
                    remote.as_str(),
                    person.as_str(),
                ])?;
                db.prepare_cached(
                    "insert into link (person, provider, tenant, remote, who, seen_ms)
                     values (?1, ?2, ?3, ?4, ?5, ?6)
                     on conflict (person, provider) do update set tenant = excluded.tenant,
                     remote = excluded.remote, who = excluded.who, seen_ms = excluded.seen_ms",
                )?
                .execute(params![
                    person.as_str(),
                    provider.as_str(),
                    tenant,
                    remote.as_str(),
                    who,
                    seen_ms
                ])?;
                Ok(())
            })
            .await
    }

    /// Returns where a person was seen, by provider.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn links(&self, person: &PersonId) -> Result<Vec<Link>, JournalError> {
        let person = person.clone();
        self.store()
            .read(move |db| {
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
            })
            .await
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
            .read(move |db| {
                // Without a known tenant several may have a record of this id: the last sighting counts.
                let person: Option<String> = db
                    .prepare_cached(
                        "select link.person from link
                         left join tenant on tenant.provider = link.provider
                         where link.provider = ?1 and link.remote = ?2
                         and link.tenant = coalesce(tenant.tenant, link.tenant)
                         order by link.seen_ms desc, link.person limit 1",
                    )?
                    .query_row([provider.as_str(), id.as_str()], |row| row.get(0))
                    .optional()?;
                Ok(person.map(PersonId::new))
            })
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
                let gone = db
                    .prepare_cached("delete from link where person = ?1 and provider = ?2")?
                    .execute([person.as_str(), provider.as_str()])?;
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
            .write(move |db| {
                db.prepare_cached(
                    "insert into tenant (provider, tenant) values (?1, ?2)
                     on conflict (provider) do update set tenant = excluded.tenant",
                )?
                .execute([provider.as_str(), &tenant])?;
                Ok(())
            })
            .await
    }
}
