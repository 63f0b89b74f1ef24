use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Access, Email, EmployeeProvider, ErrorKind, Foresight, KindName, MatchKey, Page};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::script::{
    ADMINISTRATOR, Reply, Script, chat, employee, one, page, reach_foreseeing, search_page, token,
    user,
};

const ANNA: &str = "GET /users?query=anna%40example.test&limit=50";
const OWN: &str = "GET /chats?personal=false&limit=50";
const OPEN: &str = "GET /chats?availability=public&limit=50";

fn key(email: &str) -> MatchKey {
    MatchKey::Email(Email::of_record(email))
}

fn anna() -> MatchKey {
    key("anna@example.test")
}

fn slow(reply: Reply) -> Reply {
    Reply::Slow(1_000, Box::new(reply))
}

/// The token, in the time in which what will be asked leaves.
fn administrator() -> Reply {
    slow(token(&ADMINISTRATOR, Value::Null))
}

fn anna_found() -> Reply {
    let row = user(3, json!({"email": "anna@example.test"}));
    search_page(json!([row]), 1, "p")
}

async fn reached(
    script: &Arc<Script>,
    whom: &[MatchKey],
    holdings: bool,
) -> Arc<dyn EmployeeProvider> {
    reach_foreseeing(script, Foresight { whom, holdings })
        .await
        .unwrap()
}

async fn found(messenger: &dyn EmployeeProvider) -> usize {
    messenger.find(&anna(), None).await.unwrap().items.len()
}

