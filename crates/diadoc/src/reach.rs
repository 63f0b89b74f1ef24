//! Reaching a record whose id may change.
//!
//! The id of somebody who has not registered yet changes when they do. <https://developer.kontur.ru/doc/diadoc-api>, `UserV2`. Checked
//! 2026-11. What a request to the old one is answered is not documented; a 404 is what to expect, since nobody in the box has it.
//!
//! So every id is a hint, whether it was shown a moment ago or comes with the record, and is believed once an answer shows the login
//! under it: the answer to the request itself, or one asked for before. Where it does not, the list is read for the login, which costs
//! a request for every fifty people in the box.

use kadry_core::{Effect, Email, EmployeeRef, Error, ErrorKind, Repeat, Result};

use crate::provider::Diadoc;
use crate::wire::employee::{Employee, EmployeeToUpdate};
use crate::wire::power::FullId;

/// Returns the error about a record that is not there.
pub(crate) fn gone(who: &EmployeeRef) -> Error {
    Error::new(ErrorKind::NotFound, "the record is gone").with("employee.id", &who.id)
}

/// Returns the login of somebody whose id changes when they register.
fn unsettled(who: &EmployeeRef) -> Option<&Email> {
    who.email().filter(|_| !who.settled)
}

impl Diadoc {
    /// Returns the row of a record.
    pub(crate) async fn row(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        let by_id = match unsettled(who) {
            Some(login) => self.still_there(who, login).await?,
            None => self.api.employee(who.id.as_str()).await?,
        };
        // An id that leads nowhere may be one that has changed.
        match (by_id, who.email()) {
            (None, Some(login)) => self.by_login(who, login).await,
            (row, _) => Ok(row),
        }
    }

