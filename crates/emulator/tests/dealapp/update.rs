//! Changing users.

use serde_json::{Value, json};

use crate::support::{Caller, USERS};

const ANNA: &str = "anna@example.test";

async fn with_anna() -> (Caller, String) {
    let caller = Caller::signed_in().await;
    caller.seed(&json!({ "users": [
        { "email": ANNA, "last_name": "Орлова", "first_name": "Анна", "integration_uid": "hr-1", "phone_number": "+70000000001" },
        { "email": "oleg@example.test", "integration_uid": "hr-2", "active": false },
    ] }));
    let path = caller.path(ANNA);
    (caller, path)
}

#[tokio::test]
async fn only_what_was_sent_changes() {
    let (caller, path) = with_anna().await;
    let before = caller.user(ANNA);
    let answer = caller.put(&path, &json!({ "last_name": "Соколова" })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(caller.violation(), None);
    assert_eq!(answer.body["data"]["attributes"]["name"], "Соколова Анна");
    let mut expected = before.clone();
    expected["last_name"] = json!("Соколова");
    expected["name"] = json!("Соколова Анна");
    assert_eq!(caller.user(ANNA), expected);
    assert_eq!(caller.put(&path, &json!({})).await.status, 200);
    assert_eq!(caller.user(ANNA), expected);
}

#[tokio::test]
async fn every_documented_member_is_stored() {
    let (caller, path) = with_anna().await;
    let body = json!({
        "email": "Anna.Orlova@example.test", "last_name": "Орлова-Ким", "first_name": "Анна Сергеевна", "active": false,
        "role_id": caller.id("roles", "Супервизор"), "unit_id": caller.id("units", "Отдел продаж"),
        "level_id": caller.id("levels", "Эксперт"), "avatar": "data:image/png;base64,iVBORw0KGgo=",
        "phone_number": "+70000000009", "integration_uid": "hr-9", "password": "correct horse",
        "password_confirmation": "correct horse", "prefered_locale": "en",
    });
    let answer = caller.put(&path, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(caller.violation(), None);
    assert_eq!(
        answer.body["data"]["relationships"]["level"]["data"]["type"],
        "levels"
    );
    let user = caller.user("anna.orlova@example.test");
    for (member, value) in [
        ("name", "Орлова-Ким Анна Сергеевна"),
        ("role", "Супервизор"),
        ("unit", "Отдел продаж"),
        ("level", "Эксперт"),
        ("phone_number", "+70000000009"),
        ("integration_uid", "hr-9"),
        ("prefered_locale", "en"),
    ] {
        assert_eq!(user[member], value);
    }
    assert_eq!(
        (&user["active"], &user["passwords_set"]),
        (&json!(false), &json!(1))
    );
    assert!(user["avatar_url"].as_str().unwrap().ends_with(".png"));
}

#[tokio::test]
async fn null_clears_what_may_be_empty() {
    let (caller, path) = with_anna().await;
    let nothing = json!({ "first_name": null, "phone_number": null, "integration_uid": null, "level_id": null, "avatar": null });
    let answer = caller.put(&path, &nothing).await;
    assert_eq!(answer.status, 200);
    assert_eq!(caller.violation(), None);
    let user = &answer.body["data"]["attributes"];
    assert_eq!(
        (&user["first-name"], &user["name"]),
        (&Value::Null, &json!("Орлова "))
    );
    assert_eq!(
        (&user["phone-number"], &user["integration-uid"]),
        (&Value::Null, &Value::Null)
    );
    for member in ["last_name", "email", "unit_id", "role_id", "active"] {
        let answer = caller.put(&path, &json!({ member: null })).await;
        assert!(answer.complaint(member).is_array(), "{member}");
        assert!(caller.violation().unwrap().contains(member));
    }
}

#[tokio::test]
async fn a_refused_update_changes_nothing() {
    let (caller, path) = with_anna().await;
    let before = caller.user(ANNA);
    let png_head_only_in_name = json!("R0lGODlhAQABAAAAACw=");
    for (body, field) in [
        (
            json!({ "email": "OLEG@example.test", "last_name": "Другая" }),
            "email",
        ),
        (
            json!({ "integration_uid": "hr-2", "active": false }),
            "integration_uid",
        ),
        (json!({ "last_name": "" }), "last_name"),
        (
            json!({ "level_id": caller.id("roles", "Оператор") }),
            "level_id",
        ),
        (
            json!({ "password": "correct horse", "password_confirmation": "other horse" }),
            "password_confirmation",
        ),
        (
            json!({ "password": "x".repeat(129), "password_confirmation": "x".repeat(129) }),
            "password",
        ),
        (json!({ "avatar": png_head_only_in_name }), "avatar"),
        (json!({ "prefered_locale": "Russian" }), "prefered_locale"),
    ] {
        assert!(
            caller.put(&path, &body).await.complaint(field).is_array(),
            "{field}"
        );
        assert_eq!(caller.user(ANNA), before);
    }
}

#[tokio::test]
async fn closing_and_reopening_keep_the_record() {
    let (caller, path) = with_anna().await;
    let before = caller.user(ANNA);
    let closed = caller.put(&path, &json!({ "active": false })).await;
    assert_eq!(closed.body["data"]["attributes"]["active"], false);
    assert!(!caller.get(USERS).await.has(ANNA));
    assert_eq!(
        caller.put(&path, &json!({ "active": false })).await.status,
        200
    );
    caller.put(&path, &json!({ "active": true })).await;
    assert_eq!(caller.user(ANNA), before);
}

#[tokio::test]
async fn a_freed_external_id_and_email_can_be_taken() {
    let (caller, path) = with_anna().await;
    let oleg = caller.path("oleg@example.test");
    let free = json!({ "integration_uid": null, "email": "old.oleg@example.test" });
    assert_eq!(caller.put(&oleg, &free).await.status, 200);
    let take = json!({ "integration_uid": "hr-2", "email": "oleg@example.test" });
    assert_eq!(caller.put(&path, &take).await.status, 200);
    assert_eq!(
        caller.put(&path, &take).await.status,
        200,
        "one's own values are no clash"
    );
}

#[tokio::test]
async fn unknown_users_are_not_found() {
    let (caller, _) = with_anna().await;
    for id in ["0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201", "1"] {
        let answer = caller
            .put(&format!("{USERS}/{id}"), &json!({ "active": false }))
            .await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.body["errors"][0]["status"], 404);
        assert_eq!(answer.body["errors"][0]["code"], "not_found");
    }
}

#[tokio::test]
async fn undocumented_members_are_dropped_and_recorded() {
    let (caller, path) = with_anna().await;
    let before = caller.user(ANNA);
    for body in [
        json!({ "name": "Кто-то" }),
        json!({ "preferred_locale": "en" }),
        json!({ "first-name": "Ольга" }),
        json!({ "user": { "active": false } }),
        json!({ "last_name": { "ru": "Орлова" } }),
    ] {
        assert_eq!(caller.put(&path, &body).await.status, 200);
        assert!(caller.violation().is_some(), "{body}");
        assert_eq!(caller.user(ANNA), before);
    }
    assert_eq!(
        caller
            .put(&path, &json!({ "active": "false" }))
            .await
            .status,
        200
    );
    assert!(caller.violation().unwrap().contains("active"));
    assert_eq!(caller.user(ANNA)["active"], false);
}
