use http::StatusCode;
use kadry_emulator::Options;
use serde_json::{Value, json};

use crate::support::{World, page_ids};

/// Anna has the tag of accounting, Bob nothing.
fn world() -> World {
    let world = World::strict();
    world.seed(&json!({ "users": [
        { "email": "anna@example.test", "list_tags": ["Бухгалтерия"] },
        { "email": "bob@example.test" },
    ] }));
    world
}

async fn add(world: &World, chat: i64, users: &[i64]) -> StatusCode {
    let body = json!({ "member_ids": users });
    world
        .post(&format!("/chats/{chat}/members"), body)
        .await
        .status
}

async fn remove(world: &World, chat: i64, user: i64) -> StatusCode {
    world
        .delete(&format!("/chats/{chat}/members/{user}"))
        .await
        .status
}

fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap();
    list.iter()
        .map(|chat| chat["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn list_shows_own_chats_newest_first() {
    let world = world();
    let mine = names(&world.get("/chats").await.data());
    assert_eq!(mine.first().map(String::as_str), Some("Поддержка"));
    assert_eq!(mine.last().map(String::as_str), Some("Общий"));
    assert!(!mine.contains(&"Переезд офиса".to_owned()));
    assert!(!mine.contains(&"Руководство".to_owned()));
    let rising = names(&world.get("/chats?sort=id&order=asc").await.data());
    assert_eq!(rising, mine.iter().rev().cloned().collect::<Vec<_>>());
    let all = names(&world.get("/chats?archived=true").await.data());
    assert_eq!(all.len(), mine.len() + 1);
    let open = names(
        &world
            .get("/chats?availability=public&archived=true")
            .await
            .data(),
    );
    assert_eq!(open, ["Новости", "Общий"]);
    let reply = world.get("/chats?availability=all").await;
    assert_eq!(
        reply.error(),
        (400, "inclusion".into(), "availability".into())
    );
}

#[tokio::test]
async fn closed_chat_is_forbidden_and_unknown_one_missing() {
    let world = world();
    let closed = world.chat("Руководство");
    for path in [
        format!("/chats/{closed}"),
        format!("/chats/{closed}/members"),
    ] {
        let reply = world.get(&path).await;
        assert_eq!(reply.error().1, "not_authorized");
        let payload = &reply.json()["errors"][0]["payload"];
        assert_eq!(payload["record"], json!({ "type": "Chat", "id": closed }));
    }
    assert_eq!(world.get("/chats/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.get("/chats/1/members").await.status,
        StatusCode::NOT_FOUND
    );
    let bob = world.user("bob@example.test");
    assert_eq!(add(&world, closed, &[bob]).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn members_are_filtered_by_chat_role() {
    let world = world();
    let chat = world.chat("Новости");
    let list = async |role: &str| {
        let path = format!("/chats/{chat}/members?role={role}&limit=50");
        page_ids(&world.get(&path).await)
    };
    assert_eq!(list("owner").await, [world.user("ceo@example.test")]);
    assert_eq!(list("admin").await, [world.user("svc@example.test")]);
    assert_eq!(list("member").await, [0_i64; 0]);
    let owner = world.user("ceo@example.test");
    assert_eq!(remove(&world, chat, owner).await, StatusCode::FORBIDDEN);
    let reply = world
        .delete(&format!("/chats/{chat}/members/{owner}"))
        .await;
    assert_eq!(reply.error().1, "cannot_kick_owner");
}

#[tokio::test]
async fn a_chat_role_is_fixed_at_joining() {
    let world = world();
    let (anna, chat) = (world.user("anna@example.test"), world.chat("Общий"));
    assert_eq!(add(&world, chat, &[anna]).await, StatusCode::NO_CONTENT);
    let path = format!("/users/{anna}");
    let administrator = json!({ "user": { "role": "admin" } });
    let reply = world.put(&path, administrator).await;
    assert_eq!(reply.status, StatusCode::OK);
    let managers = async || {
        let path = format!("/chats/{chat}/members?role=admin&limit=50");
        page_ids(&world.get(&path).await)
    };
    assert_eq!(managers().await, [0_i64; 0]);
    // Whoever joins as an administrator is one in the chat.
    assert_eq!(remove(&world, chat, anna).await, StatusCode::NO_CONTENT);
    assert_eq!(add(&world, chat, &[anna]).await, StatusCode::NO_CONTENT);
    assert_eq!(managers().await, [anna]);
    let reply = world
        .put(&path, json!({ "user": { "suspended": true } }))
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(managers().await, [0_i64; 0]);
}

#[tokio::test]
async fn one_ordinary_person_made_a_chat_and_alone_manages_another() {
    let world = World::of(Options {
        strict: true,
        limits: false,
        people: 30,
        ..Options::default()
    });
    let made = world.chat("Книжный клуб");
    let made = world.get(&format!("/chats/{made}")).await.data();
    let keeper = made["owner_id"].as_i64().unwrap();
    let user = world.get(&format!("/users/{keeper}")).await.data();
    assert_eq!(
        (&user["role"], &user["suspended"]),
        (&json!("user"), &json!(false))
    );
    let kept = world.chat("Велопробег");
    let path = format!("/chats/{kept}/members?role=admin&limit=50");
    assert_eq!(page_ids(&world.get(&path).await), [keeper]);
    let kept = world.get(&format!("/chats/{kept}")).await.data();
    assert_eq!(kept["member_ids"], json!([keeper]));
    let owner = kept["owner_id"].as_i64().unwrap();
    let owner = world.get(&format!("/users/{owner}")).await.data();
    assert_eq!(owner["suspended"], true);
}

#[tokio::test]
async fn adding_skips_those_inside_and_refuses_as_a_whole() {
    let world = world();
    let (anna, bob) = (
        world.user("anna@example.test"),
        world.user("bob@example.test"),
    );
    let chat = world.chat("Общий");
    assert_eq!(add(&world, chat, &[anna]).await, StatusCode::NO_CONTENT);
    assert_eq!(add(&world, chat, &[anna]).await, StatusCode::NO_CONTENT);
    let body = json!({ "member_ids": [bob, 1, 2], "silent": true });
    let reply = world.post(&format!("/chats/{chat}/members"), body).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    let errors = reply.json()["errors"].clone();
    assert_eq!(
        (&errors[0]["value"], &errors[1]["value"]),
        (&json!("1"), &json!("2"))
    );
    assert!(!world.members(chat).await.contains(&bob));
    let reply = world
        .post(&format!("/chats/{chat}/members"), json!({}))
        .await;
    assert_eq!(reply.error(), (400, "required".into(), "member_ids".into()));

    assert_eq!(remove(&world, chat, anna).await, StatusCode::NO_CONTENT);
    assert_eq!(remove(&world, chat, anna).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_a_tag_holds_stays_although_the_answer_says_done() {
    let world = world();
    let anna = world.user("anna@example.test");
    let chat = world.chat("Бухгалтерия");
    assert!(world.members(chat).await.contains(&anna));
    // Adding by hand does not turn a tagged member into one by hand.
    add(&world, chat, &[anna]).await;
    assert_eq!(remove(&world, chat, anna).await, StatusCode::NO_CONTENT);
    assert!(world.members(chat).await.contains(&anna));

    let path = format!("/users/{anna}");
    world
        .put(&path, json!({ "user": { "list_tags": [] } }))
        .await;
    assert!(!world.members(chat).await.contains(&anna));
    world
        .put(&path, json!({ "user": { "list_tags": ["Бухгалтерия"] } }))
        .await;
    assert!(world.members(chat).await.contains(&anna));
}

#[tokio::test]
async fn losing_a_tag_keeps_those_by_hand_by_other_tags_and_the_owner() {
    let world = world();
    let (anna, bob) = (
        world.user("anna@example.test"),
        world.user("bob@example.test"),
    );
    let chat = world.chat("Общий");
    let tags = json!({ "group_tag_ids": [world.tag("Бухгалтерия"), world.tag("Продажи")] });
    add(&world, chat, &[bob]).await;
    let path = format!("/chats/{chat}/group_tags");
    assert_eq!(world.post(&path, tags).await.status, StatusCode::NO_CONTENT);
    assert!(world.members(chat).await.contains(&anna));

    let set = async |user: i64, names: &[&str]| {
        let body = json!({ "user": { "list_tags": names } });
        world.put(&format!("/users/{user}"), body).await;
        world.members(chat).await.contains(&user)
    };
    assert!(set(anna, &["Бухгалтерия", "Продажи"]).await);
    assert!(set(anna, &["Продажи"]).await);
    assert!(!set(anna, &[]).await);
    assert!(set(bob, &["Продажи"]).await);
    assert!(set(bob, &[]).await);
    let owner = world.user("svc@example.test");
    assert!(set(owner, &["Продажи"]).await);
    assert!(set(owner, &[]).await);
}

#[tokio::test]
async fn attaching_refuses_as_a_whole_and_loads_people_again() {
    let world = world();
    let anna = world.user("anna@example.test");
    let chat = world.chat("Общий");
    let path = format!("/chats/{chat}/group_tags");
    let tag = world.tag("Бухгалтерия");
    let reply = world
        .post(&path, json!({ "group_tag_ids": [tag, 1] }))
        .await;
    assert_eq!(
        reply.error(),
        (404, "not_found".into(), "group_tag_ids".into())
    );
    assert!(!world.members(chat).await.contains(&anna));
    for _ in 0..2 {
        let reply = world.post(&path, json!({ "group_tag_ids": [tag] })).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        let shown = world.get(&format!("/chats/{chat}")).await.data();
        assert_eq!(shown["group_tag_ids"], json!([tag]));
        assert!(world.members(chat).await.contains(&anna));
    }
}

#[tokio::test]
async fn archived_and_direct_chats_cannot_be_changed() {
    let world = world();
    let bob = world.user("bob@example.test");
    let archived = world.chat("Переезд офиса");
    assert_eq!(add(&world, archived, &[bob]).await, StatusCode::FORBIDDEN);
    assert_eq!(remove(&world, archived, bob).await, StatusCode::FORBIDDEN);
    let direct = json!({ "message": { "entity_type": "user", "entity_id": bob, "content": "?" } });
    let direct = world.post("/messages", direct).await.data()["chat_id"]
        .as_i64()
        .unwrap();
    let body = json!({ "member_ids": [bob] });
    let reply = world.post(&format!("/chats/{direct}/members"), body).await;
    assert_eq!(reply.error().1, "personal_chat");
}

#[tokio::test]
async fn removing_needs_a_ruling_role_and_adding_only_membership() {
    let world = world();
    world.seed(&json!({ "chats": [
        { "name": "Открытый", "public": true, "owner": "bob@example.test" },
        { "name": "Закрытый", "owner": "bob@example.test" },
    ] }));
    let anna = world.user("anna@example.test");
    let open = world.chat("Открытый");
    assert_eq!(add(&world, open, &[anna]).await, StatusCode::NO_CONTENT);
    assert_eq!(remove(&world, open, anna).await, StatusCode::FORBIDDEN);
    let closed = world.chat("Закрытый");
    assert_eq!(add(&world, closed, &[anna]).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn why_people_are_in_chats_is_in_the_state() {
    let world = world();
    let anna = world.user("anna@example.test");
    let state = world.state();
    let chats = state["chats"].as_array().unwrap();
    let chat = chats
        .iter()
        .find(|chat| chat["name"] == "Бухгалтерия")
        .unwrap();
    let members = chat["members"].as_array().unwrap();
    let member = members
        .iter()
        .find(|member| member["user_id"] == anna)
        .unwrap();
    let tag = world.tag("Бухгалтерия");
    assert_eq!(
        *member,
        json!({ "user_id": anna, "role": "member", "by_hand": false, "via_tags": [tag] })
    );
}
