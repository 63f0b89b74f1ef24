use std::time::Duration;

use http::StatusCode;
use kadry_emulator::Options;
use kadry_emulator::pachca::habits::Habits;
use serde_json::{Value, json};

use crate::support::{World, ids, page_ids};

fn world() -> World {
    let world = World::strict();
    world.seed(&json!({ "users": [{ "email": "anna@example.test" }] }));
    world
}

fn to_user(id: i64, content: &str) -> Value {
    json!({ "message": { "entity_type": "user", "entity_id": id, "content": content } })
}

fn to_chat(id: i64) -> Value {
    json!({ "message": { "entity_id": id, "content": "Привет" } })
}

#[tokio::test(start_paused = true)]
async fn message_to_a_person_opens_one_direct_chat() {
    let world = world();
    let (anna, me) = (
        world.user("anna@example.test"),
        world.user("svc@example.test"),
    );
    let reply = world
        .post("/messages", to_user(anna, "Добро пожаловать"))
        .await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let first = reply.data();
    assert_eq!(
        (&first["entity_type"], &first["entity_id"]),
        (&json!("user"), &json!(anna))
    );
    assert_eq!(first["root_chat_id"], first["chat_id"]);
    tokio::time::advance(Duration::from_secs(5)).await;
    let second = world
        .post("/messages", to_user(anna, "Ещё раз"))
        .await
        .data();
    assert_eq!(second["chat_id"], first["chat_id"]);

    let direct = world.get("/chats?personal=true").await.data();
    assert_eq!(direct.as_array().unwrap().len(), 1);
    assert_eq!(direct[0]["id"], first["chat_id"]);
    let mut pair = ids(&direct[0]["member_ids"]);
    pair.sort_unstable();
    assert_eq!(pair, [me.min(anna), me.max(anna)]);
    assert_eq!(direct[0]["personal"], true);
    assert_eq!(direct[0]["last_message_at"], "2026-11-21T10:00:05.000Z");

    let path = format!("/messages?chat_id={}&limit=50", first["chat_id"]);
    let listed = page_ids(&world.get(&path).await);
    assert_eq!(
        listed,
        [
            second["id"].as_i64().unwrap(),
            first["id"].as_i64().unwrap()
        ]
    );
    assert_eq!(world.state()["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn message_to_oneself_goes_to_the_self_chat() {
    let world = world();
    let me = world.user("svc@example.test");
    let chat = world.post("/messages", to_user(me, "Заметка")).await.data()["chat_id"].clone();
    let shown = world.get(&format!("/chats/{chat}")).await.data();
    assert_eq!(ids(&shown["member_ids"]), [me]);
}

#[tokio::test]
async fn suspended_people_get_no_messages() {
    let world = world();
    let anna = world.user("anna@example.test");
    world.seed(&json!({ "users": [{ "email": "anna@example.test", "invite_status": "sent" }] }));
    let reply = world.post("/messages", to_user(anna, "?")).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    world.seed(&json!({ "users": [{ "email": "anna@example.test", "suspended": true }] }));
    let reply = world.post("/messages", to_user(anna, "?")).await;
    assert_eq!(reply.error().1, "not_authorized");
    let reply = world.post("/messages", to_user(1, "?")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn chats_take_messages_from_those_who_may_write() {
    let world = world();
    world.seed(&json!({ "chats": [
        { "name": "Канал", "channel": true, "owner": "anna@example.test" },
        { "name": "Чужой", "public": true, "owner": "anna@example.test" },
    ] }));
    let reply = world.post("/messages", to_chat(world.chat("Общий"))).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(reply.data()["entity_type"], "discussion");
    for name in ["Канал", "Чужой", "Переезд офиса", "Руководство"]
    {
        let reply = world.post("/messages", to_chat(world.chat(name))).await;
        assert_eq!(reply.error().1, "not_authorized", "{name}");
    }
    assert_eq!(
        world.post("/messages", to_chat(1)).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn senseless_messages_are_refused() {
    let world = world();
    let chat = world.chat("Общий");
    for (message, status, code) in [
        (json!({ "content": "x" }), 400, "required"),
        (json!({ "entity_id": chat, "content": " " }), 422, "blank"),
        (
            json!({ "entity_id": chat, "content": "x", "entity_type": "email" }),
            400,
            "invalid",
        ),
        (
            json!({ "entity_id": chat, "content": "x", "entity_type": "thread" }),
            404,
            "not_found",
        ),
        (
            json!({ "entity_id": chat, "content": "x", "display_name": "Я" }),
            403,
            "not_authorized",
        ),
        (
            json!({ "entity_id": chat, "content": "x", "parent_message_id": 1 }),
            422,
            "invalid",
        ),
        (
            json!({ "entity_id": chat, "content": "x", "buttons": [{ "text": "x" }] }),
            400,
            "invalid",
        ),
        (
            json!({ "entity_id": chat, "content": "x", "buttons": [vec![json!({ "text": "x" }); 9]] }),
            422,
            "too_long",
        ),
    ] {
        let reply = world.post("/messages", json!({ "message": message })).await;
        let (got, why, _) = reply.error();
        assert_eq!((got, why.as_str()), (status, code), "{message}");
    }
    let body = json!({ "message": { "entity_id": chat, "content": "x", "entity_type": "Discussion" },
        "link_preview": false });
    let sent = world.post("/messages", body).await;
    assert_eq!(sent.status, StatusCode::CREATED);
    let parent = sent.data()["id"].clone();
    let body =
        json!({ "message": { "entity_id": chat, "content": "y", "parent_message_id": parent } });
    assert_eq!(
        world.post("/messages", body).await.data()["parent_message_id"],
        parent
    );
}

#[tokio::test]
async fn messages_of_a_closed_chat_cannot_be_read() {
    let world = world();
    let path = format!("/messages?chat_id={}", world.chat("Руководство"));
    assert_eq!(world.get(&path).await.error().1, "not_authorized");
    assert_eq!(world.get("/messages").await.error().1, "required");
    assert_eq!(
        world.get("/messages?chat_id=1").await.error().1,
        "not_found"
    );
}

fn limited() -> World {
    World::of(Options {
        people: 12,
        strict: true,
        ..Options::default()
    })
}

#[tokio::test(start_paused = true)]
async fn four_messages_a_second_to_one_recipient() {
    let world = limited();
    let (owner, me) = (
        world.user("ceo@example.test"),
        world.user("svc@example.test"),
    );
    for _ in 0..4 {
        let reply = world.post("/messages", to_user(owner, "x")).await;
        assert_eq!(reply.status, StatusCode::CREATED);
    }
    let reply = world.post("/messages", to_user(owner, "x")).await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.headers["retry-after"], "1");
    assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
    let reply = world.post("/messages", to_user(me, "x")).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    tokio::time::advance(Duration::from_secs(1)).await;
    let reply = world.post("/messages", to_user(owner, "x")).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(world.state()["messages"].as_array().unwrap().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn limits_count_families_apart() {
    let world = limited();
    for _ in 0..50 {
        assert_eq!(world.get("/profile").await.status, StatusCode::OK);
    }
    let reply = world.get("/profile").await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    let chat = world.chat("Общий");
    let path = format!("/messages?chat_id={chat}");
    for _ in 0..10 {
        assert_eq!(world.get(&path).await.status, StatusCode::OK);
    }
    assert_eq!(world.get(&path).await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut refused = 0;
    for person in 1..=31 {
        let reply = world.post("/messages", to_user(person, "x")).await;
        refused += u32::from(reply.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 1);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(world.get("/profile").await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_chat_takes_so_many_messages_a_day_with_its_threads() {
    let world = World::of(Options {
        people: 12,
        strict: true,
        pachca: Habits {
            messages_a_day: 60,
            ..Habits::default()
        },
        ..Options::default()
    });
    let chat = world.chat("Общий");
    let send = async |message: &Value| {
        tokio::time::advance(Duration::from_millis(250)).await;
        world.post("/messages", message.clone()).await
    };
    let root = send(&to_chat(chat)).await.data()["id"].clone();
    let thread = world.raw_post(&format!("/messages/{root}/thread")).await;
    let comment = json!({ "message": { "entity_type": "thread",
        "entity_id": thread.data()["id"], "content": "x" } });
    for number in 1..60 {
        let message = if number % 2 == 0 {
            &comment
        } else {
            &to_chat(chat)
        };
        assert_eq!(send(message).await.status, StatusCode::CREATED, "{number}");
    }
    for (message, wait) in [(&comment, "3600"), (&to_chat(chat), "7200")] {
        let reply = send(message).await;
        assert_eq!(reply.error(), (429, "rate_limit".into(), "base".into()));
        assert_eq!(reply.headers["retry-after"], wait);
    }
    let other = send(&to_chat(world.chat("Бухгалтерия"))).await;
    assert_eq!(other.status, StatusCode::CREATED);
    tokio::time::advance(Duration::from_hours(24)).await;
    assert_eq!(send(&comment).await.status, StatusCode::CREATED);
}
