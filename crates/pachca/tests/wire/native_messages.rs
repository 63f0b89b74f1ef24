use std::slice::from_ref;

use kadry_core::{Effect, ErrorKind, Look};
use serde_json::{Value, json};

use crate::script::{
    ADMINISTRATOR, Reply, US, asked, call, chat, messenger, one, page, read, read_all, refusal,
    resolved, search_page, user,
};

fn message(id: i64, user_id: i64, content: &str) -> Value {
    json!({"id": id, "entity_type": "discussion", "entity_id": 3, "chat_id": 3, "user_id": user_id, "content": content})
}

#[tokio::test(start_paused = true)]
async fn messages_are_listed_shown_and_searched() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(page(json!([message(7, US, "a")]), "abc", true))
        .then(page(json!([message(6, 9, "b")]), "def", false))
        .then(one(200, message(7, US, "a")))
        .then(search_page(json!([message(7, US, "a")]), 1, "abc"));
    let list = call(
        "messages list",
        &[("chat_id", "3"), ("sort", "id"), ("order", "asc")],
    );
    assert_eq!(read_all(&*messenger, &list).await.len(), 2);
    let shown = read(&*messenger, &call("messages show", &[("id", "7")]))
        .await
        .unwrap();
    assert_eq!(shown.items, [message(7, US, "a")]);
    let filters = [
        ("query", "a"),
        ("sort", "relevance"),
        ("chat_ids", "3"),
        ("chat_ids", "4"),
        ("user_ids", "9"),
        ("active", "true"),
    ];
    let search = call("messages search", &filters);
    assert_eq!(read_all(&*messenger, &search).await.len(), 1);
    let list = "GET /messages?chat_id=3&sort=id&order=asc&limit=50";
    let search = "query=a&sort=relevance&chat_ids%5B%5D=3&chat_ids%5B%5D=4&user_ids%5B%5D=9&active=true&limit=200";
    assert_eq!(
        script.lines(),
        [
            list.to_owned(),
            format!("{list}&cursor=abc"),
            "GET /messages/7".to_owned(),
            format!("GET /search/messages?{search}"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_goes_to_a_chat_once_and_is_told_from_an_older_one() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let typed = [
        ("entity_id", "3"),
        ("content", "Привет!\n"),
        ("link_preview", "true"),
    ];
    let send = call("messages send", &typed);
    assert_eq!(native.resolve(&send).await.unwrap(), from_ref(&send));
    script
        .then(page(
            json!([message(7, US, "Привет!"), message(6, 9, "Привет!")]),
            "abc",
            true,
        ))
        .then(Reply::Text(503, ""))
        .then(page(
            json!([message(9, 9, "Привет!"), message(7, US, "Привет!")]),
            "abc",
            true,
        ))
        .then(page(
            json!([message(9, 9, "Привет!"), message(8, US, "Привет!")]),
            "abc",
            true,
        ));
    let before = native.look(&send).await.unwrap();
    let fault = native.write(&send).await.unwrap_err();
    assert_eq!(fault.effect(), Effect::Unknown);
    for expected in [Look::Absent, Look::Found] {
        let now = native.look(&send).await.unwrap();
        assert_eq!(native.stands(&send, Some(&before), &now), expected);
        assert_eq!(native.stands(&send, None, &now), Look::Absent);
    }
    assert_eq!(
        native.back(&send, &before, &Value::Null),
        kadry_core::Back::default()
    );
    let body = json!({"message": {"entity_id": 3, "content": "Привет!\n"}, "link_preview": true});
    let list = asked(
        "GET /messages?chat_id=3&sort=id&order=desc&limit=50",
        Value::Null,
    );
    let asked_for = script.asked();
    assert_eq!(asked_for[0], list);
    assert_eq!(asked_for[1], asked("POST /messages", body));
}

#[tokio::test(start_paused = true)]
async fn a_message_to_a_person_is_looked_for_in_the_chat_with_them() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    script.then(search_page(
        json!([user(9, json!({"email": "anna@example.test"}))]),
        1,
        "abc",
    ));
    let to = |who| {
        [
            ("entity_type", "user"),
            ("entity_id", who),
            ("content", "Привет!"),
        ]
    };
    let calls = native
        .resolve(&call("messages send", &to("anna@example.test")))
        .await
        .unwrap();
    let send = call("messages send", &to("9"));
    assert_eq!(calls, from_ref(&send));
    let direct = chat(30, json!({"personal": true, "member_ids": [US, 9]}));
    script
        .then(page(json!([]), "abc", false))
        .then(one(201, message(7, US, "Привет!")))
        .then(page(json!([direct]), "abc", false))
        .then(page(json!([message(7, US, "Привет!")]), "abc", false));
    let before = native.look(&send).await.unwrap();
    let after = native.write(&send).await.unwrap();
    assert_eq!(after["id"], 7);
    let now = native.look(&send).await.unwrap();
    assert_eq!(native.stands(&send, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&send, Some(&before), &now), Look::Found);
    let body = json!({"message": {"entity_type": "user", "entity_id": 9, "content": "Привет!"}});
    let asked_for = script.asked();
    assert_eq!(asked_for[1].line, "GET /chats?personal=true&limit=50");
    assert_eq!(asked_for[2], asked("POST /messages", body));
    assert_eq!(
        asked_for[4].line,
        "GET /messages?chat_id=30&sort=id&order=desc&limit=50"
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_that_may_not_read_messages_sends_them_and_cannot_tell() {
    let (script, messenger) = messenger(&["messages:create"]).await;
    let native = messenger.native().unwrap();
    let send = call(
        "messages send",
        &[("entity_id", "3"), ("content", "Привет!")],
    );
    let before = native.look(&send).await.unwrap();
    let now = native.look(&send).await.unwrap();
    assert_eq!(native.stands(&send, Some(&before), &now), Look::CannotTell);
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn a_reaction_is_added_and_removed_by_its_sign() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let row = |user_id: i64| json!({"user_id": user_id, "created_at": "2026-11-21T10:00:00.000Z", "code": "👍", "name": ":+1:"});
    let add = call(
        "reactions add",
        &[("id", "7"), ("code", "👍"), ("name", ":+1:")],
    );
    assert_eq!(native.resolve(&add).await.unwrap(), from_ref(&add));
    let remove = call(
        "reactions remove",
        &[("id", "7"), ("code", "👍"), ("name", ":+1:")],
    );
    script
        .then(page(json!([row(9)]), "abc", false))
        .then(Reply::Json(201, row(US)))
        .then(page(json!([row(9)]), "abc", true))
        .then(page(json!([row(US)]), "def", false))
        .then(Reply::Text(204, ""))
        .then(refusal(404, "code", "not_found"));
    let before = native.look(&add).await.unwrap();
    assert_eq!(native.write(&add).await.unwrap(), row(US));
    let now = native.look(&add).await.unwrap();
    assert_eq!(native.stands(&add, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&add, Some(&before), &now), Look::Found);
    assert_eq!(native.back(&add, &before, &now), remove.clone().into());
    for _ in 0..2 {
        assert_eq!(native.write(&remove).await.unwrap(), Value::Null);
    }
    let list = "GET /messages/7/reactions?limit=50";
    let delete = "DELETE /messages/7/reactions?code=%F0%9F%91%8D&name=%3A%2B1%3A";
    let next = format!("{list}&cursor=abc");
    let asked_for = script.asked();
    assert_eq!(
        asked_for[1],
        asked(
            "POST /messages/7/reactions",
            json!({"code": "👍", "name": ":+1:"})
        )
    );
    let lines: Vec<_> = asked_for.iter().map(|asked| asked.line.as_str()).collect();
    assert_eq!(
        lines,
        [
            list,
            "POST /messages/7/reactions",
            list,
            &next,
            delete,
            delete
        ]
    );
    let text = call("reactions add", &[("id", "7"), ("code", ":+1:")]);
    assert_eq!(
        resolved(&*messenger, &text).await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
}
