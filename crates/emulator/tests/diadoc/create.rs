use serde_json::{Value, json};

use crate::world::{HEAD, NOW_MS, World, to_create};

const ANNA: &str = "anna@example.test";

#[tokio::test(start_paused = true)]
async fn an_unknown_login_becomes_an_unregistered_user() {
    let world = World::strict().await;
    let created = world.post("CreateEmployee", to_create(ANNA)).await.json();
    assert_eq!(
        created["User"],
        json!({
            "UserId": world.user_id(ANNA),
            "Login": ANNA,
            "FullName": { "LastName": "Выдумкина", "FirstName": "Анна", "MiddleName": "Олеговна" },
            "IsRegistered": false,
        })
    );
    let permissions = &created["Permissions"];
    assert_eq!(permissions["UserDepartmentId"], HEAD);
    assert_eq!(permissions["DocumentAccessLevel"], "DepartmentOnly");
    assert_eq!(permissions["SelectedDepartmentIds"], json!([]));
    assert_eq!(
        permissions["AuthorizationPermission"],
        json!({ "IsBlocked": false })
    );
    let actions = permissions["Actions"].as_array().unwrap();
    assert_eq!(actions.len(), 9);
    let allowed: Vec<&Value> = actions
        .iter()
        .filter(|action| action["IsAllowed"] == true)
        .map(|action| &action["Name"])
        .collect();
    assert_eq!(allowed, ["CreateDocuments"]);
    assert_eq!(created["Position"], "Бухгалтер");
    let ticks = created["CreationTimestamp"]["Ticks"].as_i64().unwrap();
    assert_eq!(
        (ticks - 621_355_968_000_000_000) / 10_000_000,
        NOW_MS / 1000
    );
}

#[tokio::test]
async fn every_create_that_succeeds_sends_a_mail() {
    let world = World::faithful().await;
    world.post("CreateEmployee", to_create(ANNA)).await.json();
    let again = world.post("CreateEmployee", to_create(" ANNA@example.test "));
    again
        .await
        .is_refused(409, "Employee already exists in box");
    let state = world.state();
    let mails = state["mails"].as_array().unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["to"], ANNA);
}

#[tokio::test]
async fn a_blocked_employee_is_still_in_the_box() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [{ "login": ANNA, "blocked": true }] }));
    let created = world.post("CreateEmployee", to_create(ANNA)).await;
    created.is_refused(409, "Employee already exists in box");
    assert_eq!(world.state()["mails"], json!([]));
}

#[tokio::test]
async fn a_known_user_keeps_their_name_and_needs_none() {
    let world = World::strict().await;
    world.seed(&json!({ "users": [
        { "login": ANNA, "last_name": "Прежняя", "first_name": "Анна" },
        { "login": "vera@example.test", "last_name": "Прежняя", "first_name": "Вера" },
    ]}));
    let created = world.post("CreateEmployee", to_create(ANNA)).await.json();
    assert_eq!(created["User"]["IsRegistered"], true);
    assert_eq!(created["User"]["FullName"]["LastName"], "Прежняя");

    let mut nameless = to_create("vera@example.test");
    nameless["Credentials"] = json!({ "Login": { "Login": "Vera@example.test" } });
    let created = world.post("CreateEmployee", nameless).await.json();
    assert_eq!(created["User"]["Login"], "vera@example.test");
}

#[tokio::test]
async fn a_created_employee_has_all_subscriptions_but_news() {
    let world = World::strict().await;
    world.post("CreateEmployee", to_create(ANNA)).await.json();
    let employee = world.employee(ANNA);
    let on = employee["subscriptions"].as_array().unwrap();
    assert_eq!(on.len(), 9);
    assert!(!on.contains(&json!("News")));
}

#[tokio::test(start_paused = true)]
async fn a_re_created_employee_starts_afresh_under_the_same_id() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [{
        "login": ANNA, "administrator": true, "position": "Бухгалтер", "powers_of_attorney": 2,
    }]}));
    let id = world.user_id(ANNA);
    let deleted = world
        .post_empty(&format!("DeleteEmployee?userId={id}"))
        .await;
    deleted.is_empty_success();
    let created = world.post("CreateEmployee", to_create(ANNA)).await.json();
    assert_eq!(created["User"]["UserId"], id.as_str());
    let employee = world.employee(ANNA);
    assert_eq!(employee["powers_of_attorney"], 0);
    assert_eq!(employee["administrator"], false);
    assert_eq!(employee["created_ms"], NOW_MS);
}

#[tokio::test]
async fn senseless_bodies_are_refused_without_effect() {
    let world = World::faithful().await;
    let spoilt = |spoil: fn(&mut Value)| {
        let mut body = to_create(ANNA);
        spoil(&mut body);
        body
    };
    let bodies = [
        spoilt(|body| body["Credentials"] = Value::Null),
        spoilt(|body| body["Credentials"] = json!({})),
        spoilt(|body| body["Credentials"]["SsoProvider"] = json!({})),
        spoilt(|body| body["Credentials"]["Login"]["Login"] = json!("anna")),
        spoilt(|body| body["Credentials"]["Login"]["FullName"] = Value::Null),
        spoilt(|body| body["Permissions"] = Value::Null),
        spoilt(|body| body["Permissions"]["UserDepartmentId"] = json!("nowhere")),
        spoilt(|body| {
            body["Permissions"]["UserDepartmentId"] = json!("11111111-2222-3333-4444-555555555555");
        }),
        spoilt(|body| {
            body["Permissions"]["DocumentAccessLevel"] = json!("UnknownDocumentAccessLevel");
        }),
        spoilt(|body| body["Permissions"]["DocumentAccessLevel"] = json!("SelectedDepartments")),
        spoilt(|body| {
            body["Permissions"]["AuthorizationPermission"] =
                json!({ "IsBlocked": true, "Comment": "я".repeat(501) });
        }),
    ];
    for body in bodies {
        let reply = world.post("CreateEmployee", body.clone()).await;
        assert_eq!(reply.status, 400, "{body}");
    }
    let state = world.state();
    assert!(world.employee(ANNA).is_null());
    assert_eq!(state["mails"], json!([]));
    assert_eq!(state["users"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn selected_departments_and_a_block_can_come_with_the_create() {
    let world = World::strict().await;
    let sales = world.department_id("Продажи");
    let mut body = to_create(ANNA);
    body["Permissions"]["DocumentAccessLevel"] = json!("SelectedDepartments");
    body["Permissions"]["SelectedDepartmentIds"] = json!([sales]);
    body["Permissions"]["AuthorizationPermission"] =
        json!({ "IsBlocked": true, "Comment": "с 1-го" });
    world.post("CreateEmployee", body).await.json();
    let employee = world.employee(ANNA);
    assert_eq!(employee["selected_departments"], json!(["Продажи"]));
    assert_eq!(employee["blocked"], true);
    assert_eq!(employee["comment"], "с 1-го");
}
