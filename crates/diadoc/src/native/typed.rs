//! What can be seen to be wrong with a call before anybody is asked.

use kadry_core::{Email, NativeCall, Operation, Parameter, Result, Takes};
use uuid::Uuid;

use super::{
    OPERATIONS, departments, invalid, organizations, pages, permissions, powers, subscriptions,
    unknown,
};
use crate::calls::raw::{DEPARTMENTS, EMPLOYEES};

/// Refuses a call that cannot be sent, whatever the platform holds. What it names may still be there or not.
///
/// # Errors
///
/// `Unsupported` for an operation that is not in the table. `Invalid`, with the `argument`, for a value that does not fit it and for
/// arguments that do not go together.
pub fn check(call: &NativeCall) -> Result<()> {
    let mut rows = OPERATIONS.iter();
    let row = rows.find(|row| row.name() == call.operation);
    whole(row.ok_or_else(|| unknown(call))?, call)?;
    match call.operation.as_str() {
        "employees list" => pages::check(call, EMPLOYEES),
        "departments list" => pages::check(call, DEPARTMENTS),
        "departments create" | "departments update" => departments::check(call),
        "subscriptions set" => subscriptions::check(call),
        "permissions set" => permissions::check(call),
        "poa attach" | "poa set-default" | "poa detach" | "poa register" => powers::check(call),
        "organizations show" => organizations::check(call),
        _ => Ok(()),
    }
}

/// Refuses what is empty, and an employee who is named by neither id nor login. Behind a colon people are named as everywhere.
fn whole(row: &Operation, call: &NativeCall) -> Result<()> {
    let is_somebody = |text: &str| {
        text.contains(':') || Uuid::try_parse(text).is_ok() || Email::parse(text).is_ok()
    };
    let refused = |parameter: &Parameter, text: &str| {
        if text.is_empty() {
            return Some("an argument is empty");
        }
        let is_lost = parameter.takes == Takes::Person && !is_somebody(text);
        is_lost.then_some("somebody is named neither by id nor by e-mail")
    };
    for parameter in row.parameters {
        for text in call.all(parameter.name) {
            if let Some(message) = refused(parameter, text.trim()) {
                return Err(invalid(message).with("argument", parameter.name));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "4adcee20-7ead-41b7-a4fa-d43df32854f4";

    fn refused(operation: &str, arguments: &[(&str, &str)]) -> Option<String> {
        let call = NativeCall::new(operation);
        let call = arguments
            .iter()
            .fold(call, |call, (name, value)| call.with(*name, *value));
        let fault = check(&call).err()?;
        let mut context = fault.context().iter();
        let name = context.find(|(key, _)| *key == "argument");
        name.map(|(_, name)| name.clone())
    }

    #[test]
    fn what_cannot_be_sent_is_seen_without_asking() {
        for (operation, arguments, argument) in [
            ("employees list", &[("count", "51")][..], "count"),
            ("employees list", &[("page", "0")], "page"),
            ("employees show", &[("userId", "Анна")], "userId"),
            ("employees find", &[("login", " ")], "login"),
            ("departments update", &[("departmentId", "Касса")], "Name"),
            (
                "departments create",
                &[("Name", "Касса"), ("Routing.Kpp", "true")],
                "Kpp",
            ),
            (
                "departments create",
                &[("Name", "Касса"), ("Address", "{}")],
                "Address",
            ),
            (
                "subscriptions set",
                &[("userId", ID)],
                "CounteragentInvitation",
            ),
            ("permissions set", &[("userId", ID)], "CreateDocuments"),
            (
                "permissions set",
                &[
                    ("userId", ID),
                    ("DocumentAccessLevel", "AllDocuments"),
                    ("SelectedDepartmentIds", "Касса"),
                ],
                "SelectedDepartmentIds",
            ),
            ("poa register", &[("RegistrationNumber", ID)], "IssuerInn"),
            (
                "organizations show",
                &[("inn", "9600000016"), ("orgId", ID)],
                "inn",
            ),
            ("organizations show", &[("kpp", "960001001")], "kpp"),
        ] {
            let found = refused(operation, arguments);
            assert_eq!(
                found.as_deref(),
                Some(argument),
                "{operation} {arguments:?}"
            );
        }
    }

    #[test]
    fn what_only_the_platform_can_tell_is_left_to_it() {
        for (operation, arguments) in [
            ("employees list", &[("count", "50")][..]),
            ("employees show", &[("userId", "anna@example.test")]),
            ("employees show", &[("userId", "person:7")]),
            ("departments delete", &[("departmentId", "Касса")]),
            (
                "permissions set",
                &[("userId", ID), ("SelectedDepartmentIds", "Касса")],
            ),
            ("poa detach", &[("userId", ID), ("RegistrationNumber", ID)]),
            ("organizations show", &[]),
        ] {
            assert_eq!(
                refused(operation, arguments),
                None,
                "{operation} {arguments:?}"
            );
        }
    }
}
