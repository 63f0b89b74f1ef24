//! What Diadoc forgives in a body, and that each such favour is recorded.

use serde_json::{Value, json};

use http::Method;

use crate::world::{World, to_create};

const ANNA: &str = "anna@example.test";

#[tokio::test]
async fn favours_are_granted_and_recorded() {
    let world = World::faithful().await;
    let mut body = to_create(ANNA);
    body["position"] = body["Position"].take();
    body.as_object_mut().unwrap().remove("Position");
    body["CanBeInvitedForChat"] = json!("True");
    body["Permissions"]["DocumentAccessLevel"] = json!(2);
    body["Permissions"]["Actions"][0]["Name"] = json!("MakeTea");
    body["Surprise"] = json!(1);
    world.post("CreateEmployee", body).await.json();
    let employee = world.employee(ANNA);
    assert_eq!(employee["position"], "Бухгалтер");
    assert_eq!(employee["can_be_invited_for_chat"], true);
    assert_eq!(employee["access_level"], "AllDocuments");
    assert_eq!(employee["actions"], json!([]));
    let noted = world.violations().join("; ");
    for part in [
        "EmployeeToCreate.Position is written position",
        "EmployeeToCreate has no member Surprise",
        "EmployeeToCreate.CanBeInvitedForChat is a string instead of a boolean",
        "EmployeeToCreate.Permissions.DocumentAccessLevel is a number instead of a name",
        "EmployeeToCreate.Permissions.Actions: an unknown name of an action",
    ] {
        assert!(noted.contains(part), "{part} is not in {noted}");
    }
}

#[tokio::test]
async fn strict_refuses_each_favour_without_effect() {
    let world = World::strict().await;
    let spoils: [fn(&mut Value); 6] = [
        |body| body["surprise"] = json!(1),
        |body| body["position"] = json!("x"),
        |body| body["CanBeInvitedForChat"] = json!("false"),
        |body| body["CanBeInvitedForChat"] = Value::Null,
        |body| body["Permissions"]["DocumentAccessLevel"] = json!(0),
        |body| body["Permissions"]["Actions"][0]["Name"] = json!("MakeTea"),
    ];
    for spoil in spoils {
        let mut body = to_create(ANNA);
        spoil(&mut body);
        let reply = world.post("CreateEmployee", body).await;
        assert_eq!(reply.status, 400);
        assert!(reply.headers.contains_key("x-kontur-trace-id"));
    }
    assert!(world.employee(ANNA).is_null());
    assert_eq!(world.violations().len(), 6);
}

#[tokio::test]
async fn trailing_commas_are_a_favour() {
    let text = to_create("anna,}@example.test").to_string();
    let text = text.replace("}]", "}, ]").replace("}}", "},\n}");
    let world = World::faithful().await;
    let reply = world
        .call(Method::POST, "CreateEmployee", Some(text.clone()))
        .await;
    assert_eq!(reply.json()["User"]["Login"], "anna,}@example.test");
    assert_eq!(world.violations(), ["EmployeeToCreate has trailing commas"]);

    let strict = World::strict().await;
    let reply = strict
        .call(Method::POST, "CreateEmployee", Some(text))
        .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn what_is_no_json_object_is_not_understood() {
    let world = World::faithful().await;
    let text = "Can't deserialize request body into type: EmployeeToCreate";
    for body in ["", "{", "[]", "null", "{\"Credentials\": 1}"] {
        let reply = world
            .call(Method::POST, "CreateEmployee", Some(body.to_owned()))
            .await;
        reply.is_refused(400, text);
    }
    assert!(world.violations().is_empty());
}
