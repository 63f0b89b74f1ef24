//! Units and roles.

use kadry_core::{Definition, Effect, ErrorKind, KindName};
use serde_json::{Value, json};

use crate::script::{Reply, SENIOR, connected, connected_with_levels, single};

const UNITS: &str = "GET /api/v1/organization/units";

fn unit(id: &str, name: &str, parent: Option<&str>) -> Value {
    json!({"id": id, "type": "units", "attributes": {
        "name": name, "integration-uid": null, "parent-id": parent, "parent-integration-uid": null
    }})
}

fn tree() -> Reply {
    Reply::ok(json!({"data": [
        unit("1", "Контакт-центр", None),
        unit("2", "Первая линия", Some("1"))
    ], "meta": {"page": 1, "total-pages": 1, "total-count": 2}}))
}

fn definition(path: &[&str]) -> Definition {
    Definition {
        path: path.iter().map(|&name| name.to_owned()).collect(),
    }
}

#[tokio::test(start_paused = true)]
async fn units_have_paths_over_several_pages() {
    let page = |row: Value, page: u64| {
        Reply::ok(
            json!({"data": [row], "meta": {"page": page, "total-pages": 2, "total-count": 2}}),
        )
    };
    let (platform, script) = connected([
        page(unit("2", "Первая линия", Some("1")), 1),
        page(unit("1", "Контакт-центр", None), 2),
    ])
    .await;
    let units = platform.catalogue(&KindName::UNIT, None).await.unwrap();
    assert_eq!(units.next, None);
    assert_eq!(units.items[0].path, ["Контакт-центр", "Первая линия"]);
    assert_eq!(
        script.lines(),
        [UNITS.to_owned(), format!("{UNITS}?page%5Bnumber%5D=2")]
    );
}

#[tokio::test(start_paused = true)]
async fn a_role_is_named_by_a_path_of_one() {
    let role = json!({"id": "r-1", "type": "roles", "attributes": {"name": "Оператор"}});
    let only = json!({"data": [role], "meta": {"page": 1, "total-pages": 1, "total-count": 1}});
    let (platform, script) = connected([Reply::ok(only)]).await;
    let roles = platform.catalogue(&KindName::ROLE, None).await.unwrap();
    assert_eq!((roles.items.len(), roles.next), (1, None));
    assert_eq!(roles.items[0].path, ["Оператор"]);
    assert_eq!(script.lines(), ["GET /api/v1/organization/roles"]);
}

#[tokio::test(start_paused = true)]
async fn levels_are_never_asked_for() {
    let (platform, script) = connected([]).await;
    let error = platform
        .catalogue(&KindName::LEVEL, None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(script.lines().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn levels_that_the_settings_name_are_listed_without_asking() {
    let (platform, script) = connected_with_levels([]).await;
    let levels = platform.catalogue(&KindName::LEVEL, None).await.unwrap();
    let listed: Vec<_> = levels
        .items
        .iter()
        .map(|level| (level.id.as_str(), level.name.as_str()))
        .collect();
    assert_eq!((listed, levels.next), (vec![(SENIOR, "Старший")], None));
    assert_eq!(script.lines().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_unit_is_made_under_the_one_above_or_at_the_root() {
    let made = |id: &str, name: &str, parent| Reply::ok(single(&unit(id, name, parent)));
    let (platform, script) = connected([
        tree(),
        made("3", "Ночная смена", Some("2")),
        tree(),
        made("4", "Продажи", None),
    ])
    .await;
    let path = ["контакт-центр", "Первая  линия", "Ночная смена"];
    let below = platform
        .define(&KindName::UNIT, &definition(&path))
        .await
        .unwrap();
    assert_eq!(
        below.path,
        ["Контакт-центр", "Первая линия", "Ночная смена"]
    );
    let [_, made] = script.seen().try_into().unwrap();
    assert_eq!(made.line, "POST /api/v1/organization/units");
    assert_eq!(
        made.body,
        Some(json!({"name": "Ночная смена", "parent_id": "2"}))
    );
    let root = platform
        .define(&KindName::UNIT, &definition(&["Продажи"]))
        .await
        .unwrap();
    assert_eq!(root.id.as_str(), "4");
    assert_eq!(script.last().body, Some(json!({"name": "Продажи"})));
}

#[tokio::test(start_paused = true)]
async fn a_unit_that_exists_or_hangs_in_the_air_is_not_made() {
    let (platform, script) = connected([tree(), tree()]).await;
    for (path, kind) in [
        (["контакт-центр", "первая линия"], ErrorKind::Conflict),
        (["Продажи", "Первая линия"], ErrorKind::NotFound),
    ] {
        let error = platform
            .define(&KindName::UNIT, &definition(&path))
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, Effect::None));
    }
    assert_eq!(script.lines(), [UNITS, UNITS]);
}

#[tokio::test(start_paused = true)]
async fn a_unit_without_a_name_asks_nobody() {
    let (platform, script) = connected([]).await;
    for path in [&[][..], &["Контакт-центр", "  "]] {
        let error = platform
            .define(&KindName::UNIT, &definition(path))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
    assert_eq!(script.lines().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_unit_whose_place_was_dropped_or_changed_is_an_error_that_left_a_unit() {
    for above in [None, Some("2")] {
        let made = Reply::ok(single(&unit("3", "Ночная смена", above)));
        let (platform, _) = connected([tree(), made]).await;
        let path = ["Контакт-центр", "Ночная смена"];
        let error = platform
            .define(&KindName::UNIT, &definition(&path))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Protocol, Effect::Applied)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_unit_whose_answer_hides_the_place_is_taken_at_its_name() {
    let made = json!({"id": "3", "type": "units", "attributes": {"name": "Ночная смена"}});
    let (platform, _) = connected([tree(), Reply::ok(single(&made))]).await;
    let path = ["Контакт-центр", "Ночная смена"];
    let made = platform
        .define(&KindName::UNIT, &definition(&path))
        .await
        .unwrap();
    assert_eq!(made.path, path);
}

#[tokio::test(start_paused = true)]
async fn two_units_above_with_one_path_are_a_stop() {
    let twins = Reply::ok(json!({"data": [
        unit("1", "Контакт-центр", None),
        unit("2", "контакт-центр", None)
    ]}));
    let (platform, script) = connected([
        twins,
        // It counts nothing, so that another page is asked for.
        Reply::ok(json!({"data": []})),
    ])
    .await;
    let error = platform
        .define(
            &KindName::UNIT,
            &definition(&["Контакт-центр", "Ночная смена"]),
        )
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Conflict, Effect::None)
    );
    assert!(script.lines().iter().all(|line| line.starts_with("GET ")));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_a_new_unit_is_in_doubt_and_not_asked_for_again() {
    for reply in [Reply::lost(), Reply::new(502, "<html>")] {
        let (platform, script) = connected([tree(), reply]).await;
        let error = platform
            .define(&KindName::UNIT, &definition(&["Продажи"]))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Unavailable, Effect::Unknown)
        );
        assert!(!error.is_retryable());
        assert_eq!(script.lines().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_answer_to_a_new_unit_is_looked_up() {
    let (platform, _) = connected([
        tree(),
        Reply::new(201, ""),
        Reply::ok(json!({"data": [unit("4", "Продажи", None)], "meta": {"total-pages": 1}})),
    ])
    .await;
    let made = platform
        .define(&KindName::UNIT, &definition(&["Продажи"]))
        .await
        .unwrap();
    assert_eq!(made.id.as_str(), "4");
}
