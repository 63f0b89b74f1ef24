use std::time::Duration;

use http::StatusCode;
use kadry_emulator::Options;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::{PROFILE, START_MS, TAGS, World};

#[tokio::test(start_paused = true)]
async fn log_names_each_request_in_order() {
    let world = World::new();
    world.get(PROFILE).await;
    tokio::time::advance(Duration::from_millis(250)).await;
    world.get(&format!("{TAGS}?names%5B%5D=x&page=2")).await;
    let log = serde_json::to_value(world.emulator.log()).unwrap();
    assert_eq!(
        log,
        json!([
            { "seq": 1, "at_ms": START_MS, "platform": "pachca", "method": "GET", "path": PROFILE,
              "query": "", "status": 200, "violation": null },
            { "seq": 2, "at_ms": START_MS + 250, "platform": "pachca", "method": "GET", "path": TAGS,
              "query": "names%5B%5D=x&page=2", "status": 200,
              "violation": "unknown query parameter `page`" },
        ])
    );
}

#[tokio::test]
async fn control_and_unknown_places_are_not_logged() {
    let world = World::new();
    world.get("/_emulator/state").await;
    assert_eq!(world.get("/nowhere").await.status, StatusCode::NOT_FOUND);
    assert!(world.emulator.log().is_empty());
}

#[tokio::test]
async fn undocumented_request_is_noted_and_refused_only_when_strict() {
    let body = json!({ "group_tag": { "name": "Новый", "colour": "red" } });
    let faithful = World::new();
    let reply = faithful.ask("POST", TAGS, Some(body.clone())).await;
    assert_eq!(reply.status, StatusCode::CREATED);

    let strict = World::of(Options {
        strict: true,
        ..Options::default()
    });
    let reply = strict.ask("POST", TAGS, Some(body)).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(
        reply.text.contains("unknown member `colour`"),
        "{}",
        reply.text
    );
    assert!(!strict.has_tag("Новый"));
    for world in [faithful, strict] {
        let violation = world.emulator.log()[0].violation.clone();
        assert_eq!(violation.unwrap(), "unknown member `colour` in `group_tag`");
    }
}

#[tokio::test(start_paused = true)]
async fn latency_is_added_to_each_answer() {
    let world = World::of(Options {
        latency_ms: 80,
        ..Options::default()
    });
    let start = Instant::now();
    world.get(PROFILE).await;
    assert_eq!(start.elapsed(), Duration::from_millis(80));
    let start = Instant::now();
    world.get("/_emulator/log").await;
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn limits_can_be_turned_off() {
    let count = async |limits| {
        let world = World::of(Options {
            limits,
            ..Options::default()
        });
        let mut refused = 0;
        for _ in 0..60 {
            let status = world.get(PROFILE).await.status;
            refused += u32::from(status == StatusCode::TOO_MANY_REQUESTS);
        }
        refused
    };
    assert_eq!(count(true).await, 10);
    assert_eq!(count(false).await, 0);
}

#[tokio::test(start_paused = true)]
async fn worlds_of_one_seed_are_the_same() {
    let state = |seed| {
        let options = Options {
            seed,
            ..Options::default()
        };
        World::of(options).emulator.state()
    };
    assert!(state(1) == state(1));
    assert!(state(1) != state(2));
}

#[tokio::test]
async fn settings_are_toml_with_the_exports_after_it() {
    let world = World::new();
    let text = world.emulator.settings("http://127.0.0.1:8100/");
    let table: toml::Table = text.parse().unwrap();
    let json: Value = serde_json::to_value(&table).unwrap();
    assert!(text.starts_with("organisation = \"emulated\"\n"));
    assert_eq!(
        json["providers"]["messenger"],
        json!({ "kind": "pachca", "base_url": "http://127.0.0.1:8100/pachca/api/shared/v1",
            "token": { "env": "PACHCA_TOKEN" } })
    );
    assert_eq!(
        json["roles"]["accountant"]["messenger"]["chats"],
        json!(["Общий"])
    );
    for (name, value) in world.emulator.exports() {
        assert!(text.contains(&format!("\n# export {name}='{value}'\n")));
    }
}

#[tokio::test]
async fn names_of_the_example_role_exist_on_every_platform() {
    let state = World::new().emulator.state();
    let has = |platform: &str, kind: &str, wanted: &str| {
        let records = state[platform][kind].as_array().unwrap();
        let named = |record: &Value| ["name", "Name"].iter().any(|key| record[key] == wanted);
        assert!(records.iter().any(named), "{platform} {kind} {wanted}");
    };
    has("pachca", "tags", "Бухгалтерия");
    has("pachca", "chats", "Общий");
    has("dealapp", "units", "Бухгалтерия");
    has("dealapp", "roles", "Оператор");
    has("diadoc", "departments", "Бухгалтерия");
}
