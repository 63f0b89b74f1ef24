use http::StatusCode;
use serde_json::{Value, json};

use crate::support::World;

struct Posted {
    world: World,
    path: String,
}

impl Posted {
    async fn new() -> Self {
        let world = World::strict();
        let body = json!({ "message": { "entity_id": world.chat("Общий"), "content": "Привет" } });
        let message = world.post("/messages", body).await.data();
        let path = format!("/messages/{}/reactions", message["id"]);
        Self { world, path }
    }

    async fn codes(&self) -> Vec<String> {
        let data = self.world.get(&self.path).await.data();
        let all = data.as_array().unwrap().iter();
        all.map(|reaction| reaction["code"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_reaction_comes_bare_and_only_once() {
    let posted = Posted::new().await;
    let world = &posted.world;
    let me = world.user("svc@example.test");
    let body = json!({ "code": "👍", "name": ":+1:" });
    let reply = world.post(&posted.path, body.clone()).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let expected = json!({ "user_id": me, "created_at": "2026-11-21T10:00:00.000Z",
        "code": "👍", "name": ":+1:" });
    assert_eq!(reply.json(), expected);
    assert_eq!(world.post(&posted.path, body).await.json(), expected);
    world.post(&posted.path, json!({ "code": "🎮" })).await;
    assert_eq!(posted.codes().await, ["👍", "🎮"]);
    let page = world.get(&format!("{}?limit=1", posted.path)).await.json();
    assert_eq!(page["data"], json!([expected]));
    assert_eq!(page["meta"]["paginate"]["has_next"], true);

    // 👍, percent-encoded.
    let thumb = "%F0%9F%91%8D";
    let wrong = format!("{}?code={thumb}&name=x", posted.path);
    assert_eq!(world.delete(&wrong).await.error().1, "not_found");
    let right = format!("{}?code={thumb}", posted.path);
    assert_eq!(world.delete(&right).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.delete(&right).await.error().1, "not_found");
    assert_eq!(posted.codes().await, ["🎮"]);
    let reply = world.delete(&posted.path).await;
    assert_eq!(reply.error(), (400, "required".into(), "code".into()));
}

#[tokio::test]
async fn a_reaction_is_one_emoji() {
    let posted = Posted::new().await;
    for (body, status, code) in [
        (json!({ "code": ":+1:" }), 422, "invalid"),
        (json!({ "code": "👍👍" }), 422, "invalid"),
        (json!({}), 400, "required"),
    ] {
        let reply = posted.world.post(&posted.path, body).await;
        assert_eq!(reply.error(), (status, code.into(), "code".into()));
    }
    let reply = posted.world.get("/messages/1/reactions").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_person_has_twenty_different_reactions() {
    let posted = Posted::new().await;
    let emoji = |n: u32| Value::from(char::from_u32(0x1f400 + n).unwrap().to_string());
    for n in 0..20 {
        let reply = posted
            .world
            .post(&posted.path, json!({ "code": emoji(n) }))
            .await;
        assert_eq!(reply.status, StatusCode::CREATED);
    }
    let reply = posted
        .world
        .post(&posted.path, json!({ "code": emoji(20) }))
        .await;
    assert_eq!(reply.error(), (422, "user_limit".into(), "base".into()));
    // One that is there already is no new one.
    let reply = posted
        .world
        .post(&posted.path, json!({ "code": emoji(3) }))
        .await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(posted.codes().await.len(), 20);
}
