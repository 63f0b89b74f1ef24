//! Whether a call is what its row says, and its values as the platform takes them.

use jiff::Timestamp;
use kadry_core::{Error, ErrorKind, Look, NativeCall, Operation, Parameter, Result, Takes};

/// Texts of which every blank counts.
const AS_TYPED: [&str; 3] = ["content", "pattern", "to"];

/// Texts that are not sent as they stand and may be nothing: a part of a name can be replaced by nothing.
const MAY_BE_EMPTY: [&str; 1] = ["to"];

/// Returns the call with every value in the form in which it is sent.
///
/// # Errors
///
/// `Invalid` for an argument that the operation does not have, for one that is missing, empty or given too often, and for a value of
/// another kind.
pub(super) fn checked(row: &Operation, call: &NativeCall) -> Result<NativeCall> {
    let mut checked = NativeCall::new(&call.operation);
    for (name, values) in &call.arguments {
        let parameter = row.parameters.iter().find(|known| known.name == name);
        let parameter =
            parameter.ok_or_else(|| wrong("the operation has no such argument", name))?;
        if values.len() > 1 && !parameter.many {
            return Err(wrong("an argument is given several times", name));
        }
        for value in values {
            checked = checked.with(name, formed(parameter, value)?);
        }
    }
    let missing =
        |parameter: &&Parameter| parameter.required && checked.one(parameter.name).is_none();
    match row.parameters.iter().find(missing) {
        Some(parameter) => Err(wrong("an argument is missing", parameter.name)),
        None => Ok(checked),
    }
}

/// Arguments that only say how a call becomes single changes.
const SPREADING: [&str; 3] = ["pattern", "to", "availability"];

/// Refuses a call that is about many: it would change the first of them, or send what the platform does not know.
///
/// # Errors
///
/// `Invalid` for a call that has not been resolved.
pub(super) fn one_change(row: &Operation, call: &NativeCall) -> Result<()> {
    let many = |parameter: &&Parameter| {
        let is_spread = SPREADING.contains(&parameter.name) && !call.all(parameter.name).is_empty();
        let is_whole = row.verb == "create" && row.noun == "chats";
        is_spread || (call.all(parameter.name).len() > 1 && !is_whole)
    };
    match row.parameters.iter().find(many) {
        Some(parameter) => Err(wrong("the call stands for many changes", parameter.name)),
        None => Ok(()),
    }
}

fn formed(parameter: &Parameter, value: &str) -> Result<String> {
    let name = parameter.name;
    let trimmed = value.trim();
    if trimmed.is_empty() && !MAY_BE_EMPTY.contains(&name) {
        return Err(wrong("an argument is empty", name));
    }
    match parameter.takes {
        Takes::Text if AS_TYPED.contains(&name) => Ok(value.to_owned()),
        Takes::Text | Takes::Person | Takes::PersonIf { .. } | Takes::File => {
            Ok(trimmed.to_owned())
        }
        Takes::Number => Ok(number(name, trimmed)?.to_string()),
        Takes::Flag => match trimmed {
            "true" | "false" => Ok(trimmed.to_owned()),
            _ => Err(wrong("an argument is neither true nor false", name)),
        },
        Takes::Moment => {
            let moment: Timestamp = trimmed
                .parse()
                .map_err(|_| wrong("an argument is not a moment as RFC 3339 spells it", name))?;
            Ok(moment.to_string())
        }
        Takes::OneOf(words) if words.contains(&trimmed) => Ok(trimmed.to_owned()),
        Takes::OneOf(_) => Err(wrong(
            "an argument is none of the words that it may be",
            name,
        )),
    }
}

fn number(name: &str, text: &str) -> Result<i64> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| wrong("an argument is not a whole number above zero", name))
}

/// Returns the id in an argument of a call whose names have become ids.
///
/// # Errors
///
/// `Invalid` where there is none.
pub(super) fn id(call: &NativeCall, name: &'static str) -> Result<i64> {
    number(name, call.required(name)?)
}

