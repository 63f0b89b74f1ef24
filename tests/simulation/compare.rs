//! What is held against what should be.

use std::collections::BTreeMap;

use serde_json::Value;

/// The names by which the rows of a list are told apart.
const NAMED_BY: [&str; 5] = ["email", "login", "name", "content", "user_id"];

/// What no reading tells of two who are at odds: greetings, which are counted elsewhere, since to whom they went is not told of a record
/// that has been removed since; and a status, which is cleared by one step and set by another.
const UNDECIDED: [&str; 2] = ["messages", "user_status"];

/// Shows the lines that differ.
pub(crate) fn difference(held: &Value, expected: &Value) -> String {
    if held == expected {
        return String::new();
    }
    let (held, expected) = (format!("{held:#}"), format!("{expected:#}"));
    let only_in = |sign: &str, one: &str, other: &str| -> Vec<String> {
        let mut others: Vec<&str> = other.lines().collect();
        let is_new = |line: &&str| match others.iter().position(|other| other == line) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        };
        let lines = one.lines().filter(is_new);
        lines.map(|line| format!("{sign} {line}")).collect()
    };
    [
        only_in("+", &held, &expected),
        only_in("-", &expected, &held),
    ]
    .concat()
    .join("\n")
}

/// Lists what is held more or less often than by any of the readings of a story. What a later step was to fill in of a record that an
/// earlier one made may be empty still: whoever asked for the opposite came between them.
pub(crate) fn beyond(held: &Value, readings: &[&Value]) -> String {
    let held = counted(held);
    let readings: Vec<_> = readings.iter().copied().map(counted).collect();
    let lines = readings.iter().chain([&held]).flat_map(BTreeMap::keys);
    let mut wrong = BTreeMap::new();
    for line in lines {
        if is_yet_to_be_filled(line, &readings) {
            continue;
        }
        let count = |lines: &BTreeMap<String, usize>| lines.get(line).copied().unwrap_or(0);
        let (is, may_be) = (count(&held), || readings.iter().map(count));
        if Some(is) < may_be().min() || may_be().max() < Some(is) {
            let may_be: Vec<usize> = may_be().collect();
            wrong.insert(line, format!("{is} times, not {may_be:?}: {line}"));
        }
    }
    Vec::from_iter(wrong.into_values()).join("\n")
}

/// Reports whether a line says that there is nothing where a reading has something.
fn is_yet_to_be_filled(line: &str, readings: &[BTreeMap<String, usize>]) -> bool {
    let Some(place) = line.strip_suffix("null") else {
        return false;
    };
    let mut lines = readings.iter().flat_map(BTreeMap::keys);
    lines.any(|known| known != line && known.starts_with(place))
}

/// Counts what is said, each thing with its place.
fn counted(value: &Value) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    count(value, "", &mut counted);
    counted
}

fn count(value: &Value, place: &str, counted: &mut BTreeMap<String, usize>) {
    match value {
        Value::Array(rows) => {
            for row in rows {
                let mut names = NAMED_BY.iter().filter_map(|name| row[*name].as_str());
                let name = names.find(|name| !name.is_empty());
                // A chat without a name is that of a greeting.
                if name.is_some() || !place.ends_with("/chats") {
                    let name = name.unwrap_or_default();
                    count(row, &format!("{place}/{name}"), counted);
                }
            }
        }
        Value::Object(members) => {
            let members = members.iter();
            for (key, member) in members.filter(|(key, _)| !UNDECIDED.contains(&key.as_str())) {
                count(member, &format!("{place}/{key}"), counted);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            *counted.entry(format!("{place}: {value}")).or_default() += 1;
        }
    }
}
