//! What a platform shows of its own, as people read it. As JSON it stays as it came.

use kadry_core::NativeCall;
use serde_json::Value;

use super::table::shortened;

/// Between the members of one thing, and between things.
const MEMBERS: &str = ", ";
const THINGS: &str = "; ";

/// How many columns of a thing are told beside what becomes of it.
const TOLD: usize = 80;

/// Returns a value in one line.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) => {
            let apart = if items.iter().any(is_thing) {
                THINGS
            } else {
                MEMBERS
            };
            items.iter().map(cell).collect::<Vec<_>>().join(apart)
        }
        Value::Object(_) => {
            if let Some((name, state)) = switch(value) {
                return format!("{name}: {state}");
            }
            let members = rows(value).into_iter().filter(|(_, text)| !text.is_empty());
            let members = members.map(|(name, text)| format!("{name}: {text}"));
            members.collect::<Vec<_>>().join(MEMBERS)
        }
    }
}

/// Returns each member of a thing under its path, and each thing of a list in a row of its own. What is empty within a thing is left out.
pub(crate) fn rows(thing: &Value) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let Value::Object(members) = thing else {
        return rows;
    };
    for (name, value) in members {
        spread(name, value, &mut rows);
    }
    rows
}

fn spread(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                spread(&format!("{path}.{name}"), value, rows);
            }
        }
        Value::Array(items) if items.iter().any(is_thing) => {
            rows.extend(items.iter().map(|item| (path.to_owned(), cell(item))));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            rows.push((path.to_owned(), cell(value)));
        }
    }
}

const fn is_thing(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

/// What a call changes of what is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// The name of each value that becomes another one, what it is, and what it becomes.
    pub(crate) changed: Vec<(String, String, String)>,
    /// What is there of the thing that the call names, where nothing tells what changes.
    pub(crate) thing: Option<String>,
}

/// Returns what a call changes, as far as what is there tells it.
pub(crate) fn changes(call: &NativeCall, now: &Value) -> Changes {
    let Some(thing) = named(call, now) else {
        return Changes::default();
    };
    let changed = call.arguments.iter().filter_map(|(name, values)| {
        let (old, new) = (old(thing, name)?, values.join(MEMBERS));
        (!is_same(&old, &new)).then(|| (name.clone(), old, new))
    });
    let changed: Vec<_> = changed.collect();
    let is_it = changed.is_empty() && names_it(call, thing);
    let told = is_it.then(|| shortened(&scalars(thing), TOLD));
    Changes {
        changed,
        thing: told.filter(|told| !told.is_empty()),
    }
}

/// Returns what a call is about: what is there, or the one of a list in it that the call names. A list by itself is of other things: of
/// those that bear the name of one that is made.
fn named<'a>(call: &NativeCall, now: &'a Value) -> Option<&'a Value> {
    let members = now.as_object()?;
    let mut items = members.values().filter_map(Value::as_array).flatten();
    Some(items.find(|item| names_it(call, item)).unwrap_or(now))
}

/// Reports whether a thing bears an id that a call gives.
fn names_it(call: &NativeCall, thing: &Value) -> bool {
    let is_id = |name: &str| {
        let name = plain(name);
        name.ends_with("id") || name.ends_with("number")
    };
    let mut ids = call.arguments.iter().filter(|(name, _)| is_id(name));
    ids.any(|(name, values)| {
        let shown = old(thing, name).or_else(|| old(thing, "id"));
        shown.is_some_and(|shown| values.iter().any(|value| is_same(&shown, value)))
    })
}

fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Returns the value that a thing has under a name, however deep, and however the platform spells it.
fn old(thing: &Value, name: &str) -> Option<String> {
    let wanted = plain(name);
    match thing {
        Value::Object(members) => {
            // Of what is named by its id the whole may be shown.
            let whole = wanted.strip_suffix("id").filter(|whole| !whole.is_empty());
            let own = |wanted: &str| members.iter().find(|(name, _)| plain(name) == wanted);
            let own = own(&wanted).or_else(|| whole.and_then(own));
            let below = || members.values().find_map(|value| old(value, name));
            own.map(|(_, value)| told(value)).or_else(below)
        }
        Value::Array(items) => {
            let mut switches = items.iter().filter_map(switch);
            let found = switches.find(|(name, _)| plain(name) == wanted);
            found.map(|(_, state)| state.to_string())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Returns a value; of one that is wrapped with others its text or its id.
fn told(value: &Value) -> String {
    let core = ["text", "id", "data"]
        .iter()
        .find_map(|name| value.get(name));
    core.map_or_else(|| cell(value), told)
}

/// Returns the name and the state of a switch, if a thing is nothing else.
fn switch(thing: &Value) -> Option<(&str, bool)> {
    let members = thing.as_object().filter(|members| members.len() == 2)?;
    let name = members.values().find_map(Value::as_str)?;
    let state = members.values().find_map(Value::as_bool)?;
    Some((name, state))
}

/// Returns a name without what vendors spell differently in what they take and in what they show.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns the plain values of a thing, and of what its attributes are kept in; its names come first.
fn scalars(thing: &Value) -> String {
    let attributes = thing.get("attributes").and_then(Value::as_object);
    let members = thing.as_object().into_iter().chain(attributes).flatten();
    let plain_ones = members.filter(|(_, value)| !is_thing(value) && !value.is_null());
    let mut told: Vec<_> = plain_ones.collect();
    told.sort_by_key(|(name, _)| !plain(name).ends_with("name"));
    let told = told
        .iter()
        .map(|(name, value)| format!("{name} {}", cell(value)));
    told.collect::<Vec<_>>().join(MEMBERS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(operation: &str, arguments: &[(&str, &str)]) -> NativeCall {
        let call = NativeCall::new(operation);
        let with = |call: NativeCall, (name, value): &(&str, &str)| call.with(*name, *value);
        arguments.iter().fold(call, with)
    }

    fn changed(call: &NativeCall, now: &Value) -> Vec<String> {
        let changes = changes(call, now);
        assert_eq!(changes.thing, None, "{call}");
        let told = |(name, old, new): &(String, String, String)| format!("{name}: {old} → {new}");
        changes.changed.iter().map(told).collect()
    }

    #[test]
    fn what_platforms_show_is_read_member_by_member() {
        let thing = json!({
            "id": 7,
            "name": null,
            "user": { "email": "anna@example.test", "phone": null },
            "tags": ["Юг", "Север"],
            "mails": [{ "Id": "News", "IsOn": true }, { "Id": "Chat", "IsOn": false }],
        });
        let told = |(name, text): (String, String)| format!("{name} = {text}");
        let told: Vec<String> = rows(&thing).into_iter().map(told).collect();
        let expected = [
            "id = 7",
            "mails = News: true",
            "mails = Chat: false",
            "name = ",
            "tags = Юг, Север",
            "user.email = anna@example.test",
        ];
        assert_eq!(told, expected);
        assert_eq!(cell(&thing["mails"]), "News: true; Chat: false");
    }

    #[test]
    fn the_old_value_is_found_however_the_platform_shows_it() {
        let mails = json!({ "Subscriptions": [
            { "Id": "News", "IsSubscribed": false }, { "Id": "ChatMessages", "IsSubscribed": false },
        ]});
        let set = call(
            "subscriptions set",
            &[("userId", "9"), ("News", "true"), ("ChatMessages", "false")],
        );
        assert_eq!(changed(&set, &mails), ["News: false → true"]);

        let status =
            json!({ "emoji": "🏖", "title": "В отпуске", "away_message": { "text": "Вернусь" } });
        let set = call(
            "status set",
            &[
                ("user_id", "9"),
                ("emoji", "🏖"),
                ("title", "Болею"),
                ("away_message", "Пишите"),
            ],
        );
        let expected = ["away_message: Вернусь → Пишите", "title: В отпуске → Болею"];
        assert_eq!(changed(&set, &status), expected);

        let unit = json!({
            "id": "u1",
            "attributes": { "name": "Первая", "integration-uid": null },
            "relationships": { "parent": { "data": { "id": "u0", "type": "units" } } },
        });
        let update = call(
            "units update",
            &[
                ("id", "u1"),
                ("name", "Вторая"),
                ("parent_id", "u2"),
                ("integration_uid", "7"),
            ],
        );
        let expected = [
            "integration_uid:  → 7",
            "name: Первая → Вторая",
            "parent_id: u0 → u2",
        ];
        assert_eq!(changed(&update, &unit), expected);

        let powers = json!({ "PowersOfAttorney": [
            { "FullId": { "RegistrationNumber": "A" }, "IsDefault": true },
            { "FullId": { "RegistrationNumber": "B" }, "IsDefault": false },
        ]});
        let set = call(
            "poa set-default",
            &[("RegistrationNumber", "b"), ("IsDefault", "true")],
        );
        assert_eq!(changed(&set, &powers), ["IsDefault: false → true"]);
    }

    #[test]
    fn a_thing_that_goes_is_told_and_what_is_made_has_no_past() {
        let tag = json!({ "id": 5, "name": "Склад", "users_count": 3, "extra": { "a": 1 } });
        let delete = changes(&call("tags delete", &[("id", "5")]), &tag);
        assert_eq!(delete.changed, []);
        assert_eq!(
            delete.thing.as_deref(),
            Some("name Склад, id 5, users_count 3")
        );
        for (operation, arguments, now) in [
            (
                "chats create",
                &[("name", "Обед")][..],
                json!({ "same": [5], "newest": 9 }),
            ),
            (
                "departments create",
                &[("Name", "Касса"), ("ParentDepartmentId", "p")],
                json!([{ "Id": "c", "Name": "касса", "ParentDepartmentId": "p" }]),
            ),
            (
                "members add",
                &[("id", "5"), ("member_ids", "9")],
                json!({ "inside": false }),
            ),
            ("tags create", &[("name", "Склад")], Value::Null),
        ] {
            let changes = changes(&call(operation, arguments), &now);
            assert_eq!(changes, Changes::default(), "{operation}");
        }
    }
}
