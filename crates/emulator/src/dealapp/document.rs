//! JSON:API documents as the service writes them: kebab-case attributes, one resource or a page of them.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::habits::{Changed, Created, Habits, Parent, Spelling};
use super::records::{Binding, Integration, Named, Records, Unit, User};

/// The zone in which the service writes its times.
const ZONE_OFFSET_MS: i64 = 3 * 60 * 60 * 1_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Answers with a JSON body, in the content type that Rails gives it.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        body.to_string(),
    )
        .into_response()
}

/// Answers a creation with the resource that it left.
pub(super) fn created(habits: Habits, resource: Value) -> Response {
    let status = match habits.created {
        Created::Ok => StatusCode::OK,
        Created::Created => StatusCode::CREATED,
    };
    single(status, habits, resource)
}

/// Answers a change with as much of the resource as the installation shows.
pub(super) fn changed(habits: Habits, resource: Value) -> Response {
    let shown = match habits.changed {
        Changed::Full => resource,
        Changed::Partial => json!({
            "id": resource["id"],
            "type": resource["type"],
            "attributes": { "name": resource["attributes"]["name"] },
        }),
        Changed::Empty => return StatusCode::NO_CONTENT.into_response(),
    };
    single(StatusCode::OK, habits, shown)
}

/// Answers with resources that come all at once.
pub(super) fn whole(habits: Habits, resources: &[Value]) -> Response {
    answer(StatusCode::OK, &spelt(habits, json!({ "data": resources })))
}

fn single(status: StatusCode, habits: Habits, resource: Value) -> Response {
    let mut body = Map::new();
    body.insert("data".to_owned(), resource);
    answer(status, &spelt(habits, Value::Object(body)))
}

/// Returns a body with its names in the spelling of the installation.
pub(super) fn spelt(habits: Habits, body: Value) -> Value {
    match habits.spelling {
        Spelling::Kebab => body,
        Spelling::Snake => snake(body),
    }
}

fn snake(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name.replace('-', "_"), snake(value)))
            .collect(),
        Value::Array(rows) => rows.into_iter().map(snake).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// Returns a user resource.
pub(super) fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "type": "users",
        "attributes": {
            "email": user.email,
            "name": user.name(),
            "first-name": user.first_name,
            "last-name": user.last_name,
            "phone-number": user.phone_number,
            "accepted-invitation": user.accepted_invitation,
            "integration-uid": user.integration_uid,
            "avatar-url": user.avatar_url,
            "active": user.active,
            "collisions-on-create": user.collisions(),
            "invitation-sent": user.invitation_sent,
            "last-active-at": user.last_active_ms.map(timestamp),
            "prefered-locale": user.locale,
        },
        "relationships": {
            "role": { "data": { "id": user.role, "type": "roles" } },
            "unit": { "data": { "id": user.unit, "type": "units" } },
            "level": { "data": user.level.as_ref().map(|id| json!({ "id": id, "type": "levels" })) },
            "origin-integration": {
                "data": user.origin.as_ref().map(|id| json!({ "id": id, "type": "integrations" })),
            },
        },
    })
}

/// Returns a unit resource.
pub(super) fn unit(habits: Habits, records: &Records, unit: &Unit) -> Value {
    if habits.parent == Parent::Relationship {
        let parent = unit.parent.as_ref();
        return json!({
            "id": unit.id,
            "type": "units",
            "attributes": { "name": unit.name, "integration-uid": unit.integration_uid },
            "relationships": {
                "parent": { "data": parent.map(|id| json!({ "id": id, "type": "units" })) },
            },
        });
    }
    let parent = unit.parent.as_deref().and_then(|id| records.unit(id));
    json!({
        "id": unit.id,
        "type": "units",
        "attributes": {
            "name": unit.name,
            "integration-uid": unit.integration_uid,
            "parent-id": unit.parent,
            "parent-integration-uid": parent.and_then(|parent| parent.integration_uid.as_ref()),
        },
    })
}

/// Returns a resource that has nothing but a name.
pub(super) fn named(kind: &str, it: &Named) -> Value {
    json!({ "id": it.id, "type": kind, "attributes": { "name": it.name } })
}

/// Returns an integration resource.
pub(super) fn integration(it: &Integration) -> Value {
    json!({ "id": it.id, "type": "integrations", "attributes": { "name": it.name } })
}

/// Returns the resource of an account in another system; what that system tells of the account is not emulated.
pub(super) fn binding(records: &Records, integration: &Integration, it: &Binding) -> Value {
    let user = records.users.by_email(&it.email);
    json!({
        "id": it.id,
        "type": "user-account-bindings",
        "attributes": {
            "email": it.email,
            "name": format!("{} {}", it.last_name, it.first_name),
            "first-name": it.first_name,
            "last-name": it.last_name,
            "login": null,
            "integration-uid": it.integration_uid,
            "authorization-uid": null,
            "operator-uid": null,
            "phone-call": null,
            "avatar-url": null,
        },
        "relationships": {
            "integration": { "data": { "id": integration.id, "type": "integrations" } },
            "user": { "data": user.map(|user| json!({ "id": user.id, "type": "users" })) },
            "unit": { "data": null },
            "role": { "data": null },
        },
    })
}

/// Writes a time as RFC 3339 with milliseconds and the zone of Moscow.
pub(super) fn timestamp(unix_ms: i64) -> String {
    let local_ms = unix_ms + ZONE_OFFSET_MS;
    let (year, month, day) = civil(local_ms.div_euclid(DAY_MS));
    let ms = local_ms.rem_euclid(DAY_MS);
    let (hour, minute, second, milli) = (
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1_000 % 60,
        ms % 1_000,
    );
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}+03:00")
}

/// Returns year, month and day of a number of days since 1970-01-01.
///
/// Howard Hinnant's `civil_from_days`: years begin in March, so that the leap day is the last one.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::timestamp;

    #[test]
    fn times_carry_milliseconds_and_the_zone() {
        assert_eq!(timestamp(0), "1970-01-01T03:00:00.000+03:00");
        assert_eq!(
            timestamp(1_795_151_742_118),
            "2026-11-20T08:15:42.118+03:00"
        );
        assert_eq!(
            timestamp(1_709_164_799_999),
            "2024-02-29T02:59:59.999+03:00"
        );
        assert_eq!(
            timestamp(1_709_240_400_000),
            "2024-03-01T00:00:00.000+03:00"
        );
    }
}
