//! `/api/v1/users`: listing, creating and changing users.

use std::collections::BTreeSet;

use axum::extract::{Path, State as Handed};
use axum::response::Response;
use serde_json::Value;

use super::document;
use super::errors::{self, Complaints};
use super::fields::{self, CREATE, UPDATE};
use super::filter::Filter;
use super::habits::{EmailClash, Habits, UnknownId};
use super::lists::Paging;
use super::records::{EMAIL_TAKEN, Integration, Named, Records, User};
use super::request::Call;
use super::state::Shared;
use crate::wire::Refused;

const QUERY: &[&str] = &[
    // The page says "add the parameter" inside the table of filters, so that both places are documented.
    "with_inactive",
    "filters[with_inactive]",
    "filters[active]",
    "filters[units_ids]",
    "filters[roles_ids]",
    "filters[levels_ids]",
    "filters[invitation_status]",
    // The vendor's appendix on filters shows a list filter without `filters[...]`.
    "units_ids",
    "roles_ids",
    "levels_ids",
    "search",
    "include",
    "sort",
    "page[number]",
];

/// Lists users, active ones only unless asked otherwise.
pub(super) async fn list(Handed(shared): Handed<Shared>, call: Call) -> Result<Response, Refused> {
    call.only_query(QUERY)?;
    let filter = Filter::read(&call)?;
    let order = Order::read(&call)?;
    let include = Include::read(&call)?;
    let paging = Paging::read(&call)?;
    Ok(shared.act(&call, |state, _| {
        let paging = paging.under(state.habits);
        let mut rows: Vec<&User> = state
            .records
            .users
            .iter()
            .filter(|user| filter.lets(state.habits, &state.records, user))
            .collect();
        order.sort(&mut rows);
        let page = paging.cut(&rows);
        let data: Vec<Value> = page.iter().map(|user| document::user(user)).collect();
        paging.answer(
            state.habits,
            &data,
            &include.resources(state.habits, &state.records, page),
            rows.len(),
        )
    }))
}

/// Creates a user. No mail is sent to anybody.
pub(super) async fn create(
    Handed(shared): Handed<Shared>,
    call: Call,
) -> Result<Response, Refused> {
    call.only_query(&[])?;
    call.only_members(CREATE)?;
    Ok(shared.act(&call, |state, now_ms| {
        let mut user = User::new(String::new(), now_ms);
        let mut complaints = fields::assign(&mut user, &call.body, CREATE);
        fields::validate(&state.records, &user, &mut complaints);
        if let Some(what) = unknown_id(state.habits, &complaints) {
            return errors::not_found(what);
        }
        let clash = clash(state.habits, &mut complaints);
        if !complaints.is_empty() {
            return complaints.answer();
        }
        match clash {
            None => {}
            Some(Clash::Refused(answer)) => return *answer,
            Some(Clash::Collision) => user.clashes = true,
        }
        user.id = state.tokens.id();
        let created = document::user(&user);
        state.records.users.put(user);
        document::created(state.habits, created)
    }))
}

/// Changes what was sent of a user. Sessions of the user live on, whatever is changed.
pub(super) async fn update(
    Handed(shared): Handed<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refused> {
    call.only_query(&[])?;
    call.only_members(UPDATE)?;
    Ok(shared.act(&call, |state, now_ms| {
        let Some(mut user) = state.records.users.get(&id).cloned() else {
            return errors::not_found("User");
        };
        let mut complaints = fields::assign(&mut user, &call.body, UPDATE);
        fields::validate(&state.records, &user, &mut complaints);
        if let Some(what) = unknown_id(state.habits, &complaints) {
            return errors::not_found(what);
        }
        let clash = clash(state.habits, &mut complaints);
        if let Some(Clash::Collision) = clash {
            // The collisions are those of a creation.
            complaints.add("email", EMAIL_TAKEN);
        }
        if !complaints.is_empty() {
            return complaints.answer();
        }
        if let Some(Clash::Refused(answer)) = clash {
            return *answer;
        }
        let changed = document::user(&user);
        state.records.users.put(user);
        state.sessions.tidy(&id, now_ms);
        document::changed(state.habits, changed)
    }))
}

/// Returns what a write names without there being one, where the installation looks it up before it validates.
fn unknown_id(habits: Habits, complaints: &Complaints) -> Option<&'static str> {
    let named = [
        ("unit_id", "Unit"),
        ("role_id", "Role"),
        ("level_id", "Level"),
    ];
    named
        .into_iter()
        .find(|(field, _)| habits.unknown_id == UnknownId::NotFound && complaints.is_about(field))
        .map(|(_, what)| what)
}

