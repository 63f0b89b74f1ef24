//! Reading employees.

use kadry_core::{Cursor, Email, EmployeeRef, ErrorKind, Grant, KindName, MatchKey, RemoteId};
use serde_json::json;

use crate::script::{LIST, Reply, connected, listing, page, record};

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
async fn an_email_that_the_search_does_not_show_is_looked_for_among_all() {
    let vera = record("b", &json!({"email": "Vera@Example.test", "active": false}));
    let (platform, script) = connected([
        // A search that minds the case.
        Reply::ok(listing(&[record(
            "a",
            &json!({"email": "mvera@example.test"}),
        )])),
        Reply::ok(listing(&[record("a", &json!({})), vera])),
    ])
    .await;
    let key = MatchKey::Email(Email::of_record("vera@example.test"));
    let found = platform.find(&key, None).await.unwrap();
    assert_eq!((ids(&found.items), found.next), (vec!["b"], None));
    assert_eq!(
        script.lines(),
        [
            format!("{LIST}1&search=vera%40example.test"),
            format!("{LIST}1")
        ]
    );
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
    let everybody = [
        Reply::ok(page(&[record("a", &json!({}))], 1, 2, 2)),
        Reply::ok(listing(&[])),
        Reply::ok(page(&[record("b", &json!({}))], 2, 2, 2)),
    ];
    let (platform, script) = connected(everybody).await;
    let email = MatchKey::Email(Email::of_record("vera@example.test"));
    let external_id = MatchKey::ExternalId("hr-1".to_owned());
    let (by_id, by_email) = tokio::join!(
        platform.find(&external_id, None),
        platform.find(&email, None)
    );
    for found in [by_id, by_email] {
        assert_eq!(ids(&found.unwrap().items), Vec::<&str>::new());
    }
    assert_eq!(
        script.lines(),
        [
            format!("{LIST}1"),
            format!("{LIST}1&search=vera%40example.test"),
            format!("{LIST}2"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_email_is_matched_among_everybody_too_while_they_are_read_for_another_key() {
    let email = MatchKey::Email(Email::of_record("vera@example.test"));
    let external_id = MatchKey::ExternalId("hr-1".to_owned());
    let known = record("a", &json!({"email": "vera@example.test"}));
    let twin = record("b", &json!({"email": "Vera@example.test"}));
    let everybody = || Reply::ok(listing(&[known.clone(), twin.clone()]));
    // A search that minds the case.
    let searched = || Reply::ok(listing(std::slice::from_ref(&known)));

    let (platform, script) = connected([everybody(), searched()]).await;
    let (_, found) = tokio::join!(
        platform.find(&external_id, None),
        platform.find(&email, None)
    );
    assert_eq!(ids(&found.unwrap().items), ["a", "b"]);
    assert_eq!(script.lines().len(), 2);

    let (platform, script) = connected([searched(), everybody()]).await;
    let (found, _) = tokio::join!(
        platform.find(&email, None),
        platform.find(&external_id, None)
    );
    assert_eq!(ids(&found.unwrap().items), ["a", "b"]);
    assert_eq!(script.lines().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_reading_of_which_a_page_came_is_not_joined() {
    let uid = |uid: &str| record("a", &json!({"integration-uid": uid}));
    let (platform, script) = connected([
        Reply::ok(page(&[uid("hr-1")], 1, 2, 2)),
        Reply::ok(page(&[record("b", &json!({}))], 2, 2, 2)),
        Reply::ok(listing(&[uid("hr-2")])),
    ])
    .await;
    let key = MatchKey::ExternalId("hr-2".to_owned());
    let later = async {
        for _ in 0..1_000 {
            if script.lines().len() == 2 {
                break;
            }
            tokio::task::yield_now().await;
        }
        platform.find(&key, None).await
    };
    let (earlier, later) = tokio::join!(platform.find(&key, None), later);
    assert_eq!(ids(&earlier.unwrap().items), Vec::<&str>::new());
    assert_eq!(ids(&later.unwrap().items), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_reading_that_is_abandoned_is_taken_over() {
    let vera = record("a", &json!({"integration-uid": "hr-1"}));
    let (platform, script) = connected([Reply::ok(listing(&[vera]))]).await;
    let key = MatchKey::ExternalId("hr-1".to_owned());
    let abandoned = async {
        tokio::select! {
            biased;
            _ = platform.find(&key, None) => {}
            () = async { while script.lines().is_empty() { tokio::task::yield_now().await } } => {}
        }
    };
    let ((), found) = tokio::join!(abandoned, platform.find(&key, None));
    assert_eq!(ids(&found.unwrap().items), ["a"]);
    assert_eq!(script.lines(), [format!("{LIST}1"), format!("{LIST}1")]);
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
