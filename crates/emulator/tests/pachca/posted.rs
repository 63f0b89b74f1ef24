use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{World, ids, page_ids};

fn world() -> World {
    let world = World::strict();
    world.seed(&json!({ "users": [{ "email": "anna@example.test" }] }));
    world
}

async fn sent(world: &World, message: Value) -> Value {
    let reply = world.post("/messages", json!({ "message": message })).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    reply.data()
}

#[tokio::test(start_paused = true)]
async fn ones_own_message_is_read_and_edited() {
    let world = world();
    let chat = world.chat("Общий");
    let buttons =
        json!([[{ "text": "Да", "url": "https://example.test" }, { "text": "Нет", "data": "no" }]]);
    let first = sent(
        &world,
        json!({ "entity_id": chat, "content": "Привет", "buttons": buttons }),
    )
    .await;
    let path = format!("/messages/{}", first["id"]);
    assert_eq!(world.get(&path).await.data(), first);
    assert_eq!(first["buttons"], buttons);
    assert!(first["changed_at"].is_null() && first["deleted_at"].is_null());

    tokio::time::advance(Duration::from_secs(7)).await;
    let reply = world
        .put(&path, json!({ "message": { "content": "Пока" } }))
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    let mut expected = first.clone();
    expected["content"] = json!("Пока");
    expected["changed_at"] = json!("2026-11-21T10:00:07.000Z");
    assert_eq!(reply.data(), expected);
    let reply = world
        .put(&path, json!({ "message": { "buttons": [] } }))
        .await;
    assert_eq!(reply.data()["buttons"], json!([]));
    assert_eq!(reply.data()["content"], "Пока");
    for (message, status, code) in [
        (json!({ "content": " " }), 422, "blank"),
        (json!({ "display_name": "Я" }), 403, "not_authorized"),
        (
            json!({ "files": [{ "key": "x", "name": "y" }] }),
            422,
            "wrong_params",
        ),
    ] {
        let reply = world.put(&path, json!({ "message": message })).await;
        let (got, why, _) = reply.error();
        assert_eq!((got, why.as_str()), (status, code));
    }
    assert_eq!(world.get("/messages/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_message_is_an_empty_one_that_no_list_shows() {
    let world = world();
    let chat = world.chat("Общий");
    let message = sent(&world, json!({ "entity_id": chat, "content": "Ой" })).await;
    let path = format!("/messages/{}", message["id"]);
    for _ in 0..2 {
        assert_eq!(world.delete(&path).await.status, StatusCode::NO_CONTENT);
    }
    let shown = world.get(&path).await.data();
    assert_eq!(shown["content"], "");
    assert_eq!(shown["deleted_at"], "2026-11-21T10:00:00.000Z");
    let listed = world.get(&format!("/messages?chat_id={chat}")).await;
    assert_eq!(page_ids(&listed), [0_i64; 0]);
    let reply = world
        .put(&path, json!({ "message": { "content": "x" } }))
        .await;
    assert_eq!(reply.error().1, "not_authorized");
    let reply = world
        .post(&format!("{path}/reactions"), json!({ "code": "👍" }))
        .await;
    assert_eq!(reply.error().1, "message_deleted");
    assert_eq!(
        world.raw_post(&format!("{path}/pin")).await.error().1,
        "message_deleted"
    );
}

#[tokio::test]
async fn other_peoples_messages_are_theirs_unless_one_manages_the_chat() {
    let world = world();
    world.seed(&json!({ "chats": [
        { "name": "Чужой", "public": true, "owner": "anna@example.test" },
        { "name": "Закрытый", "owner": "anna@example.test" },
    ], "messages": [
        { "chat": "Чужой", "from": "anna@example.test", "content": "Здесь" },
        { "chat": "Общий", "from": "anna@example.test", "content": "Там" },
        { "chat": "Закрытый", "from": "anna@example.test", "content": "Нигде" },
    ] }));
    let id = |content: &str| {
        let state = world.state();
        let all = state["messages"].as_array().unwrap().clone();
        let found = all.iter().find(|message| message["content"] == content);
        found.unwrap()["id"].as_i64().unwrap()
    };
    let (here, there) = (id("Здесь"), id("Там"));
    let closed = format!("/messages/{}", id("Нигде"));
    let change = json!({ "message": { "content": "x" } });
    for path in [format!("/messages/{here}"), format!("/messages/{there}")] {
        assert_eq!(world.get(&path).await.status, StatusCode::OK);
        let reply = world.put(&path, change.clone()).await;
        assert_eq!(reply.error().1, "not_authorized");
    }
    let reply = world.delete(&format!("/messages/{here}")).await;
    assert_eq!(reply.error().1, "not_authorized");
    let reply = world.delete(&format!("/messages/{there}")).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    for reply in [
        world.get(&closed).await,
        world.delete(&closed).await,
        world.get(&format!("{closed}/reactions")).await,
        world.raw_post(&format!("{closed}/thread")).await,
    ] {
        assert_eq!(reply.error().1, "not_authorized");
    }
}

#[tokio::test]
async fn pins_are_put_and_taken() {
    let world = world();
    let chat = world.chat("Общий");
    let message = sent(&world, json!({ "entity_id": chat, "content": "Важно" })).await;
    let path = format!("/messages/{}/pin", message["id"]);
    assert_eq!(world.delete(&path).await.error().1, "not_found");
    let pinned = || {
        let chats = world.state()["chats"].clone();
        let chats = chats.as_array().unwrap().clone();
        let found = chats.into_iter().find(|known| known["id"] == chat);
        found.unwrap()["pinned_message_ids"].clone()
    };
    assert_eq!(world.raw_post(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(pinned(), json!([message["id"]]));
    assert_eq!(world.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(pinned(), json!([]));
}

#[tokio::test]
async fn whoever_answered_or_reacted_has_read_it() {
    let world = world();
    let (anna, chat) = (world.user("anna@example.test"), world.chat("Общий"));
    world.seed(&json!({ "users": [{ "email": "bob@example.test" }] }));
    let message = sent(
        &world,
        json!({ "entity_id": chat, "content": "Кто здесь?" }),
    )
    .await;
    let path = format!("/messages/{}/read_member_ids?limit=300", message["id"]);
    assert_eq!(world.get(&path).await.data(), json!([]));
    world.seed(&json!({ "messages": [
        { "chat": "Общий", "from": "anna@example.test", "content": "Я" },
    ] }));
    let reply = world.get(&path).await;
    assert_eq!(ids(&reply.data()), [anna]);
    assert_eq!(reply.json()["meta"]["paginate"]["has_next"], false);
    let path = format!("/messages/{}/link_previews", message["id"]);
    let reply = world.post(&path, json!({ "link_previews": {} })).await;
    assert_eq!(reply.error().1, "not_authorized");
}
