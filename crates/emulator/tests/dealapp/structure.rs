//! Departments, roles, and what the control interface can do.

use serde_json::{Value, json};

use crate::support::{Caller, ROLES, SERVICE, UNITS, options};

#[tokio::test]
async fn units_know_their_parent() {
    let caller = Caller::signed_in().await;
    let answer = caller.get(&format!("{UNITS}?page%5Bnumber%5D=1")).await;
    assert_eq!(caller.violation(), None);
    let names = [
        "Контакт-центр",
        "Первая линия",
        "Бухгалтерия",
        "Отдел продаж",
    ]
    .map(|name| json!(name));
    assert_eq!(answer.column("name"), names.iter().collect::<Vec<_>>());
    assert_eq!(
        answer.body["meta"],
        json!({ "page": 1, "total-pages": 1, "total-count": 4 })
    );
    let root = &answer.body["data"][0];
    assert_eq!(root["type"], "units");
    assert_eq!(root["attributes"]["parent-id"], Value::Null);
    let child = &answer.body["data"][1]["attributes"];
    assert_eq!(child["parent-id"], root["id"]);
    assert_eq!(
        child["parent-integration-uid"],
        root["attributes"]["integration-uid"]
    );
    for filter in [
        "filters[parent_integration_uid]=dep-1",
        "parent_integration_uid=dep-1",
        "integration_uid=dep-2",
    ] {
        let answer = caller.get(&format!("{UNITS}?{filter}")).await;
        assert_eq!(answer.column("name"), [&json!("Первая линия")], "{filter}");
    }
    caller.get(&format!("{UNITS}?sort=name")).await;
    assert!(caller.violation().unwrap().contains("sort"));
}

#[tokio::test]
async fn a_unit_is_created_renamed_and_moved() {
    let caller = Caller::signed_in().await;
    let root = caller.id("units", "Контакт-центр");
    let body = json!({ "name": "Вторая линия", "integration_uid": "dep-9", "parent_id": root });
    let created = caller.post(UNITS, &body).await;
    assert_eq!(created.status, 200, "{}", created.body);
    assert_eq!(caller.violation(), None);
    assert_eq!(
        created.body["data"]["attributes"]["parent-integration-uid"],
        "dep-1"
    );
    let path = format!("{UNITS}/{}", created.body["data"]["id"].as_str().unwrap());

    let renamed = caller.put(&path, &json!({ "name": "Третья линия" })).await;
    assert_eq!(renamed.body["data"]["attributes"]["name"], "Третья линия");
    assert_eq!(renamed.body["data"]["attributes"]["parent-id"], root);
    let moved = caller.put(&path, &json!({ "parent_id": null })).await;
    assert_eq!(moved.status, 200);
    assert_eq!(caller.violation(), None);
    assert_eq!(moved.body["data"]["attributes"]["parent-id"], Value::Null);
    let row = caller.state()["units"]
        .as_array()
        .unwrap()
        .last()
        .cloned()
        .unwrap();
    assert_eq!(
        (&row["name"], &row["parent"]),
        (&json!("Третья линия"), &Value::Null)
    );
}

#[tokio::test]
async fn a_unit_that_makes_no_sense_is_refused() {
    let caller = Caller::signed_in().await;
    let (root, line) = (
        caller.id("units", "Контакт-центр"),
        caller.id("units", "Первая линия"),
    );
    assert!(
        caller
            .post(UNITS, &json!({}))
            .await
            .complaint("name")
            .is_array()
    );
    let clash = json!({ "name": "Двойник", "integration_uid": "dep-1" });
    assert!(
        caller
            .post(UNITS, &clash)
            .await
            .complaint("integration_uid")
            .is_array()
    );
    let orphan = json!({ "name": "Сирота", "parent_id": "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201" });
    assert!(
        caller
            .post(UNITS, &orphan)
            .await
            .complaint("parent_id")
            .is_array()
    );
    let path = format!("{UNITS}/{root}");
    for parent in [&root, &line] {
        assert!(
            caller
                .put(&path, &json!({ "parent_id": parent }))
                .await
                .complaint("parent_id")
                .is_array()
        );
    }
    assert_eq!(
        caller
            .put(&format!("{UNITS}/none"), &json!({ "name": "Никто" }))
            .await
            .status,
        404
    );
    assert_eq!(caller.state()["units"].as_array().unwrap().len(), 4);
    let same_name = caller.post(UNITS, &json!({ "name": "Бухгалтерия" })).await;
    assert_eq!(same_name.status, 200, "names need not be unique");
    caller
        .put(&path, &json!({ "parent_integration_uid": "dep-3" }))
        .await;
    assert!(
        caller
            .violation()
            .unwrap()
            .contains("parent_integration_uid")
    );
}

#[tokio::test]
async fn roles_are_listed() {
    let caller = Caller::signed_in().await;
    let answer = caller.get(ROLES).await;
    assert_eq!(caller.violation(), None);
    assert_eq!(
        answer.column("name"),
        [
            &json!("Оператор"),
            &json!("Супервизор"),
            &json!("Администратор")
        ]
    );
    assert_eq!(answer.body["data"][0]["type"], "roles");
    assert_eq!(answer.body["meta"]["total-count"], 3);
}

#[tokio::test]
async fn seeded_records_are_there() {
    let caller = Caller::signed_in().await;
    caller.seed(&json!({
        "units": [{ "name": "Архив", "integration_uid": "dep-77", "parent": "Бухгалтерия" }],
        "roles": ["Аудитор", "Оператор"],
        "users": [{ "email": "Anna@example.test", "unit": "Архив", "role": "Аудитор", "phone_number": "+70000000001" }],
    }));
    let anna = caller.user("anna@example.test");
    assert_eq!(
        (&anna["unit"], &anna["role"]),
        (&json!("Архив"), &json!("Аудитор"))
    );
    assert_eq!(caller.get(ROLES).await.body["meta"]["total-count"], 4);
}

#[tokio::test]
async fn a_bad_seed_is_refused_with_a_sentence() {
    let emulator = Caller::stranger(options()).emulator;
    for (records, named) in [
        (json!({ "users": [{ "email": SERVICE }] }), "taken"),
        (
            json!({ "users": [{ "email": "a@example.test", "unit": "Нигде" }] }),
            "Нигде",
        ),
        (
            json!({ "users": [{ "email": "a@example.test", "role": "Никто" }] }),
            "Никто",
        ),
        (json!({ "users": [{ "last_name": "Орлова" }] }), "email"),
        (json!({ "units": [{ "name": "A", "parent": "B" }] }), "B"),
        (json!({ "people": [] }), "people"),
        (json!([]), "dealapp"),
    ] {
        let refused = emulator.seed(&json!({ "dealapp": records })).unwrap_err();
        assert!(
            refused.contains(named) && refused.ends_with('.'),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn settings_name_the_environment_and_hold_no_password() {
    let caller = Caller::stranger(options());
    let settings = caller.emulator.settings("http://127.0.0.1:8100");
    assert!(settings.contains(
        "[providers.calls]\nkind = \"dealapp\"\nbase_url = \"http://127.0.0.1:8100/dealapp\"\nemail = \"svc@example.test\"\n\
         password = { env = \"DEALAPP_PASSWORD\" }\n"
    ));
    assert_eq!(caller.password().len(), 20);
    assert!(!format!("{:?}", caller.emulator).contains(&caller.password()));
}
