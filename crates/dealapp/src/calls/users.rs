//! `/api/v1/users`: listing, making and changing employees.

use kadry_core::{
    Cursor, Effect, Email, Employee, EmployeeRef, Error, ErrorKind, Page, RemoteId, Repeat, Result,
};
use kadry_http::{Answer, Call, Method, segment};

use super::paging::Place;
use super::{Api, in_doubt};
use crate::ask::Comparison;
use crate::map::{self, Names};
use crate::wire::document::{Listing, Resource, Single};
use crate::wire::users::{User, UserBody};

const USERS: &str = "/api/v1/users";

type Record = Resource<User>;

impl Api {
    /// Returns one page of everybody, or of those whose name or e-mail contains a text.
    pub(crate) async fn users(
        &self,
        search: Option<&Email>,
        from: Option<&Cursor>,
    ) -> Result<Page<Employee>> {
        let place = Place::read(from)?;
        let listing = self.page(search, &place).await?;
        if place.repeats(&listing) {
            return Ok(Page::last(Vec::new()));
        }
        let names = Names::of_included(&listing.included);
        Ok(Page {
            next: place.next(&listing).map(|place| place.cursor()),
            items: listing
                .data
                .iter()
                .map(|record| map::employee(record, &names))
                .collect(),
        })
    }

    /// Returns the record with this id: there is no read by id, so that it is looked for by its e-mail and then among all.
    pub(crate) async fn user(
        &self,
        id: &RemoteId,
        email: Option<&Email>,
    ) -> Result<Option<Employee>> {
        let found = self.look(id, email).await?;
        Ok(found.map(|(record, names)| map::employee(&record, &names)))
    }

    /// Returns the record of the service account.
    pub(crate) async fn own(&self) -> Result<Option<Employee>> {
        let email = &self.service_email;
        let found = self.seek(Some(email), |record| has(record, email)).await?;
        Ok(found.map(|(record, names)| map::employee(&record, &names)))
    }

    /// Makes a record and returns it, seen to hold what was asked.
    pub(crate) async fn create_user(&self, asked: &UserBody, names: Names) -> Result<Employee> {
        let call = Call::write(Method::POST, USERS, Repeat::Once).json(asked);
        let answer = self.send(call).await.map_err(unknown_grant)?;
        let found = match shown(&answer) {
            Some(record) if record.attributes.collides() || is_whole(asked, &record) => {
                (record, names)
            }
            Some(_) | None => {
                let email = Email::of_record(asked.email.as_deref().unwrap_or_default());
                self.seek(Some(&email), |record| has(record, &email))
                    .await
                    .and_then(|found| found.ok_or_else(vanished))
                    .map_err(|error| in_doubt(error, Repeat::Once))?
            }
        };
        if found.0.attributes.collides() {
            return Err(Error::new(
                ErrorKind::Conflict,
                "the record was made and clashes with another one",
            )
            .with_effect(Effect::Applied)
            .with("employee.id", &found.0.id));
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
            Some(record) if record.id == who.id.as_str() && is_whole(asked, &record) => {
                (record, names)
            }
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

    async fn look(&self, id: &RemoteId, email: Option<&Email>) -> Result<Option<(Record, Names)>> {
        let is_it = |record: &Record| record.id == id.as_str();
        if let Some(email) = email
            && let Some(found) = self.seek(Some(email), is_it).await?
        {
            return Ok(Some(found));
        }
        self.seek(None, is_it).await
    }

    async fn seek(
        &self,
        search: Option<&Email>,
        is_it: impl Fn(&Record) -> bool + Send,
    ) -> Result<Option<(Record, Names)>> {
        let mut place = Place::first();
        loop {
            let listing = self.page(search, &place).await?;
            if place.repeats(&listing) {
                return Ok(None);
            }
            let next = place.next(&listing);
            if let Some(record) = listing.data.into_iter().find(&is_it) {
                return Ok(Some((record, Names::of_included(&listing.included))));
            }
            match next {
                Some(next) => place = next,
                None => return Ok(None),
            }
        }
    }

    async fn page(&self, search: Option<&Email>, place: &Place) -> Result<Listing<User>> {
        // The vendor's page says "add the parameter `with_inactive=true`" inside the table of filters: it goes to both places.
        // Its pages name neither a page size nor a sort key for this list. Checked 2026-11.
        let call = Call::read(USERS)
            .query("with_inactive", true)
            .query("filters[with_inactive]", true)
            .query("include", "unit,role")
            .query("page[number]", place.number);
        let call = match search {
            Some(text) => call.query("search", text),
            None => call,
        };
        self.send(call).await?.json()
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

fn has(record: &Record, email: &Email) -> bool {
    record
        .attributes
        .email
        .as_deref()
        .is_some_and(|shown| Email::of_record(shown) == *email)
}

/// Returns the record if it shows what was asked.
fn agreed(asked: &UserBody, found: &(Record, Names), repeat: Repeat) -> Result<Employee> {
    let (record, names) = found;
    let Comparison { unshown, differing } = Comparison::of(asked, record);
    let members: Vec<&str> = unshown.into_iter().chain(differing).collect();
    if members.is_empty() {
        return Ok(map::employee(record, names));
    }
    let message = format!(
        "the platform said yes and kept something else: {}",
        members.join(", ")
    );
    Err(Error::new(ErrorKind::Protocol, message)
        .with_effect(Effect::Applied)
        .with_repeat(repeat)
        .with("employee.id", &record.id))
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
