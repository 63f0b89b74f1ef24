//! The session: opened once, changed by answers, kept between runs.

use std::sync::Arc;

use kadry_core::{Effect, ErrorKind, MatchKey};
use kadry_http::{InMemory, Keep};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::script::{LIST, OWN, Reply, Script, connect_by, connect_with, listing, wiring};

const SIGN_IN: &str = "POST /auth/sign_in";

fn nobody() -> Reply {
    Reply::ok(listing(&[]))
}

fn tokens(script: &Script) -> Vec<String> {
    let token = |seen: crate::script::Seen| seen.header("access-token").unwrap_or("-").to_owned();
    script.seen().into_iter().map(token).collect()
}

async fn kept_token(keep: &InMemory) -> String {
    let kept = keep.load().await.unwrap().unwrap();
    let kept: Value = serde_json::from_str(kept.expose_secret()).unwrap();
    kept["token"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn signing_in_sends_email_and_password_and_calls_send_three_headers() {
    let script = Script::of([Reply::ok("not read").token("c1", "A1", 0), nobody()]);
    let platform = connect_with(wiring(&script), Arc::new(InMemory::default()))
        .await
        .unwrap();
    platform.list(None).await.unwrap();
    let [sign_in, list] = script.seen().try_into().unwrap();
    assert_eq!(sign_in.line, SIGN_IN);
    assert_eq!(
        sign_in.body,
        Some(json!({"email": OWN, "password": "correct horse"}))
    );
    assert_eq!(sign_in.header("accept"), Some("application/json"));
    assert_eq!(
        sign_in.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(list.line, format!("{LIST}1"));
    let mut names: Vec<&str> = list.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "access-token", "client", "uid"]);
    let shown = format!("{platform:?} {list:?}");
    for secret in ["A1", "correct horse", "\"c1\""] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_kept_session_is_used_without_signing_in() {
    let keep = Arc::new(InMemory::default());
    let script = Script::of([Reply::ok("").token("c1", "A1", 0), nobody()]);
    let first = connect_with(wiring(&script), keep.clone()).await.unwrap();
    drop(first);
    let second = connect_with(wiring(&script), keep).await.unwrap();
    second.list(None).await.unwrap();
    assert_eq!(script.lines(), [SIGN_IN.to_owned(), format!("{LIST}1")]);
    assert_eq!(tokens(&script), ["-", "A1"]);
}

#[tokio::test(start_paused = true)]
async fn a_kept_session_does_not_hide_that_the_password_is_another_one() {
    let keep = Arc::new(InMemory::default());
    let script = Script::of([
        Reply::ok("").token("c1", "A1", 0),
        Reply::new(401, r#"{"success": false, "errors": ["…"]}"#),
        nobody(),
    ]);
    connect_with(wiring(&script), keep.clone()).await.unwrap();
    let kept = keep.load().await.unwrap().unwrap();
    assert!(!kept.expose_secret().contains("correct horse"));
    let wrong = connect_by(wiring(&script), keep.clone(), "wrong horse").await;
    assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Unauthenticated);
    // Whoever still has the right one goes on with what was kept.
    let platform = connect_with(wiring(&script), keep).await.unwrap();
    platform.list(None).await.unwrap();
    assert_eq!(tokens(&script), ["-", "-", "A1"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_was_kept_without_a_trace_of_the_password_is_opened_anew_once() {
    let keep = Arc::new(InMemory::default());
    let before = json!({
        "base": "https://calls.example.test/", "email": OWN, "token": "A1", "client": "c1", "uid": OWN,
        "expiry": 1_209_600, "own": "e-9"
    });
    keep.store(&before.to_string().into()).await.unwrap();
    let script = Script::of([Reply::ok("").token("c2", "B1", 20), nobody()]);
    connect_with(wiring(&script), keep.clone()).await.unwrap();
    let platform = connect_with(wiring(&script), keep).await.unwrap();
    platform.list(None).await.unwrap();
    assert_eq!(tokens(&script), ["-", "B1"]);
    let standing = platform.whoami().await.unwrap();
    assert_eq!(standing.own.unwrap().id.as_str(), "e-9", "it is still ours");
}

#[tokio::test(start_paused = true)]
async fn a_refused_sign_in_does_not_repeat_the_password() {
    let refusal = json!({"errors": [{"code": "silent-swamp", "fields": {"silent-swamp": []}}]});
    let script = Script::of([Reply::new(422, refusal).with("x-request-id", "silent-swamp")]);
    let keep = Arc::new(InMemory::default());
    let refused = connect_by(wiring(&script), keep, "silent-swamp").await;
    let printed = format!("{:?}", refused.unwrap_err());
    assert!(!printed.contains("swamp"), "{printed}");
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_a_sign_in_shows_the_clock_of_the_platform() {
    let id = "6c1b7d0e-3b1e-4c39-9a55-0d1f5c2a7e01";
    let script = Script::of([Reply::ok(json!({"data": {"id": id}}))
        .token("c1", "A1", 0)
        .with("date", "Thu, 01 Jan 1970 00:02:00 GMT")]);
    let platform = connect_with(wiring(&script), Arc::new(InMemory::default()))
        .await
        .unwrap();
    let standing = platform.whoami().await.unwrap();
    assert_eq!(script.lines(), [SIGN_IN]);
    assert_eq!(standing.clock_ahead_ms, Some(120_000));
}

#[tokio::test(start_paused = true)]
async fn a_kept_session_that_the_platform_forgot_heals() {
    let keep = Arc::new(InMemory::default());
    let script = Script::of([
        Reply::ok("").token("c1", "A1", 0),
        Reply::new(401, r#"{"errors": ["…"]}"#),
        Reply::ok("").token("c2", "B1", 0),
        nobody(),
    ]);
    connect_with(wiring(&script), keep.clone()).await.unwrap();
    let platform = connect_with(wiring(&script), keep.clone()).await.unwrap();
    platform.list(None).await.unwrap();
    assert_eq!(tokens(&script), ["-", "A1", "-", "B1"]);
    assert_eq!(kept_token(&keep).await, "B1");
}

#[tokio::test(start_paused = true)]
async fn a_second_401_is_the_operators_to_mend() {
    let script = Script::of([
        Reply::ok("").token("c1", "A1", 0),
        Reply::new(401, ""),
        Reply::ok("").token("c2", "B1", 0),
        Reply::new(401, "<html>"),
    ]);
    let platform = connect_with(wiring(&script), Arc::new(InMemory::default()))
        .await
        .unwrap();
    let error = platform.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(script.lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_not_tried_again() {
    let script = Script::of([
        Reply::ok("").token("c1", "A1", 0),
        Reply::new(401, ""),
        Reply::new(401, r#"{"success": false, "errors": ["…"]}"#),
        Reply::new(401, ""),
    ]);
    let platform = connect_with(wiring(&script), Arc::new(InMemory::default()))
        .await
        .unwrap();
    for _ in 0..2 {
        let error = platform.list(None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        assert_eq!(error.effect(), Effect::None);
    }
    let sign_ins = script
        .lines()
        .iter()
        .filter(|line| *line == SIGN_IN)
        .count();
    assert_eq!(sign_ins, 2, "once to open the session, once to renew it");
}

#[tokio::test(start_paused = true)]
async fn signing_in_pauses_longer_each_time_and_gives_up_in_time() {
    let script = Script::of([
        Reply::new(503, "<html>"),
        Reply::lost(),
        Reply::ok("").token("c1", "A1", 0),
    ]);
    let begun = tokio::time::Instant::now();
    connect_with(wiring(&script), Arc::new(InMemory::default()))
        .await
        .unwrap();
    assert_eq!(begun.elapsed().as_secs(), 3, "a second, then two");

    let silent = Script::of((0..9).map(|_| Reply::new(502, "<html>")));
    let error = connect_with(wiring(&silent), Arc::new(InMemory::default()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        silent.lines().len(),
        3,
        "the fourth would come after five seconds"
    );
    assert_eq!(error.retry_after_ms(), Some(4_000));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_changes_is_used_and_kept_and_a_blank_one_is_not() {
    let keep = Arc::new(InMemory::default());
    let script = Script::of([
        Reply::ok("").token("c1", "A1", 0),
        nobody().token("c1", "A2", 20),
        nobody()
            .with("access-token", " ")
            .with("client", "c1")
            .with("expiry", " "),
        // Overtaken on its way.
        nobody().token("c1", "A1", 0),
        nobody(),
    ]);
    let platform = connect_with(wiring(&script), keep.clone()).await.unwrap();
    for _ in 0..4 {
        platform.list(None).await.unwrap();
    }
    assert_eq!(tokens(&script), ["-", "A1", "A2", "A2", "A2"]);
    assert_eq!(kept_token(&keep).await, "A2");
}

#[tokio::test(start_paused = true)]
async fn what_another_process_kept_is_used_after_a_401_and_never_replaced_by_older() {
    let keep = Arc::new(InMemory::default());
    let ours = Script::of([Reply::ok("").token("c1", "A1", 0)]);
    let platform = connect_with(wiring(&ours), keep.clone()).await.unwrap();
    let theirs = Script::of([nobody().token("c1", "A3", 40)]);
    let other = connect_with(wiring(&theirs), keep.clone()).await.unwrap();
    other.list(None).await.unwrap();

    ours.then([
        nobody().token("c1", "A2", 20),
        Reply::new(401, ""),
        nobody(),
    ]);
    platform.list(None).await.unwrap();
    assert_eq!(kept_token(&keep).await, "A3", "the later one stays");
    platform.list(None).await.unwrap();
    assert_eq!(tokens(&ours), ["-", "A1", "A2", "A3"]);
}

#[tokio::test(start_paused = true)]
async fn what_another_process_kept_may_be_dead_too_and_then_we_sign_in_once() {
    let keep = Arc::new(InMemory::default());
    let ours = Script::of([Reply::ok("").token("c1", "A1", 0)]);
    let platform = connect_with(wiring(&ours), keep.clone()).await.unwrap();
    let theirs = Script::of([nobody().token("c1", "A2", 20)]);
    let other = connect_with(wiring(&theirs), keep.clone()).await.unwrap();
    other.list(None).await.unwrap();

    ours.then([
        Reply::new(401, ""),
        Reply::new(401, ""),
        Reply::ok("").token("c2", "B1", 40),
        nobody(),
        nobody(),
    ]);
    for _ in 0..2 {
        platform.list(None).await.unwrap();
    }
    assert_eq!(tokens(&ours), ["-", "A1", "A2", "-", "B1", "B1"]);
    assert_eq!(kept_token(&keep).await, "B1");
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_refused_as_soon_as_it_is_opened_is_not_opened_again() {
    let keep = Arc::new(InMemory::default());
    let ours = Script::of([Reply::ok("").token("c1", "A1", 0)]);
    let platform = connect_with(wiring(&ours), keep.clone()).await.unwrap();
    let theirs = Script::of([nobody().token("c1", "A2", 20)]);
    let other = connect_with(wiring(&theirs), keep.clone()).await.unwrap();
    other.list(None).await.unwrap();

    ours.then([
        Reply::new(401, ""),
        Reply::new(401, ""),
        Reply::ok("").token("c2", "B1", 40),
        Reply::new(401, ""),
    ]);
    let error = platform.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(tokens(&ours), ["-", "A1", "A2", "-", "B1"]);
}

#[tokio::test(start_paused = true)]
async fn whoami_is_found_by_its_own_email() {
    let own = crate::script::record("e-9", &json!({"email": "SVC@example.test"}));
    let other = crate::script::record("e-8", &json!({"email": "svc@example.test.ru"}));
    let (platform, script) = crate::script::connected([Reply::ok(listing(&[other, own]))]).await;
    let standing = platform.whoami().await.unwrap();
    assert_eq!(
        script.lines(),
        [format!("{LIST}1&search=svc%40example.test")]
    );
    let at = standing.own.unwrap();
    assert_eq!(at.id.as_str(), "e-9");
    assert_eq!(
        at.keys,
        [MatchKey::Email(kadry_core::Email::of_record(OWN))]
    );
    assert_eq!(standing.tenant, "calls.example.test/e-9");
}
