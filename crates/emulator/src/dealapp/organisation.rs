//! The organisation as it is at the start, and the records that a test adds to it.

use serde::Deserialize;
use serde_json::Value;

use super::errors::Complaints;
use super::fields;
use super::records::{Integration, Named, Records, Unit, User, folded, id_of};
use super::session::digest;
use super::state::ADMINISTRATOR;
use super::tokens::Tokens;
use crate::seed::{People, Person};

/// The e-mail of the account that integrations sign in with.
pub(super) const SERVICE_EMAIL: &str = "svc@example.test";

const OPERATOR: &str = "Оператор";
const SUPERVISOR: &str = "Супервизор";
const ROOT_UNIT: &str = "Контакт-центр";

/// The units of the start with the name of their parent.
const UNITS: &[(&str, Option<&str>)] = &[
    (ROOT_UNIT, None),
    ("Первая линия", Some(ROOT_UNIT)),
    ("Бухгалтерия", None),
    ("Отдел продаж", None),
];

const LEVELS: &[&str] = &["Новичок", "Эксперт"];

const MINUTE_MS: i64 = 60_000;

/// Returns the records of the start.
pub(super) fn founded(
    tokens: &mut Tokens,
    people: &People,
    kind: &str,
    password: &str,
    now_ms: i64,
) -> Records {
    let mut records = Records::default();
    for (number, (name, parent)) in (1..).zip(UNITS) {
        let parent = parent
            .and_then(|parent| records.unit_named(parent))
            .map(|unit| unit.id.clone());
        let integration_uid = Some(format!("dep-{number}"));
        records.units.push(Unit {
            id: tokens.id(),
            name: (*name).to_owned(),
            integration_uid,
            parent,
        });
    }
    let mut named = |name: &str| Named {
        id: tokens.id(),
        name: name.to_owned(),
    };
    records.roles = [OPERATOR, SUPERVISOR, ADMINISTRATOR].map(&mut named).into();
    records.levels = LEVELS.iter().map(|name| named(name)).collect();

    let unit = records
        .unit_named(ROOT_UNIT)
        .map(|unit| unit.id.clone())
        .unwrap_or_default();
    let role = id_of(&records.roles, ADMINISTRATOR)
        .unwrap_or_default()
        .to_owned();
    // Earlier than everybody, and everybody a minute after the one before: a fixed order of creation.
    let first_ms = now_ms - MINUTE_MS * (1 + i64::try_from(people.list.len()).unwrap_or_default());
    records.users.put(User {
        email: SERVICE_EMAIL.to_owned(),
        last_name: "Интеграция".to_owned(),
        accepted_invitation: true,
        invitation_sent: true,
        unit,
        role,
        password: Some(digest(password)),
        ..User::new(tokens.id(), first_ms)
    });
    for (minute, person) in (1..).zip(people.on(kind)) {
        let user = hired(&records, tokens.id(), person, first_ms + minute * MINUTE_MS);
        records.users.put(user);
    }
    records
}

/// Returns the record of an invented person.
fn hired(records: &Records, id: String, person: &Person, created_ms: i64) -> User {
    let unit = match person.department.as_str() {
        "Бухгалтерия" => "Бухгалтерия",
        "Продажи" => "Отдел продаж",
        "Поддержка" => "Первая линия",
        _ => ROOT_UNIT,
    };
    let role = if person.title.starts_with("Руководитель") {
        SUPERVISOR
    } else {
        OPERATOR
    };
    // Of four, one has not been invited yet, one has not come yet, and one has a level.
    let turn = person.number % 4;
    User {
        email: folded(&person.email),
        last_name: person.last_name.clone(),
        first_name: Some(format!("{} {}", person.first_name, person.middle_name)),
        phone_number: (turn != 3).then(|| format!("+7000{:07}", person.number)),
        integration_uid: Some(format!("hr-{}", person.number)),
        active: !person.suspended,
        invitation_sent: turn != 3,
        accepted_invitation: turn < 2,
        last_active_ms: (turn < 2).then_some(created_ms + MINUTE_MS / 2),
        unit: records
            .unit_named(unit)
            .map(|unit| unit.id.clone())
            .unwrap_or_default(),
        role: id_of(&records.roles, role).unwrap_or_default().to_owned(),
        level: (turn == 0)
            .then(|| records.levels.first().map(|level| level.id.clone()))
            .flatten(),
        ..User::new(id, created_ms)
    }
}

