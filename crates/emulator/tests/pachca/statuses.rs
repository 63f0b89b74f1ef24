use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use crate::support::World;

#[tokio::test(start_paused = true)]
async fn status_is_set_extended_and_expires() {
    let world = World::strict();
    let path = format!("/users/{}/status", world.user("ceo@example.test"));
    assert_eq!(world.get(&path).await.text, "null");

    let body = json!({ "status": { "emoji": "🏖️", "title": "Отпуск", "is_away": true,
        "expires_at": "2026-11-21T13:00:10+03:00", "away_message": "Вернусь" } });
    let reply = world.put(&path, body).await;
    assert_eq!(reply.status, StatusCode::OK);
    let expected = json!({ "emoji": "🏖️", "title": "Отпуск", "is_away": true,
        "expires_at": "2026-11-21T10:00:10.000Z", "away_message": { "text": "Вернусь" } });
    assert_eq!(reply.data(), expected);
    assert_eq!(world.get(&path).await.data(), expected);

    let later = json!({ "status": { "expires_at": "2026-11-21T10:00:20Z" } });
    assert_eq!(
        world.put(&path, later.clone()).await.data()["title"],
        "Отпуск"
    );
    tokio::time::advance(Duration::from_secs(19)).await;
    assert_eq!(world.get(&path).await.data()["emoji"], "🏖️");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(world.get(&path).await.text, "null");
    assert_eq!(world.put(&path, later).await.error().1, "blank");
}

#[tokio::test]
async fn status_needs_one_emoji_and_a_short_title() {
    let world = World::strict();
    let path = format!("/users/{}/status", world.user("ceo@example.test"));
    for (status, code) in [
        (json!({ "emoji": "ok", "title": "x" }), "wrong_emoji"),
        (json!({ "emoji": "🎮🎮", "title": "x" }), "wrong_emoji"),
        (json!({ "emoji": "🎮" }), "blank"),
        (
            json!({ "emoji": "🎮", "title": "я".repeat(51) }),
            "too_long",
        ),
        (
            json!({ "emoji": "🎮", "title": "x", "expires_at": "soon" }),
            "invalid",
        ),
    ] {
        let reply = world.put(&path, json!({ "status": status })).await;
        assert_eq!(reply.error().1, code);
    }
}

#[tokio::test]
async fn clearing_a_status_is_quiet() {
    let world = World::strict();
    let path = format!("/users/{}/status", world.user("ceo@example.test"));
    assert_eq!(world.delete(&path).await.status, StatusCode::NO_CONTENT);
    let body = json!({ "status": { "emoji": "🎮", "title": "x" } });
    world.put(&path, body).await;
    assert_eq!(world.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&path).await.text, "null");
    assert_eq!(
        world.get("/users/1/status").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn ones_own_status_is_the_one_on_ones_record() {
    let world = World::strict();
    let own = "/profile/status";
    assert_eq!(world.get(own).await.text, "null");
    let body = json!({ "status": { "emoji": "🎮", "title": "Играю" } });
    let reply = world.put(own, body).await;
    assert_eq!(reply.status, StatusCode::OK);
    let path = format!("/users/{}/status", world.user("svc@example.test"));
    assert_eq!(world.get(&path).await.data(), reply.data());
    assert_eq!(world.get(own).await.data()["title"], "Играю");
    assert_eq!(world.delete(own).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&path).await.text, "null");
}

#[tokio::test(start_paused = true)]
async fn a_status_stands_on_the_record_until_it_expires() {
    let world = World::strict();
    let status = json!({ "emoji": "🎮", "title": "Играю", "expires_at": "2026-11-21T10:00:10Z" });
    let anna = json!({ "email": "anna@example.test", "status": status });
    world.seed(&json!({ "users": [anna] }));
    let path = format!("/users/{}", world.user("anna@example.test"));
    let shown = world.get(&path).await.data();
    assert_eq!(shown["user_status"]["title"], "Играю");
    tokio::time::advance(Duration::from_secs(10)).await;
    let shown = world.get(&path).await.data();
    assert!(shown["user_status"].is_null());
}
