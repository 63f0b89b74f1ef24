//! What the emulators hold, in a form that does not depend on the way there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::asked::{collect, renamed, text};
use crate::scenario::{EMAIL, Fate, NEW_TAG, Scenario};
use crate::support::platforms::{PLATFORMS, Platform};
use crate::support::world::World;

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

/// Returns the platform on which the door has to stay open, if there is one: people sign there, and nobody else does.
pub(crate) fn guarded(world: &World, scenario: &Scenario) -> Option<usize> {
    let signs = |place: &usize| world.state(&PLATFORMS[*place])["employees"].is_array();
    let places = (0..PLATFORMS.len()).filter(|place| scenario.must_stay(*place));
    places.filter(signs).last()
}

/// Demands what holds whatever happened on the way, by one of the readings of the story.
pub(crate) fn check(world: &World, readings: &[Scenario]) {
    let guarded = guarded(world, &readings[0]);
    // The platform whose records are active or not has no call that removes them.
    let can_remove = |platform: &Platform| {
        let doors = doors(&world.state(platform));
        !doors.iter().any(|door| door.member == "active")
    };
    let can_remove: Vec<bool> = PLATFORMS.iter().map(can_remove).collect();
    for (place, platform) in PLATFORMS.iter().enumerate() {
        let state = world.state(platform);
        check_nobody_is_there_twice(platform, &state);
        let doors = doors(&state);
        let fate = |reading: &Scenario| reading.fates(guarded.is_none(), &can_remove)[place];
        let fates: Vec<Fate> = readings.iter().map(fate).collect();
        let persons = doors.iter().filter(|door| door.is_of(EMAIL));
        let open: Vec<bool> = persons.map(|door| door.open).collect();
        // Whether the others close before it is known that one must not depends on what went wrong.
        if guarded.is_none_or(|guarded| guarded == place) {
            let due: Vec<Vec<bool>> = fates.iter().map(|fate| Vec::from_iter(fate.open)).collect();
            check_nobody_is_told_twice(platform, &state, &fates);
            assert!(
                due.contains(&open),
                "{}: {open:?}, not {due:?}",
                platform.kind
            );
        }
        let made: Vec<_> = readings
            .iter()
            .map(|reading| reading.made_on(place))
            .collect();
        check_made(&state, &made, platform.kind);
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

fn check_nobody_is_there_twice(platform: &Platform, state: &Value) {
    let mut seen = BTreeSet::new();
    for (id, email) in platform.records(state) {
        assert!(
            email.is_empty() || seen.insert(email.clone()),
            "{} has {email} twice: {id}",
            platform.kind
        );
    }
}

/// Whoever is let in is told at most once of the making of each record, and greeted once each time.
fn check_nobody_is_told_twice(platform: &Platform, state: &Value, fates: &[Fate]) {
    let mails = rows(state, "mails").filter(|mail| text(&mail["to"]).to_lowercase() == EMAIL);
    let made = fates.iter().map(|fate| fate.made).max();
    assert!(
        Some(mails.count()) <= made,
        "{} told the person too often",
        platform.kind
    );
    if state["messages"].is_array() {
        let greetings = rows(state, "messages")
            .filter(|message| text(&message["content"]).starts_with("Добро"))
            .count();
        let due = || fates.iter().map(|fate| fate.greeted);
        // Whoever takes over lets go of a greeting that is owed, although they may come no further.
        let fewest = due().min().filter(|_| fates.len() == 1);
        let most = due().max();
        assert!(
            fewest <= Some(greetings) && Some(greetings) <= most,
            "{greetings} greetings on {}, not {fewest:?} to {most:?}",
            platform.kind
        );
    }
}

/// Demands that what was missing is there once, and nothing twice.
fn check_made(state: &Value, readings: &[Vec<&str>], kind: &str) {
    for list in ["tags", "units", "departments"] {
        let Some(rows) = state[list].as_array() else {
            continue;
        };
        let mut seen = BTreeSet::new();
        for row in rows {
            let above = ["parent", "parent_id"].map(|member| text(&row[member]));
            let place = (above, text(&row["name"]).to_lowercase());
            assert!(seen.insert(place), "{kind} has two of {list}: {row}");
        }
        let has = |name: &str| rows.iter().any(|row| row["name"] == name);
        // What is made by one reading only may be there or not.
        let always = |department: &&&str| readings.iter().all(|made| made.contains(department));
        for department in readings[0].iter().filter(always) {
            let mut wanted = match list {
                "tags" => vec![NEW_TAG],
                _ => department.split(" / ").collect(),
            };
            wanted.retain(|name| !has(name));
            assert!(wanted.is_empty(), "{kind} lacks {wanted:?} of {list}");
        }
        if readings.iter().all(Vec::is_empty) {
            assert!(!has(NEW_TAG), "{kind} has a tag that nobody asked for");
        }
    }
}

/// The door of one record.
struct Door {
    key: String,
    /// The member that tells whether it is open.
    member: &'static str,
    open: bool,
}

impl Door {
    fn is_of(&self, email: &str) -> bool {
        self.key == email
    }
}

/// Lists the platforms on which the person is let in.
pub(crate) fn open_doors(world: &World) -> Vec<&'static str> {
    let is_open = |platform: &&Platform| {
        let doors = doors(&world.state(platform));
        doors.iter().any(|door| door.is_of(EMAIL) && door.open)
    };
    let open = PLATFORMS.iter().filter(is_open);
    open.map(|platform| platform.kind).collect()
}

/// Lists the doors on one platform.
fn doors(state: &Value) -> Vec<Door> {
    let lists = state.as_object().into_iter().flat_map(Map::values);
    let rows = lists.filter_map(Value::as_array).flatten();
    rows.filter_map(door).collect()
}

fn door(row: &Value) -> Option<Door> {
    let key = row["email"].as_str().or_else(|| row["login"].as_str())?;
    let members = [("suspended", false), ("blocked", false), ("active", true)];
    members.into_iter().find_map(|(member, open)| {
        Some(Door {
            key: key.to_lowercase(),
            member,
            open: row[member].as_bool()? == open,
        })
    })
}

fn rows<'a>(state: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    state[list].as_array().into_iter().flatten()
}
