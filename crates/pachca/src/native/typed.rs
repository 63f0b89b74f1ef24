//! What can be seen to be wrong with a call before anybody is asked.

use std::fs;

use kadry_core::{Email, NativeCall, Operation, Parameter, Result, Takes};

use super::check::{checked, wrong};
use super::names::is_id;
use super::row::{self, Names, names};
use super::{avatars, chats, messages, reactions, renames, statuses, tags, users};

/// Refuses a call that cannot be sent, whatever the platform holds. What it names may still be there or not.
///
/// # Errors
///
/// `Unsupported` for an operation that is not in the table. `Invalid`, with the `argument`, for a value that does not fit it and for
/// arguments that do not go together.
pub fn check(call: &NativeCall, now_ms: i64) -> Result<()> {
    let row = row::of(call)?;
    let call = &checked(row, call)?;
    for parameter in row.parameters {
        people(row, parameter, call)?;
    }
    match (row.noun, row.verb) {
        ("users", "find") => users::Sought::of(call).map(drop),
        _ if !row.writes() => Ok(()),
        ("tags", verb) => tags::resolve(verb, call).map(drop),
        ("chats", verb) => {
            chats::refuse_long_name(call)?;
            if verb == "rename" {
                renames::Asked::of(call)?;
            }
            Ok(())
        }
        ("messages", _) => messages::resolve(call).map(drop),
        ("reactions", _) => reactions::resolve(call).map(drop),
        ("status", _) | ("profile", "set-status" | "clear-status") => {
            statuses::refuse_past(call, now_ms)?;
            statuses::resolve(call).map(drop)
        }
        ("avatar", "set") | ("profile", "set-avatar") => picture(call),
        _ => Ok(()),
    }
}

/// Refuses who is neither an id nor an e-mail. That an argument takes somebody lets them also be named as everywhere, after a colon.
fn people(row: &Operation, parameter: &Parameter, call: &NativeCall) -> Result<()> {
    if names(row, parameter, call) != Names::Person {
        return Ok(());
    }
    let is_somebody = |text: &String| {
        let is_elsewhere = parameter.takes == Takes::Person && text.contains(':');
        is_elsewhere || is_id(text) || Email::parse(text).is_ok()
    };
    if call.all(parameter.name).iter().all(is_somebody) {
        return Ok(());
    }
    let message = "somebody is named neither by id nor by e-mail";
    Err(wrong(message, parameter.name))
}

fn picture(call: &NativeCall) -> Result<()> {
    let path = call.required("image")?;
    avatars::media(path)?;
    let unread = |fault| wrong("the file cannot be read", "image").from_source(fault);
    match fs::metadata(path).map_err(unread)?.len() {
        0 => Err(wrong("the file is empty", "image")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use kadry_core::ErrorKind;

    use super::*;

    fn refused(operation: &str, arguments: &[(&str, &str)]) -> Option<(ErrorKind, String)> {
        let call = NativeCall::new(operation);
        let call = arguments
            .iter()
            .fold(call, |call, (name, value)| call.with(*name, *value));
        let fault = check(&call, 0).err()?;
        let name = fault.context().iter().find(|(key, _)| *key == "argument");
        Some((
            fault.kind(),
            name.map_or_else(String::new, |(_, name)| name.clone()),
        ))
    }

    #[test]
    fn what_cannot_be_sent_is_seen_without_asking() {
        for (operation, arguments, argument) in [
            ("users show", &[("id", "Анна")][..], "id"),
            ("users find", &[("query", " ")], "query"),
            ("tags create", &[("name", "a@b")], "name"),
            ("tags create", &[("name", "here")], "name"),
            (
                "members add",
                &[("id", "Общий"), ("member_ids", "Анна")],
                "member_ids",
            ),
            ("chats rename", &[("id", "Общий")], "name"),
            ("chats rename", &[("pattern", "("), ("to", "x")], "pattern"),
            ("chats rename", &[("pattern", "a"), ("to", "$9")], "to"),
            (
                "messages send",
                &[
                    ("entity_type", "user"),
                    ("entity_id", "Анна"),
                    ("content", "a"),
                ],
                "entity_id",
            ),
            ("reactions add", &[("id", "5"), ("code", ":+1:")], "code"),
            (
                "status set",
                &[("user_id", "9"), ("emoji", "x"), ("title", "a")],
                "emoji",
            ),
            (
                "status set",
                &[
                    ("user_id", "9"),
                    ("emoji", "🏖"),
                    ("title", "a"),
                    ("expires_at", "1969-01-01T00:00:00Z"),
                ],
                "expires_at",
            ),
            (
                "avatar set",
                &[("user_id", "9"), ("image", "photo.txt")],
                "image",
            ),
        ] {
            let expected = Some((ErrorKind::Invalid, argument.to_owned()));
            assert_eq!(
                refused(operation, arguments),
                expected,
                "{operation} {arguments:?}"
            );
        }
    }

    #[test]
    fn what_only_the_platform_can_tell_is_left_to_it() {
        for (operation, arguments) in [
            ("users show", &[("id", "anna@example.test")][..]),
            ("users show", &[("id", "person:7")]),
            ("tags delete", &[("id", "Склад")]),
            ("chats rename", &[("id", "Общий"), ("name", "Все")]),
            ("chats rename", &[("pattern", "a(b)"), ("to", "$1")]),
            ("messages send", &[("entity_id", "Общий"), ("content", "a")]),
        ] {
            assert_eq!(
                refused(operation, arguments),
                None,
                "{operation} {arguments:?}"
            );
        }
    }
}
