//! What the rows of the table are made of.

use kadry_core::{Error, ErrorKind, NativeCall, Operation, Parameter, Result, Sentence, Takes};

use super::OPERATIONS;

/// Ascending or descending.
pub(super) const ORDER: &[&str] = &["asc", "desc"];

/// A sentence in both languages.
pub(super) const fn say(en: &'static str, ru: &'static str) -> Sentence {
    Sentence { en, ru }
}

/// An argument that may be left out and is given once.
pub(super) const fn takes(
    name: &'static str,
    takes: Takes,
    en: &'static str,
    ru: &'static str,
) -> Parameter {
    Parameter {
        name,
        takes,
        required: false,
        many: false,
        help: say(en, ru),
    }
}

/// The same of any text.
pub(super) const fn text(name: &'static str, en: &'static str, ru: &'static str) -> Parameter {
    takes(name, Takes::Text, en, ru)
}

/// The same argument, which must be given.
pub(super) const fn required(parameter: Parameter) -> Parameter {
    Parameter {
        required: true,
        ..parameter
    }
}

/// The same argument, which may be given several times.
pub(super) const fn many(parameter: Parameter) -> Parameter {
    Parameter {
        many: true,
        ..parameter
    }
}

/// One person whom an operation is about.
pub(super) const WHO: Parameter = required(takes(
    "user_id",
    Takes::Person,
    "Who, by id or e-mail",
    "Кто: id или e-mail",
));

/// The same of one or more, each of whom is a change of its own.
pub(super) const WHOM: Parameter = many(WHO);

/// Which order a list comes in.
pub(super) const IN_ORDER: Parameter = takes(
    "order",
    Takes::OneOf(ORDER),
    "Ascending or descending",
    "По возрастанию или по убыванию",
);

/// What a value of an argument names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// Somebody.
    Person,
    /// A tag.
    Tag,
    /// A chat.
    Chat,
    /// Nothing that has an id.
    Nothing,
}

/// Returns what the values of an argument of an operation name.
pub(super) fn names(row: &Operation, parameter: &Parameter, call: &NativeCall) -> Names {
    match (row.noun, parameter.name) {
        _ if parameter.names_people(call) => Names::Person,
        ("tags", "id") | (_, "group_tag_ids" | "tag_id") => Names::Tag,
        ("chats" | "members", "id") | (_, "chat_id" | "chat_ids") => Names::Chat,
        ("messages", "entity_id") => Names::Chat,
        _ => Names::Nothing,
    }
}

/// Reports whether the vendor takes a list under this name; in a query it is then written with brackets.
pub(super) fn is_list(name: &str) -> bool {
    matches!(
        name,
        "names" | "company_roles" | "chat_ids" | "user_ids" | "member_ids" | "group_tag_ids"
    )
}

/// Returns the row of a call.
///
/// # Errors
///
/// `Unsupported` for an operation that is not in the table.
pub(super) fn of(call: &NativeCall) -> Result<&'static Operation> {
    let parts = call.operation.split_once(' ');
    let row = parts.and_then(|(noun, verb)| {
        let mut rows = OPERATIONS.iter();
        rows.find(|row| row.noun == noun && row.verb == verb)
    });
    row.ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, "the platform has no such operation")
            .with("operation", &call.operation)
    })
}
