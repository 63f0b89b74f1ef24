//! Signing in, and what the session headers are worth.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kadry_emulator::Options;
use kadry_emulator::dealapp::habits::Habits;
use serde_json::{Value, json};
use tokio::time::advance;

use crate::support::{Caller, NOON_MS, ROLES, SERVICE, UNITS, USERS, options};

#[tokio::test]
async fn sign_in_hands_over_the_session_in_headers() {
    let caller = Caller::stranger(options());
    let answer = caller
        .sign_in("  SVC@Example.Test ", &caller.password())
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-token").len(), 22);
    assert_eq!(answer.header("client").len(), 22);
    assert_eq!(answer.header("uid"), SERVICE);
    assert_eq!(answer.header("token-type"), "Bearer");
    assert_eq!(
        answer.header("expiry"),
        (NOON_MS / 1_000 + 14 * 86_400).to_string()
    );
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert!(answer.headers.get("set-cookie").is_none());
    let bearer = STANDARD
        .decode(
            answer
                .header("authorization")
                .strip_prefix("Bearer ")
                .unwrap(),
        )
        .unwrap();
    let bearer: Value = serde_json::from_slice(&bearer).unwrap();
    for name in ["access-token", "client", "uid", "expiry", "token-type"] {
        assert_eq!(bearer[name], answer.header(name));
    }
    assert_eq!(caller.violation(), None);
}

#[tokio::test]
async fn wrong_credentials_are_refused_with_plain_strings() {
    let caller = Caller::stranger(options());
    for (email, password) in [
        (SERVICE, "wrong"),
        ("nobody@example.test", "wrong"),
        (SERVICE, ""),
    ] {
        let answer = caller.sign_in(email, password).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.body["success"], false);
        assert!(answer.body["errors"][0].is_string());
        assert!(answer.headers.get("access-token").is_none());
    }
}

#[tokio::test]
async fn inactive_users_and_users_without_a_password_cannot_sign_in() {
    let caller = Caller::stranger(options());
    caller.seed(&json!({ "users": [
        { "email": "gone@example.test", "active": false, "password": "correct horse" },
        { "email": "silent@example.test" },
    ] }));
    assert_eq!(
        caller
            .sign_in("gone@example.test", "correct horse")
            .await
            .status,
        401
    );
    assert_eq!(caller.sign_in("silent@example.test", "").await.status, 401);
}

#[tokio::test]
async fn every_api_call_needs_all_three_headers() {
    let caller = Caller::signed_in().await;
    for path in [USERS, UNITS, ROLES] {
        for missing in ["access-token", "client", "uid"] {
            let headers: Vec<_> = caller
                .headers()
                .into_iter()
                .filter(|(name, _)| *name != missing)
                .collect();
            let answer = caller.raw("GET", path, &headers, String::new()).await;
            assert_eq!(answer.status, 401);
            assert!(answer.body["errors"][0].is_string());
            assert!(answer.body.get("success").is_none());
            assert!(answer.headers.get("client").is_none());
        }
    }
    assert_eq!(caller.get(USERS).await.status, 200);
}

