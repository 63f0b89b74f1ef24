use kadry_core::{Effect, Look, Notice};
use serde_json::{Value, json};

use crate::script::{ADMINISTRATOR, Asked, Reply, US, employee, messenger, one, page, user};

fn welcome() -> Notice {
    Notice::new("Добро пожаловать, Анна!")
}

fn direct(id: i64, member_ids: &[i64]) -> Value {
    json!({
        "id": id, "name": "", "owner_id": US, "member_ids": member_ids, "group_tag_ids": [], "channel": false,
        "archived": false, "personal": true, "public": false,
    })
}

fn message(user_id: i64, content: &str) -> Value {
    json!({"id": 1, "entity_type": "user", "entity_id": 9, "chat_id": 30, "user_id": user_id, "content": content})
}

fn message_at(created_at: &str) -> Value {
    let mut message = message(US, &welcome().text);
    message["created_at"] = json!(created_at);
    message
}

/// The welcome, as it is looked for since 2026-11-01T10:00:00Z.
fn recent_welcome() -> Notice {
    Notice {
        since_ms: Some(1_793_527_200_000),
        ..welcome()
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_goes_to_the_person() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(201, message(US, &welcome().text)));
    messenger.notify(&employee(9), &welcome()).await.unwrap();
    let line = "POST /messages".to_owned();
    let message =
        json!({"entity_type": "user", "entity_id": 9, "content": "Добро пожаловать, Анна!"});
    let body = json!({ "message": message });
    assert_eq!(script.asked(), [Asked { line, body }]);
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_answer_is_lost_is_not_sent_again() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(Reply::Text(503, ""));
    let fault = messenger
        .notify(&employee(9), &welcome())
        .await
        .unwrap_err();
    assert_eq!(fault.effect(), Effect::Unknown);
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_is_found_in_the_chat_with_the_person() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let other = message(US, "Привет");
    let theirs = message(9, &welcome().text);
    script
        .then(page(json!([direct(29, &[US, 8])]), "abc", true))
        .then(page(json!([direct(30, &[9, US])]), "def", true))
        .then(page(json!([other, theirs]), "ghi", true))
        .then(page(json!([message(US, &welcome().text)]), "jkl", true));
    let look = messenger.was_notified(&employee(9), &welcome()).await;
    assert_eq!(look.unwrap(), Look::Found);
    assert_eq!(
        script.lines(),
        [
            "GET /chats?personal=true&limit=50",
            "GET /chats?personal=true&limit=50&cursor=abc",
            "GET /messages?chat_id=30&limit=50",
            "GET /messages?chat_id=30&limit=50&cursor=ghi",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_of_an_earlier_time_is_another_one_and_nothing_before_it_is_read() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let earlier = message_at("2026-11-01T09:59:59.999Z");
    script
        .then(page(json!([direct(30, &[US, 9])]), "abc", false))
        .then(page(
            json!([message_at("2027-01-01T00:00:00.000Z")]),
            "p",
            true,
        ));
    let look = messenger
        .was_notified(&employee(9), &recent_welcome())
        .await;
    assert_eq!(look.unwrap(), Look::Found);

    script
        .then(page(json!([direct(30, &[US, 9])]), "abc", false))
        .then(page(json!([earlier]), "p", true));
    let look = messenger
        .was_notified(&employee(9), &recent_welcome())
        .await;
    assert_eq!(look.unwrap(), Look::Absent);

    script
        .then(page(json!([direct(30, &[US, 9])]), "abc", false))
        .then(page(json!([earlier]), "p", true));
    let look = messenger.was_notified(&employee(9), &welcome()).await;
    assert_eq!(look.unwrap(), Look::Found);
    assert_eq!(script.lines().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn the_moment_itself_counts_whatever_its_offset() {
    for moment in ["2026-11-01T10:00:00.000Z", "2026-11-01T13:00:00+03:00"] {
        let (script, messenger) = messenger(&ADMINISTRATOR).await;
        let other = message(9, "Спасибо!");
        script
            .then(page(json!([direct(30, &[US, 9])]), "abc", false))
            .then(page(json!([other]), "p", true))
            .then(page(json!([message_at(moment)]), "q", true));
        let look = messenger
            .was_notified(&employee(9), &recent_welcome())
            .await;
        assert_eq!(look.unwrap(), Look::Found);
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_time_is_not_told_proves_nothing() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(page(json!([direct(30, &[US, 9])]), "abc", false))
        .then(page(json!([message_at("yesterday")]), "p", true))
        .then(page(
            json!([message_at("2026-10-31T10:00:00.000Z")]),
            "q",
            true,
        ));
    let look = messenger
        .was_notified(&employee(9), &recent_welcome())
        .await;
    assert_eq!(look.unwrap(), Look::CannotTell);
}

#[tokio::test(start_paused = true)]
async fn a_message_is_absent_when_the_whole_chat_was_read_or_there_is_none() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(page(json!([direct(30, &[US, 9])]), "abc", false))
        .then(page(json!([message(9, &welcome().text)]), "def", false));
    let look = messenger.was_notified(&employee(9), &welcome()).await;
    assert_eq!(look.unwrap(), Look::Absent);

    script.then(page(json!([direct(29, &[US, 8])]), "abc", false));
    let look = messenger.was_notified(&employee(9), &welcome()).await;
    assert_eq!(look.unwrap(), Look::Absent);
    assert_eq!(script.lines().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_suspended_person_may_be_hidden_in_a_chat_so_nobody_can_tell() {
    for (suspended, expected) in [(true, Look::CannotTell), (false, Look::Absent)] {
        let (script, messenger) = messenger(&ADMINISTRATOR).await;
        script
            .then(page(json!([direct(30, &[US])]), "abc", false))
            .then(one(200, user(9, json!({"suspended": suspended}))));
        let look = messenger.was_notified(&employee(9), &welcome()).await;
        assert_eq!(look.unwrap(), expected);
        assert_eq!(script.lines()[1], "GET /users/9");
    }
}

#[tokio::test(start_paused = true)]
async fn a_conversation_too_long_to_read_proves_nothing() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(page(json!([direct(30, &[US, 9])]), "abc", false));
    for at in 0..10 {
        script.then(page(json!([message(9, "…")]), &format!("p{at}"), true));
    }
    let look = messenger.was_notified(&employee(9), &welcome()).await;
    assert_eq!(look.unwrap(), Look::CannotTell);
    assert_eq!(script.lines().len(), 11);
}
