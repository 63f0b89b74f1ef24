//! Creating users.

use serde_json::{Value, json};

use crate::support::{Caller, USERS};

const ANNA: &str = "anna@example.test";

#[tokio::test]
async fn a_created_user_is_active_and_not_invited() {
    let caller = Caller::signed_in().await;
    let answer = caller
        .post(USERS, &caller.hire("  Anna@Example.Test "))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(caller.violation(), None);
    let created = &answer.body["data"]["attributes"];
    assert_eq!(created["email"], ANNA);
    assert_eq!(created["name"], "Орлова Анна Сергеевна");
    assert_eq!(created["active"], true);
    assert_eq!(created["invitation-sent"], false);
    assert_eq!(created["accepted-invitation"], false);
    assert_eq!(created["last-active-at"], Value::Null);
    assert_eq!(caller.state()["mails"], json!([]));
    let stored = caller.user(ANNA);
    assert_eq!(
        (&stored["unit"], &stored["role"]),
        (&json!("Первая линия"), &json!("Оператор"))
    );
    assert_eq!(stored["id"], answer.body["data"]["id"]);
    assert!(caller.get(USERS).await.has(ANNA));
}

#[tokio::test]
async fn a_password_lets_the_new_user_sign_in() {
    let caller = Caller::signed_in().await;
    let mut body = caller.hire(ANNA);
    body["password"] = json!("correct horse");
    assert_eq!(caller.post(USERS, &body).await.status, 200);
    assert_eq!(caller.sign_in(ANNA, "correct horse").await.status, 200);
    body = caller.hire("oleg@example.test");
    body["password"] = json!("short");
    assert!(
        caller
            .post(USERS, &body)
            .await
            .complaint("password")
            .is_array()
    );
}

#[tokio::test]
async fn a_refusal_lists_every_bad_field() {
    let caller = Caller::signed_in().await;
    let answer = caller.post(USERS, &json!({ "first_name": "Анна" })).await;
    assert_eq!(answer.status, 422);
    let errors = answer.body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["status"], 422);
    assert!(errors[0]["status"].is_u64());
    assert_eq!(errors[0]["code"], "unprocessable_entity");
    assert_eq!(errors[0]["title"], "Error in request processing");
    let mut messages = Vec::new();
    for field in ["email", "last_name", "unit_id", "role_id"] {
        messages.push(answer.complaint(field)[0].as_str().unwrap());
    }
    assert_eq!(errors[0]["detail"], messages.join(", "));
}

#[tokio::test]
async fn values_that_make_no_sense_are_refused() {
    let caller = Caller::signed_in().await;
    for (member, value) in [
        ("email", json!("no address")),
        ("email", json!("a@b@example.test")),
        ("last_name", json!("  ")),
        ("unit_id", json!("0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201")),
        ("role_id", json!("0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201")),
    ] {
        let mut body = caller.hire(ANNA);
        body[member] = value;
        assert!(
            caller.post(USERS, &body).await.complaint(member).is_array(),
            "{member}"
        );
    }
    assert_eq!(caller.user(ANNA), Value::Null);
}

#[tokio::test]
async fn email_and_external_id_are_taken_by_inactive_users_too() {
    let caller = Caller::signed_in().await;
    caller
        .seed(&json!({ "users": [{ "email": ANNA, "integration_uid": "hr-7", "active": false }] }));
    let clash = caller.post(USERS, &caller.hire("ANNA@example.test")).await;
    assert!(clash.complaint("email").is_array());
    let mut body = caller.hire("oleg@example.test");
    body["integration_uid"] = json!("hr-7");
    let clash = caller.post(USERS, &body).await;
    assert_eq!(
        clash.complaint("integration_uid"),
        &json!(["Integration uid is already used"])
    );
    assert_eq!(
        clash.body["errors"][0]["detail"],
        "Integration uid is already used"
    );
    assert_eq!(caller.user("oleg@example.test"), Value::Null);
}

#[tokio::test]
async fn what_only_update_knows_is_dropped_and_recorded() {
    let caller = Caller::signed_in().await;
    for (member, value) in [
        ("phone_number", json!("+70000000001")),
        ("active", json!(false)),
        ("level_id", json!(caller.id("levels", "Эксперт"))),
        ("avatar", json!("iVBORw0KGgo=")),
        ("prefered_locale", json!("en")),
        ("password_confirmation", json!("correct horse")),
    ] {
        let email = format!("{}@example.test", member.replace('_', "-"));
        let mut body = caller.hire(&email);
        body[member] = value;
        let answer = caller.post(USERS, &body).await;
        assert_eq!(answer.status, 200, "{member}");
        assert!(caller.violation().unwrap().contains(member));
        let user = caller.user(&email);
        assert_eq!(user["phone_number"], Value::Null);
        assert_eq!(user["active"], true);
        assert_eq!(user["level"], Value::Null);
        assert_eq!(user["avatar_url"], Value::Null);
        assert_eq!(user["prefered_locale"], "ru");
    }
}

#[tokio::test]
async fn a_wrapped_body_has_no_known_members() {
    let caller = Caller::signed_in().await;
    let flat = caller.hire(ANNA);
    for body in [
        json!({ "user": flat }),
        json!({ "data": { "attributes": flat } }),
        json!([flat]),
    ] {
        let answer = caller.post(USERS, &body).await;
        assert!(answer.complaint("email").is_array());
        assert!(caller.violation().is_some());
    }
    assert_eq!(caller.user(ANNA), Value::Null);
}

#[tokio::test]
async fn other_types_are_cast_and_recorded() {
    let caller = Caller::signed_in().await;
    let mut body = caller.hire(ANNA);
    body["integration_uid"] = json!(402);
    let answer = caller.post(USERS, &body).await;
    assert_eq!(answer.body["data"]["attributes"]["integration-uid"], "402");
    assert!(caller.violation().unwrap().contains("integration_uid"));
}

#[tokio::test]
async fn only_json_is_read() {
    let caller = Caller::signed_in().await;
    let body = caller.hire(ANNA).to_string();
    let send = async |content_type: &str, body: &str| {
        let mut headers = caller.headers();
        headers.push(("content-type", content_type));
        let answer = caller.raw("POST", USERS, &headers, body.to_owned()).await;
        (answer.status.as_u16(), caller.violation().is_some())
    };
    assert_eq!(send("application/vnd.api+json", &body).await, (422, true));
    assert_eq!(send("application/json", "{\"email\":").await, (400, true));
    assert_eq!(
        send("application/json; charset=utf-8", &body).await,
        (200, false)
    );
}
