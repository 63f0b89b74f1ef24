//! `/api/v1/users`: listing, making and changing employees.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use kadry_core::{
    Effect, Email, Employee, EmployeeRef, Error, ErrorKind, MatchKey, RemoteId, Repeat, Result,
};
use kadry_http::{Answer, Call, Method, segment};

use super::everybody::Reading;
use super::paging::{Rows, whole};
use super::{Api, in_doubt};
use crate::ask::Comparison;
use crate::map::{self, Names};
use crate::wire::document::{Listing, Resource, Single};
use crate::wire::users::{User, UserBody};

const USERS: &str = "/api/v1/users";

/// The order in which records were made: a new one comes last and moves nobody to another page. The vendor's page on lists sorts by
/// this attribute; its page on employees does not say by which ones it does. Checked 2026-11.
const BY_AGE: &str = "created_at";

type Record = Resource<User>;

/// Records with the names of what they refer to.
pub(super) struct People {
    records: Vec<Record>,
    names: Arc<Names>,
}

impl People {
    fn of(rows: Rows<User>) -> Self {
        Self {
            names: Arc::new(Names::of_included(&rows.included)),
            records: rows.data,
        }
    }

    fn fitting(&self, fits: impl Fn(&Record) -> bool) -> Vec<Found> {
        let found = |record: &Record| Found {
            record: record.clone(),
            names: Arc::clone(&self.names),
        };
        let fitting = self.records.iter().filter(|record| fits(record));
        fitting.map(found).collect()
    }
}

/// One record with the names of what it refers to.
struct Found {
    record: Record,
    names: Arc<Names>,
}

impl Found {
    fn employee(&self) -> Employee {
        map::employee(&self.record, &self.names)
    }
}

impl Api {
    /// Returns everybody.
    pub(crate) async fn everybody(&self) -> Result<Vec<Employee>> {
        let found = self.seek(None, |_| true).await?;
        Ok(found.iter().map(Found::employee).collect())
    }

    /// Returns whoever carries a key.
    ///
    /// An e-mail is matched among everybody too while everybody is being read for somebody else: a search that minds the case hides
    /// one of two people whose e-mails differ in nothing else.
    pub(crate) async fn with_key(&self, key: &MatchKey) -> Result<Vec<Employee>> {
        let fits = |record: &Record| carries(record, key);
        let all = self.everybody.reading();
        // The search looks at names and e-mails only, and contains is not equals.
        let mut found = match key {
            MatchKey::Email(email) => self.search(email, fits).await?,
            MatchKey::ExternalId(_) => Vec::new(),
        };
        if found.is_empty() || all.is_wanted() {
            let unseen = |record: &Record| found.iter().all(|seen| seen.record.id != record.id);
            let unseen = self.among(&all, |record| fits(record) && unseen(record));
            found.extend(unseen.await?);
        }
        Ok(found.iter().map(Found::employee).collect())
    }

    /// Returns the record with this id: there is no read by id, so that it is looked for by its e-mail and then among all.
    pub(crate) async fn user(
        &self,
        id: &RemoteId,
        email: Option<&Email>,
    ) -> Result<Option<Employee>> {
        let found = self.look(id, email).await?;
        Ok(found.map(|found| found.employee()))
    }

    /// Returns the record of the service account.
    pub(crate) async fn own(&self) -> Result<Option<Employee>> {
        let found = self.with_email(&self.service_email).await?;
        Ok(found.map(|found| found.employee()))
    }

    /// Makes a record and returns it, seen to hold what was asked.
    pub(crate) async fn create_user(&self, asked: &UserBody, names: Names) -> Result<Employee> {
        let call = Call::write(Method::POST, USERS, Repeat::Once).json(asked);
        let answer = self.send(call).await.map_err(unknown_grant)?;
        let found = match shown(&answer) {
            Some(record) if record.attributes.collides() || is_whole(asked, &record) => Found {
                record,
                names: Arc::new(names),
            },
            Some(_) | None => {
                let email = Email::of_record(asked.email.as_deref().unwrap_or_default());
                self.with_email(&email)
                    .await
                    .and_then(|found| found.ok_or_else(vanished))
                    .map_err(|error| in_doubt(error, Repeat::Once))?
            }
        };
        if found.record.attributes.collides() {
            return Err(Error::new(
                ErrorKind::Conflict,
                "the record was made and clashes with another one",
            )
            .with_effect(Effect::Applied)
            .with("employee.id", &found.record.id));
        }
        agreed(asked, &found, Repeat::Once)
    }

    /// Changes a record and returns it, seen to hold what was asked.
    pub(crate) async fn change_user(
        &self,
        who: &EmployeeRef,
        asked: &UserBody,
        names: Names,
    ) -> Result<Employee> {
        let path = format!("{USERS}/{}", segment(who.id.as_str()));
        let call = Call::write(Method::PUT, &path, Repeat::Safe).json(asked);
        let answer = self.send(call).await?;
        let found = match shown(&answer) {
            Some(record) if record.id == who.id.as_str() && is_whole(asked, &record) => Found {
                record,
                names: Arc::new(names),
            },
            Some(_) | None => {
                let email = asked.email.as_deref().map(Email::of_record);
                self.look(&who.id, email.as_ref().or(who.email()))
                    .await
                    .and_then(|found| found.ok_or_else(vanished))
                    .map_err(|error| in_doubt(error, Repeat::Safe))?
            }
        };
        agreed(asked, &found, Repeat::Safe)
    }

