//! Keeping a refresh token alive, and knowing when it ends.

use std::time::Duration;

use kadry_http::{InMemory, Keep as _};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::script::{NOW_MS, Reply, Script, Spy, administrator, grant, page};
use crate::session::{DAY_MS, ME, TOKEN, count, reason};

const HOUR_S: u64 = 60 * 60;

/// A platform whose access tokens live for so many days, and whose refresh tokens change or stay.
fn long_lived(days: u64, refresh: fn(usize) -> String) -> Script {
    Script::bare(move |seen, nth| match seen.what.as_str() {
        TOKEN => {
            let mut grant = grant(&format!("access-{nth}"), &refresh(nth));
            grant["expires_in"] = json!(days * 24 * HOUR_S);
            Reply::Json(grant)
        }
        ME => Reply::Json(administrator()),
        _ => page(0, &[]),
    })
}

fn expiry_after_days(days: i64) -> Option<i64> {
    Some(NOW_MS + days * DAY_MS)
}

#[tokio::test(start_paused = true)]
async fn whoever_only_looks_in_once_a_week_keeps_the_refresh_token_alive() {
    let script = long_lived(20, |nth| format!("refresh-{nth}"));
    let keep = InMemory::default();
    for week in 0..8 {
        let provider = script.connect_keeping(keep.clone(), "seed").await.unwrap();
        assert_eq!(count(&script, TOKEN), week + 1);
        let standing = provider.whoami().await.unwrap();
        let days = 7 * i64::try_from(week).unwrap() + 30;
        assert_eq!(standing.expires_at_ms, expiry_after_days(days));
        tokio::time::sleep(Duration::from_secs(7 * 24 * HOUR_S)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_renewed_within_a_day_is_left_alone() {
    let script = long_lived(20, |_| "seed".to_owned());
    let keep = InMemory::default();
    for (wait_s, renewals) in [(0, 1), (24 * HOUR_S - 1, 1), (1, 2), (24 * HOUR_S - 1, 2)] {
        tokio::time::sleep(Duration::from_secs(wait_s)).await;
        script.connect_keeping(keep.clone(), "seed").await.unwrap();
        assert_eq!(count(&script, TOKEN), renewals);
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_kept_by_an_earlier_version_are_renewed_at_the_next_look() {
    let script = long_lived(20, |_| "seed".to_owned());
    let spy = Spy::default();
    script.connect_keeping(spy.clone(), "seed").await.unwrap();
    let kept = spy.load().await.unwrap().unwrap();
    let mut kept: Value = serde_json::from_str(kept.expose_secret()).unwrap();
    for unknown in ["renewed_ms", "seed_since_ms"] {
        assert!(kept.as_object_mut().unwrap().remove(unknown).is_some());
    }
    let keep = InMemory::holding(kept.to_string().into());
    let provider = script.connect_keeping(keep, "seed").await.unwrap();
    assert_eq!(count(&script, TOKEN), 2);
    let standing = provider.whoami().await.unwrap();
    assert_eq!(standing.expires_at_ms, expiry_after_days(30));
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_service_that_is_down_keeps_nobody_out_while_an_access_token_serves() {
    let script = Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN if nth == 0 => {
            let mut grant = grant("access", "seed");
            grant["expires_in"] = json!(20 * 24 * HOUR_S);
            Reply::Json(grant)
        }
        TOKEN if nth == 1 => Reply::Status(503, ""),
        TOKEN => Reply::Status(400, r#"{"error":"invalid_grant"}"#),
        ME => Reply::Json(administrator()),
        _ => page(0, &[]),
    });
    let keep = InMemory::default();
    script.connect_keeping(keep.clone(), "seed").await.unwrap();
    tokio::time::sleep(Duration::from_secs(2 * 24 * HOUR_S)).await;
    let provider = script.connect_keeping(keep.clone(), "seed").await.unwrap();
    let standing = provider.whoami().await.unwrap();
    assert_eq!(standing.expires_at_ms, expiry_after_days(30));
    // A sign-in that has ended is said at once, and not when the last access token ends.
    let ended = script.connect_keeping(keep, "seed").await.unwrap_err();
    assert_eq!(reason(&ended), Some("sign-in-again"));
}

#[tokio::test(start_paused = true)]
async fn a_seed_that_is_used_again_is_as_old_as_it_is() {
    let script = Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN if nth == 0 => Reply::Json(grant("access-0", "refresh-0")),
        TOKEN if seen.body.ends_with("&refresh_token=seed") => {
            Reply::Json(grant("access-again", "seed"))
        }
        TOKEN => Reply::Status(400, r#"{"error":"invalid_grant"}"#),
        ME => Reply::Json(administrator()),
        _ => page(0, &[]),
    });
    let keep = InMemory::default();
    script.connect_keeping(keep.clone(), "seed").await.unwrap();
    tokio::time::sleep(Duration::from_secs(10 * 24 * HOUR_S)).await;
    let provider = script.connect_keeping(keep, "seed").await.unwrap();
    let standing = provider.whoami().await.unwrap();
    assert_eq!(standing.expires_at_ms, expiry_after_days(30));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_serves_is_not_kept_waiting_by_whoever_renews_it() {
    let script = long_lived(20, |_| "seed".to_owned());
    let keep = InMemory::default();
    script.connect_keeping(keep.clone(), "seed").await.unwrap();
    let _busy = keep.lock().await.unwrap();
    let whom = [kadry_core::MatchKey::Email(
        "anna@example.test".parse().unwrap(),
    )];
    let provider = script.connect_for(&whom, keep, "seed").await.unwrap();
    provider.list(None).await.unwrap();
    assert_eq!(count(&script, TOKEN), 1);
}
