//! Employees.

use kadry_core::{Email, Error, ErrorKind, RemoteId, Repeat, Result};

use super::{BoxApi, found};
use crate::agree;
use crate::paging::{Found, Numbered, Row, search, whole};
use crate::wire::employee::{Employee, EmployeeList, EmployeeToCreate, EmployeeToUpdate};

/// The most rows that a page may have. <https://developer.kontur.ru/doc/diadoc-api>, `GetEmployees`. Checked 2026-11.
const ROWS: u8 = 50;

impl Row for Employee {
    fn id(&self) -> &str {
        &self.user.user_id
    }

    fn alias(&self) -> Option<String> {
        self.login().map(|login| login.to_string())
    }
}

impl BoxApi {
    /// Returns our own employee; none if we are not one in this box.
    pub(crate) async fn my_employee(&self) -> Result<Option<Employee>> {
        let answer = self.send(self.read("/GetMyEmployee")).await;
        found(answer)?.map(|answer| answer.json()).transpose()
    }

    /// Returns one employee by id.
    pub(crate) async fn employee(&self, id: &str) -> Result<Option<Employee>> {
        let call = self.read("/GetEmployee").query("userId", id);
        let answer = self.send(call).await;
        found(answer)?.map(|answer| answer.json()).transpose()
    }

    /// Returns everybody, blocked people included.
    pub(crate) async fn employees(&self) -> Result<Vec<Employee>> {
        whole(async |page| self.page(page).await).await
    }

    /// Returns the page of this number of the list of everybody.
    async fn page(&self, number: u32) -> Result<Numbered<Employee>> {
        let call = self
            .read("/GetEmployees")
            .query("page", number)
            .query("count", ROWS);
        let list: EmployeeList = self.send(call).await?.json()?;
        Ok(Numbered {
            rows: list.employees,
            total: list.total_count,
        })
    }

    /// Returns the employee with this login. The platform has no search: everybody is read.
    ///
    /// Logins that differ in case only are one to us: of several such people the one with the id is meant.
    ///
    /// # Errors
    ///
    /// `Conflict` for several people without that id, and the errors of any request.
    pub(crate) async fn employee_by_login(
        &self,
        login: &Email,
        id: &RemoteId,
    ) -> Result<Option<Employee>> {
        let has_login = |row: &Employee| row.has_login(login);
        let Found { mut rows, proven } =
            search(async |page| self.page(page).await, has_login).await?;
        if !proven && rows.iter().all(|row| row.user.user_id != id.as_str()) {
            // Whether there is somebody else of this login, a list that moved does not show, but their id does.
            let meant = self.employee(id.as_str()).await?;
            if let Some(meant) = meant.filter(has_login) {
                return Ok(Some(meant));
            }
        }
        if rows.len() > 1 {
            rows.retain(|row| row.user.user_id == id.as_str());
            if rows.is_empty() {
                return Err(
                    Error::new(ErrorKind::Conflict, "several employees have this login")
                        .with("employee.id", id),
                );
            }
        }
        Ok(rows.pop())
    }

    /// Makes an employee; the platform sends them a mail.
    ///
    /// # Repeats
    ///
    /// Never twice without looking: a second one is answered 409, which says nothing about who made the first.
    pub(crate) async fn create_employee(&self, body: &EmployeeToCreate) -> Result<Employee> {
        let call = self.write("/CreateEmployee", Repeat::Once).json(body);
        let answer: Employee = self.send(call).await?.json()?;
        agree::created(body, &answer)?;
        Ok(answer)
    }

    /// Changes an employee.
    ///
    /// # Repeats
    ///
    /// Values are absolute: the same change again changes nothing. One that opens the door is not sent again by itself.
    pub(crate) async fn update_employee(
        &self,
        id: &str,
        body: &EmployeeToUpdate,
    ) -> Result<Employee> {
        let call = self
            .write("/UpdateEmployee", body.repeat())
            .query("userId", id)
            .json(body);
        let answer: Employee = self.send(call).await?.json()?;
        agree::updated(body, &answer)?;
        Ok(answer)
    }

    /// Deletes an employee from the box.
    ///
    /// # Repeats
    ///
    /// Deleting again is a success, and so is deleting somebody who never was there. Whether the person is gone, only the list
    /// says. A lost one is not sent again by itself: somebody who is let in anew has the same id, and would be taken out by it.
    pub(crate) async fn delete_employee(&self, id: &str) -> Result<()> {
        let call = self
            .write("/DeleteEmployee", Repeat::Once)
            .query("userId", id);
        found(self.send(call).await).map(|_| ())
    }
}
