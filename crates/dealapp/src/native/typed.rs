//! What can be seen to be wrong with a call before anybody is asked.

use kadry_core::{NativeCall, Result};

use super::units::MEMBERS;
use super::{OPERATIONS, invalid, unknown};

/// Refuses a call that cannot be sent, whatever the platform holds. What it names may still be there or not.
///
/// # Errors
///
/// `Unsupported` for an operation that is not in the table. `Invalid`, with the `argument`, for a value that does not fit it and for
/// arguments that do not go together.
pub fn check(call: &NativeCall) -> Result<()> {
    let mut rows = OPERATIONS.iter();
    let row = rows.find(|row| row.name() == call.operation);
    let row = row.ok_or_else(|| unknown(call))?;
    let is_empty = |name: &&str| call.all(name).iter().any(|text| text.trim().is_empty());
    let mut names = row.parameters.iter().map(|parameter| parameter.name);
    if let Some(empty) = names.find(is_empty) {
        // Clearing by null is not documented. Checked 2026-11.
        let message = if (row.verb, empty) == ("update", "parent_id") {
            "moving a unit to the top is not documented"
        } else {
            "an argument is empty"
        };
        return Err(invalid(message).with("argument", empty));
    }
    match call.operation.as_str() {
        "users list" if call.one("sort").is_some_and(|by| by.starts_with('-')) => {
            Err(invalid("sorting downwards is not documented").with("argument", "sort"))
        }
        "users show" if call.one("integration_uid").is_some() == call.one("email").is_some() => {
            Err(invalid("give either integration_uid or email").with("argument", "email"))
        }
        "units update" if MEMBERS.iter().all(|member| call.one(member).is_none()) => {
            Err(invalid("nothing to change was given").with("argument", "name"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("users list", &[("sort", "-name")][..], "sort"),
            ("users list", &[("search", " ")], "search"),
            ("users show", &[], "email"),
            (
                "users show",
                &[("integration_uid", "7"), ("email", "anna@example.test")],
                "email",
            ),
            ("units create", &[("name", " ")], "name"),
            ("units update", &[("id", "Касса")], "name"),
            (
                "units update",
                &[("id", "Касса"), ("parent_id", "")],
                "parent_id",
            ),
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
            ("users list", &[("sort", "name")][..]),
            ("users show", &[("email", "anna@example.test")]),
            ("units update", &[("id", "Касса"), ("name", "Расчёты")]),
        ] {
            assert_eq!(
                refused(operation, arguments),
                None,
                "{operation} {arguments:?}"
            );
        }
    }
}
