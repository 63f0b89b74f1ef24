//! The caller, the organisation and its box.

use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::world::{Reply, SERVICE, World};

async fn get(world: &World, rest: &str) -> Reply {
    let request = Request::get(format!("/diadoc/{rest}"))
        .header("authorization", format!("Bearer {}", world.token))
        .header("accept", "application/json")
        .body(Body::empty())
        .unwrap();
    world.send(request).await
}

#[tokio::test]
async fn the_caller_is_the_service_account() {
    let world = World::strict().await;
    let user = get(&world, "V2/GetMyUser").await.json();
    assert_eq!(user["Login"], SERVICE);
    assert_eq!(user["IsRegistered"], true);
    let employee = world.get("GetMyEmployee").await.json();
    assert_eq!(employee["User"], user);
    assert_eq!(employee["Permissions"]["IsAdministrator"], true);
}

#[tokio::test]
async fn the_organisations_of_the_caller_lead_to_the_box() {
    let world = World::strict().await;
    let mine = get(&world, "GetMyOrganizations?autoRegister=false").await;
    let mine = mine.json();
    let organization = &mine["Organizations"][0];
    assert_eq!(organization["Boxes"][0]["BoxIdGuid"], world.box_id.as_str());
    assert_eq!(organization["IsEmployee"], true);
    assert_eq!(organization["Departments"].as_array().unwrap().len(), 4);
    assert_eq!(organization["Sociability"], "AllOrganizations");
}

#[tokio::test]
async fn registering_by_the_way_is_a_violation() {
    let world = World::faithful().await;
    for path in ["GetMyOrganizations", "GetMyOrganizations?autoRegister=True"] {
        get(&world, path).await.json();
    }
    assert_eq!(world.violations().len(), 2);
    let strict = World::strict().await;
    assert_eq!(get(&strict, "GetMyOrganizations").await.status, 400);
}

#[tokio::test]
async fn an_organisation_is_found_by_exactly_one_selector() {
    let world = World::strict().await;
    let found = get(&world, &format!("GetOrganization?boxId={}", world.box_id)).await;
    let found = found.json();
    let text = |name: &str| found[name].as_str().unwrap().to_owned();
    for query in [
        format!("orgId={}", text("OrgIdGuid")),
        format!("fnsParticipantId={}", text("FnsParticipantId")),
        format!("inn={}", text("Inn")),
        format!("inn={}&kpp={}", text("Inn"), text("Kpp")),
    ] {
        let reply = get(&world, &format!("GetOrganization?{query}")).await;
        assert_eq!(reply.json(), found, "{query}");
    }
    for (query, status) in [
        (String::new(), 400),
        (format!("boxId={}&inn=1", world.box_id), 400),
        (format!("boxId={}&kpp=1", world.box_id), 400),
        ("inn=1".to_owned(), 404),
        (format!("inn={}&kpp=1", text("Inn")), 404),
    ] {
        let reply = get(&world, &format!("GetOrganization?{query}")).await;
        assert_eq!(reply.status, status, "{query}");
    }
}

#[tokio::test]
async fn a_box_comes_with_its_organisation() {
    let world = World::strict().await;
    let found = world.get("GetBox").await.json();
    assert_eq!(found["BoxIdGuid"], world.box_id.as_str());
    assert!(found["BoxId"].as_str().unwrap().ends_with("@diadoc.ru"));
    assert_eq!(found["Organization"]["IsActive"], true);
    let other = "GetBox?boxId=11111111-2222-3333-4444-555555555555";
    assert_eq!(get(&world, other).await.status, 404);
}

#[tokio::test]
async fn organisation_users_are_the_registered_ones() {
    let world = World::strict().await;
    world.seed(&json!({ "employees": [
        { "login": "a@example.test", "last_name": "Примерова", "first_name": "Анна", "middle_name": "Олеговна",
          "actions": ["UseGoskey"] },
        { "login": "b@example.test", "registered": false },
    ]}));
    let users = world.get("V2/GetOrganizationUsers").await.json();
    assert_eq!(users["CurrentUserId"], world.user_id(SERVICE).as_str());
    let list = users["Users"].as_array().unwrap();
    assert_eq!(list.len(), 3);
    assert_eq!(list[2]["Name"], "Примерова Анна Олеговна");
    assert_eq!(list[2]["Permissions"]["CanUseGoskeyFL"], true);
    assert_eq!(list[2]["Permissions"]["CanSignDocuments"], false);
}
