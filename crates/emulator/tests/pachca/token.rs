use http::StatusCode;
use kadry_emulator::Options;
use serde_json::{Value, json};

use crate::support::World;

#[tokio::test]
async fn token_has_43_characters_and_follows_from_the_seed() {
    let one = World::of(Options::default()).emulator.exports();
    let same = World::of(Options::default()).emulator.exports();
    let other = World::of(Options {
        seed: 2,
        ..Options::default()
    });
    assert_eq!(one, same);
    assert_ne!(one, other.emulator.exports());
    assert_eq!(one[0].1.len(), 43);
}

#[tokio::test]
async fn missing_or_wrong_token_is_an_oauth_error() {
    let world = World::strict();
    for headers in [&[][..], &[("authorization", "Bearer wrong")][..]] {
        let reply = world.raw("GET", "/profile", headers).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert_eq!(reply.json()["error"], "invalid_token");
        assert!(reply.json()["error_description"].is_string());
    }
    // The vendor's doctor asks like this; any answer will do.
    let reply = world.raw("HEAD", "/profile", &[]).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(reply.text, "");
}

#[tokio::test(start_paused = true)]
async fn token_info_masks_the_token_and_names_its_scopes() {
    let world = World::strict();
    let reply = world.get("/oauth/token/info").await;
    let info = reply.data();
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.headers["content-type"],
        "application/json; charset=utf-8"
    );
    assert!(reply.headers.contains_key("x-request-id"));
    assert_eq!(info["user_id"], world.user("svc@example.test"));
    let token = &world.emulator.exports()[0].1;
    let masked = info["token"].as_str().unwrap();
    assert!(masked.starts_with(&token[..8]) && masked.ends_with(&token[39..]));
    assert!(!masked.contains(token.as_str()));
    assert!(
        info["scopes"]
            .as_array()
            .unwrap()
            .contains(&json!("users:create"))
    );
    assert_eq!(info["revoked_at"], Value::Null);
    assert_eq!(info["last_used_at"], "2026-11-21T10:00:00.000Z");
}

#[tokio::test]
async fn missing_scope_is_named_in_body_and_header() {
    let world = World::strict();
    world.seed(&json!({ "scopes": ["users:read"] }));
    let body = json!({ "user": { "email": "new@example.test" } });
    let reply = world.post("/users", body).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert_eq!(reply.json()["error"], "insufficient_scope");
    assert_eq!(
        reply.headers["www-authenticate"],
        "Bearer error=\"insufficient_scope\", error_description=\"Insufficient scope. Required: users:create\", scope=\"users:create\""
    );
    assert_eq!(world.get("/users").await.status, StatusCode::OK);
    assert_eq!(world.get("/oauth/token/info").await.status, StatusCode::OK);
}

#[tokio::test]
async fn role_of_the_owner_counts_on_every_request() {
    let world = World::strict();
    world.seed(&json!({ "users": [{ "email": "svc@example.test", "role": "user" }] }));
    let reply = world.delete("/users/1").await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert_eq!(reply.json()["error"], "role_forbidden");
    assert_eq!(world.get("/users").await.status, StatusCode::OK);

    world.seed(&json!({ "users": [{ "email": "svc@example.test", "suspended": true }] }));
    assert_eq!(world.get("/users").await.error().1, "access_denied");
    let back = json!({ "email": "svc@example.test", "suspended": false, "role": "admin" });
    world.seed(&json!({ "users": [back] }));
    assert_eq!(world.delete("/users/1").await.error().1, "not_found");
}

#[tokio::test]
async fn profile_is_the_service_account() {
    let world = World::strict();
    let profile = world.get("/profile").await.data();
    assert_eq!(profile["email"], "svc@example.test");
    assert_eq!(profile["role"], "admin");
    assert_eq!(profile.as_object().unwrap().len(), 21);
}

#[tokio::test]
async fn custom_properties_need_an_entity_type() {
    let world = World::strict();
    let reply = world.get("/custom_properties?entity_type=User").await;
    assert_eq!(reply.data().as_array().unwrap().len(), 4);
    assert!(reply.json().get("meta").is_none());
    let reply = world.get("/custom_properties?entity_type=Task").await;
    assert_eq!(reply.data(), json!([]));
    let reply = world.get("/custom_properties").await;
    assert_eq!(
        reply.error(),
        (400, "required".into(), "entity_type".into())
    );
}

#[tokio::test]
async fn unknown_call_is_not_found_and_a_violation() {
    let world = World::faithful();
    for (method, path) in [("GET", "/nothing"), ("PATCH", "/users/1")] {
        let reply = world.raw(method, path, &[]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        assert!(world.violation().unwrap().contains(path));
    }
    let reply = World::strict().raw("GET", "/nothing", &[]).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
}
