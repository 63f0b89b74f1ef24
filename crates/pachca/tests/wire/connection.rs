use std::sync::Arc;

use kadry_core::{Email, ErrorKind, Known, MatchKey, Support};
use serde_json::{Value, json};

use crate::script::{ADMINISTRATOR, Reply, Script, US, messenger, one, reach, token, user};

#[tokio::test(start_paused = true)]
async fn connecting_asks_the_token_alone_and_learns_its_scopes() {
    let (_, messenger) = messenger(&["users:read", "users:update"]).await;
    let capability = messenger.capability();
    assert_eq!(capability.suspend, Support::Yes);
    let reason = capability.create.reason().unwrap();
    assert_eq!(reason.key, "scope-missing");
    assert_eq!(reason.detail.as_deref(), Some("users:create"));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_not_accepted_is_told_apart() {
    let script = Arc::new(Script::default());
    script.then(Reply::Json(
        401,
        json!({"error": "invalid_token", "error_description": "Access token is missing"}),
    ));
    let fault = reach(&script).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Unauthenticated);
    assert_eq!(script.lines(), ["GET /oauth/token/info"]);
}

#[tokio::test(start_paused = true)]
async fn whoami_asks_nobody_where_a_scope_proves_an_administrator() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let standing = messenger.whoami().await.unwrap();
    assert_eq!(script.lines(), [""; 0]);
    assert_eq!(standing.administrator, Known::Value(true));
    assert_eq!(standing.tenant, "api.example.test/user:1");
    assert_eq!(standing.expires_at_ms, None);
    assert_eq!(standing.own.unwrap().id.as_str(), "1");
}

#[tokio::test(start_paused = true)]
async fn whoami_reads_the_profile_where_scopes_prove_nothing() {
    let (script, messenger) = messenger(&["users:read", "profile:read"]).await;
    script.then(one(200, user(US, json!({"role": "user"}))));
    let standing = messenger.whoami().await.unwrap();
    assert_eq!(script.lines(), ["GET /profile"]);
    assert_eq!(standing.administrator, Known::Value(false));
    let own = standing.own.unwrap();
    assert_eq!(own.id.as_str(), "1");
    let email = MatchKey::Email(Email::of_record("user1@example.test"));
    assert_eq!(own.keys, [email]);
}

#[tokio::test(start_paused = true)]
async fn whoami_without_the_scope_asks_nobody_and_still_knows_our_own_record() {
    let script = Arc::new(Script::default());
    script.then(token(&["users:read"], json!(3600)));
    let messenger = reach(&script).await.unwrap();
    script.lines();
    let standing = messenger.whoami().await.unwrap();
    assert_eq!(script.lines(), [""; 0]);
    assert_eq!(standing.administrator, Known::Hidden);
    assert_eq!(standing.own.unwrap().id.as_str(), "1");
    // An hour after 2026-11-01T10:00:00Z.
    assert_eq!(standing.expires_at_ms, Some(1_793_530_800_000));
}

#[tokio::test(start_paused = true)]
async fn no_secret_shows_in_debug() {
    let (_, messenger) = messenger(&["users:read"]).await;
    assert!(!format!("{messenger:?}").contains("token-of-a-test"));
}

#[tokio::test(start_paused = true)]
async fn a_token_without_scopes_in_its_answer_is_a_fault_of_the_platform() {
    let script = Arc::new(Script::default());
    script.then(one(
        200,
        json!({"id": 1, "user_id": 1, "scopes": Value::Null}),
    ));
    assert_eq!(
        reach(&script).await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
}
