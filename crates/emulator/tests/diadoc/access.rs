use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::world::{DIRECTOR, SERVICE, World, to_create};

#[tokio::test]
async fn nobody_gets_in_without_a_valid_token() {
    let mut world = World::faithful().await;
    world.token = "stale".to_owned();
    let reply = world.get("GetEmployees").await;
    assert_eq!(reply.status, 401);
    assert!(reply.headers.contains_key("x-kontur-trace-id"));

    let request = Request::get("/diadoc/V2/GetMyUser")
        .header("accept", "application/json")
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(request).await.status, 401);
}

#[tokio::test]
async fn only_the_own_box_is_open() {
    let mut world = World::faithful().await;
    let other = "11111111-2222-3333-4444-555555555555";
    world.box_id = other.to_owned();
    let denied = format!("Access to Box [{other}] is denied");
    world.get("GetEmployees").await.is_refused(403, &denied);

    world.box_id = "box".to_owned();
    world
        .get("GetEmployees")
        .await
        .is_refused(400, "BoxId field is not valid box id: box");
    world.box_id = String::new();
    world
        .get("GetEmployees")
        .await
        .is_refused(400, "Could not get boxId from query param");
}

#[tokio::test]
async fn the_old_form_of_a_box_id_is_refused_by_admin_methods() {
    let mut world = World::faithful().await;
    let digits = world.box_id.replace('-', "");
    world.box_id.clone_from(&digits);
    assert_eq!(world.get("admin/GetDepartments").await.status, 200);
    assert!(world.violations().is_empty());

    world.box_id = format!("{digits}@diadoc.ru");
    assert_eq!(world.get("GetEmployees").await.status, 200);
    assert_eq!(world.get("admin/GetDepartments").await.status, 400);
    assert_eq!(world.violations().len(), 2);
}

#[tokio::test]
async fn a_blocked_caller_is_shut_out_of_the_box_only() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [{ "login": SERVICE, "blocked": true }] }));
    for path in ["GetMyEmployee", "GetEmployees", "admin/GetDepartments"] {
        assert_eq!(world.get(path).await.status, 403, "{path}");
    }
    let request = |path: &str| {
        Request::get(format!("/diadoc/{path}"))
            .header("authorization", format!("Bearer {}", world.token))
            .header("accept", "application/json")
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(world.send(request("V2/GetMyUser")).await.status, 200);
    let mine = request("GetMyOrganizations?autoRegister=false");
    let mine = world.send(mine).await.json();
    assert_eq!(mine["Organizations"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_employee_without_rights_sees_only_themselves() {
    let mut world = World::faithful().await;
    world.seed(&json!({ "employees": [{ "login": "anna@example.test" }] }));
    world.act_as("anna@example.test").await;
    let own = world.user_id("anna@example.test");
    let other = world.user_id(DIRECTOR);

    let me = world.get("GetMyEmployee").await.json();
    assert_eq!(me["User"]["UserId"], own.as_str());
    assert_eq!(world.get("GetEmployees").await.status, 403);
    let created = world.post("CreateEmployee", to_create("new@example.test"));
    assert_eq!(created.await.status, 403);
    for method in ["GetSubscriptions", "GetEmployeePowersOfAttorney"] {
        let ask = |id: &str| format!("{method}?userId={id}");
        assert_eq!(world.get(&ask(&own)).await.status, 200);
        assert_eq!(world.get(&ask(&other)).await.status, 403);
    }
    assert!(world.employee("new@example.test").is_null());
}

#[tokio::test]
async fn a_deleted_caller_is_shut_out() {
    let mut world = World::faithful().await;
    world.act_as(DIRECTOR).await;
    let service = world.user_id(SERVICE);
    let deleted = world
        .post_empty(&format!("DeleteEmployee?userId={service}"))
        .await;
    deleted.is_empty_success();
    world.act_as(SERVICE).await;
    assert_eq!(world.get("GetMyEmployee").await.status, 403);
}

#[tokio::test]
async fn unknown_methods_are_violations() {
    let world = World::faithful().await;
    assert_eq!(world.get("GetEverything").await.status, 404);
    assert_eq!(world.get("CreateEmployee").await.status, 405);
    assert_eq!(world.get("GetMyUser").await.status, 410);
    assert_eq!(world.get("admin/GetDepartment").await.status, 410);
    assert_eq!(world.violations().len(), 4);
}

#[tokio::test]
async fn paths_and_query_names_have_no_case() {
    let world = World::strict().await;
    let uri = format!("/diadoc/getEMPLOYEES?BOXID={}&Page&COUNT=1", world.box_id);
    let request = Request::get(uri)
        .header("authorization", format!("bearer {}", world.token))
        .header("accept", "application/json; charset=utf-8")
        .body(Body::empty())
        .unwrap();
    let reply = world.send(request).await.json();
    assert_eq!(reply["Employees"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn unknown_and_repeated_query_names_are_violations() {
    let world = World::faithful().await;
    assert_eq!(
        world.get("GetEmployees?login=a&page=1&PAGE=1").await.status,
        200
    );
    assert_eq!(
        world.violations(),
        ["unknown query parameter `login`; query parameter `page` is given twice"]
    );
    let strict = World::strict().await;
    assert_eq!(strict.get("GetEmployees?login=a").await.status, 400);
}

#[tokio::test]
async fn an_ended_subscription_closes_the_box_and_not_the_account() {
    let world = World::strict().await;
    world.seed(&json!({ "subscription_ended": true }));
    let refused = format!("API subscription of Box [{}] has ended", world.box_id);
    for path in ["GetMyEmployee", "GetEmployees", "admin/GetDepartments"] {
        world.get(path).await.is_refused(402, &refused);
    }
    let request = Request::get("/diadoc/V2/GetMyUser")
        .header("authorization", format!("Bearer {}", world.token))
        .header("accept", "application/json")
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(request).await.status, 200);
    world.seed(&json!({ "subscription_ended": false }));
    assert_eq!(world.get("GetEmployees").await.status, 200);
}
