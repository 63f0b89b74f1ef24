use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{World, ids, page_ids};

async fn sent(world: &World, message: Value) -> Value {
    let reply = world.post("/messages", json!({ "message": message })).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    reply.data()
}

#[tokio::test(start_paused = true)]
async fn a_message_has_one_thread_with_a_chat_of_its_own() {
    let world = World::strict();
    let (me, chat) = (world.user("svc@example.test"), world.chat("Общий"));
    let root = sent(&world, json!({ "entity_id": chat, "content": "Тема" })).await;
    let path = format!("/messages/{}/thread", root["id"]);
    let reply = world.raw_post(&path).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let thread = reply.data();
    assert_eq!(thread["message_id"], root["id"]);
    assert_eq!(thread["message_chat_id"], chat);
    assert_eq!(world.raw_post(&path).await.data(), thread);
    let id = thread["id"].as_i64().unwrap();
    let inner = thread["chat_id"].as_i64().unwrap();
    assert!(inner > i64::from(i32::MAX));
    let shown = world.get(&format!("/messages/{}", root["id"])).await.data();
    assert_eq!(shown["thread"], json!({ "id": id, "chat_id": inner }));

    tokio::time::advance(Duration::from_secs(3)).await;
    let comment = sent(
        &world,
        json!({ "entity_type": "thread", "entity_id": id, "content": "Ответ" }),
    )
    .await;
    assert_eq!(
        (&comment["entity_type"], &comment["entity_id"]),
        (&json!("thread"), &json!(id))
    );
    assert_eq!(
        (&comment["chat_id"], &comment["root_chat_id"]),
        (&json!(inner), &json!(chat))
    );
    let listed = world.get(&format!("/messages?chat_id={inner}")).await;
    assert_eq!(page_ids(&listed), [comment["id"].as_i64().unwrap()]);
    let got = world.get(&format!("/threads/{id}")).await.data();
    assert_eq!(got["updated_at"], "2026-11-21T10:00:03.000Z");
    // Its chat is no chat that lists show, and has members like any other.
    let all = page_ids(&world.get("/chats?archived=true").await);
    assert!(!all.contains(&inner));
    let members = format!("/chats/{inner}/members");
    assert_eq!(page_ids(&world.get(&members).await), [me]);
    // A comment has no thread and no pin.
    let comment = comment["id"].as_i64().unwrap();
    let reply = world.raw_post(&format!("/messages/{comment}/thread")).await;
    assert_eq!(reply.error().1, "not_authorized");
    let reply = world.raw_post(&format!("/messages/{comment}/pin")).await;
    assert_eq!(reply.error().1, "thread_message");
}

#[tokio::test]
async fn a_subscriber_comments_where_nobody_else_writes() {
    let world = World::strict();
    world.seed(&json!({
        "users": [{ "email": "anna@example.test" }],
        "chats": [{ "name": "Канал", "channel": true, "public": true, "owner": "anna@example.test" }],
        "messages": [{ "chat": "Канал", "from": "anna@example.test", "content": "Новость" }],
    }));
    let chat = world.chat("Канал");
    let news = page_ids(&world.get(&format!("/messages?chat_id={chat}")).await)[0];
    let thread = world
        .raw_post(&format!("/messages/{news}/thread"))
        .await
        .data();
    sent(
        &world,
        json!({ "entity_type": "thread", "entity_id": thread["id"], "content": "Спасибо" }),
    )
    .await;
    let body = json!({ "message": { "entity_id": chat, "content": "x" } });
    let reply = world.post("/messages", body).await;
    assert_eq!(reply.error().1, "not_authorized");
}

#[tokio::test(start_paused = true)]
async fn threads_are_listed_by_their_last_comment() {
    let world = World::strict();
    let alone = world.raw_post("/threads").await;
    assert_eq!(alone.status, StatusCode::CREATED);
    let alone = alone.data();
    assert!(alone["message_id"].is_null() && alone["message_chat_id"].is_null());
    let chat = world.get(&format!("/chats/{}", alone["chat_id"])).await;
    assert_eq!(
        ids(&chat.data()["member_ids"]),
        [world.user("svc@example.test")]
    );
    tokio::time::advance(Duration::from_secs(1)).await;
    let later = world.raw_post("/threads").await.data();
    let id = |thread: &Value| thread["id"].as_i64().unwrap();
    let list = async |query: &str| page_ids(&world.get(&format!("/threads{query}")).await);
    assert_eq!(list("").await, [id(&later), id(&alone)]);
    tokio::time::advance(Duration::from_secs(1)).await;
    sent(
        &world,
        json!({ "entity_type": "thread", "entity_id": alone["id"], "content": "x" }),
    )
    .await;
    assert_eq!(list("").await, [id(&alone), id(&later)]);
    let since = "?last_message_at_after=2026-11-21T10:00:02Z";
    assert_eq!(list(since).await, [id(&alone)]);
    let until = "?last_message_at_before=2026-11-21T10:00:01Z";
    assert_eq!(list(until).await, [id(&later)]);
    assert_eq!(world.get("/threads/1").await.status, StatusCode::NOT_FOUND);
}
