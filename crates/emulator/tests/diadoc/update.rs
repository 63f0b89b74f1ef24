use serde_json::{Value, json};

use crate::world::{DIRECTOR, Reply, SERVICE, World};

const ANNA: &str = "anna@example.test";

fn with_anna(world: World) -> World {
    world.seed(&json!({ "employees": [{
        "login": ANNA,
        "position": "Бухгалтер",
        "department": "Бухгалтерия",
        "actions": ["CreateDocuments", "SignDocuments"],
    }]}));
    world
}

async fn update(world: &World, login: &str, patch: Value) -> Reply {
    let id = world.user_id(login);
    world
        .post(&format!("UpdateEmployee?userId={id}"), patch)
        .await
}

#[tokio::test]
async fn what_is_absent_stays() {
    let world = with_anna(World::strict().await);
    let before = world.employee(ANNA);
    let nothing = [
        json!({}),
        json!({ "Permissions": { "Actions": [] } }),
        json!({ "Permissions": null, "Position": null }),
    ];
    for patch in nothing {
        update(&world, ANNA, patch).await.json();
        assert_eq!(world.employee(ANNA), before);
    }
}

#[tokio::test]
async fn every_property_can_be_changed() {
    let world = with_anna(World::strict().await);
    let sales = world.department_id("Продажи");
    let patch = json!({
        "Position": { "Position": "Главный бухгалтер" },
        "CanBeInvitedForChat": { "CanBeInvitedForChat": true },
        "Permissions": {
            "Department": { "DepartmentId": sales },
            "IsAdministrator": { "IsAdministrator": true },
            "DocumentAccessLevel": { "DocumentAccessLevel": "SelectedDepartments" },
            "SelectedDepartments": { "SelectedDepartmentIds": [sales] },
            "Actions": [{ "Name": "SignDocuments", "IsAllowed": false }],
            "AuthorizationPermission": { "IsBlocked": true, "Comment": "Заявка 1234" },
        },
    });
    let answer = update(&world, ANNA, patch).await.json();
    let employee = world.employee(ANNA);
    assert_eq!(employee["position"], "Главный бухгалтер");
    assert_eq!(employee["can_be_invited_for_chat"], true);
    assert_eq!(employee["department"], "Продажи");
    assert_eq!(employee["administrator"], true);
    assert_eq!(employee["access_level"], "SelectedDepartments");
    assert_eq!(employee["selected_departments"], json!(["Продажи"]));
    assert_eq!(employee["actions"], json!(["CreateDocuments"]));
    assert_eq!(
        answer["Permissions"]["AuthorizationPermission"],
        json!({ "IsBlocked": true, "Comment": "Заявка 1234" })
    );
}

#[tokio::test]
async fn a_block_ends_with_its_comment() {
    let world = with_anna(World::strict().await);
    let patch =
        |permission: Value| json!({ "Permissions": { "AuthorizationPermission": permission } });
    let block = patch(json!({ "IsBlocked": true, "Comment": "отпуск" }));
    update(&world, ANNA, block).await.json();
    assert_eq!(world.employee(ANNA)["comment"], "отпуск");
    let answer = update(&world, ANNA, patch(json!({ "IsBlocked": false })));
    assert_eq!(
        answer.await.json()["Permissions"]["AuthorizationPermission"],
        json!({ "IsBlocked": false })
    );
    let long = patch(json!({ "IsBlocked": true, "Comment": "я".repeat(501) }));
    assert_eq!(update(&world, ANNA, long).await.status, 400);
    assert_eq!(world.employee(ANNA)["blocked"], false);
}

#[tokio::test]
async fn an_empty_list_empties_the_selected_departments() {
    let world = with_anna(World::strict().await);
    let sales = world.department_id("Продажи");
    let select = |ids: Value| json!({ "Permissions": { "SelectedDepartments": { "SelectedDepartmentIds": ids } } });
    update(&world, ANNA, select(json!([sales]))).await.json();
    assert_eq!(
        world.employee(ANNA)["selected_departments"],
        json!(["Продажи"])
    );
    update(&world, ANNA, select(json!([]))).await.json();
    assert_eq!(world.employee(ANNA)["selected_departments"], json!([]));
    let level = json!({ "Permissions": { "DocumentAccessLevel": { "DocumentAccessLevel": "SelectedDepartments" } } });
    assert_eq!(update(&world, ANNA, level).await.status, 400);
}

