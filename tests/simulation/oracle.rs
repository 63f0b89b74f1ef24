//! What the emulators hold, in a form that does not depend on the way there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::scenario::{EMAIL, Scenario};
use crate::support::platforms::PLATFORMS;
use crate::support::world::World;

/// What may differ without anybody being worse off: moments, what is minted on the way, and links made of it.
const PASSING: [&str; 12] = [
    "created_at",
    "created_ms",
    "at",
    "at_ms",
    "expire_ms",
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

/// Returns what every platform holds, in the order of the rows.
pub(crate) fn holdings(world: &World) -> Vec<Value> {
    PLATFORMS
        .iter()
        .map(|platform| settled(world.state(platform)))
        .collect()
}

/// Names everything that is known by an id, and leaves out what passes.
fn settled(state: Value) -> Value {
    let mut names = BTreeMap::new();
    collect(&state, &mut names);
    renamed(state, &names)
}

fn collect(value: &Value, names: &mut BTreeMap<String, String>) {
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

fn renamed(value: Value, names: &BTreeMap<String, String>) -> Value {
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

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Demands what holds whatever happened on the way.
pub(crate) fn check(world: &World, scenario: &Scenario) {
    for (place, platform) in PLATFORMS.iter().enumerate() {
        let state = world.state(platform);
        let mut seen = BTreeSet::new();
        for (id, email) in platform.records(&state) {
            assert!(
                email.is_empty() || seen.insert(email.clone()),
                "{} has {email} twice: {id}",
                platform.kind
            );
        }
        let mails = rows(&state, "mails").filter(|mail| text(&mail["to"]).to_lowercase() == EMAIL);
        assert!(
            mails.count() <= 1,
            "{} told the person twice",
            platform.kind
        );
        if state["messages"].is_array() {
            let greetings = rows(&state, "messages")
                .filter(|message| text(&message["content"]).starts_with("Добро"));
            let due = usize::from(scenario.is_greeted(place));
            assert_eq!(greetings.count(), due, "greetings on {}", platform.kind);
        }
    }
    let violations: Vec<_> = world
        .emulator
        .log()
        .into_iter()
        .filter(|entry| entry.violation.is_some())
        .collect();
    assert!(
        violations.is_empty(),
        "not in the documents: {violations:#?}"
    );
}

fn rows<'a>(state: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    state[list].as_array().unwrap().iter()
}
