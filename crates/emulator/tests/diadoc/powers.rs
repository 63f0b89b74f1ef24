use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::advance;

use kadry_emulator::Options;

use crate::world::{SERVICE, World};

const ANNA: &str = "anna@example.test";

fn with_anna(world: World, powers: usize) -> World {
    world.seed(&json!({ "employees": [{ "login": ANNA, "powers_of_attorney": powers }] }));
    world
}

fn query(world: &World, method: &str) -> String {
    format!("{method}?userId={}", world.user_id(ANNA))
}

async fn list(world: &World) -> Vec<Value> {
    let list = world
        .get(&query(world, "GetEmployeePowersOfAttorney"))
        .await;
    list.json()["PowersOfAttorney"].as_array().unwrap().clone()
}

fn full_id(power: &Value) -> Value {
    json!({
        "RegistrationNumber": power["registration_number"],
        "IssuerInn": power["issuer_inn"],
        "RepresentativeInn": power["representative_inn"],
    })
}

/// Returns the full id of a power of attorney that is known and attached to nobody.
fn loose(world: &World) -> Value {
    full_id(&world.state()["powers_of_attorney"][0])
}

#[tokio::test]
async fn a_known_power_can_be_attached_made_default_and_detached() {
    let world = with_anna(World::strict().await, 1);
    let first = list(&world).await[0]["PowerOfAttorney"]["FullId"].clone();
    let second = loose(&world);
    let add = query(&world, "V2/AddEmployeePowerOfAttorney");
    let added = world.post(&add, second.clone()).await.json();
    assert_eq!(added["PowerOfAttorney"]["FullId"], second);
    assert_eq!(added["IsDefault"], false);

    let update = query(&world, "V2/UpdateEmployeePowerOfAttorney");
    for id in [&first, &second, &second] {
        let patch = json!({ "PowerOfAttorneyFullId": id, "IsDefaultPatch": { "IsDefault": true } });
        assert_eq!(world.post(&update, patch).await.json()["IsDefault"], true);
    }
    let defaults: Vec<bool> = list(&world)
        .await
        .iter()
        .map(|one| one["IsDefault"] == true)
        .collect();
    assert_eq!(defaults, [false, true]);
    let patch =
        json!({ "PowerOfAttorneyFullId": second, "IsDefaultPatch": { "IsDefault": false } });
    assert_eq!(world.post(&update, patch).await.json()["IsDefault"], false);

    let delete = query(&world, "V2/DeleteEmployeePowerOfAttorney");
    for _ in 0..2 {
        let detached = world.post(&delete, second.clone()).await;
        detached.is_empty_success();
    }
    assert_eq!(list(&world).await.len(), 1);
    let patch = json!({ "PowerOfAttorneyFullId": second });
    let late = world.post(&update, patch).await;
    late.is_refused(404, "Power of attorney not found");
}

#[tokio::test]
async fn what_was_never_attached_cannot_be_detached() {
    let world = with_anna(World::strict().await, 0);
    let delete = query(&world, "V2/DeleteEmployeePowerOfAttorney");
    let unknown = json!({
        "RegistrationNumber": world.box_id, "IssuerInn": "0", "RepresentativeInn": "0",
    });
    for id in [loose(&world), unknown.clone()] {
        let reply = world.post(&delete, id).await;
        reply.is_refused(404, "Power of attorney not found");
    }
    let add = query(&world, "V2/AddEmployeePowerOfAttorney");
    assert_eq!(world.post(&add, unknown).await.status, 404);
}

#[tokio::test]
async fn the_representative_must_be_named() {
    let world = with_anna(World::faithful().await, 1);
    let mut id = full_id(&world.employee(ANNA)["attached"][0]);
    id.as_object_mut().unwrap().remove("RepresentativeInn");
    let delete = query(&world, "V2/DeleteEmployeePowerOfAttorney");
    world.post(&delete, id.clone()).await.is_empty_success();
    assert_eq!(
        world.violations(),
        ["PowerOfAttorneyFullId.RepresentativeInn is required"]
    );
    let strict = with_anna(World::strict().await, 1);
    let delete = query(&strict, "V2/DeleteEmployeePowerOfAttorney");
    assert_eq!(strict.post(&delete, id).await.status, 400);
    assert_eq!(strict.employee(ANNA)["powers_of_attorney"], 1);
}