#[tokio::test]
async fn a_level_that_needs_departments_takes_those_of_the_patch_or_of_before() {
    let world = with_anna(World::strict().await);
    let sales = world.department_id("Продажи");
    let level = |name: &str| json!({ "DocumentAccessLevel": name });
    let list = json!({ "SelectedDepartmentIds": [sales] });
    let both = json!({ "Permissions": {
        "DocumentAccessLevel": level("SelectedDepartments"), "SelectedDepartments": list,
    } });
    let only = |name: &str| json!({ "Permissions": { "DocumentAccessLevel": level(name) } });
    for patch in [both, only("AllDocuments"), only("SelectedDepartments")] {
        let answer = update(&world, ANNA, patch).await.json();
        assert_eq!(
            answer["Permissions"]["SelectedDepartmentIds"],
            json!([sales])
        );
    }
    let unknown = json!({ "Permissions": { "SelectedDepartments": {
        "SelectedDepartmentIds": [sales, "11111111-2222-3333-4444-555555555555"],
    } } });
    assert_eq!(update(&world, ANNA, unknown).await.status, 400);
    assert_eq!(
        world.employee(ANNA)["selected_departments"],
        json!(["Продажи"])
    );
}

#[tokio::test]
async fn a_blocked_administrator_counts_for_nothing_when_the_last_one_is_to_go() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [
        { "login": DIRECTOR, "blocked": true },
        { "login": ANNA, "administrator": true },
    ] }));
    let block = json!({ "Permissions": { "AuthorizationPermission": { "IsBlocked": true } } });
    let revoke = json!({ "Permissions": { "IsAdministrator": { "IsAdministrator": false } } });
    // Taking from a blocked one what it is not using leaves the box as it was led before.
    update(&world, DIRECTOR, revoke.clone()).await.json();
    update(&world, ANNA, block.clone()).await.json();
    for patch in [block, revoke] {
        assert_eq!(update(&world, SERVICE, patch).await.status, 409);
    }
}

#[tokio::test]
async fn an_empty_position_wrapper_clears() {
    let world = with_anna(World::faithful().await);
    update(&world, ANNA, json!({ "Position": {} })).await.json();
    assert_eq!(world.employee(ANNA)["position"], "");
    assert_eq!(
        world.violations(),
        ["EmployeeToUpdate.Position.Position is required"]
    );
}

#[tokio::test]
async fn flat_values_are_not_understood() {
    let world = with_anna(World::faithful().await);
    let text = "Can't deserialize request body into type: EmployeeToUpdate";
    for patch in [
        json!({ "Position": "Главный бухгалтер" }),
        json!({ "Permissions": { "IsAdministrator": true } }),
        json!({ "Permissions": { "Actions": ["SignDocuments"] } }),
    ] {
        update(&world, ANNA, patch).await.is_refused(400, text);
    }
}

#[tokio::test]
async fn the_last_unblocked_administrator_stays_one() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [{ "login": DIRECTOR, "administrator": false }] }));
    let before = world.employee(SERVICE);
    let last = "Can't block or revoke last administrator of box";
    let block = json!({ "Permissions": { "AuthorizationPermission": { "IsBlocked": true } } });
    let revoke = json!({ "Permissions": { "IsAdministrator": { "IsAdministrator": false } } });
    for patch in [&block, &revoke] {
        update(&world, SERVICE, patch.clone())
            .await
            .is_refused(409, last);
    }
    assert_eq!(world.employee(SERVICE), before);
    world.seed(&json!({ "employees": [{ "login": DIRECTOR, "administrator": true }] }));
    update(&world, SERVICE, block).await.json();
    assert_eq!(world.get("GetMyEmployee").await.status, 403);
}

#[tokio::test]
async fn unknown_employees_and_departments_are_refused() {
    let world = with_anna(World::faithful().await);
    let nowhere = "11111111-2222-3333-4444-555555555555";
    let reply = world
        .post(&format!("UpdateEmployee?userId={nowhere}"), json!({}))
        .await;
    assert_eq!(reply.status, 404);
    let patch = json!({ "Permissions": { "Department": { "DepartmentId": nowhere } } });
    assert_eq!(update(&world, ANNA, patch).await.status, 400);
}