    /// Sends a request whose answer does not show the record: to the id that it is proven to have now; once more, if the id changed
    /// before the request arrived.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, and the errors of the request.
    pub(crate) async fn send_to<T, F, Fut>(&self, who: &EmployeeRef, request: F) -> Result<T>
    where
        F: Fn(String) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let Some(login) = unsettled(who) else {
            return request(who.id.as_str().to_owned()).await;
        };
        let id = self.id_now(who, login).await?;
        let error = match request(id.clone()).await {
            Err(error) if may_have_moved(&error) => error,
            answer => return answer,
        };
        // The refusal may be about something else. Asking for the id again tells, and costs less than a list.
        match self.shown_at(&id, login).await? {
            Some(_) => Err(error),
            None => self.once_more(who, login, &id, error, request).await,
        }
    }

    /// Reads what belongs to a record: under the id that was shown a moment ago, else under the one that it has now.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, and the errors of the request.
    pub(crate) async fn read_of<T, F, Fut>(&self, who: &EmployeeRef, request: F) -> Result<T>
    where
        F: Fn(String) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let hint =
            unsettled(who).and_then(|login| Some((login, self.recent.id_of(login, &who.id)?)));
        let Some((login, id)) = hint else {
            return self.send_to(who, request).await;
        };
        match request(id.clone()).await {
            Err(error) if may_have_moved(&error) => {
                self.once_more(who, login, &id, error, request).await
            }
            answer => answer,
        }
    }

    /// Changes a record: under the id that was shown a moment ago, else under the one that it has now.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, and the errors of the request.
    pub(crate) async fn change(
        &self,
        who: &EmployeeRef,
        body: &EmployeeToUpdate,
    ) -> Result<Employee> {
        let Some(login) = unsettled(who) else {
            self.recent.forget(who.email());
            return self.api.update_employee(who.id.as_str(), body).await;
        };
        let hint = self.recent.id_of(login, &who.id);
        self.recent.forget(Some(login));
        let id = match hint {
            Some(id) => id,
            None => self.id_now(who, login).await?,
        };
        let write = async |id: String| self.changed(&id, login, body).await;
        match write(id.clone()).await {
            Err(error) if may_have_moved(&error) => {
                self.once_more(who, login, &id, error, write).await
            }
            answer => answer,
        }
    }

    /// Changes the record of this id. The answer shows whose it is, so that an id which leads elsewhere cannot pass for a success.
    async fn changed(&self, id: &str, login: &Email, body: &EmployeeToUpdate) -> Result<Employee> {
        let row = self.api.update_employee(id, body).await?;
        if row.login().is_some_and(|shown| shown != *login) {
            return Err(Error::new(
                ErrorKind::Protocol,
                "the platform changed the record of another login than it was asked to",
            )
            .with_effect(Effect::Applied)
            .with("employee.id", id));
        }
        self.recent.note(login, &row.user.user_id);
        Ok(row)
    }

    /// Detaches a power of attorney from an employee.
    ///
    /// # Errors
    ///
    /// `NotFound` if the employee is not there, and the errors of the request.
    pub(crate) async fn detach(&self, id: &str, power: &FullId) -> Result<()> {
        let Err(error) = self.api.detach_power(id, power).await else {
            return Ok(());
        };
        // The same answer for a power that was never attached, which is what was asked for, and for somebody who is not there.
        // https://developer.kontur.ru/doc/diadoc-api, DeleteEmployeePowerOfAttorney. Checked 2026-11.
        if error.kind() != ErrorKind::NotFound {
            return Err(error);
        }
        let holder = self.api.employee(id).await;
        match holder.map_err(|unread| unread.with_effect(error.effect()))? {
            Some(_) => Ok(()),
            None => Err(error),
        }
    }

    /// Attaches a power of attorney; one that is attached already is left alone, since what a second
    /// attaching does is not documented.
    ///
    /// # Errors
    ///
    /// `NotFound` if the employee or the power is not there, and the errors of the requests.
    pub(crate) async fn attach(&self, id: &str, power: &FullId) -> Result<()> {
        let held = self.api.powers(id).await?;
        let held = held.iter().flat_map(|held| &held.powers_of_attorney);
        if held
            .into_iter()
            .any(|held| held.power_of_attorney.full_id == *power)
        {
            return Ok(());
        }
        self.api.attach_power(id, power).await
    }

    /// Deletes a record, and proves it.
    ///
    /// # Errors
    ///
    /// `Conflict` while powers of attorney are attached, `Protocol` for a record that is still listed, and the errors of any
    /// request.
    pub(crate) async fn delete(&self, who: &EmployeeRef) -> Result<()> {
        // An id that was shown a moment ago is not good enough here: what a deletion under one that has changed since is answered is not
        // documented, and a success it could be. https://developer.kontur.ru/doc/diadoc-api, DeleteEmployee. Checked 2026-11.
        let id = match unsettled(who) {
            Some(login) => match self.api.employee_by_login(login, &who.id).await? {
                Some(row) => row.user.user_id,
                None => return Ok(()),
            },
            None => who.id.as_str().to_owned(),
        };
        // Deleting oneself is not documented. https://developer.kontur.ru/doc/diadoc-api, DeleteEmployee. Checked 2026-11.
        if id.eq_ignore_ascii_case(&self.own_id) {
            return Err(
                Error::new(ErrorKind::Conflict, "we do not remove ourselves")
                    .with("reason", "own-record")
                    .with("employee.id", id),
            );
        }
        self.delete_id(&id).await?;
        // What the platform answers to an id that has changed is not documented, so no answer proves anything.
        let Some(listed) = self.listed(who).await? else {
            return Ok(());
        };
        if who.settled || listed == id {
            return Err(still_listed(&listed));
        }
        self.delete_id(&listed).await?;
        match self.listed(who).await? {
            None => Ok(()),
            Some(listed) => Err(still_listed(&listed)),
        }
    }

    async fn delete_id(&self, id: &str) -> Result<()> {
        // Once the employee is deleted, what is attached to them can be neither seen nor detached.
        let attached = self.api.powers(id).await?;
        let attached = attached.map_or(0, |list| list.powers_of_attorney.len());
        if attached > 0 {
            return Err(
                Error::new(ErrorKind::Conflict, "powers of attorney are still attached")
                    .with("reason", "powers-still-attached")
                    .with("employee.id", id)
                    .with("attached", attached),
            );
        }
        self.api.delete_employee(id).await
    }

    /// Returns the id under which a record is still there, once it should be deleted.
    async fn listed(&self, who: &EmployeeRef) -> Result<Option<String>> {
        let row = match who.email() {
            Some(login) => self.api.employee_by_login(login, &who.id).await,
            None => self.api.employee(who.id.as_str()).await,
        };
        // The look failed, and not the deletion before it.
        let row =
            row.map_err(|error| error.with_effect(Effect::Unknown).with_repeat(Repeat::Safe))?;
        Ok(row.map(|row| row.user.user_id))
    }

    /// Returns the id that a record has now.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, and the errors of any request.
    async fn id_now(&self, who: &EmployeeRef, login: &Email) -> Result<String> {
        let row = match self.still_there(who, login).await? {
            Some(row) => Some(row),
            None => self.by_login(who, login).await?,
        };
        let row = row.ok_or_else(|| gone(who))?;
        Ok(row.user.user_id)
    }

    /// Returns the row of a record if it is still where it was shown last.
    async fn still_there(&self, who: &EmployeeRef, login: &Email) -> Result<Option<Employee>> {
        let hint = self.recent.id_of(login, &who.id);
        let id = hint.as_deref().unwrap_or(who.id.as_str());
        self.shown_at(id, login).await
    }

    /// Returns the row that is shown under this id if it has this login.
    ///
    /// "404: no such employee in the box" is what is documented; that it is said of an id that has changed is not, so that only the
    /// login proves whose row it is. <https://developer.kontur.ru/doc/diadoc-api>, `GetEmployee`. Checked 2026-11.
    async fn shown_at(&self, id: &str, login: &Email) -> Result<Option<Employee>> {
        let row = self.api.employee(id).await?;
        let row = row.filter(|row| row.has_login(login));
        match &row {
            Some(row) => self.recent.note(login, &row.user.user_id),
            None => self.recent.forget_id(login),
        }
        Ok(row)
    }

    /// Returns the row of a record out of the list.
    async fn by_login(&self, who: &EmployeeRef, login: &Email) -> Result<Option<Employee>> {
        let row = self.api.employee_by_login(login, &who.id).await?;
        match row.as_ref().map(|row| row.user.user_id.as_str()) {
            // Of several the one with the id is meant.
            Some(id) if id == who.id.as_str() => self.recent.note(login, id),
            Some(id) => self.recent.note_only(login, id),
            None => self.recent.forget_id(login),
        }
        Ok(row)
    }

    /// Sends a request once more after an id led nowhere, if the list shows the record under another one.
    async fn once_more<T, F, Fut>(
        &self,
        who: &EmployeeRef,
        login: &Email,
        id: &str,
        error: Error,
        request: F,
    ) -> Result<T>
    where
        F: Fn(String) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let row = self.by_login(who, login).await?;
        let now = row.ok_or_else(|| gone(who))?.user.user_id;
        if now == id {
            return Err(error);
        }
        request(now).await
    }
}

/// Reports whether a refusal may be about an id that has changed, and nothing happened.
fn may_have_moved(error: &Error) -> bool {
    error.kind() == ErrorKind::NotFound && error.effect() == Effect::None
}

fn still_listed(id: &str) -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the record is still there after it was deleted",
    )
    .with_effect(Effect::Unknown)
    .with_repeat(Repeat::Safe)
    .with("employee.id", id)
}
