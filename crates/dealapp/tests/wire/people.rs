//! Reading employees.

use kadry_core::{
    Cursor, Email, EmployeeRef, ErrorKind, Grant, KindName, MatchKey, RemoteId, every,
};
use serde_json::json;

use crate::script::{LIST, Reply, connected, listing, record};

fn ids(people: &[kadry_core::Employee]) -> Vec<&str> {
    people
        .iter()
        .map(|employee| employee.at.id.as_str())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_list_follows_the_number_of_pages_as_it_grows() {
    let page = |id: &str, page, pages| Reply::ok(listing(&[record(id, &json!({}))], page, pages));
    let (platform, script) = connected([page("a", 1, 2), page("b", 2, 3), page("c", 3, 3)]).await;
    let people = every(|from| {
        let platform = platform.clone();
        async move { platform.list(from.as_ref()).await }
    })
    .await
    .unwrap();
    assert_eq!(ids(&people), ["a", "b", "c"]);
    assert_eq!(
        script.lines(),
        [1, 2, 3].map(|number| format!("{LIST}{number}"))
    );
    assert_eq!(
        people[0].granted(&KindName::UNIT),
        Some([Grant::with_id(KindName::UNIT, "u-1", "Первая линия")].as_slice())
    );
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_always_sends_the_first_page_ends_the_list() {
    let page = || Reply::ok(json!({"data": [record("a", &json!({}))]}));
    let (platform, script) = connected([page(), page(), page()]).await;
    let first = platform.list(None).await.unwrap();
    let second = platform.list(first.next.as_ref()).await.unwrap();
    assert_eq!((ids(&first.items), second.items.len()), (vec!["a"], 0));
    assert_eq!(second.next, None);
    assert_eq!(script.lines().len(), 2);
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
    let (platform, script) = connected([Reply::ok(listing(&rows, 1, 1))]).await;
    let key = MatchKey::Email(Email::of_record("vera@example.test"));
    let found = platform.find(&key, None).await.unwrap();
    assert_eq!(ids(&found.items), ["b"]);
    assert_eq!(
        script.lines(),
        [format!("{LIST}1&search=vera%40example.test")]
    );
}

#[tokio::test(start_paused = true)]
async fn an_external_id_is_looked_for_on_every_page_and_matched_by_case() {
    let uid = |id: &str, uid: &str| record(id, &json!({"integration-uid": uid}));
    let (platform, script) = connected([
        Reply::ok(listing(&[uid("a", "HR-1")], 1, 2)),
        Reply::ok(listing(&[uid("b", "hr-1")], 2, 2)),
    ])
    .await;
    let key = MatchKey::ExternalId("hr-1".to_owned());
    let first = platform.find(&key, None).await.unwrap();
    let second = platform.find(&key, first.next.as_ref()).await.unwrap();
    assert_eq!((ids(&first.items), ids(&second.items)), (vec![], vec!["b"]));
    assert_eq!(script.lines(), [format!("{LIST}1"), format!("{LIST}2")]);
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
        Reply::ok(listing(std::slice::from_ref(&stranger), 1, 1)),
        Reply::ok(listing(&[stranger, record("a", &json!({}))], 1, 1)),
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
    let (platform, _) = connected([Reply::ok(listing(&[record("b", &json!({}))], 1, 1))]).await;
    assert_eq!(platform.get(&who).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_data_is_not_taken_for_nobody() {
    let (platform, _) = connected([Reply::ok("<html>")]).await;
    let error = platform.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}
