use http::StatusCode;
use kadry_emulator::Options;
use serde_json::{Value, json};

use crate::support::World;

fn world() -> World {
    World::of(Options {
        people: 0,
        strict: true,
        sdk_answers: true,
        ..Options::default()
    })
}

#[tokio::test]
async fn an_unset_status_has_an_envelope() {
    let world = world();
    let path = format!("/users/{}/status", world.user("ceo@example.test"));
    for path in [path.as_str(), "/profile/status"] {
        let reply = world.get(path).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.json(), json!({ "data": null }));
    }
}

#[tokio::test(start_paused = true)]
async fn frequency_limits_are_told_as_json() {
    let world = world();
    for _ in 0..50 {
        assert_eq!(world.get("/profile").await.status, StatusCode::OK);
    }
    let me = world.user("svc@example.test");
    let message = json!({ "message": { "entity_type": "user", "entity_id": me, "content": "x" } });
    for _ in 0..4 {
        let reply = world.post("/messages", message.clone()).await;
        assert_eq!(reply.status, StatusCode::CREATED);
    }
    // The one is refused before the platform looks at it, the other by what is in it.
    for reply in [
        world.get("/profile").await,
        world.post("/messages", message).await,
    ] {
        assert_eq!(reply.error(), (429, "rate_limit".into(), "base".into()));
        assert_eq!(reply.headers["retry-after"], "1");
        assert_eq!(
            reply.headers["content-type"],
            "application/json; charset=utf-8"
        );
        assert_eq!(reply.json()["errors"][0]["payload"], Value::Null);
    }
}