#[tokio::test]
async fn the_bearer_header_alone_is_accepted() {
    let caller = Caller::stranger(options());
    let session = caller.sign_in(SERVICE, &caller.password()).await;
    let bearer = [("authorization", session.header("authorization"))];
    assert_eq!(
        caller
            .raw("GET", ROLES, &bearer, String::new())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn answers_inside_the_window_have_a_blank_token() {
    let caller = Caller::signed_in().await;
    let answer = caller.get(ROLES).await;
    assert_eq!(answer.headers["access-token"], " ");
    assert_eq!(answer.headers["expiry"], " ");
    assert_eq!(answer.header("client"), caller.session[1].1);
    assert_eq!(answer.header("uid"), SERVICE);
    let refused = caller.put(&format!("{USERS}/nobody"), &json!({})).await;
    assert_eq!(refused.status, 404);
    assert_eq!(refused.headers["access-token"], " ");
}

/// The stale token of the test vector, over the routes: batch, rotation, batch, rotation, last, refused.
#[tokio::test(start_paused = true)]
async fn a_stale_token_lives_through_two_rotations() {
    let caller = Caller::signed_in().await;
    let mut second = 0;
    for (at, blank) in [
        (2, true),
        (6, true),
        (20, false),
        (21, true),
        (40, false),
        (43, true),
    ] {
        advance(Duration::from_secs(at - second)).await;
        second = at;
        let answer = caller.get(ROLES).await;
        assert_eq!(answer.status, 200, "at {at}");
        assert_eq!(answer.headers["access-token"] == " ", blank, "at {at}");
    }
    advance(Duration::from_secs(60 - second)).await;
    let refused = caller.get(ROLES).await;
    assert_eq!(refused.status, 401);
    assert!(refused.headers.get("uid").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_after_a_fortnight() {
    let caller = Caller::with(Options {
        dealapp_rotation: false,
        ..options()
    })
    .await;
    advance(Duration::from_secs(14 * 86_400 - 1)).await;
    assert_eq!(caller.get(ROLES).await.status, 200);
    advance(Duration::from_secs(1)).await;
    assert_eq!(caller.get(ROLES).await.status, 401);
}

#[tokio::test]
async fn unbatch_rotates_at_once_and_is_undocumented() {
    let mut caller = Caller::signed_in().await;
    let first = caller.session.clone();
    let answer = caller.get(&format!("{ROLES}?unbatch=1")).await;
    assert!(caller.violation().unwrap().contains("unbatch"));
    assert_eq!(answer.header("access-token").len(), 22);
    assert_ne!(answer.header("access-token"), first[0].1);
    assert_eq!(
        caller.get(ROLES).await.status,
        200,
        "the token before is still accepted"
    );
    caller.adopt(&answer);
    assert_eq!(caller.get(ROLES).await.status, 200);
}

#[tokio::test]
async fn each_answer_may_bring_a_new_token() {
    let mut caller = Caller::with(Options {
        dealapp: Habits {
            shared_tokens: false,
            ..Habits::default()
        },
        ..options()
    })
    .await;
    let first = caller.get(UNITS).await;
    assert_ne!(first.header("access-token").trim(), "");
    let lost = caller.get(UNITS).await;
    assert_eq!(lost.status, 200, "the token before the last is still good");
    assert_eq!(caller.get(UNITS).await.status, 401);
    caller.adopt(&lost);
    assert_eq!(caller.get(UNITS).await.status, 200);
}

#[tokio::test]
async fn sessions_can_be_ended_behind_the_callers_back() {
    let caller = Caller::signed_in().await;
    assert_eq!(caller.get(UNITS).await.status, 200);
    caller.seed(&json!({ "expire_sessions": true }));
    assert_eq!(caller.get(UNITS).await.status, 401);
}

#[tokio::test]
async fn without_rotation_answers_repeat_the_token() {
    let caller = Caller::with(Options {
        dealapp_rotation: false,
        ..options()
    })
    .await;
    for _ in 0..3 {
        let answer = caller.get(ROLES).await;
        assert_eq!(answer.header("access-token"), caller.session[0].1);
        assert_eq!(
            answer.header("expiry"),
            (NOON_MS / 1_000 + 14 * 86_400).to_string()
        );
    }
}

#[tokio::test]
async fn the_eleventh_session_evicts_the_first() {
    let caller = Caller::signed_in().await;
    for _ in 0..9 {
        caller.sign_in(SERVICE, &caller.password()).await;
    }
    assert_eq!(caller.state()["sessions"], 10);
    assert_eq!(caller.get(ROLES).await.status, 200);
    caller.sign_in(SERVICE, &caller.password()).await;
    assert_eq!(caller.state()["sessions"], 10);
    assert_eq!(caller.get(ROLES).await.status, 401);
}

#[tokio::test]
async fn deactivation_does_not_end_issued_sessions() {
    let mut caller = Caller::signed_in().await;
    caller.seed(&json!({ "users": [
        { "email": "chief@example.test", "role": "Администратор", "password": "correct horse" },
    ] }));
    let service = caller.session.clone();
    let chief = caller.sign_in("chief@example.test", "correct horse").await;
    assert_eq!(
        caller
            .put(
                &caller.path("chief@example.test"),
                &json!({ "active": false })
            )
            .await
            .status,
        200
    );
    caller.adopt(&chief);
    assert_eq!(caller.get(USERS).await.status, 200);
    assert_eq!(
        caller
            .sign_in("chief@example.test", "correct horse")
            .await
            .status,
        401
    );
    caller.session = service;
    let again = json!({ "active": true, "password": "battery staple", "password_confirmation": "battery staple" });
    assert_eq!(
        caller
            .put(&caller.path("chief@example.test"), &again)
            .await
            .status,
        200
    );
    assert_eq!(
        caller
            .sign_in("chief@example.test", "correct horse")
            .await
            .status,
        401
    );
    assert_eq!(
        caller
            .sign_in("chief@example.test", "battery staple")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_uid_follows_the_email() {
    let mut caller = Caller::signed_in().await;
    let answer = caller
        .put(
            &caller.path(SERVICE),
            &json!({ "email": "svc2@example.test" }),
        )
        .await;
    assert_eq!(answer.header("uid"), "svc2@example.test");
    assert_eq!(caller.get(ROLES).await.status, 401);
    caller.session[2].1 = "svc2@example.test".to_owned();
    assert_eq!(caller.get(ROLES).await.status, 200);
}

#[tokio::test]
async fn a_role_without_the_right_is_refused() {
    let mut caller = Caller::stranger(options());
    caller
        .seed(&json!({ "users": [{ "email": "anna@example.test", "password": "correct horse" }] }));
    let answer = caller.sign_in("anna@example.test", "correct horse").await;
    caller.adopt(&answer);
    let answer = caller.get(USERS).await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.body["errors"][0]["status"], 403);
    assert_eq!(answer.header("uid"), "anna@example.test");
}

#[tokio::test]
async fn inferred_session_calls_work_but_are_undocumented() {
    let caller = Caller::signed_in().await;
    let valid = caller.get("/auth/validate_token").await;
    assert_eq!(
        (valid.status.as_u16(), &valid.body["success"]),
        (200, &json!(true))
    );
    assert_eq!(valid.headers["access-token"], " ");
    assert!(caller.violation().is_some());

    let out = caller
        .raw("DELETE", "/auth/sign_out", &caller.headers(), String::new())
        .await;
    assert_eq!(
        (out.status.as_u16(), &out.body),
        (200, &json!({ "success": true }))
    );
    assert!(out.headers.get("client").is_none());
    assert!(caller.violation().is_some());

    assert_eq!(caller.get(ROLES).await.status, 401);
    assert_eq!(caller.get("/auth/validate_token").await.status, 401);
    assert_eq!(
        caller
            .raw("DELETE", "/auth/sign_out", &caller.headers(), String::new())
            .await
            .status,
        404
    );
    assert_eq!(caller.get("/auth/sign_in").await.status, 405);
    assert!(caller.violation().is_some());
}

#[tokio::test]
async fn strict_mode_refuses_before_any_effect() {
    let caller = Caller::with(Options {
        strict: true,
        ..options()
    })
    .await;
    let out = caller
        .raw("DELETE", "/auth/sign_out", &caller.headers(), String::new())
        .await;
    assert_eq!(out.status, 400);
    let mut body = caller.hire("anna@example.test");
    body["phone_number"] = json!("+70000000001");
    assert_eq!(caller.post(USERS, &body).await.status, 400);
    assert_eq!(caller.get(&format!("{ROLES}?unbatch=1")).await.status, 400);
    assert_eq!(caller.user("anna@example.test"), Value::Null);
    assert_eq!(caller.get(ROLES).await.status, 200);
}

#[tokio::test]
async fn cookies_are_undocumented() {
    let caller = Caller::signed_in().await;
    let mut headers = caller.headers();
    headers.push(("cookie", "_interslice_session=x"));
    assert_eq!(
        caller
            .raw("GET", ROLES, &headers, String::new())
            .await
            .status,
        200
    );
    assert!(caller.violation().unwrap().contains("cookie"));
    let only_cookie = [("cookie", "_interslice_session=x")];
    assert_eq!(
        caller
            .raw("GET", ROLES, &only_cookie, String::new())
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn what_has_no_route_is_not_found() {
    let caller = Caller::signed_in().await;
    let user = caller.path(SERVICE);
    for (method, path) in [
        ("GET", user.as_str()),
        ("DELETE", user.as_str()),
        ("PATCH", user.as_str()),
        ("POST", ROLES),
        ("GET", "/api/v1/organization/levels"),
        ("DELETE", "/auth"),
    ] {
        let answer = caller
            .raw(method, path, &caller.headers(), String::new())
            .await;
        assert_eq!(answer.status, 404, "{method} {path}");
        assert!(caller.violation().is_some(), "{method} {path}");
        assert!(answer.headers.get("client").is_none());
    }
}