/// Records that a test adds, in the words of the requests; units, roles and levels are named and not numbered.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Added {
    units: Vec<AddedUnit>,
    roles: Vec<String>,
    levels: Vec<String>,
    integrations: Vec<String>,
    users: Vec<AddedUser>,
    /// Ends every session.
    expire_sessions: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddedUnit {
    name: String,
    integration_uid: Option<String>,
    parent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddedUser {
    email: String,
    last_name: Option<String>,
    first_name: Option<String>,
    integration_uid: Option<String>,
    active: Option<bool>,
    unit: Option<String>,
    role: Option<String>,
    level: Option<String>,
    /// The name of the integration that brought the user in.
    origin_integration: Option<String>,
    phone_number: Option<String>,
    password: Option<String>,
    locked_out: Option<bool>,
    invitation_sent: Option<bool>,
    accepted_invitation: Option<bool>,
}

/// Adds records; stops at the first that makes no sense, with a sentence about it.
pub(super) fn add(
    records: &mut Records,
    tokens: &mut Tokens,
    added: &Value,
    now_ms: i64,
) -> Result<bool, String> {
    let members = added
        .as_object()
        .ok_or("dealapp: the records are no JSON object.")?;
    let added = Added::deserialize(members).map_err(|error| format!("dealapp: {error}."))?;
    for unit in added.units {
        let parent = unit
            .parent
            .map(|name| unit_id(records, &name))
            .transpose()?;
        let AddedUnit {
            name,
            integration_uid,
            ..
        } = unit;
        records.units.push(Unit {
            id: tokens.id(),
            name,
            integration_uid,
            parent,
        });
    }
    for (list, names) in [
        (&mut records.roles, added.roles),
        (&mut records.levels, added.levels),
    ] {
        for name in names {
            if id_of(list, &name).is_none() {
                list.push(Named {
                    id: tokens.id(),
                    name,
                });
            }
        }
    }
    for name in added.integrations {
        records.integrations.push(Integration {
            id: tokens.id(),
            name,
            bindings: Vec::new(),
        });
    }
    for user in added.users {
        add_user(records, tokens.id(), user, now_ms)?;
    }
    Ok(added.expire_sessions)
}

fn add_user(
    records: &mut Records,
    id: String,
    added: AddedUser,
    now_ms: i64,
) -> Result<(), String> {
    let level = added
        .level
        .map(|name| named_id(&records.levels, "level", &name))
        .transpose()?;
    let origin = added
        .origin_integration
        .map(|name| {
            let found = records.integrations.iter().find(|it| it.name == name);
            found
                .map(|it| it.id.clone())
                .ok_or_else(|| format!("dealapp: there is no integration {name:?}."))
        })
        .transpose()?;
    let user = User {
        email: folded(&added.email),
        last_name: added.last_name.unwrap_or_else(|| "Выдуманный".to_owned()),
        first_name: added.first_name,
        phone_number: added.phone_number,
        integration_uid: added.integration_uid,
        active: added.active.unwrap_or(true),
        locked_out: added.locked_out.unwrap_or_default(),
        invitation_sent: added.invitation_sent.unwrap_or_default(),
        accepted_invitation: added.accepted_invitation.unwrap_or_default(),
        unit: unit_id(records, added.unit.as_deref().unwrap_or(ROOT_UNIT))?,
        role: named_id(
            &records.roles,
            "role",
            added.role.as_deref().unwrap_or(OPERATOR),
        )?,
        level,
        origin,
        passwords_set: u32::from(added.password.is_some()),
        password: added.password.as_deref().map(digest),
        ..User::new(id, now_ms)
    };
    let mut complaints = Complaints::default();
    fields::validate(records, &user, &mut complaints);
    if let Some(message) = complaints.first() {
        return Err(format!("dealapp: user {}: {message}.", user.email));
    }
    records.users.put(user);
    Ok(())
}

fn unit_id(records: &Records, name: &str) -> Result<String, String> {
    records
        .unit_named(name)
        .map(|unit| unit.id.clone())
        .ok_or_else(|| format!("dealapp: there is no unit {name:?}."))
}

fn named_id(list: &[Named], what: &str, name: &str) -> Result<String, String> {
    id_of(list, name)
        .map(str::to_owned)
        .ok_or_else(|| format!("dealapp: there is no {what} {name:?}."))
}
