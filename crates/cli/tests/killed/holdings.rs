//! What the platforms hold and what was asked of them, in a form that does not depend on the way there.

use std::collections::{BTreeMap, BTreeSet};

use kadry_emulator::log::Entry;
use serde_json::{Map, Value};

use crate::asked::{Names, collect, renamed};
use crate::support::Company;

/// Returns what every platform holds, and learns the names of what has an id there.
pub(crate) fn held(company: &Company, names: &mut Names) -> Value {
    let state = company.emulator.state();
    collect(&state, names);
    in_order(renamed(state, names))
}

/// Puts rows in one order: of two who come at once either may be the first.
fn in_order(value: Value) -> Value {
    match value {
        Value::Array(rows) => {
            let mut rows: Vec<Value> = rows.into_iter().map(in_order).collect();
            rows.sort_by_cached_key(Value::to_string);
            Value::Array(rows)
        }
        Value::Object(members) => {
            let members = members.into_iter();
            members.map(|(key, row)| (key, in_order(row))).collect()
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar,
    }
}

/// Counts the requests that change something, by what they ask of whom.
pub(crate) fn writes(log: &[Entry], names: &Names) -> BTreeMap<String, usize> {
    let mut writes = BTreeMap::new();
    for entry in log.iter().filter(|entry| is_write(entry)) {
        let target = format!("{}?{}", entry.path, entry.query);
        let target: Vec<&str> = target
            .split_inclusive(['/', '?', '&', '='])
            .flat_map(|part| {
                let word = part.trim_end_matches(['/', '?', '&', '=']);
                let end = &part[word.len()..];
                [names.get(word).map_or(word, String::as_str), end]
            })
            .collect();
        let write = format!("{} {}", entry.method, target.concat());
        *writes.entry(write).or_default() += 1;
    }
    writes
}

/// Reports whether a request came to change something: not to sign in, for which no platform asks to be looked at first.
pub(crate) fn is_write(entry: &Entry) -> bool {
    let signs_in = entry.path.ends_with("/auth/sign_in") || entry.path.ends_with("/connect/token");
    entry.method != "GET" && !signs_in
}

/// Lists the doors of a person, by platform, and whether each is open.
pub(crate) fn doors(held: &Value, email: &str) -> Vec<(String, bool)> {
    let platforms = held.as_object().into_iter().flatten();
    let doors = platforms.flat_map(|(kind, state)| {
        let lists = state.as_object().into_iter().flat_map(Map::values);
        let rows = lists.filter_map(Value::as_array).flatten();
        let theirs = rows.filter(|row| row["email"] == email || row["login"] == email);
        theirs.filter_map(|row| Some((kind.clone(), is_open(row)?)))
    });
    doors.collect()
}

fn is_open(row: &Value) -> Option<bool> {
    let is = |member: &str| row[member].as_bool();
    let closed = is("suspended").or_else(|| is("blocked"));
    closed.map(|closed| !closed).or_else(|| is("active"))
}

/// Shows what differs, and where.
pub(crate) fn difference(held: &Value, expected: &Value) -> String {
    let mut differing = Vec::new();
    differ("", held, expected, &mut differing);
    differing.join("\n")
}

fn differ(place: &str, held: &Value, expected: &Value, differing: &mut Vec<String>) {
    match (held, expected) {
        (Value::Object(held), Value::Object(expected)) => {
            let names: BTreeSet<&String> = held.keys().chain(expected.keys()).collect();
            for name in names {
                let one = |members: &Map<String, Value>| members.get(name).cloned();
                let (held, expected) = (one(held), one(expected));
                let place = format!("{place}/{name}");
                let (held, expected) = (held.unwrap_or_default(), expected.unwrap_or_default());
                differ(&place, &held, &expected, differing);
            }
        }
        (Value::Array(held), Value::Array(expected)) if held.len() == expected.len() => {
            for (number, (held, expected)) in held.iter().zip(expected).enumerate() {
                differ(&format!("{place}/{number}"), held, expected, differing);
            }
        }
        _ if held == expected => {}
        _ => differing.push(format!("{place} is {held} instead of {expected}")),
    }
}
