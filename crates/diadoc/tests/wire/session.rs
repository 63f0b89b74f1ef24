use std::time::Duration;

use kadry_core::{EmployeeProvider, ErrorKind, Known, Support};
use kadry_http::{InMemory, Keep as _};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::script::{BOX, NOW_MS, Reply, Script, Spy, administrator, grant, page};

pub(crate) const TOKEN: &str = "POST identity.test/connect/token";
pub(crate) const ME: &str = "GET api.test/GetMyEmployee";
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn nobody() -> Script {
    Script::new(|_, _| page(0, &[]))
}

/// A platform whose OpenID provider gives other tokens each time, and accepts the last access token only.
fn rotating() -> Script {
    Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN => Reply::Json(grant(&format!("access-{nth}"), &format!("refresh-{nth}"))),
        ME => Reply::Json(administrator()),
        _ => page(0, &[]),
    })
}

pub(crate) fn count(script: &Script, what: &str) -> usize {
    script.log().iter().filter(|seen| seen.what == what).count()
}

pub(crate) fn reason(error: &kadry_core::Error) -> Option<&str> {
    let mut context = error.context().iter();
    let pair = context.find(|(key, _)| *key == "reason");
    pair.map(|(_, value)| value.as_str())
}

#[tokio::test(start_paused = true)]
async fn connecting_signs_in_and_looks_who_we_are() {
    let script = nobody();
    let provider = script.connect().await;
    let log = script.log();
    assert_eq!(log.len(), 2);
    assert_eq!(log[0].what, TOKEN);
    assert_eq!(
        log[0].body,
        "grant_type=refresh_token&client_id=romashka&client_secret=client+secret&refresh_token=seed"
    );
    assert_eq!(
        log[0].content_type.as_deref(),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(log[0].authorization, None);
    assert_eq!(log[1].what, ME);
    assert_eq!(log[1].query, [("boxId".to_owned(), BOX.to_owned())]);
    assert_eq!(log[1].authorization.as_deref(), Some("Bearer access-1"));
    assert_eq!(log[1].accept.as_deref(), Some("application/json"));
    assert_eq!(log[1].content_type, None);
    assert_eq!(provider.capability().create, Support::Yes);
}

#[tokio::test(start_paused = true)]
async fn our_standing_names_the_box_and_the_end_of_the_refresh_token() {
    let provider = nobody().connect().await;
    let standing = provider.whoami().await.unwrap();
    assert_eq!(standing.tenant, BOX);
    assert_eq!(standing.administrator, Known::Value(true));
    assert_eq!(standing.expires_at_ms, Some(NOW_MS + 30 * DAY_MS));
    let own = standing.own.unwrap();
    assert!(own.settled);
    assert_eq!(own.email().unwrap().as_str(), "svc@example.test");
}

#[tokio::test(start_paused = true)]
async fn somebody_who_is_no_administrator_connects_but_may_write_nothing() {
    let script = Script::bare(|seen, _| match seen.what.as_str() {
        TOKEN => Reply::Json(grant("access", "seed")),
        _ => {
            let mut own = administrator();
            own["Permissions"]["IsAdministrator"] = json!(false);
            Reply::Json(own)
        }
    });
    let provider = script.connect().await;
    assert_eq!(
        provider.capability().suspend,
        Support::no("needs-administrator")
    );
}

#[tokio::test(start_paused = true)]
async fn a_box_that_does_not_let_us_in_is_an_error_with_its_reason() {
    let blocked = || {
        let mut own = administrator();
        own["Permissions"]["AuthorizationPermission"]["IsBlocked"] = json!(true);
        Reply::Json(own)
    };
    type Answer = fn(&dyn Fn() -> Reply) -> Reply;
    let cases: [(Answer, &str); 3] = [
        (|blocked| blocked(), "blocked-ourselves"),
        (
            |_| Reply::Status(403, "Access to Box is denied"),
            "box-access-denied",
        ),
        (|_| Reply::Status(404, ""), "not-an-employee"),
    ];
    for (answer, key) in cases {
        let script = Script::bare(move |seen, _| match seen.what.as_str() {
            TOKEN => Reply::Json(grant("access", "seed")),
            _ => answer(&blocked),
        });
        let connected = script.connect_keeping(InMemory::default(), "seed").await;
        let error = connected.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert_eq!(reason(&error), Some(key));
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_command_needs_no_token_request() {
    let script = rotating();
    let keep = InMemory::default();
    for _ in 0..2 {
        script.connect_keeping(keep.clone(), "seed").await.unwrap();
    }
    assert_eq!(count(&script, TOKEN), 1);
    assert_eq!(count(&script, ME), 2);
}

#[tokio::test(start_paused = true)]
async fn a_changed_seed_wins_over_what_was_kept() {
    let script = rotating();
    let keep = InMemory::default();
    script.connect_keeping(keep.clone(), "seed").await.unwrap();
    script.connect_keeping(keep, "another").await.unwrap();
    assert!(script.log()[2].body.ends_with("&refresh_token=another"));
}

#[tokio::test(start_paused = true)]
async fn what_was_kept_and_cannot_be_read_gives_way_to_the_seed() {
    let script = rotating();
    let keep = InMemory::holding("not json".into());
    script.connect_keeping(keep.clone(), "seed").await.unwrap();
    let kept = keep.load().await.unwrap().unwrap();
    let kept: Value = serde_json::from_str(kept.expose_secret()).unwrap();
    assert_eq!(kept["refresh_token"], "refresh-0");
    assert_eq!(kept["access"]["token"], "access-0");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_ahead_of_its_end_with_the_refresh_token_that_came_last() {
    let script = rotating();
    let provider = script.connect().await;
    tokio::time::sleep(Duration::from_secs(3539)).await;
    provider.list(None).await.unwrap();
    assert_eq!(count(&script, TOKEN), 1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    provider.list(None).await.unwrap();
    let log = script.log();
    assert_eq!(log[3].what, TOKEN);
    assert!(log[3].body.ends_with("&refresh_token=refresh-0"));
    assert_eq!(log[4].authorization.as_deref(), Some("Bearer access-1"));
}

#[tokio::test(start_paused = true)]
async fn many_calls_at_once_share_one_renewal() {
    let script = rotating();
    let provider = script.connect().await;
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let provider = std::sync::Arc::clone(&provider);
        calls.spawn(async move { provider.list(None).await.map(|_| ()) });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap().unwrap();
    }
    assert_eq!(count(&script, TOKEN), 2);
}

/// A platform whose OpenID provider takes a second for an exchange and gives other tokens each time.
fn slowly_rotating() -> Script {
    Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN => {
            let granted = grant(&format!("access-{nth}"), &format!("refresh-{nth}"));
            Reply::Slow(Duration::from_secs(1), granted)
        }
        ME => Reply::Json(administrator()),
        _ => page(0, &[]),
    })
}

#[tokio::test(start_paused = true)]
async fn two_processes_that_need_a_token_at_once_exchange_the_refresh_token_once() {
    let (script, keep) = (slowly_rotating(), InMemory::default());
    let connecting = || script.connect_keeping(keep.clone(), "seed");
    let (first, second) = futures::join!(connecting(), connecting());
    let processes = [first.unwrap(), second.unwrap()];
    assert_eq!(count(&script, TOKEN), 1);

    tokio::time::sleep(Duration::from_secs(3600)).await;
    let calls = (0..20).map(|number| processes[number % 2].list(None));
    for done in futures::future::join_all(calls).await {
        done.unwrap();
    }
    let exchanges: Vec<_> = script
        .log()
        .into_iter()
        .filter(|seen| seen.what == TOKEN)
        .map(|seen| seen.body)
        .collect();
    assert_eq!(exchanges.len(), 2);
    assert!(exchanges[1].ends_with("&refresh_token=refresh-0"));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_not_accepted_is_renewed_once_and_then_believed() {
    let script = Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN => Reply::Json(grant(&format!("access-{nth}"), "seed")),
        ME => Reply::Json(administrator()),
        _ => Reply::Status(401, ""),
    });
    let provider = script.connect().await;
    let error = provider.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    let signed: Vec<_> = script
        .after_connecting()
        .into_iter()
        .map(|seen| seen.authorization)
        .collect();
    assert_eq!(
        signed,
        [
            Some("Bearer access-0".to_owned()),
            None,
            Some("Bearer access-1".to_owned())
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_that_another_process_has_renewed_meanwhile_is_used_and_not_renewed_again() {
    let script = Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN => Reply::Json(grant(&format!("access-{nth}"), &format!("refresh-{nth}"))),
        ME => Reply::Json(administrator()),
        _ if seen.authorization.as_deref() == Some("Bearer access-0") => Reply::Status(401, ""),
        _ => page(0, &[]),
    });
    let keep = InMemory::default();
    let provider = script.connect_keeping(keep.clone(), "seed").await.unwrap();
    // The other process.
    let other = script.connect_keeping(keep, "seed").await.unwrap();
    other.list(None).await.unwrap();
    assert_eq!(count(&script, TOKEN), 2);
    provider.list(None).await.unwrap();
    assert_eq!(count(&script, TOKEN), 2);
}

#[tokio::test(start_paused = true)]
async fn a_dead_refresh_token_says_what_the_operator_can_do() {
    for (status, body, kind, key) in [
        (
            400,
            r#"{"error":"invalid_grant"}"#,
            ErrorKind::Unauthenticated,
            "sign-in-again",
        ),
        (
            400,
            r#"{"error":"invalid_client","error_description":"x"}"#,
            ErrorKind::Config,
            "client-not-accepted",
        ),
        (401, "", ErrorKind::Unauthenticated, "sign-in-again"),
    ] {
        let script = Script::bare(move |_, _| Reply::Status(status, body));
        let connected = script.connect_keeping(InMemory::default(), "s3cr3t").await;
        let error = connected.unwrap_err();
        assert_eq!(count(&script, TOKEN), 1);
        assert_eq!(error.kind(), kind);
        assert_eq!(reason(&error), Some(key));
        assert!(!format!("{error:?}").contains("s3cr3t"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_exchange_repeats_neither_the_secret_of_the_client_nor_the_refresh_token() {
    for body in [
        r#"{"error":"Tikhiy.Omut"}"#,
        r#"{"error":"no client+secret, %74ikhiy.omut"}"#,
    ] {
        let script = Script::bare(move |_, _| Reply::Status(400, body));
        let connected = script
            .connect_keeping(InMemory::default(), "Tikhiy.Omut")
            .await;
        let printed = format!("{:?}", connected.unwrap_err()).to_lowercase();
        assert!(!printed.contains("omut"), "{printed}");
        assert!(!printed.contains("client+secret"), "{printed}");
    }
}

/// A platform that answers to the first exchange of the seed, refuses the token it gave, and to the seed answers as told.
fn forgetful(again: fn() -> Reply) -> Script {
    Script::bare(move |seen, nth| match seen.what.as_str() {
        TOKEN if nth == 0 => Reply::Json(grant("access-0", "refresh-0")),
        TOKEN if seen.body.ends_with("&refresh_token=seed") => again(),
        TOKEN => Reply::Status(400, r#"{"error":"invalid_grant"}"#),
        ME => Reply::Json(administrator()),
        _ => page(0, &[]),
    })
}

#[tokio::test(start_paused = true)]
async fn a_kept_refresh_token_that_is_refused_gives_way_to_the_seed() {
    let script = forgetful(|| Reply::Json(grant("access-again", "refresh-again")));
    let spy = Spy::default();
    let provider = script.connect_keeping(spy.clone(), "seed").await.unwrap();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    spy.refuse(1);
    provider.list(None).await.unwrap_err();
    provider.list(None).await.unwrap();
    let log = script.after_connecting();
    assert!(log[0].body.ends_with("&refresh_token=refresh-0"));
    assert!(log[1].body.ends_with("&refresh_token=seed"));
    // What could not be stored was not used until it was.
    assert_eq!(log[2].authorization.as_deref(), Some("Bearer access-again"));
    assert_eq!(log.len(), 3);
    assert_eq!(spy.stored(), ["refresh-0", "refresh-again"]);
}

#[tokio::test(start_paused = true)]
async fn a_seed_that_is_refused_too_is_tried_once_and_asks_for_a_new_sign_in() {
    let script = forgetful(|| Reply::Status(400, r#"{"error":"invalid_grant"}"#));
    let provider = script.connect().await;
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let error = provider.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(reason(&error), Some("sign-in-again"));
    assert_eq!(count(&script, TOKEN), 3);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_not_accepted_does_not_spend_the_seed() {
    let script = Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN if nth == 0 => Reply::Json(grant("access-0", "refresh-0")),
        TOKEN => Reply::Status(400, r#"{"error":"invalid_client"}"#),
        _ => Reply::Json(administrator()),
    });
    let provider = script.connect().await;
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let error = provider.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(count(&script, TOKEN), 2);
}

#[tokio::test(start_paused = true)]
async fn a_new_refresh_token_is_stored_before_the_access_token_is_used() {
    let spy = Spy::default();
    spy.refuse(1);
    let script = rotating();
    let refused = script.connect_keeping(spy.clone(), "seed").await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(count(&script, ME), 0);
    assert!(spy.stored().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_could_not_be_stored_is_stored_before_anything_else() {
    let script = rotating();
    let spy = Spy::default();
    let provider = script.connect_keeping(spy.clone(), "seed").await.unwrap();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    spy.refuse(1);
    provider.list(None).await.unwrap_err();
    provider.list(None).await.unwrap();
    // The second try needed no exchange: the token that was got the first time was stored and used.
    assert_eq!(count(&script, TOKEN), 2);
    assert_eq!(spy.stored(), ["refresh-0", "refresh-1"]);
    assert_eq!(
        script.log().last().unwrap().authorization.as_deref(),
        Some("Bearer access-1")
    );
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_gives_up_loses_no_refresh_token() {
    let script = Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN if nth == 0 => Reply::Json(grant("access-0", "refresh-0")),
        TOKEN => Reply::Slow(Duration::from_secs(5), grant("access-1", "refresh-1")),
        ME => Reply::Json(administrator()),
        _ => page(0, &[]),
    });
    let spy = Spy::default();
    let provider = script.connect_keeping(spy.clone(), "seed").await.unwrap();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let waited = tokio::time::timeout(Duration::from_secs(1), provider.list(None)).await;
    assert!(waited.is_err());
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(spy.stored(), ["refresh-0", "refresh-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_stays_the_same_keeps_its_end() {
    let keep = InMemory::default();
    let provider = nobody()
        .connect_keeping(keep.clone(), "seed")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis((10 * DAY_MS).unsigned_abs())).await;
    provider.list(None).await.unwrap();
    let expires = |provider: std::sync::Arc<dyn EmployeeProvider>| async move {
        provider.whoami().await.unwrap().expires_at_ms.unwrap()
    };
    assert_eq!(expires(provider.clone()).await, NOW_MS + 30 * DAY_MS);
    // One that works after its documented end evidently lives longer with every use.
    tokio::time::sleep(Duration::from_millis((25 * DAY_MS).unsigned_abs())).await;
    provider.list(None).await.unwrap();
    assert!(expires(provider).await >= NOW_MS + 65 * DAY_MS);
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_is_in_debug() {
    let provider = nobody().connect().await;
    let text = format!("{provider:?}");
    for secret in ["access-1", "client secret", "refresh"] {
        assert!(!text.contains(secret), "{text}");
    }
}
