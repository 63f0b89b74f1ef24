use serde_json::{Value, json};

use kadry_emulator::Options;

use crate::world::{DIRECTOR, SERVICE, World};

const ANNA: &str = "anna@example.test";

fn logins(page: &Value) -> Vec<&str> {
    let list = page["Employees"].as_array().unwrap();
    list.iter()
        .map(|one| one["User"]["Login"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn pages_list_registered_employees_first() {
    let world = World::strict().await;
    world.seed(&json!({ "employees": [
        { "login": "a@example.test", "registered": false },
        { "login": "b@example.test" },
        { "login": "c@example.test", "registered": false, "blocked": true },
    ]}));
    let first = world.get("GetEmployees?page=1&count=3").await.json();
    assert_eq!(logins(&first), [SERVICE, DIRECTOR, "b@example.test"]);
    assert_eq!(first["TotalCount"], 5);
    let second = world.get("GetEmployees?page=2&count=3").await.json();
    assert_eq!(logins(&second), ["a@example.test", "c@example.test"]);
    let third = world.get("GetEmployees?page=3&count=3").await.json();
    assert_eq!(logins(&third), [""; 0]);
    assert_eq!(third["TotalCount"], 5);
}

#[tokio::test]
async fn pages_have_at_most_fifty_rows() {
    let world = World::with(Options {
        people: 100,
        ..Options::default()
    })
    .await;
    let page = world.get("GetEmployees").await.json();
    assert_eq!(logins(&page).len(), 50);
    for query in ["page=0", "page=-1", "count=0", "count=51", "count=many"] {
        let reply = world.get(&format!("GetEmployees?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
    }
}

#[tokio::test]
async fn one_employee_is_read_by_the_current_id() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [{ "login": ANNA, "registered": false }] }));
    let before = world.user_id(ANNA);
    let read = format!("GetEmployee?userId={before}");
    assert_eq!(world.get(&read).await.json()["User"]["Login"], ANNA);

    world.seed(&json!({ "registered": [ANNA] }));
    let after = world.user_id(ANNA);
    assert_ne!(before, after);
    let gone = format!("Employee [{before}] is not found in box [{}]", world.box_id);
    world.get(&read).await.is_refused(404, &gone);
    let delete = format!("DeleteEmployee?userId={before}");
    world.post_empty(&delete).await.is_refused(404, &gone);
    let now = world.get(&format!("GetEmployee?userId={after}")).await;
    assert_eq!(now.json()["User"]["IsRegistered"], true);

    // Registering is done once.
    world.seed(&json!({ "registered": [ANNA] }));
    assert_eq!(world.user_id(ANNA), after);
}

#[tokio::test]
async fn user_ids_are_checked() {
    let world = World::faithful().await;
    let missing = "Could not get userId from query param";
    world.get("GetEmployee").await.is_refused(400, missing);
    let delete = world.post_empty("DeleteEmployee?userId=").await;
    delete.is_refused(400, missing);
    let invalid = "UserId field is not valid user id: anna";
    let reply = world.get("GetEmployee?userId=anna").await;
    reply.is_refused(400, invalid);
}

#[tokio::test]
async fn delete_ends_the_membership_and_may_be_repeated() {
    let world = World::strict().await;
    world.seed(&json!({ "employees": [{ "login": ANNA, "powers_of_attorney": 1 }] }));
    let id = world.user_id(ANNA);
    let delete = format!("DeleteEmployee?userId={id}");
    world.post_empty(&delete).await.is_empty_success();
    assert!(world.employee(ANNA).is_null());
    world.post_empty(&delete).await.is_empty_success();
    for path in [
        "GetEmployee",
        "GetSubscriptions",
        "GetEmployeePowersOfAttorney",
    ] {
        let reply = world.get(&format!("{path}?userId={id}")).await;
        assert_eq!(reply.status, 404, "{path}");
    }
    let users = world.state()["users"].clone();
    assert!(
        users
            .as_array()
            .unwrap()
            .iter()
            .any(|user| user["login"] == ANNA)
    );
}

#[tokio::test]
async fn somebody_who_never_was_an_employee_cannot_be_deleted() {
    let world = World::faithful().await;
    world.seed(&json!({ "users": [{ "login": ANNA }] }));
    for id in [world.user_id(ANNA), world.box_id.clone()] {
        let reply = world
            .post_empty(&format!("DeleteEmployee?userId={id}"))
            .await;
        assert_eq!(reply.status, 404);
    }
}

#[tokio::test]
async fn the_last_unblocked_administrator_cannot_be_deleted() {
    let world = World::faithful().await;
    let own = world.user_id(SERVICE);
    let delete = format!("DeleteEmployee?userId={own}");
    world.seed(&json!({ "employees": [{ "login": DIRECTOR, "blocked": true }] }));
    let last = "Can't delete last administrator of box";
    world.post_empty(&delete).await.is_refused(409, last);
    world.seed(&json!({ "employees": [{ "login": DIRECTOR, "blocked": false }] }));
    world.post_empty(&delete).await.is_empty_success();
}

#[tokio::test]
async fn a_content_type_without_a_body_is_harmless_but_a_body_is_not() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [{ "login": ANNA }] }));
    let id = world.user_id(ANNA);
    let delete = format!("DeleteEmployee?userId={id}");
    let method = http::Method::POST;
    let empty = world.call(method, &delete, Some(String::new())).await;
    empty.is_empty_success();
    assert!(world.violations().is_empty());
    world.post(&delete, json!({})).await.is_empty_success();
    assert_eq!(world.violations(), ["/DeleteEmployee takes no body"]);
}

#[tokio::test]
async fn an_external_id_finds_those_who_registered_with_it() {
    let world = World::strict().await;
    let ask = "GetEmployeesByExternalId?externalId=1042";
    let nobody = world.get(ask).await;
    nobody.is_refused(404, "Employees are not found");
    world.seed(&json!({ "employees": [
        { "login": "a@example.test", "external_id": "1042" },
        { "login": "b@example.test", "external_id": "1043" },
    ]}));
    let found = world.get(ask).await.json();
    assert_eq!(found["TotalCount"], 1);
    let employee = &found["Employees"][0];
    assert_eq!(employee["ExternalIdentity"]["ExternalId"], "1042");
    assert_eq!(logins(&found), ["a@example.test"]);
    let reply = world.get("GetEmployeesByExternalId").await;
    assert_eq!(reply.status, 400);
    let early = json!({ "diadoc": { "employees": [
        { "login": "c@example.test", "registered": false, "external_id": "1044" },
    ]}});
    assert!(world.emulator.seed(&early).is_err());
}
