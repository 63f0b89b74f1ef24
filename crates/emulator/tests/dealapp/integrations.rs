//! Integrations: who came through one, and whose accounts are whose in another system.

use serde_json::{Value, json};

use crate::support::{Caller, SERVICE, USERS};

const ANNA: &str = "anna@example.test";
const HEADER: &str = "email,last_name,first_name,integration_uid\n";

async fn with_integration() -> (Caller, String) {
    let caller = Caller::signed_in().await;
    caller.seed(&json!({
        "integrations": ["Телефония", "Чаты"],
        "users": [{ "email": ANNA, "last_name": "Орлова", "first_name": "Анна", "origin_integration": "Телефония" }],
    }));
    let id = caller.state()["integrations"][0]["id"].clone();
    let path = format!("/api/v1/api_integrations/{}", id.as_str().unwrap());
    (caller, path)
}

fn row(email: &str, uid: &str) -> Value {
    json!({ "email": email, "first_name": "Анна", "last_name": "Орлова, младшая", "integration_uid": uid })
}

#[tokio::test]
async fn a_user_points_at_the_integration_that_brought_them_in() {
    let (caller, _) = with_integration().await;
    let listed = caller.get(USERS).await;
    let data = listed.body["data"].as_array().unwrap();
    assert_eq!(
        data[0]["relationships"]["origin-integration"]["data"],
        Value::Null
    );
    let origin = &data[1]["relationships"]["origin-integration"]["data"];
    assert_eq!(origin["type"], "integrations");
    assert_eq!(origin["id"], caller.state()["integrations"][0]["id"]);
    assert_eq!(listed.body.get("included"), None);

    let listed = caller
        .get(&format!("{USERS}?include=origin_integration,unit.parent"))
        .await;
    let included = listed.body["included"].as_array().unwrap();
    let named = |kind: &str| {
        let of_kind = included.iter().filter(|it| it["type"] == kind);
        of_kind
            .map(|it| it["attributes"]["name"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(named("integrations"), ["Телефония"]);
    assert_eq!(named("units"), ["Контакт-центр"]);
    assert_eq!(
        caller.violation().as_deref(),
        Some("`include` of `origin_integration`; `include` of `unit.parent`")
    );
}

#[tokio::test]
async fn the_parent_of_a_unit_can_come_along() {
    let caller = Caller::signed_in().await;
    caller.seed(&json!({ "users": [{ "email": ANNA, "unit": "Первая линия" }] }));
    for (include, units) in [("unit", 1), ("unit.parent", 2), ("unit,unit.parent", 2)] {
        let path = format!("{USERS}?search={ANNA}&include={include}");
        let answer = caller.get(&path).await;
        assert_eq!(
            answer.body["included"].as_array().unwrap().len(),
            units,
            "{include}"
        );
    }
}

#[tokio::test]
async fn bindings_are_written_as_a_whole_and_read_as_a_file() {
    let (caller, path) = with_integration().await;
    let export = format!("{path}/user_account_bindings_csv");
    let import = format!("{path}/import_user_account_bindings");
    assert_eq!(caller.get(&export).await.body, HEADER);

    let rows = json!({ "data": [row(ANNA, "7"), row("nobody@example.test", "8")] });
    let answer = caller.put(&import, &rows).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let data = &answer.body["data"];
    assert_eq!(data[0]["type"], "user-account-bindings");
    assert_eq!(data[0]["attributes"]["integration-uid"], "7");
    assert_eq!(
        data[0]["relationships"]["user"]["data"]["id"],
        caller.user(ANNA)["id"]
    );
    assert_eq!(data[1]["relationships"]["user"]["data"], Value::Null);

    let answer = caller
        .put(&import, &json!({ "data": [row(ANNA, "9")] }))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(caller.violation(), None);
    let exported = caller.get(&export).await;
    assert_eq!(exported.header("content-type"), "text/csv");
    let file = format!("{HEADER}{ANNA},\"Орлова, младшая\",Анна,9\n");
    assert_eq!(exported.body, file);
    assert_eq!(caller.user(SERVICE)["origin_integration"], Value::Null);
    assert_eq!(caller.violation(), None);
}

#[tokio::test]
async fn bindings_that_make_no_sense_change_nothing() {
    let (caller, path) = with_integration().await;
    let import = format!("{path}/import_user_account_bindings");
    caller
        .put(&import, &json!({ "data": [row(ANNA, "7")] }))
        .await;
    let before = caller.state()["integrations"].clone();
    for (body, message) in [
        (json!({}), "Data can't be blank"),
        (json!({ "data": [{ "email": ANNA }] }), "Data is invalid"),
        (json!({ "data": [row("anna", "1")] }), "Email is invalid"),
        (
            json!({ "data": [row(ANNA, " ")] }),
            "Integration uid is invalid",
        ),
        (
            json!({ "data": [row(ANNA, "1"), row("b@example.test", "1")] }),
            "Integration uid is repeated",
        ),
    ] {
        let answer = caller.put(&import, &body).await;
        assert_eq!(answer.complaint("base"), &json!([message]));
    }
    assert_eq!(caller.state()["integrations"], before);

    let nowhere = "/api/v1/api_integrations/x";
    let export = caller
        .get(&format!("{nowhere}/user_account_bindings_csv"))
        .await;
    assert_eq!(export.status, 404);
    let import = format!("{nowhere}/import_user_account_bindings");
    assert_eq!(
        caller.put(&import, &json!({ "data": [] })).await.status,
        404
    );
}
