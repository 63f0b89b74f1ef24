//! Reading employees.

use kadry_core::{Does, Email, Error, ErrorKind, NativeCall, Operation, Page, Result};
use serde_json::Value;

use super::parameter::{COUNT, PAGE, USER, help, required, text};
use crate::calls::BoxApi;
use crate::calls::raw::rows;

const LISTED: Does = Does::Lists {
    columns: &[
        "User.UserId",
        "User.Login",
        "User.FullName.LastName",
        "User.FullName.FirstName",
        "User.FullName.MiddleName",
        "Position",
        "Permissions.UserDepartmentId",
        "Permissions.IsAdministrator",
        "Permissions.AuthorizationPermission.IsBlocked",
    ],
};

pub(super) const LIST: Operation = Operation {
    noun: "employees",
    verb: "list",
    parameters: &[PAGE, COUNT],
    help: help(
        "List the employees of the box, blocked ones too",
        "Список сотрудников ящика, включая заблокированных",
    ),
    example: "diadoc employees list --count 50",
    endpoint: "GET /GetEmployees",
    does: LISTED,
};

pub(super) const SHOW: Operation = Operation {
    noun: "employees",
    verb: "show",
    parameters: &[USER],
    help: help("Show one employee", "Показать сотрудника"),
    example: "diadoc employees show --userId anna@example.test",
    endpoint: "GET /GetEmployee",
    does: Does::Shows,
};

pub(super) const FIND: Operation = Operation {
    noun: "employees",
    verb: "find",
    parameters: &[required(text(
        "login",
        help("The login, an e-mail", "Логин, то есть почта"),
    ))],
    help: help(
        "Find an employee by login; the whole list is read, since there is no search",
        "Найти сотрудника по логину; поиска нет, поэтому читается весь список",
    ),
    example: "diadoc employees find --login anna@example.test",
    endpoint: "GET /GetEmployees",
    does: LISTED,
};

pub(super) const FIND_EXTERNAL: Operation = Operation {
    noun: "employees",
    verb: "find-external",
    parameters: &[required(text(
        "externalId",
        help(
            "The id at the organisation's own sign-in provider",
            "Идентификатор у SSO-провайдера организации",
        ),
    ))],
    help: help(
        "Find employees by the id that the organisation's sign-in provider gave them",
        "Найти сотрудников по идентификатору SSO-провайдера",
    ),
    example: "diadoc employees find-external --externalId 10421",
    endpoint: "GET /GetEmployeesByExternalId",
    does: LISTED,
};

/// Returns one employee.
pub(super) async fn show(api: &BoxApi, call: &NativeCall) -> Result<Value> {
    let user = call.required("userId")?;
    api.raw("/GetEmployee", &[("userId", user)]).await
}

/// Returns the employees with a login, of whom there is one as a rule.
pub(super) async fn find(api: &BoxApi, call: &NativeCall) -> Result<Page<Value>> {
    let login = Email::of_record(call.required("login")?);
    let found = api.raw_by_login(&login).await?;
    if found.is_empty() {
        let message = "no employee of the box has this login";
        return Err(Error::new(ErrorKind::NotFound, message));
    }
    Ok(Page::last(found))
}

/// Returns the employees with an id of the organisation's sign-in provider.
pub(super) async fn find_external(api: &BoxApi, call: &NativeCall) -> Result<Page<Value>> {
    let id = call.required("externalId")?;
    let query = [("externalId", id)];
    let mut list = api.raw("/GetEmployeesByExternalId", &query).await?;
    Ok(Page::last(rows(&mut list, "Employees")))
}
