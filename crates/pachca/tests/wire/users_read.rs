use kadry_core::{
    Cursor, Email, Employee, EmployeeProvider, ErrorKind, FieldName, KindName, Known, MatchKey,
    Page, Result, every, seek,
};
use serde_json::json;

use crate::script::{
    ADMINISTRATOR, Reply, employee, messenger, one, page, refusal, search_page, user,
};

fn anna() -> MatchKey {
    MatchKey::Email(Email::of_record("anna@example.test"))
}

async fn find_all(messenger: &dyn EmployeeProvider, key: &MatchKey) -> Result<Vec<Employee>> {
    every(|from: Option<Cursor>| async move { messenger.find(key, from.as_ref()).await }).await
}

fn ids(found: &[Employee]) -> Vec<&str> {
    found.iter().map(|found| found.at.id.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn everybody_is_read_page_by_page_over_an_empty_one() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(page(json!([user(2, json!({}))]), "abc", true))
        .then(page(json!([]), "def", true))
        .then(page(json!([user(3, json!({"bot": true}))]), "ghi", false));
    let provider = &*messenger;
    let everybody = every(|from| async move { provider.list(from.as_ref()).await })
        .await
        .unwrap();
    assert_eq!(ids(&everybody), ["2", "3"]);
    assert!(everybody[1].marks.automaton);
    assert_eq!(
        script.lines(),
        [
            "GET /users?limit=50",
            "GET /users?limit=50&cursor=abc",
            "GET /users?limit=50&cursor=def",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_search_keeps_exact_matches_only_and_ends_at_an_empty_page() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let near = user(2, json!({"email": "joanna@example.test"}));
    let bot = user(3, json!({"email": "anna@example.test", "bot": true}));
    let exact = user(4, json!({"email": " Anna@Example.test", "suspended": true}));
    script
        .then(search_page(json!([near, bot]), 3, "p2"))
        .then(search_page(json!([exact]), 3, "p3"))
        .then(search_page(json!([]), 3, "p3"));
    let found = find_all(&*messenger, &anna()).await.unwrap();
    assert_eq!(ids(&found), ["4"]);
    assert!(found[0].matches(&anna()));
    assert_eq!(
        script.lines(),
        [
            "GET /users?query=anna%40example.test&limit=50",
            "GET /users?query=anna%40example.test&limit=50&cursor=p2",
            "GET /users?query=anna%40example.test&limit=50&cursor=p3",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_search_whose_first_page_holds_the_total_takes_one_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let exact = user(3, json!({"email": "anna@example.test"}));
    script.then(search_page(json!([exact]), 1, "p2"));
    let found = find_all(&*messenger, &anna()).await.unwrap();
    assert_eq!(ids(&found), ["3"]);
    // Nobody found is no proof of absence, and saying so is not for this call.
    script.then(search_page(json!([]), 0, "p"));
    assert_eq!(find_all(&*messenger, &anna()).await.unwrap(), []);
    let line = "GET /users?query=anna%40example.test&limit=50";
    assert_eq!(script.lines(), [line, line]);
}

#[tokio::test(start_paused = true)]
async fn a_search_that_says_whether_it_goes_on_is_believed_over_its_total() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let exact = user(3, json!({"email": "anna@example.test"}));
    script
        .then(page(json!([]), "p2", true))
        .then(page(json!([exact]), "p3", false));
    let found = find_all(&*messenger, &anna()).await.unwrap();
    assert_eq!(ids(&found), ["3"]);
    assert_eq!(script.lines().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_search_that_gives_up_shows_nobody_and_is_not_repeated() {
    for gave_up in [
        refusal(504, "base", "timeout"),
        Reply::Text(504, "<html>"),
        Reply::Text(504, ""),
    ] {
        let (script, messenger) = messenger(&ADMINISTRATOR).await;
        script.then(gave_up);
        let page = messenger.find(&anna(), None).await.unwrap();
        assert_eq!(page, Page::last(Vec::new()));
        assert_eq!(script.lines().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_absent_before_everybody_was_read() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let exact = user(3, json!({"email": "Anna@example.test", "suspended": true}));
    script
        .then(Reply::Text(504, ""))
        .then(page(json!([user(2, json!({}))]), "abc", true))
        .then(page(json!([exact]), "def", false));
    let sighting = seek(&*messenger, &[anna()]).await.unwrap();
    assert_eq!(ids(&sighting.matches), ["3"]);
    assert_eq!(
        script.lines(),
        [
            "GET /users?query=anna%40example.test&limit=50",
            "GET /users?limit=50",
            "GET /users?limit=50&cursor=abc",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_that_does_not_say_whether_it_goes_on_is_a_fault_of_the_platform() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(200, json!([user(2, json!({}))])));
    let fault = messenger.list(None).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Protocol);
    assert_eq!(script.lines(), ["GET /users?limit=50"]);
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_does_not_end_is_given_up_after_three_repeats() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    for _ in 0..4 {
        script.then(Reply::Text(429, "Too many requests"));
    }
    let fault = messenger.list(None).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::RateLimited);
    assert_eq!(script.lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_may_not_see_emails_never_calls_anybody_absent() {
    let (script, messenger) = messenger(&["users:read"]).await;
    let hidden = user(2, json!({"email": null, "phone_number": null}));
    script
        .then(search_page(json!([]), 0, "p"))
        .then(page(json!([hidden]), "abc", false));
    let fault = seek(&*messenger, &[anna()]).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Forbidden);
    assert_eq!(script.lines().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_of_an_employee_finds_people_where_emails_are_shown() {
    let (script, messenger) = messenger(&["users:read"]).await;
    let exact = user(
        2,
        json!({"email": "anna@example.test", "phone_number": null}),
    );
    script.then(search_page(json!([exact]), 1, "p"));
    let found = find_all(&*messenger, &anna()).await.unwrap();
    assert_eq!(ids(&found), ["2"]);
    assert_eq!(found[0].profile.get(FieldName::Phone), &Known::Hidden);
    assert_eq!(script.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_found_by_the_employers_id() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let key = MatchKey::ExternalId("T-1".to_owned());
    let fault = messenger.find(&key, None).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Unsupported);
    assert_eq!(script.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_removed_record_is_none_and_so_is_an_id_of_another_platform() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(refusal(404, "id", "not_found"));
    assert_eq!(messenger.get(&employee(7)).await.unwrap(), None);
    assert_eq!(script.lines(), ["GET /users/7"]);

    let mut foreign = employee(7);
    foreign.id = kadry_core::RemoteId::new("../users");
    assert_eq!(messenger.get(&foreign).await.unwrap(), None);
    assert_eq!(script.lines(), [""; 0]);

    script.then(one(200, user(7_000_000_000, json!({}))));
    let read = messenger.get(&employee(7_000_000_000)).await.unwrap();
    assert_eq!(read.unwrap().at.id.as_str(), "7000000000");
    assert_eq!(script.lines(), ["GET /users/7000000000"]);
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_waited_out_whatever_its_body() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(Reply::Text(429, "Too many requests"))
        .then(one(200, user(7, json!({}))));
    assert!(messenger.get(&employee(7)).await.unwrap().is_some());
    assert_eq!(script.lines().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_record_without_a_door_is_a_fault_of_the_platform() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(200, json!({"id": 7})));
    let fault = messenger.get(&employee(7)).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Protocol);
}

#[tokio::test(start_paused = true)]
async fn what_stands_beside_the_door_never_makes_a_record_unreadable() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let odd = json!({"user_status": "🏖️", "custom_properties": [{"value": 1}]});
    script.then(one(200, user(7, odd)));
    let read = messenger.get(&employee(7)).await.unwrap().unwrap();
    for kind in [KindName::STATUS, KindName::PROPERTY] {
        assert_eq!(read.grants[&kind], Known::Hidden);
    }
}
