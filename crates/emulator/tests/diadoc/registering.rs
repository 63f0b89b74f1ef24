//! Registering powers of attorney.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::advance;

use crate::world::World;

const ANNA: &str = "anna@example.test";
const NUMBER: &str = "11111111-2222-3333-4444-555555555555";

/// Adds a power of attorney that only the tax service knows, and returns its full id.
fn unregistered(world: &World) -> Value {
    world.seed(&json!({ "powers_of_attorney": [{
        "registration_number": NUMBER, "issuer_inn": "9600000016", "representative_inn": "960000000001",
        "unregistered": true,
    }]}));
    full_id(NUMBER)
}

fn full_id(number: &str) -> Value {
    json!({
        "RegistrationNumber": number,
        "IssuerInn": "9600000016",
        "RepresentativeInn": "960000000001",
    })
}

async fn register(world: &World, id: &Value) -> String {
    let asked = world.post("RegisterPowerOfAttorney", json!({ "FullId": id }));
    let asked = asked.await.json();
    let task = asked["TaskId"].as_str().unwrap();
    format!("RegisterPowerOfAttorneyResult?taskId={task}")
}

#[tokio::test(start_paused = true)]
async fn what_the_tax_service_has_becomes_known_after_a_while() {
    let world = World::strict().await;
    let id = unregistered(&world);
    let attach = "V2/AddEmployeePowerOfAttorney";
    let early = world.post(attach, id.clone()).await;
    early.is_refused(404, "Power of attorney not found");

    let result = register(&world, &id).await;
    for expected in ["Queued", "Processing"] {
        let waiting = world.get(&result).await.json();
        assert_eq!(
            waiting,
            json!({ "OperationStatus": expected, "Errors": [] })
        );
        assert_eq!(world.post(attach, id.clone()).await.status, 404);
        advance(Duration::from_secs(1)).await;
    }
    let done = world.get(&result).await.json();
    assert_eq!(done["OperationStatus"], "Done");
    assert_eq!(done["Status"]["Status"], "active");
    assert_eq!(done["PowerOfAttorney"]["FullId"], id);
    let attached = world.post(attach, id.clone()).await.json();
    assert_eq!(attached["PowerOfAttorney"]["FullId"], id);

    let again = register(&world, &id).await;
    assert_ne!(again, result);
    let again = world.get(&again).await.json();
    assert_eq!(again["OperationStatus"], "Done");
    assert_eq!(again["PowerOfAttorney"], done["PowerOfAttorney"]);
}

#[tokio::test(start_paused = true)]
async fn what_the_tax_service_has_not_ends_in_an_error() {
    let world = World::strict().await;
    let result = register(&world, &full_id(NUMBER)).await;
    advance(Duration::from_secs(2)).await;
    let ended = world.get(&result).await.json();
    assert_eq!(ended["OperationStatus"], "Error");
    assert!(ended.get("PowerOfAttorney").is_none());
    assert_eq!(ended["Errors"][0]["Text"], "Power of attorney not found");
}

#[tokio::test]
async fn the_status_follows_the_days_and_the_revocation() {
    for (record, status) in [
        (json!({}), "active"),
        (json!({ "expired": true }), "expired"),
        (json!({ "future": true }), "created"),
        (json!({ "revoked": true }), "revoked"),
        (json!({ "revoked": true, "expired": true }), "revoked"),
    ] {
        let world = World::strict().await;
        world.seed(&json!({ "employees": [{ "login": ANNA }] }));
        let mut record = record;
        record["registration_number"] = json!(NUMBER);
        record["representative_inn"] = json!("960000000001");
        record["employee"] = json!(ANNA);
        world.seed(&json!({ "powers_of_attorney": [record] }));
        let result = register(&world, &full_id(NUMBER)).await;
        let done = world.get(&result).await.json();
        assert_eq!(done["Status"]["Status"], status);

        let list = format!("GetEmployeePowersOfAttorney?userId={}", world.user_id(ANNA));
        let list = world.get(&format!("{list}&onlyActual=true")).await.json();
        let is_actual = matches!(status, "active" | "created");
        assert_eq!(
            list["PowersOfAttorney"].as_array().unwrap().len(),
            usize::from(is_actual)
        );
    }
}

#[tokio::test]
async fn a_task_is_nobody_elses_business() {
    let mut world = World::strict().await;
    world.seed(&json!({ "employees": [{ "login": ANNA }] }));
    let id = unregistered(&world);
    let of_service = register(&world, &id).await;
    let service = world.token.clone();
    world.act_as(ANNA).await;
    assert_eq!(world.get(&of_service).await.status, 403);
    let own = register(&world, &id).await;
    assert_eq!(world.get(&own).await.status, 200);
    world.token = service;
    assert_eq!(world.get(&own).await.status, 200);

    let unknown = world.get("RegisterPowerOfAttorneyResult?taskId=x").await;
    unknown.is_refused(404, "Task [x] is not found");
    assert_eq!(world.get("RegisterPowerOfAttorneyResult").await.status, 400);
}

#[tokio::test]
async fn either_the_id_or_the_file_is_registered() {
    let world = World::strict().await;
    let file = json!({ "Content": { "Content": "PHhtbC8+" }, "Signature": { "Content": "AA==" } });
    for (body, status) in [
        (json!({}), 400),
        (json!({ "FullId": full_id(NUMBER), "Content": file }), 400),
        (json!({ "Content": file }), 501),
    ] {
        let reply = world.post("RegisterPowerOfAttorney", body).await;
        assert_eq!(reply.status, status);
    }
}
