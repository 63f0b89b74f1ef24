//! Reading employees.

use kadry_core::{
    Cursor, Email, EmployeeRef, ErrorKind, Grant, KindName, MatchKey, RemoteId, seek,
};
use serde_json::json;

use crate::script::{LIST, Reply, SENIOR, connected, connected_with_levels, listing, page, record};

fn ids(people: &[kadry_core::Employee]) -> Vec<&str> {
    people
        .iter()
        .map(|employee| employee.at.id.as_str())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn everybody_is_listed_in_the_order_of_their_making_with_their_grants() {
    let rows = [
        record("a", &json!({})),
        record("b", &json!({"active": false})),
    ];
    let (platform, script) = connected([Reply::ok(listing(&rows))]).await;
    let people = platform.list(None).await.unwrap();
    assert_eq!((ids(&people.items), people.next), (vec!["a", "b"], None));
    assert_eq!(script.lines(), [format!("{LIST}1")]);
    assert_eq!(
        people.items[0].granted(&KindName::UNIT),
        Some([Grant::with_id(KindName::UNIT, "u-1", "Первая линия")].as_slice())
    );
}

#[tokio::test(start_paused = true)]
async fn a_cursor_of_somebody_else_sends_nothing() {
    let (platform, script) = connected([]).await;
    let error = platform.list(Some(&Cursor::new("x"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(script.lines().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_email_is_searched_for_and_matched_exactly() {
    let rows = [
        record("a", &json!({"email": "mvera@example.test"})),
        record("b", &json!({"email": "Vera@Example.test", "active": false})),
    ];
    let (platform, script) = connected([Reply::ok(listing(&rows))]).await;
    let key = MatchKey::Email(Email::of_record("vera@example.test"));
    let found = platform.find(&key, None).await.unwrap();
    assert_eq!(ids(&found.items), ["b"]);
    assert_eq!(
        script.lines(),
        [format!("{LIST}1&search=vera%40example.test")]
    );
}

#[tokio::test(start_paused = true)]
async fn an_email_that_the_search_does_not_show_is_looked_for_among_all_by_whoever_needs_proof() {
    // A search that minds the case.
    let searched = || {
        Reply::ok(listing(&[record(
            "a",
            &json!({"email": "mvera@example.test"}),
        )]))
    };
    let vera = record("b", &json!({"email": "Vera@Example.test", "active": false}));
    let key = MatchKey::Email(Email::of_record("vera@example.test"));
    let search = || format!("{LIST}1&search=vera%40example.test");

    let (platform, script) = connected([searched()]).await;
    let found = platform.find(&key, None).await.unwrap();
    assert_eq!((found.items, found.next), (Vec::new(), None));
    assert_eq!(script.lines(), [search()]);

    let everybody = Reply::ok(listing(&[record("a", &json!({})), vera]));
    let (platform, script) = connected([searched(), everybody]).await;
    let sighting = seek(platform.as_ref(), &[key]).await.unwrap();
    assert_eq!(ids(&sighting.matches), ["b"]);
    assert_eq!(script.lines(), [search(), format!("{LIST}1")]);
}

#[tokio::test(start_paused = true)]
async fn an_external_id_is_looked_for_on_every_page_and_matched_by_case() {
    let uid = |id: &str, uid: &str| record(id, &json!({"integration-uid": uid}));
    let (platform, script) = connected([
        Reply::ok(page(&[uid("a", "HR-1")], 1, 2, 2)),
        Reply::ok(page(&[uid("b", "hr-1")], 2, 2, 2)),
    ])
    .await;
    let key = MatchKey::ExternalId("hr-1".to_owned());
    let found = platform.find(&key, None).await.unwrap();
    assert_eq!((ids(&found.items), found.next), (vec!["b"], None));
    assert_eq!(script.lines(), [format!("{LIST}1"), format!("{LIST}2")]);
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_is_looked_for_by_both_keys_in_one_reading_of_everybody() {
    let (platform, script) = connected([
        Reply::ok(page(&[record("a", &json!({}))], 1, 2, 2)),
        Reply::ok(page(&[record("b", &json!({}))], 2, 2, 2)),
    ])
    .await;
    let keys = [
        MatchKey::ExternalId("hr-1".to_owned()),
        MatchKey::Email(Email::of_record("vera@example.test")),
    ];
    let sighting = seek(platform.as_ref(), &keys).await.unwrap();
    assert_eq!(ids(&sighting.matches), Vec::<&str>::new());
    assert_eq!(ids(&sighting.everybody.unwrap()), ["a", "b"]);
    assert_eq!(script.lines(), [format!("{LIST}1"), format!("{LIST}2")]);
}

#[tokio::test(start_paused = true)]
async fn a_level_has_the_name_that_the_settings_give_it_and_else_its_id() {
    let mut vera = record("a", &json!({}));
    vera["relationships"]["level"]["data"] = json!({"id": SENIOR, "type": "levels"});
    let answer = || Reply::ok(listing(std::slice::from_ref(&vera)));
    let (named, _) = connected_with_levels([answer()]).await;
    let (nameless, _) = connected([answer()]).await;
    for (platform, name) in [(named, "Старший"), (nameless, SENIOR)] {
        let people = platform.list(None).await.unwrap();
        let level = Grant::with_id(KindName::LEVEL, SENIOR, name);
        assert_eq!(
            people.items[0].granted(&KindName::LEVEL),
            Some([level].as_slice())
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_whose_email_was_changed_is_still_found_by_its_id() {
    let who = EmployeeRef {
        id: RemoteId::new("a"),
        settled: true,
        keys: vec![MatchKey::Email(Email::of_record("old@example.test"))],
    };
    let stranger = record("z", &json!({"email": "old@example.test"}));
    let (platform, script) = connected([
        Reply::ok(listing(std::slice::from_ref(&stranger))),
        Reply::ok(listing(&[stranger, record("a", &json!({}))])),
    ])
    .await;
    let found = platform.get(&who).await.unwrap().unwrap();
    assert_eq!(found.at.id, who.id);
    assert_eq!(
        script.lines(),
        [
            format!("{LIST}1&search=old%40example.test"),
            format!("{LIST}1")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_nowhere_is_none() {
    let who = EmployeeRef {
        id: RemoteId::new("a"),
        settled: true,
        keys: Vec::new(),
    };
    let (platform, _) = connected([Reply::ok(listing(&[record("b", &json!({}))]))]).await;
    assert_eq!(platform.get(&who).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_data_is_not_taken_for_nobody() {
    let (platform, _) = connected([Reply::ok("<html>")]).await;
    let error = platform.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}
