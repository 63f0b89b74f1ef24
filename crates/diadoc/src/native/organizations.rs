//! Reading who we are, the organisations where we work, and their boxes.

use kadry_core::{Does, NativeCall, Operation, Result};
use serde_json::Value;

use super::invalid;
use super::parameter::{help, text};
use crate::calls::BoxApi;
use crate::calls::raw::rows;

pub(super) const ME: Operation = Operation {
    noun: "me",
    verb: "show",
    parameters: &[],
    help: help(
        "Show the user that kadry is signed in as",
        "Показать пользователя, от имени которого работает kadry",
    ),
    example: "diadoc me show",
    endpoint: "GET /V2/GetMyUser",
    does: Does::Shows,
};

pub(super) const MY_EMPLOYEE: Operation = Operation {
    noun: "me",
    verb: "employee",
    parameters: &[],
    help: help(
        "Show the employee that this user is in the box, with its rights",
        "Показать сотрудника ящика, которым является этот пользователь, и его права",
    ),
    example: "diadoc me employee",
    endpoint: "GET /GetMyEmployee",
    does: Does::Shows,
};

pub(super) const LIST: Operation = Operation {
    noun: "organizations",
    verb: "list",
    parameters: &[],
    help: help(
        "List the organisations where this user is an employee, also those that block it",
        "Список организаций, где этот пользователь является сотрудником, в том числе заблокированным",
    ),
    example: "diadoc organizations list",
    endpoint: "GET /GetMyOrganizations",
    does: Does::Lists {
        columns: &["OrgId", "Inn", "Kpp", "ShortName", "IsActive", "IsTest"],
    },
};

pub(super) const SHOW: Operation = Operation {
    noun: "organizations",
    verb: "show",
    parameters: &[
        text("boxId", help("By its box", "По ящику")),
        text("orgId", help("By its id", "По идентификатору организации")),
        text(
            "fnsParticipantId",
            help(
                "By its id as a participant of the exchange",
                "По идентификатору участника документооборота",
            ),
        ),
        text("inn", help("By its ИНН", "По ИНН")),
        text("kpp", help("Beside inn: its КПП", "Вместе с inn: КПП")),
    ],
    help: help(
        "Show one organisation of the directory; without a key, that of the box",
        "Показать организацию из справочника; без параметров — организацию ящика",
    ),
    example: "diadoc organizations show --inn 9600000016",
    endpoint: "GET /GetOrganization",
    does: Does::Shows,
};

pub(super) const USERS: Operation = Operation {
    noun: "organizations",
    verb: "users",
    parameters: &[],
    help: help(
        "List the registered users of the organisation with their rights, for those who are no administrator",
        "Список зарегистрированных пользователей организации и их прав; доступно не только администратору",
    ),
    example: "diadoc organizations users",
    endpoint: "GET /V2/GetOrganizationUsers",
    does: Does::Lists {
        columns: &[
            "Id",
            "Name",
            "Position",
            "Permissions.UserDepartmentId",
            "Permissions.IsAdministrator",
        ],
    },
};

pub(super) const BOXES: Operation = Operation {
    noun: "boxes",
    verb: "list",
    parameters: &[],
    help: help(
        "List the boxes of the organisations where this user is an employee",
        "Список ящиков организаций, где этот пользователь является сотрудником",
    ),
    example: "diadoc boxes list",
    endpoint: "GET /GetMyOrganizations",
    does: Does::Lists {
        columns: &["BoxIdGuid", "Title"],
    },
};

pub(super) const BOX: Operation = Operation {
    noun: "boxes",
    verb: "show",
    parameters: &[text(
        "boxId",
        help(
            "The box; without it, the one of the configuration",
            "Ящик; без этого параметра — ящик из настроек",
        ),
    )],
    help: help(
        "Show a box with its organisation",
        "Показать ящик и его организацию",
    ),
    example: "diadoc boxes show",
    endpoint: "GET /GetBox",
    does: Does::Shows,
};

/// Returns the organisations where we are an employee.
pub(super) async fn list(api: &BoxApi) -> Result<Vec<Value>> {
    // Left to its default this read may register an organisation or an employee.
    // https://developer.kontur.ru/doc/diadoc-api, GetMyOrganizations. Checked 2026-11.
    let query = [("autoRegister", "false")];
    let mut list = api.raw_boxless("/GetMyOrganizations", &query).await?;
    Ok(rows(&mut list, "Organizations"))
}

/// Returns the boxes of the organisations where we are an employee.
pub(super) async fn boxes(api: &BoxApi) -> Result<Vec<Value>> {
    let organizations = list(api).await?.into_iter();
    Ok(organizations
        .flat_map(|mut organization| rows(&mut organization, "Boxes"))
        .collect())
}

/// Returns what a call names an organisation by.
fn keys(call: &NativeCall) -> Vec<(&'static str, &str)> {
    ["boxId", "orgId", "fnsParticipantId", "inn"]
        .into_iter()
        .filter_map(|key| Some((key, call.one(key)?)))
        .collect()
}

/// Refuses a call that names an organisation in several ways.
pub(super) fn check(call: &NativeCall) -> Result<()> {
    let keys = keys(call);
    if let [_, (second, _), ..] = keys.as_slice() {
        let message = "give one of boxId, orgId, fnsParticipantId and inn";
        return Err(invalid(message).with("argument", second));
    }
    if call.one("kpp").is_some() && call.one("inn").is_none() {
        return Err(invalid("kpp goes beside inn only").with("argument", "kpp"));
    }
    Ok(())
}

/// Returns one organisation of the directory.
pub(super) async fn show(api: &BoxApi, call: &NativeCall) -> Result<Value> {
    // Exactly one of them, and kpp beside inn only.
    // https://developer.kontur.ru/doc/diadoc-api, GetOrganization. Checked 2026-11.
    check(call)?;
    let mut query = keys(call);
    if query.is_empty() {
        query.push(("boxId", &api.id));
    }
    query.extend(call.one("kpp").map(|kpp| ("kpp", kpp)));
    api.raw_boxless("/GetOrganization", &query).await
}

/// Returns a box.
pub(super) async fn the_box(api: &BoxApi, call: &NativeCall) -> Result<Value> {
    let id = call.one("boxId").unwrap_or(&api.id);
    api.raw_boxless("/GetBox", &[("boxId", id)]).await
}

/// Returns the registered users of the organisation.
pub(super) async fn users(api: &BoxApi) -> Result<Vec<Value>> {
    let mut list = api.raw("/V2/GetOrganizationUsers", &[]).await?;
    Ok(rows(&mut list, "Users"))
}