    async fn look(&self, id: &RemoteId, email: Option<&Email>) -> Result<Option<Found>> {
        let is_it = |record: &Record| record.id == id.as_str();
        Ok(self.seek(email, is_it).await?.pop())
    }

    async fn with_email(&self, email: &Email) -> Result<Option<Found>> {
        let key = MatchKey::Email(email.clone());
        let found = self.seek(Some(email), |record| carries(record, &key)).await;
        Ok(found?.into_iter().next())
    }

    /// Returns who fits among those whom the search for an e-mail shows, and if nobody does, among all.
    ///
    /// That the search pays no heed to case is not documented, and nobody is what makes a second record. Checked 2026-11.
    async fn seek(
        &self,
        email: Option<&Email>,
        fits: impl Fn(&Record) -> bool + Send + Sync,
    ) -> Result<Vec<Found>> {
        let all = self.everybody.reading();
        if let Some(email) = email {
            let found = self.search(email, &fits).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        self.among(&all, fits).await
    }

    /// Returns who fits among those whom the search for an e-mail shows.
    async fn search(
        &self,
        email: &Email,
        fits: impl Fn(&Record) -> bool + Send + Sync,
    ) -> Result<Vec<Found>> {
        let rows = whole(|number| self.page(Some(email), number)).await?;
        Ok(People::of(rows).fitting(fits))
    }

    /// Returns who fits among all.
    async fn among(
        &self,
        all: &Reading,
        fits: impl Fn(&Record) -> bool + Send + Sync,
    ) -> Result<Vec<Found>> {
        let people = all.people(|| self.people(all)).await?;
        Ok(people.fitting(fits))
    }

    async fn people(&self, reading: &Reading) -> Result<People> {
        let rows = whole(|number| async move {
            let listing = self.page(None, number).await;
            reading.note_answer();
            listing
        });
        rows.await.map(People::of)
    }

    /// Returns one page. An installation that refuses the order is asked for none from then on.
    async fn page(&self, search: Option<&Email>, number: u64) -> Result<Listing<User>> {
        if !self.sorts.load(Ordering::Relaxed) {
            return self.send(list(search, number, None)).await?.json();
        }
        match self.send(list(search, number, Some(BY_AGE))).await {
            Err(error) if error.kind() == ErrorKind::Invalid => {
                let unsorted = self.send(list(search, number, None)).await?;
                self.sorts.store(false, Ordering::Relaxed);
                unsorted.json()
            }
            answered => answered?.json(),
        }
    }
}

fn list(search: Option<&Email>, number: u64, sort: Option<&str>) -> Call {
    // The vendor's page says "add the parameter `with_inactive=true`" inside the table of filters: it goes to both places. A page size
    // is not documented. Checked 2026-11.
    let call = Call::read(USERS)
        .query("with_inactive", true)
        .query("filters[with_inactive]", true)
        .query("include", "unit,role");
    let call = match sort {
        Some(attribute) => call.query("sort", attribute),
        None => call,
    };
    let call = call.query("page[number]", number);
    match search {
        Some(text) => call.query("search", text),
        None => call,
    }
}

/// Returns the record in the answer to a write: what a write answers is not documented, and nothing is a possible answer.
fn shown(answer: &Answer) -> Option<Record> {
    answer.json::<Single<User>>().ok()?.data
}

/// Reports whether a record shows every member that was asked for, whatever its value.
fn is_whole(asked: &UserBody, record: &Record) -> bool {
    Comparison::of(asked, record).unshown.is_empty()
}

fn carries(record: &Record, key: &MatchKey) -> bool {
    map::keys(&record.attributes).contains(key)
}

/// Returns the record if it shows what was asked.
fn agreed(asked: &UserBody, found: &Found, repeat: Repeat) -> Result<Employee> {
    let Comparison { unshown, differing } = Comparison::of(asked, &found.record);
    let members: Vec<&str> = unshown.into_iter().chain(differing).collect();
    if members.is_empty() {
        return Ok(found.employee());
    }
    let message = format!(
        "the platform said yes and kept something else: {}",
        members.join(", ")
    );
    Err(Error::new(ErrorKind::Protocol, message)
        .with_effect(Effect::Applied)
        .with_repeat(repeat)
        .with("employee.id", &found.record.id))
}

fn vanished() -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the platform said yes and shows no such record",
    )
}

/// There is nothing else in the call that could not be found.
fn unknown_grant(error: Error) -> Error {
    if error.kind() != ErrorKind::NotFound {
        return error;
    }
    Error::new(
        ErrorKind::Invalid,
        "the platform does not know the unit or the role",
    )
    .with_effect(error.effect())
    .from_source(error)
}