/// What an installation makes of an e-mail that belongs to somebody else, if it does not complain of it among the rest.
enum Clash {
    Refused(Box<Response>),
    Collision,
}

/// Takes the complaint about the e-mail back where the installation does not notice it while it validates.
fn clash(habits: Habits, complaints: &mut Complaints) -> Option<Clash> {
    let clash = match habits.email_clash {
        EmailClash::Invalid => return None,
        EmailClash::Conflict => Clash::Refused(Box::new(errors::conflict(EMAIL_TAKEN))),
        EmailClash::Broken => Clash::Refused(Box::new(errors::broken())),
        EmailClash::Collision => Clash::Collision,
    };
    complaints.withdraw("email", EMAIL_TAKEN).then_some(clash)
}

/// By what a list is sorted; rows of equal value stay in the order of creation.
struct Order {
    attribute: Option<String>,
    descending: bool,
}

impl Order {
    const ATTRIBUTES: &[&str] = &[
        "created_at",
        "email",
        "name",
        "first_name",
        "last_name",
        "integration_uid",
        "active",
    ];

    fn read(call: &Call) -> Result<Self, Refused> {
        let Some(sent) = call.param("sort") else {
            return Ok(Self {
                attribute: None,
                descending: false,
            });
        };
        let descending = sent.starts_with('-');
        if descending {
            call.wire.undocumented("a descending `sort`")?;
        }
        let attribute = sent.trim_start_matches('-');
        if !Self::ATTRIBUTES.contains(&attribute) {
            call.wire
                .undocumented("`sort` by something that is not an attribute in snake_case")?;
        }
        Ok(Self {
            attribute: Some(attribute.to_owned()),
            descending,
        })
    }

    fn sort(&self, rows: &mut [&User]) {
        let key: Option<fn(&User) -> String> = match self.attribute.as_deref() {
            Some("email") => Some(|user| user.email.clone()),
            Some("name") => Some(User::name),
            Some("first_name") => Some(|user| user.first_name.clone().unwrap_or_default()),
            Some("last_name") => Some(|user| user.last_name.clone()),
            Some("integration_uid") => {
                Some(|user| user.integration_uid.clone().unwrap_or_default())
            }
            Some("active") => Some(|user| user.active.to_string()),
            _ => None,
        };
        if let Some(key) = key {
            rows.sort_by_cached_key(|user| key(user));
        }
        if self.descending {
            rows.reverse();
        }
    }
}

/// Which related records come along with a list.
struct Include {
    units: bool,
    roles: bool,
    levels: bool,
    origins: bool,
    parents: bool,
}

impl Include {
    fn read(call: &Call) -> Result<Self, Refused> {
        let names: Vec<&str> = call
            .param("include")
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .collect();
        for name in &names {
            if !matches!(*name, "" | "unit" | "role") {
                call.wire.undocumented(format!("`include` of `{name}`"))?;
            }
        }
        let has = |name: &str| names.contains(&name);
        Ok(Self {
            units: has("unit"),
            roles: has("role"),
            levels: has("level"),
            origins: has("origin_integration") || has("origin-integration"),
            parents: has("unit.parent"),
        })
    }

    fn resources(&self, habits: Habits, records: &Records, page: &[&User]) -> Vec<Value> {
        let mut resources = Vec::new();
        if self.units || self.parents {
            let mut wanted: BTreeSet<&str> = page.iter().map(|user| user.unit.as_str()).collect();
            if self.parents {
                let parents: Vec<&str> = wanted
                    .iter()
                    .filter_map(|id| records.unit(id)?.parent.as_deref())
                    .collect();
                wanted.extend(parents);
            }
            let units = records
                .units
                .iter()
                .filter(|unit| wanted.contains(unit.id.as_str()));
            resources.extend(units.map(|unit| document::unit(habits, records, unit)));
        }
        if self.roles {
            let is_held = |role: &&Named| page.iter().any(|user| user.role == role.id);
            resources.extend(
                records
                    .roles
                    .iter()
                    .filter(is_held)
                    .map(|role| document::named("roles", role)),
            );
        }
        if self.levels {
            let is_held = |level: &&Named| {
                page.iter()
                    .any(|user| user.level.as_ref() == Some(&level.id))
            };
            resources.extend(
                records
                    .levels
                    .iter()
                    .filter(is_held)
                    .map(|level| document::named("levels", level)),
            );
        }
        if self.origins {
            let brought =
                |it: &&Integration| page.iter().any(|user| user.origin.as_ref() == Some(&it.id));
            resources.extend(
                records
                    .integrations
                    .iter()
                    .filter(brought)
                    .map(document::integration),
            );
        }
        resources
    }
}
