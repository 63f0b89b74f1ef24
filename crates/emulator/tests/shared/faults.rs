use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tokio::time::{Instant, timeout};

use crate::support::{PROFILE, USERS, World};

#[tokio::test]
async fn status_before_has_no_effect_and_after_has() {
    for (effect, happened) in [("before", false), ("after", true)] {
        let world = World::new();
        world.fault(json!({
            "match": { "platform": "pachca", "method": "POST", "path": "/group_tags" },
            "do": { "status": 503, "effect": effect },
        }));
        let reply = world.create_tag("Новый").await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(reply.headers["content-type"], "text/html");
        assert_eq!(world.has_tag("Новый"), happened, "{effect}");
        assert_eq!(world.emulator.log()[0].status, Some(503));
    }
}

#[tokio::test]
async fn dropped_answer_is_marked_and_has_no_status() {
    for (drop, happened) in [("before", false), ("after", true)] {
        let world = World::new();
        world.fault(json!({ "do": { "drop": drop } }));
        let reply = world.create_tag("Новый").await;
        assert!(reply.dropped);
        assert_eq!(world.has_tag("Новый"), happened, "{drop}");
        assert_eq!(world.emulator.log()[0].status, None);
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_answer_never_comes() {
    for (effect, happened) in [("before", false), ("after", true)] {
        let world = World::new();
        world.fault(json!({ "do": { "hang": true, "effect": effect } }));
        let asked = timeout(Duration::from_secs(3_600), world.create_tag("Новый")).await;
        assert!(asked.is_err());
        assert_eq!(world.has_tag("Новый"), happened, "{effect}");
        assert_eq!(world.emulator.log()[0].status, None);
    }
}

#[tokio::test(start_paused = true)]
async fn delayed_answer_is_the_own_one() {
    let world = World::new();
    world.fault(json!({ "do": { "delay_ms": 700, "effect": "after" } }));
    let start = Instant::now();
    let asking = timeout(Duration::from_millis(699), world.create_tag("Новый"));
    assert!(asking.await.is_err());
    assert!(world.has_tag("Новый"));
    let reply = world.get(PROFILE).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(start.elapsed(), Duration::from_millis(699 + 700));
}

#[tokio::test]
async fn answer_is_as_told() {
    let world = World::new();
    world.fault(json!({ "when": { "nth": 1 },
        "do": { "status": 429, "retry_after": 7, "body": "slow down" } }));
    world.fault(json!({ "when": { "nth": 2 }, "do": { "status": 402, "body": { "errors": [] } } }));
    world.fault(json!({ "when": { "nth": 3 }, "do": { "status": 418 } }));
    let first = world.get(PROFILE).await;
    assert_eq!(first.headers["retry-after"], "7");
    assert_eq!(
        (first.status.as_u16(), first.text.as_str()),
        (429, "slow down")
    );
    let second = world.get(PROFILE).await;
    assert_eq!(
        (second.status.as_u16(), second.json()),
        (402, json!({ "errors": [] }))
    );
    let third = world.get(PROFILE).await;
    assert_eq!(
        (third.status.as_u16(), third.text.as_str()),
        (418, "418 I'm a teapot\n")
    );
    assert_eq!(world.get(PROFILE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn wait_may_be_told_as_a_date() {
    let world = World::new();
    world.fault(json!({ "do": { "status": 429, "retry_date": 90 } }));
    let reply = world.get(PROFILE).await;
    let told = reply.headers["retry-after"].to_str().unwrap();
    assert_eq!(told, "Sat, 21 Nov 2026 10:01:30 GMT");
}

#[tokio::test]
async fn cut_answer_is_carried_out_and_its_text_ends_in_the_middle() {
    let world = World::new();
    world.fault(json!({ "do": { "cut": "text" } }));
    let reply = world.create_tag("half").await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert!(reply.text.starts_with('{') && !reply.text.ends_with('}'));
    let length = reply.headers.get("content-length");
    assert!(length.is_none_or(|length| length == &reply.text.len().to_string()));
    assert!(world.has_tag("half"));
    assert_eq!(world.emulator.log()[0].status, Some(201));
}

async fn struck(world: &World, count: usize) -> Vec<usize> {
    let mut struck = Vec::new();
    for n in 1..=count {
        // Requests that do not match are not counted.
        assert_eq!(world.get(PROFILE).await.status, StatusCode::OK);
        if world.get(USERS).await.status != StatusCode::OK {
            struck.push(n);
        }
    }
    struck
}

#[tokio::test]
async fn faults_count_the_requests_that_match() {
    let fault =
        |when| json!({ "match": { "path": "*/users" }, "when": when, "do": { "status": 500 } });
    let world = World::new();
    world.fault(fault(json!({ "nth": 3 })));
    assert_eq!(struck(&world, 6).await, [3]);
    let world = World::new();
    world.fault(fault(json!({ "every": 2 })));
    assert_eq!(struck(&world, 6).await, [2, 4, 6]);

    let dice = async |seed| {
        let world = World::new();
        world.fault(fault(json!({ "probability": 0.5, "seed": seed })));
        struck(&world, 20).await
    };
    let first = dice(1).await;
    assert!(!first.is_empty() && first.len() < 20);
    assert_eq!(first, dice(1).await);
    assert_ne!(first, dice(2).await);
}

#[tokio::test]
async fn cleared_faults_are_gone() {
    let world = World::new();
    world.fault(json!({ "do": { "status": 500 } }));
    assert_eq!(world.emulator.faults().len(), 1);
    world.emulator.clear_faults();
    assert_eq!(world.get(PROFILE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn refused_violation_is_noted_even_if_the_answer_is_dropped() {
    let world = World::new();
    world.fault(json!({ "do": { "drop": "after" } }));
    world.get(&format!("{USERS}?page=1")).await;
    assert!(world.emulator.log()[0].violation.is_some());
}
