use std::time::Duration;

use axum::body::Body;
use http::Request;
use kadry_emulator::Options;
use serde_json::{Value, json};
use tokio::time::advance;

use crate::world::{SERVICE, World, client_id, export};

const DAY: Duration = Duration::from_secs(86_400);

fn keeping() -> Options {
    Options {
        people: 0,
        identity_rotation: false,
        ..Options::default()
    }
}

#[tokio::test]
async fn refresh_gives_a_bearer_token_for_a_day() {
    let world = World::with(keeping()).await;
    let refresh_token = export(&world.emulator, "DIADOC_REFRESH_TOKEN");
    let granted = world.refresh(&refresh_token).await.json();
    assert_eq!(granted["token_type"], "Bearer");
    assert_eq!(granted["expires_in"], 86_400);
    assert_eq!(granted["refresh_token"], refresh_token.as_str());
    assert!(world.violations().is_empty());
}

#[tokio::test]
async fn rotation_ends_the_token_that_was_used() {
    let world = World::with(Options {
        people: 0,
        identity_rotation: true,
        ..Options::default()
    })
    .await;
    let first = export(&world.emulator, "DIADOC_REFRESH_TOKEN");
    // The world has used the first one already, to sign in.
    let reply = world.refresh(&first).await;
    assert_eq!(reply.status, 400);
    let error: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!(error["error"], "invalid_grant");

    world.seed(&json!({ "sign_ins": [{ "login": SERVICE, "refresh_token": "second" }] }));
    let granted = world.refresh("second").await.json();
    let third = granted["refresh_token"].as_str().unwrap();
    assert_ne!(third, "second");
    world.refresh(third).await.json();
    assert_eq!(world.refresh("second").await.status, 400);
}

#[tokio::test]
async fn strangers_and_wrong_secrets_are_invalid_clients() {
    let world = World::with(keeping()).await;
    let client = client_id(&world.emulator);
    for form in [
        format!("grant_type=refresh_token&client_id={client}&client_secret=wrong&refresh_token=x"),
        "grant_type=refresh_token&client_id=nobody&client_secret=x&refresh_token=x".to_owned(),
        "grant_type=refresh_token&refresh_token=x".to_owned(),
    ] {
        let reply = world.token_request(&form).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text.contains("\"invalid_client\""), "{}", reply.text);
    }
}

#[tokio::test]
async fn other_requests_are_refused_in_the_words_of_oauth() {
    let world = World::faithful().await;
    for (form, error) in [
        ("client_id=x", "invalid_request"),
        (
            "grant_type=authorization_code&code=x",
            "unsupported_grant_type",
        ),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=a&grant_type=b", "invalid_request"),
    ] {
        let reply = world.token_request(form).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text.contains(&format!("\"{error}\"")), "{form}");
    }
    let noted = world.violations();
    assert_eq!(noted.len(), 2, "{noted:?}");
}

#[tokio::test]
async fn the_secret_belongs_into_the_body() {
    let world = World::faithful().await;
    let request = Request::post("/identity/connect/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", "Basic eDp5")
        .body(Body::from("grant_type=refresh_token&refresh_token=x"))
        .unwrap();
    assert_eq!(world.send(request).await.status, 400);
    assert_eq!(world.violations(), ["client credentials in a header"]);
}

#[tokio::test]
async fn other_paths_methods_and_types_are_violations() {
    let world = World::faithful().await;
    let get = Request::get("/identity/connect/token");
    let elsewhere = Request::post("/identity/token");
    let json = Request::post("/identity/connect/token").header("content-type", "application/json");
    for (request, status) in [(get, 405), (elsewhere, 404), (json, 400)] {
        let reply = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, status);
    }
    assert_eq!(world.violations().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn tokens_die_of_age() {
    let world = World::with(keeping()).await;
    advance(DAY - Duration::from_secs(1)).await;
    assert_eq!(world.get("GetMyEmployee").await.status, 200);
    advance(Duration::from_secs(1)).await;
    assert_eq!(world.get("GetMyEmployee").await.status, 401);

    let refresh_token = export(&world.emulator, "DIADOC_REFRESH_TOKEN");
    world.refresh(&refresh_token).await.json();
    advance(DAY * 29).await;
    assert_eq!(world.refresh(&refresh_token).await.status, 400);
}

#[tokio::test]
async fn access_tokens_can_be_ended_from_outside() {
    let world = World::with(keeping()).await;
    world.seed(&json!({ "expire_tokens": true }));
    assert_eq!(world.get("GetMyEmployee").await.status, 401);
    let refresh_token = export(&world.emulator, "DIADOC_REFRESH_TOKEN");
    world.refresh(&refresh_token).await.json();
}
