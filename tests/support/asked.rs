//! What emulators hold and were asked, in a form that does not depend on the way there. Targets that need it take it in by its path.

use std::collections::BTreeMap;

use kadry_emulator::log::Entry;
use serde_json::{Map, Value};

/// What may differ without anybody being worse off: moments, what is minted on the way, and links made of it.
const PASSING: [&str; 13] = [
    "created_at",
    "created_ms",
    "at",
    "at_ms",
    "expire_ms",
    "known_ms",
    "last_activity_at",
    "last_active_at",
    "last_message_at",
    "meet_room_url",
    "url",
    "sessions",
    "deleted_user_ids",
];

/// The names by which a record with an id is told apart from its like.
const NAMES: [&str; 4] = ["email", "login", "name", "content"];

/// What an id stands for.
pub(crate) type Names = BTreeMap<String, String>;

/// Learns the names of whatever has an id.
pub(crate) fn collect(value: &Value, names: &mut Names) {
    match value {
        Value::Array(rows) => rows.iter().for_each(|row| collect(row, names)),
        Value::Object(members) => {
            let id = members.get("id").or_else(|| members.get("user_id"));
            let name = NAMES.iter().find_map(|name| members.get(*name)?.as_str());
            if let (Some(id), Some(name)) = (id, name) {
                names.entry(text(id)).or_insert_with(|| name.to_owned());
            }
            members.values().for_each(|member| collect(member, names));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Names everything that is known by an id, and leaves out what passes.
pub(crate) fn renamed(value: Value, names: &Names) -> Value {
    match value {
        Value::Array(rows) => rows.into_iter().map(|row| renamed(row, names)).collect(),
        Value::Object(members) => {
            let stays = |(key, _): &(String, Value)| !PASSING.contains(&key.as_str());
            let members: Map<String, Value> = members
                .into_iter()
                .filter(stays)
                .map(|(key, member)| (key, renamed(member, names)))
                .collect();
            Value::Object(members)
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            match names.get(&text(&scalar)) {
                Some(name) => Value::String(name.clone()),
                None => scalar,
            }
        }
    }
}

/// Returns an id as text.
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns which actions send such a request.
pub(crate) fn actions_of(entry: &Entry) -> &'static [&'static str] {
    let has = |part: &str| entry.path.contains(part);
    let is = |method: &str| entry.method == method;
    if has("/group_tags") || has("/units") || has("/CreateDepartment") {
        &["define"]
    } else if has("/messages") {
        &["notify"]
    } else if has("/members") || has("/status") || has("ubscriptions") || has("PowerOfAttorney") {
        &["set_grants"]
    } else if has("/CreateEmployee") || (has("/users") && is("POST")) {
        &["create"]
    } else if has("/DeleteEmployee") || (has("/users") && is("DELETE")) {
        &["remove"]
    } else if has("/UpdateEmployee") || (has("/users") && (is("PUT") || is("PATCH"))) {
        &["update", "set_access"]
    } else {
        &[]
    }
}
