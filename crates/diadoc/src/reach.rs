//! Reaching a record whose id may change.
//!
//! The id of somebody who has not registered yet changes when they do, and a request to the old one is answered 404.
//! <https://developer.kontur.ru/doc/diadoc-api>, `UserV2`. Checked 2026-11.

use kadry_core::{Effect, EmployeeRef, Error, ErrorKind, Repeat, Result};

use crate::provider::Diadoc;
use crate::wire::employee::{Employee, EmployeeToUpdate};
use crate::wire::power::FullId;

/// Returns the error about a record that is not there.
pub(crate) fn gone(who: &EmployeeRef) -> Error {
    Error::new(ErrorKind::NotFound, "the record is gone").with("employee.id", &who.id)
}

impl Diadoc {
    /// Returns the row of a record.
    pub(crate) async fn row(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        let by_id = match who.email() {
            Some(_) if !who.settled => None,
            Some(_) | None => self.api.employee(who.id.as_str()).await?,
        };
        // An id that leads nowhere may be one that has changed.
        match (by_id, who.email()) {
            (None, Some(login)) => self.api.employee_by_login(login, &who.id).await,
            (row, _) => Ok(row),
        }
    }

    /// Sends a request about a record to the id that it has now; once more, if the id changed before the request arrived.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, and the errors of the request.
    pub(crate) async fn send_to<T, F, Fut>(&self, who: &EmployeeRef, request: F) -> Result<T>
    where
        F: Fn(String) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let id = self.id_now(who).await?.ok_or_else(|| gone(who))?;
        let error = match request(id.clone()).await {
            Err(error) if may_have_moved(who, &error) => error,
            answer => return answer,
        };
        let now = self.id_now(who).await?.ok_or_else(|| gone(who))?;
        if now == id {
            return Err(error);
        }
        request(now).await
    }

    /// Reads what belongs to a record: under the id that a list showed a moment ago, else under the one that it has now.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, and the errors of the request.
    pub(crate) async fn read_of<T, F, Fut>(&self, who: &EmployeeRef, request: F) -> Result<T>
    where
        F: Fn(String) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        if let Some(id) = self.listed_lately(who) {
            match request(id).await {
                Err(error) if may_have_moved(who, &error) => {}
                answer => return answer,
            }
        }
        self.send_to(who, request).await
    }

    /// Returns the id under which somebody who has not registered was listed a moment ago.
    fn listed_lately(&self, who: &EmployeeRef) -> Option<String> {
        let login = who.email().filter(|_| !who.settled)?;
        self.recent.id_of(login)
    }

    /// Changes a record: under the id that a list showed a moment ago, else under the one that it has now.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, and the errors of the request.
    pub(crate) async fn change(
        &self,
        who: &EmployeeRef,
        body: &EmployeeToUpdate,
    ) -> Result<Employee> {
        let listed = self.listed_lately(who);
        self.recent.forget();
        if let Some(id) = listed {
            // The answer shows the record as it then is, so that an id which has changed since cannot pass for a success.
            match self.api.update_employee(&id, body).await {
                Err(error) if may_have_moved(who, &error) => {}
                answer => return answer,
            }
        }
        self.send_to(who, async |id| self.api.update_employee(&id, body).await)
            .await
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
        let Some(id) = self.id_now(who).await? else {
            return Ok(());
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

    /// Returns the id that a record has now, if it is there.
    async fn id_now(&self, who: &EmployeeRef) -> Result<Option<String>> {
        match who.email() {
            Some(login) if !who.settled => {
                let row = self.api.employee_by_login(login, &who.id).await?;
                Ok(row.map(|row| row.user.user_id))
            }
            Some(_) | None => Ok(Some(who.id.as_str().to_owned())),
        }
    }
}

/// Reports whether a refusal may be about an id that has changed, and nothing happened.
fn may_have_moved(who: &EmployeeRef, error: &Error) -> bool {
    !who.settled
        && who.email().is_some()
        && error.kind() == ErrorKind::NotFound
        && error.effect() == Effect::None
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