/// Refuses a text that is longer than the platform takes.
///
/// # Errors
///
/// `Invalid` for a text of more characters.
pub(super) fn not_longer(name: &str, text: &str, most: usize) -> Result<()> {
    if text.chars().count() > most {
        return Err(wrong("an argument is too long", name).with("most", most));
    }
    Ok(())
}

/// Says that an argument cannot be sent.
pub(super) fn wrong(message: &str, name: &str) -> Error {
    Error::new(ErrorKind::Invalid, message).with("argument", name)
}

/// Turns what is the case into what a look shows.
pub(super) const fn found_if(is_so: bool) -> Look {
    if is_so { Look::Found } else { Look::Absent }
}

#[cfg(test)]
mod tests {
    use super::super::{chats, members, tags};
    use super::*;

    fn refused(row: &Operation, call: &NativeCall) -> Option<(ErrorKind, String)> {
        let fault = checked(row, call).err()?;
        let (_, name) = fault.context().first()?;
        Some((fault.kind(), name.clone()))
    }

    #[test]
    fn values_are_sent_in_one_form() {
        let call = NativeCall::new("chats list")
            .with("archived", " true")
            .with("last_message_at_after", "2026-11-21T13:00:00+03:00");
        let sent = NativeCall::new("chats list")
            .with("archived", "true")
            .with("last_message_at_after", "2026-11-21T10:00:00Z");
        assert_eq!(checked(&chats::LIST, &call).ok(), Some(sent));
    }

    #[test]
    fn nothing_is_sent_that_is_not_documented() {
        for (name, value) in [
            ("colour", "red"),
            ("archived", "да"),
            ("archived", " "),
            ("sort", "name"),
            ("last_message_at_after", "вчера"),
            ("last_message_at_after", "2026-11-21"),
        ] {
            let call = NativeCall::new("chats list").with(name, value);
            let expected = Some((ErrorKind::Invalid, name.to_owned()));
            assert_eq!(refused(&chats::LIST, &call), expected, "{name} {value}");
        }
        let twice = NativeCall::new("tags show").with("id", "1").with("id", "2");
        let expected = Some((ErrorKind::Invalid, "id".to_owned()));
        assert_eq!(refused(&tags::SHOW, &twice), expected);
        let nobody = NativeCall::new("members add").with("id", "1");
        let expected = Some((ErrorKind::Invalid, "member_ids".to_owned()));
        assert_eq!(refused(&members::ADD, &nobody), expected);
    }

    #[test]
    fn a_call_about_many_is_no_single_change() {
        let many = [
            (
                tags::DELETE,
                NativeCall::new("tags delete")
                    .with("id", "5")
                    .with("id", "6"),
            ),
            (
                chats::RENAME,
                NativeCall::new("chats rename")
                    .with("pattern", "a")
                    .with("to", "b"),
            ),
            (
                chats::RENAME,
                NativeCall::new("chats rename")
                    .with("id", "5")
                    .with("id", "6")
                    .with("name", "b"),
            ),
        ];
        for (row, call) in &many {
            let kind = one_change(row, call).err().map(|fault| fault.kind());
            assert_eq!(kind, Some(ErrorKind::Invalid), "{call}");
        }
        let create = NativeCall::new("chats create").with("name", "a");
        let create = create.with("member_ids", "9").with("member_ids", "10");
        assert!(one_change(&chats::CREATE, &create).is_ok());
        let rename = NativeCall::new("chats rename")
            .with("id", "5")
            .with("name", "b");
        assert!(one_change(&chats::RENAME, &rename).is_ok());
    }

    #[test]
    fn an_id_is_a_number_above_zero() {
        let of = |text: &str| id(&NativeCall::new("tags show").with("id", text), "id").ok();
        assert_eq!(of("5"), Some(5));
        for text in ["0", "-5", "пять", "5.0"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
