//! Who somebody is whose record has to be made, told by the records that are there and by what was once given.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use kadry_core::{Email, Employee, FieldName, Fields, MatchKey, fold};

use crate::intent::Flow;
use crate::observe::Snapshot;

/// The parts of a name, which are taken from one place together.
const NAME: [FieldName; 3] = [
    FieldName::LastName,
    FieldName::FirstName,
    FieldName::MiddleName,
];

/// Returns the values with which a record would be made of somebody who changes places. None when nobody has seen them anywhere, and as
/// long as a platform is silent: what it shows may tell the name better.
pub(in crate::plan) fn person(
    flow: &Flow,
    keys: &[MatchKey],
    snapshot: &Snapshot,
) -> Option<Fields> {
    let Flow::Transfer(transfer) = flow else {
        return None;
    };
    if transfer.person.is_some() {
        return transfer.person.clone();
    }
    let records: Vec<&Employee> = snapshot
        .here()
        .filter_map(|(_, here)| match here.matches.as_slice() {
            [one] => Some(one),
            [] | [_, _, ..] => None,
        })
        .collect();
    if records.is_empty() || !snapshot.is_complete() {
        return None;
    }
    let mut person = name(&records, &transfer.known);
    for field in [FieldName::Email, FieldName::ExternalId, FieldName::Phone] {
        let mut shown = records
            .iter()
            .filter_map(|one| one.profile.get(field).value().cloned());
        let known = || transfer.known.get(&field).cloned();
        if let Some(value) = key(field, keys).or_else(|| shown.next()).or_else(known) {
            person.insert(field, value);
        }
    }
    person.extend(
        transfer
            .fields
            .iter()
            .map(|(field, value)| (*field, value.clone())),
    );
    Some(person)
}

/// The key by which the person is known, as a value of this field.
fn key(field: FieldName, keys: &[MatchKey]) -> Option<String> {
    keys.iter().find_map(|key| match (field, key) {
        (FieldName::Email, MatchKey::Email(email)) => Some(Email::to_string(email)),
        (FieldName::ExternalId, MatchKey::ExternalId(id)) => Some(id.clone()),
        _ => None,
    })
}

/// The name of the person, from where it is told best: in the most parts, and with the fewest words in each.
fn name(records: &[&Employee], known: &Fields) -> Fields {
    let shown = |one: &Employee| -> Fields {
        let part = |field| Some((field, one.profile.get(field).value()?.clone()));
        NAME.into_iter().filter_map(part).collect()
    };
    let mut names: Vec<Fields> = records.iter().copied().map(shown).collect();
    let given: Fields = NAME
        .into_iter()
        .filter_map(|field| Some((field, known.get(&field)?.clone())))
        .collect();
    // Whoever has married since is called as the records say.
    let is_theirs =
        |name: &Fields| !words(name).is_disjoint(&words_of(&given, FieldName::LastName));
    if names.iter().all(Fields::is_empty) || names.iter().any(is_theirs) {
        names.push(given);
    }
    let clearest = names.into_iter().min_by_key(|name| {
        let first = words_of(name, FieldName::FirstName).len();
        (Reverse(name.len()), first)
    });
    clearest.unwrap_or_default()
}

fn words(name: &Fields) -> BTreeSet<String> {
    let parts = name.values().flat_map(|part| part.split_whitespace());
    parts.map(fold).collect()
}

fn words_of(name: &Fields, field: FieldName) -> BTreeSet<String> {
    let part = name.get(&field).map(String::as_str).unwrap_or_default();
    part.split_whitespace().map(fold).collect()
}
