//! What is written with a record, and whether it was stored.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{
    Effect, Error, ErrorKind, FieldName, Grant, KindName, Known, Result, fold, same_value,
};

use super::{Viewer, number, profile};
use crate::wire::property::{Property, PropertyValue};
use crate::wire::user::{User, UserFields};

/// Sets one value of a body.
///
/// # Errors
///
/// `Unsupported` for a field that the platform does not have.
pub(crate) fn put<'a>(body: &mut UserFields<'a>, field: FieldName, value: &'a str) -> Result<()> {
    let place = match field {
        FieldName::Email => &mut body.email,
        FieldName::LastName => &mut body.last_name,
        FieldName::FirstName => &mut body.first_name,
        FieldName::Phone => &mut body.phone_number,
        FieldName::Title => &mut body.title,
        FieldName::Department => &mut body.department,
        FieldName::MiddleName | FieldName::ExternalId => {
            return Err(
                Error::new(ErrorKind::Unsupported, "the platform has no such field")
                    .with("field", field),
            );
        }
    };
    *place = Some(value);
    Ok(())
}

/// Sets the grants of one kind in a body; `held` is the whole set.
///
/// # Errors
///
/// `Unsupported` for a kind that is not written with the record, and for no role or several; `Invalid` for a property without its
/// id or without a value.
pub(crate) fn put_grants<'a>(
    body: &mut UserFields<'a>,
    kind: &KindName,
    held: impl Iterator<Item = &'a Grant>,
) -> Result<()> {
    let refused = |message: &str| Error::new(ErrorKind::Unsupported, message).with("kind", kind);
    if *kind == KindName::PROPERTY {
        body.custom_properties = Some(values(held)?);
        return Ok(());
    }
    let mut names = held.map(|grant| grant.name.as_str());
    if *kind == KindName::TAG {
        body.list_tags = Some(names.collect());
    } else if *kind == KindName::ROLE {
        let (Some(role), None) = (names.next(), names.next()) else {
            return Err(refused("everybody has exactly one role"));
        };
        body.role = Some(role);
    } else {
        return Err(refused(
            "grants of this kind are not written with the record",
        ));
    }
    Ok(())
}

/// Returns one value for each property: the last that is given.
fn values<'a>(held: impl Iterator<Item = &'a Grant>) -> Result<Vec<PropertyValue<'a>>> {
    let mut values = BTreeMap::new();
    for grant in held {
        let invalid = |message: &str| Error::new(ErrorKind::Invalid, message);
        let id = grant.id.as_ref();
        let id = id.and_then(|id| number(id).ok()).ok_or_else(|| {
            invalid("the property is named without its id").with("kind", KindName::PROPERTY)
        })?;
        let value = grant.value.as_deref().map(str::trim);
        let value = value.filter(|value| !value.is_empty()).ok_or_else(|| {
            invalid("the property has no value")
                .with("reason", "value-missing")
                .with("property.id", id)
        })?;
        values.insert(id, value);
    }
    let values = values.into_iter();
    Ok(values
        .map(|(id, value)| PropertyValue { id, value })
        .collect())
}

/// Checks that no tags are given together with the role of a guest, to which the platform does not apply them.
///
/// # Errors
///
/// `Invalid` when they are.
pub(crate) fn refuse_tags_of_guests<'a>(
    body: &UserFields<'_>,
    mut roles: impl Iterator<Item = &'a Grant>,
) -> Result<()> {
    let tagged = body.list_tags.as_ref().is_some_and(|tags| !tags.is_empty());
    if tagged && roles.any(|role| super::GUESTS.contains(&role.name.as_str())) {
        return Err(Error::new(
            ErrorKind::Invalid,
            "guests have no tags: the platform would leave them out without a word",
        )
        .with("reason", "guests-have-no-tags"));
    }
    Ok(())
}

/// Checks that the platform stored what was sent.
///
/// # Errors
///
/// `Protocol` with the effect applied, which names the fields that differ.
pub(crate) fn check(sent: &UserFields<'_>, stored: &User, viewer: Viewer) -> Result<()> {
    let differing = differing(sent, stored, viewer);
    if differing.is_empty() {
        return Ok(());
    }
    Err(mismatch(&differing.join(", "), stored.id))
}

/// Returns the error of a write that the platform answered with something else than was sent.
pub(crate) fn mismatch(fields: &str, id: i64) -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the platform did not store what was sent",
    )
    .with_effect(Effect::Applied)
    .with("fields", fields)
    .with("employee.id", id)
}

pub(super) fn differing(sent: &UserFields<'_>, stored: &User, viewer: Viewer) -> Vec<&'static str> {
    let shown = profile(stored, viewer);
    let texts = [
        (FieldName::Email, sent.email),
        (FieldName::LastName, sent.last_name),
        (FieldName::FirstName, sent.first_name),
        (FieldName::Phone, sent.phone_number),
        (FieldName::Department, sent.department),
        (FieldName::Title, sent.title),
    ];
    // The names of somebody who has not registered yet are not echoed reliably.
    // <https://dev.pachca.com/api/users/create> Checked 2026-11.
    let echoed = |field: FieldName| {
        !(stored.is_invited() && matches!(field, FieldName::FirstName | FieldName::LastName))
    };
    let mut names: Vec<&'static str> = texts
        .into_iter()
        .filter_map(|(field, text)| Some((field, text?)))
        .filter(|(field, text)| echoed(*field) && !is_kept(*field, text, shown.get(*field)))
        .map(|(field, _)| field.as_str())
        .collect();
    if sent.role.is_some() && stored.role.is_some() && sent.role != stored.role.as_deref() {
        names.push("role");
    }
    if let (Some(sent), Some(stored)) = (&sent.list_tags, &stored.list_tags)
        && !same_set(sent, stored)
    {
        names.push("tags");
    }
    if let (Some(sent), Some(stored)) = (&sent.custom_properties, stored.properties())
        && !sent
            .iter()
            .all(|sent| stored.iter().any(|stored| is_kept_value(sent, stored)))
    {
        names.push("properties");
    }
    names
}

fn is_kept(field: FieldName, sent: &str, stored: &Known<String>) -> bool {
    match stored {
        Known::Value(stored) => same_value(field, sent, stored),
        Known::Empty => sent.trim().is_empty(),
        Known::Hidden => true,
    }
}

/// How a number or a date is spelled once it is stored is not documented, so there it counts that something is.
/// <https://dev.pachca.com/api/custom-properties/list> Checked 2026-11.
fn is_kept_value(sent: &PropertyValue<'_>, stored: &Property) -> bool {
    let value = stored.value.as_deref().map(str::trim);
    stored.id == sent.id
        && match stored.data_type.as_str() {
            "number" | "date" => value.is_some_and(|value| !value.is_empty()),
            _ => value == Some(sent.value),
        }
}

/// Tags are one and the same whatever their case. <https://dev.pachca.com/guides/tags> Checked 2026-11.
fn same_set(sent: &[&str], stored: &[String]) -> bool {
    let folded =
        |names: &mut dyn Iterator<Item = &str>| -> BTreeSet<String> { names.map(fold).collect() };
    folded(&mut sent.iter().copied()) == folded(&mut stored.iter().map(String::as_str))
}
