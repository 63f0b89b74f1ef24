use http::StatusCode;
use kadry_emulator::Options;
use serde_json::{Value, json};

use crate::support::{PROFILE, World};

async fn post(world: &World, path: &str, body: Value) -> (StatusCode, String) {
    let reply = world.ask("POST", path, Some(body)).await;
    (reply.status, reply.text)
}

#[tokio::test]
async fn state_and_log_are_what_the_emulator_says() {
    let world = World::new();
    world.get(PROFILE).await;
    assert_eq!(
        world.get("/_emulator/state").await.json(),
        world.emulator.state()
    );
    let log = serde_json::to_value(world.emulator.log()).unwrap();
    assert_eq!(world.get("/_emulator/log").await.json(), log);
}

#[tokio::test]
async fn seed_adds_records_or_says_what_is_wrong() {
    let world = World::of(Options {
        people: 0,
        ..Options::default()
    });
    let seed = async |records: Value| post(&world, "/_emulator/seed", records).await;
    let good = json!({ "pachca": { "users": [{ "email": "anna@example.test", "list_tags": ["Новый"] }] } });
    assert_eq!(seed(good).await.0, StatusCode::NO_CONTENT);
    assert!(world.has_tag("Новый"));
    for (records, sentence) in [
        (json!([]), "The records are no JSON object"),
        (json!({ "slack": {} }), "There is no platform `slack`."),
        (
            json!({ "pachca": { "people": [] } }),
            "unknown field `people`",
        ),
        (json!({ "pachca": { "users": [{}] } }), "no e-mail address"),
        (
            json!({ "pachca": { "users": [{ "email": "a@b", "role": "boss" }] } }),
            "There is no role `boss`.",
        ),
        (
            json!({ "pachca": { "chats": [{ "name": "x", "owner": "no@example.test" }] } }),
            "Nobody has",
        ),
        (
            json!({ "pachca": { "tags": ["all"] } }),
            "`all` is no name for a tag.",
        ),
        (
            json!({ "pachca": { "scopes": ["users:write"] } }),
            "There is no scope `users:write`.",
        ),
    ] {
        let (status, text) = seed(records).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(text.contains(sentence), "{text}");
    }
}

#[tokio::test]
async fn faults_come_one_by_one_or_as_a_list() {
    let world = World::new();
    let path = "/_emulator/faults";
    let fault = json!({ "match": { "path": "/x" }, "when": { "nth": 1 }, "do": { "status": 500, "effect": "before" } });
    assert_eq!(
        post(&world, path, fault.clone()).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        post(&world, path, json!([fault, fault])).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(world.get(path).await.json(), json!([fault, fault, fault]));
    let (status, text) = post(&world, path, json!({ "do": { "explode": true } })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text.contains("explode"), "{text}");
    assert_eq!(
        world.ask("DELETE", path, None).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(world.get(path).await.json(), json!([]));
}

#[tokio::test(start_paused = true)]
async fn reset_returns_to_the_start_for_routers_handed_out_before() {
    let world = World::new();
    let start = world.emulator.state();
    world.create_tag("Новый").await;
    world.fault(json!({ "do": { "status": 500 } }));
    assert!(world.emulator.state() != start);
    let reply = world.ask("POST", "/_emulator/reset", None).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert!(world.emulator.state() == start);
    assert!(world.emulator.log().is_empty());
    assert_eq!(world.get(PROFILE).await.status, StatusCode::OK);
    assert_eq!(world.emulator.log().len(), 1);
}