#[tokio::test(start_paused = true)]
async fn what_will_be_asked_leaves_while_the_token_is_looked_at_and_nothing_is_asked_twice() {
    let script = Arc::new(Script::default());
    script
        .then(administrator())
        .then(slow(anna_found()))
        .then(slow(page(json!([chat(1, json!({}))]), "own", false)))
        .then(slow(page(json!([]), "open", false)));
    let began = Instant::now();
    let messenger = reached(&script, &[anna()], true).await;
    let lines = ["GET /oauth/token/info", ANNA, OWN, OPEN];
    assert_eq!(script.lines(), lines);
    assert_eq!(found(&*messenger).await, 1);
    let chats = messenger.catalogue(&KindName::CHAT, None).await.unwrap();
    assert_eq!(chats.items.len(), 1);
    assert_eq!(began.elapsed(), Duration::from_secs(1));
    assert_eq!(script.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_read_ahead_is_used_once() {
    let script = Arc::new(Script::default());
    script
        .then(administrator())
        .then(anna_found())
        .then(page(json!([]), "own", false))
        .then(page(json!([]), "open", false));
    let messenger = reached(&script, &[anna()], true).await;
    assert_eq!(found(&*messenger).await, 1);
    messenger.catalogue(&KindName::CHAT, None).await.unwrap();
    script.lines();
    script
        .then(search_page(json!([]), 0, "p"))
        .then(page(json!([]), "own", false))
        .then(page(json!([]), "open", false));
    assert_eq!(found(&*messenger).await, 0);
    messenger.catalogue(&KindName::CHAT, None).await.unwrap();
    assert_eq!(script.lines(), [ANNA, OWN, OPEN]);
}

#[tokio::test(start_paused = true)]
async fn somebody_else_is_asked_for_anew_and_the_answer_waits_for_its_question() {
    let script = Arc::new(Script::default());
    script.then(administrator()).then(anna_found());
    let messenger = reached(&script, &[anna()], false).await;
    script.then(search_page(json!([]), 0, "p"));
    let boris = key("boris@example.test");
    let nobody = messenger.find(&boris, None).await.unwrap();
    assert_eq!(nobody, Page::last(Vec::new()));
    assert_eq!(found(&*messenger).await, 1);
    assert_eq!(script.lines().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_goes_on_is_followed_from_where_it_ends() {
    let script = Arc::new(Script::default());
    let near = user(2, json!({"email": "joanna@example.test"}));
    script
        .then(administrator())
        .then(search_page(json!([near]), 2, "p2"));
    let messenger = reached(&script, &[anna()], false).await;
    let first = messenger.find(&anna(), None).await.unwrap();
    script.lines();
    script.then(anna_found());
    let next = messenger.find(&anna(), first.next.as_ref()).await.unwrap();
    assert_eq!(next.items.len(), 1);
    let line = "GET /users?query=anna%40example.test&limit=50&cursor=p2";
    assert_eq!(script.lines(), [line]);
}

#[tokio::test(start_paused = true)]
async fn what_fails_ahead_is_harmless_and_is_asked_again_when_it_is_needed() {
    let script = Arc::new(Script::default());
    let refused = || Reply::Json(403, json!({"error": "insufficient_scope"}));
    script
        .then(administrator())
        .then(refused())
        .then(page(json!([chat(1, json!({}))]), "own", false))
        .then(refused());
    let messenger = reached(&script, &[anna()], true).await;
    script.lines();
    script.then(anna_found());
    assert_eq!(found(&*messenger).await, 1);
    script.then(refused());
    let fault = messenger.catalogue(&KindName::CHAT, None).await;
    assert_eq!(fault.unwrap_err().kind(), ErrorKind::Forbidden);
    assert_eq!(script.lines(), [ANNA, OPEN]);
}

#[tokio::test(start_paused = true)]
async fn a_search_that_gave_up_ahead_is_not_repeated() {
    let script = Arc::new(Script::default());
    script.then(administrator()).then(Reply::Text(504, ""));
    let messenger = reached(&script, &[anna()], false).await;
    assert_eq!(found(&*messenger).await, 0);
    assert_eq!(script.lines().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_a_refused_connection_whatever_was_asked_ahead() {
    let script = Arc::new(Script::default());
    let refused = || Reply::Json(401, json!({"error": "invalid_token"}));
    script.then(slow(refused())).then(refused());
    let whom = [anna()];
    let foresight = Foresight {
        whom: &whom,
        holdings: false,
    };
    let fault = reach_foreseeing(&script, foresight).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Unauthenticated);
    assert_eq!(script.lines(), ["GET /oauth/token/info", ANNA]);
}

#[tokio::test(start_paused = true)]
async fn three_emails_are_looked_for_at_most_and_each_once() {
    let script = Arc::new(Script::default());
    script.then(administrator());
    for _ in 0..3 {
        script.then(search_page(json!([]), 0, "p"));
    }
    let whom = [
        MatchKey::ExternalId("T-1".to_owned()),
        key("a@example.test"),
        key("b@example.test"),
        key("a@example.test"),
        key("c@example.test"),
        key("d@example.test"),
    ];
    reached(&script, &whom, false).await;
    let searched: Vec<_> = script.lines().into_iter().skip(1).collect();
    let line = |name: &str| format!("GET /users?query={name}%40example.test&limit=50");
    assert_eq!(searched, ["a", "b", "c"].map(line));
}

#[tokio::test(start_paused = true)]
async fn a_change_of_ours_makes_what_was_read_ahead_untrue() {
    let script = Arc::new(Script::default());
    script
        .then(administrator())
        .then(anna_found())
        .then(one(200, user(3, json!({"suspended": true}))))
        .then(anna_found());
    let messenger = reached(&script, &[anna()], false).await;
    let closed = messenger.set_access(&employee(3), Access::Suspended).await;
    closed.unwrap();
    assert_eq!(found(&*messenger).await, 1);
    let line = "PUT /users/3";
    assert_eq!(script.lines(), ["GET /oauth/token/info", ANNA, line, ANNA]);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_ahead_grows_old() {
    let script = Arc::new(Script::default());
    script
        .then(administrator())
        .then(anna_found())
        .then(anna_found());
    let messenger = reached(&script, &[anna()], false).await;
    tokio::time::advance(Duration::from_secs(31)).await;
    assert_eq!(found(&*messenger).await, 1);
    assert_eq!(script.lines(), ["GET /oauth/token/info", ANNA, ANNA]);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_ahead_does_not_show_in_debug() {
    let script = Arc::new(Script::default());
    script.then(administrator()).then(anna_found());
    let messenger = reached(&script, &[anna()], false).await;
    assert!(!format!("{messenger:?}").contains("anna"));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_what_was_begun_ahead_and_is_not_needed() {
    let script = Arc::new(Script::default());
    let late = |reply| Reply::Slow(20_000, Box::new(reply));
    script
        .then(administrator())
        .then(slow(anna_found()))
        .then(late(page(json!([]), "own", false)))
        .then(late(page(json!([]), "open", false)));
    let began = Instant::now();
    let messenger = reached(&script, &[anna()], true).await;
    assert_eq!(found(&*messenger).await, 1);
    assert_eq!(began.elapsed(), Duration::from_secs(1));
    messenger.catalogue(&KindName::CHAT, None).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(20));
}
