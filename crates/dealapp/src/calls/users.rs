//! `/api/v1/users`: listing, making and changing employees.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use kadry_core::{
    Access, Effect, Email, Employee, EmployeeRef, Error, ErrorKind, MatchKey, RemoteId, Repeat,
    Result,
};
use kadry_http::{Answer, Call, Method, segment};

use super::paging::whole;
use super::{Api, in_doubt};
use crate::ask::Comparison;
use crate::map::{self, Names};
use crate::wire::document::{Listing, Resource, Single};
use crate::wire::users::{User, UserBody};

pub(super) const USERS: &str = "/api/v1/users";

/// The order in which records were made: a new one comes last and moves nobody to another page. The vendor's page on lists sorts by
/// this attribute; its page on employees does not say by which ones it does. Checked 2026-11.
const BY_AGE: &str = "created_at";

type Record = Resource<User>;

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
        let found = self.rows_of(None, |_| true).await?;
        Ok(found.iter().map(Found::employee).collect())
    }

    /// Returns whoever the platform shows to carry a key: an e-mail is searched for, an external id is looked for among all.
    ///
    /// The search looks at names and e-mails only. Whether it minds the case is not documented, so that nobody in its answer is not
    /// proven to be nobody at all. Checked 2026-11.
    pub(crate) async fn with_key(&self, key: &MatchKey) -> Result<Vec<Employee>> {
        let search = match key {
            MatchKey::Email(email) => Some(email),
            MatchKey::ExternalId(_) => None,
        };
        // Contains is not equals.
        let found = self.rows_of(search, |record| carries(record, key)).await?;
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

    /// Returns the id of the service account's own record; it is looked for only if no sign-in of ours showed it.
    pub(crate) async fn own(&self) -> Result<Option<RemoteId>> {
        if let Some(own) = self.session.own() {
            return Ok(Some(own));
        }
        let found = self.with_email(&self.service_email).await?;
        let own = found.map(|found| RemoteId::new(found.record.id));
        if let Some(own) = &own {
            self.session.note_own(own.clone()).await;
        }
        Ok(own)
    }

    /// Returns the same without asking anybody.
    pub(crate) fn known_own(&self) -> Option<RemoteId> {
        self.session.own()
    }

    /// Makes a record and returns it, seen to hold what was asked.
    pub(crate) async fn create_user(&self, asked: &UserBody, names: Names) -> Result<Employee> {
        let call = Call::write(Method::POST, USERS, Repeat::Once).json(asked);
        let answer = self.send(call).await.map_err(unknown_grant)?;
        let found = match shown(&answer) {
            Some(record) if record.attributes.collides() || is_whole(asked, &record) => Found {
                record,
                names: self.names(names),
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
        let repeat = match asked.active {
            Some(true) => Access::Open.repeat(),
            Some(false) | None => Repeat::Safe,
        };
        let call = Call::write(Method::PUT, &path, repeat).json(asked);
        let answer = self.send(call).await?;
        let found = match shown(&answer) {
            Some(record) if record.id == who.id.as_str() && is_whole(asked, &record) => Found {
                record,
                names: self.names(names),
            },
            Some(_) | None => {
                let email = asked.email.as_deref().map(Email::of_record);
                self.look(&who.id, email.as_ref().or(who.email()))
                    .await
                    .and_then(|found| found.ok_or_else(vanished))
                    .map_err(|error| in_doubt(error, repeat))?
            }
        };
        agreed(asked, &found, repeat)
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
    /// Nobody is what makes a second record, and what leaves a write unseen.
    async fn seek(
        &self,
        email: Option<&Email>,
        fits: impl Fn(&Record) -> bool + Send + Sync,
    ) -> Result<Vec<Found>> {
        if email.is_some() {
            let found = self.rows_of(email, &fits).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        self.rows_of(None, fits).await
    }

    /// Returns who fits among those whom the search for an e-mail shows; among all if there is nothing to search for.
    async fn rows_of(
        &self,
        search: Option<&Email>,
        fits: impl Fn(&Record) -> bool + Send + Sync,
    ) -> Result<Vec<Found>> {
        let rows = whole(|number| self.page(search, number)).await?;
        let names = self.names(Names::of_included(&rows.included));
        let fitting = rows.data.into_iter().filter(|record| fits(record));
        let found = |record| Found {
            record,
            names: Arc::clone(&names),
        };
        Ok(fitting.map(found).collect())
    }

    fn names(&self, names: Names) -> Arc<Names> {
        Arc::new(names.with_levels(&self.levels))
    }

    /// Returns one page.
    async fn page(&self, search: Option<&Email>, number: u64) -> Result<Listing<User>> {
        let answer = self.in_order(|sort| list(search, number, sort)).await;
        answer?.json()
    }

    /// Asks in the order in which records were made. An installation that refuses it is asked for none from then on.
    pub(super) async fn in_order(&self, call: impl Fn(Option<&str>) -> Call) -> Result<Answer> {
        if !self.sorts.load(Ordering::Relaxed) {
            return self.send(call(None)).await;
        }
        match self.send(call(Some(BY_AGE))).await {
            Err(error) if error.kind() == ErrorKind::Invalid => {
                let unsorted = self.send(call(None)).await?;
                self.sorts.store(false, Ordering::Relaxed);
                Ok(unsorted)
            }
            answered => answered,
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