#[tokio::test]
async fn expired_powers_are_listed_unless_only_actual_ones_are_wanted() {
    let world = with_anna(World::strict().await, 1);
    world.seed(&json!({ "powers_of_attorney": [{ "employee": ANNA, "expired": true }] }));
    assert_eq!(list(&world).await.len(), 2);
    for (flag, count) in [("True", 1), ("false", 2), ("", 2)] {
        let query = query(&world, "GetEmployeePowersOfAttorney");
        let reply = world.get(&format!("{query}&onlyActual={flag}")).await;
        let shown = reply.json()["PowersOfAttorney"].clone();
        assert_eq!(shown.as_array().unwrap().len(), count, "{flag}");
    }
    let power = &list(&world).await[0]["PowerOfAttorney"];
    assert_eq!(
        power["ExpireAtByMoscow"]["OffsetTicks"],
        108_000_000_000_i64
    );
    assert_eq!(
        power["ExpireAtByMoscow"]["UtcTicks"],
        power["ExpireAt"]["Ticks"]
    );
}

#[tokio::test]
async fn without_a_user_id_the_caller_is_meant() {
    let world = with_anna(World::strict().await, 0);
    world
        .post("V2/AddEmployeePowerOfAttorney", loose(&world))
        .await
        .json();
    assert_eq!(world.employee(SERVICE)["powers_of_attorney"], 1);
    let own = world.get("GetEmployeePowersOfAttorney").await.json();
    assert_eq!(own["PowersOfAttorney"].as_array().unwrap().len(), 1);
    let delete = world.post("V2/DeleteEmployeePowerOfAttorney", loose(&world));
    delete.await.is_empty_success();
    assert_eq!(world.employee(SERVICE)["powers_of_attorney"], 0);
}

#[tokio::test]
async fn attaching_again_changes_nothing() {
    let world = with_anna(World::strict().await, 0);
    let add = query(&world, "V2/AddEmployeePowerOfAttorney");
    for _ in 0..2 {
        world.post(&add, loose(&world)).await.json();
    }
    assert_eq!(world.employee(ANNA)["powers_of_attorney"], 1);
}

#[tokio::test]
async fn an_employee_has_at_most_a_hundred_powers_in_force() {
    let world = with_anna(World::strict().await, 99);
    world.seed(&json!({ "powers_of_attorney": [{ "employee": ANNA, "expired": true }, {}] }));
    let add = query(&world, "V2/AddEmployeePowerOfAttorney");
    world.post(&add, loose(&world)).await.json();
    let state = world.state();
    let last = state["powers_of_attorney"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert_eq!(world.post(&add, full_id(last)).await.status, 409);
}

#[tokio::test(start_paused = true)]
async fn an_employee_gets_at_most_fifty_powers_a_day() {
    let options = Options {
        people: 0,
        limits: false,
        ..Options::default()
    };
    let world = with_anna(World::with(options).await, 0);
    world.seed(&json!({ "powers_of_attorney": vec![json!({}); 50] }));
    let state = world.state();
    let ids: Vec<Value> = state["powers_of_attorney"]
        .as_array()
        .unwrap()
        .iter()
        .map(full_id)
        .collect();
    let add = query(&world, "V2/AddEmployeePowerOfAttorney");
    for id in &ids[..50] {
        world.post(&add, id.clone()).await.json();
    }
    assert_eq!(world.post(&add, ids[50].clone()).await.status, 409);
    // It is ten in the morning in Moscow.
    advance(Duration::from_secs(14 * 3600 - 1)).await;
    assert_eq!(world.post(&add, ids[50].clone()).await.status, 409);
    advance(Duration::from_secs(1)).await;
    assert_eq!(world.post(&add, ids[50].clone()).await.status, 200);
}
