use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{World, ids, page_ids};

/// Anna has the tag of sales, Bob nothing, and Gil is a guest.
fn world() -> World {
    let world = World::strict();
    world.seed(&json!({ "users": [
        { "email": "anna@example.test", "list_tags": ["Продажи"] },
        { "email": "bob@example.test" },
        { "email": "gone@example.test", "suspended": true },
        { "email": "gil@example.test", "role": "guest" },
    ] }));
    world
}

fn chat(fields: &Value) -> Value {
    json!({ "chat": fields })
}

#[tokio::test]
async fn a_chat_begins_with_its_maker_and_whoever_is_there() {
    let world = world();
    let [me, anna, bob, gone] =
        ["svc", "anna", "bob", "gone"].map(|name| world.user(&format!("{name}@example.test")));
    let body = chat(&json!({ "name": " Новая ", "member_ids": [bob, gone, 1],
        "group_tag_ids": [world.tag("Продажи")], "public": true }));
    let reply = world.post("/chats", body).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let shown = reply.data();
    assert_eq!(
        (&shown["name"], &shown["owner_id"]),
        (&json!("Новая"), &json!(me))
    );
    assert_eq!(
        (&shown["public"], &shown["channel"], &shown["archived"]),
        (&json!(true), &json!(false), &json!(false))
    );
    let mut members = ids(&shown["member_ids"]);
    members.sort_unstable();
    let mut expected = [me, anna, bob];
    expected.sort_unstable();
    assert_eq!(members, expected);
    // Whoever was left out is only told beside the chat.
    let meta = reply.json()["meta"].clone();
    assert_eq!(meta, json!({ "not_found_member_ids": [gone, 1] }));

    for (fields, status, code, key) in [
        (json!({}), 422, "blank", "name"),
        (json!({ "name": " " }), 422, "blank", "name"),
        (json!({ "name": "я".repeat(256) }), 422, "too_long", "name"),
        (
            json!({ "name": "x", "group_tag_ids": [1] }),
            422,
            "not_found",
            "group_tag_ids",
        ),
        (
            json!({ "name": "x", "member_ids": "all" }),
            400,
            "invalid",
            "member_ids",
        ),
    ] {
        let reply = world.post("/chats", chat(&fields)).await;
        assert_eq!(reply.error(), (status, code.into(), key.into()));
    }
    let reply = world.post("/chats", json!({})).await;
    assert_eq!(reply.error(), (400, "required".into(), "chat".into()));
}

#[tokio::test]
async fn an_open_chat_is_everybodys_to_rename_and_a_closed_one_its_managers() {
    let world = world();
    let svc = |role: &str| json!({ "users": [{ "email": "svc@example.test", "role": role }] });
    // Whoever joins as an ordinary person stays an ordinary member, whatever becomes of them.
    world.seed(&svc("user"));
    world.seed(&json!({ "chats": [
        { "name": "Открытый", "public": true, "owner": "anna@example.test" },
        { "name": "Закрытый", "owner": "anna@example.test", "members": ["svc@example.test"],
          "tags": ["Продажи"] },
        { "name": "Мой" },
    ] }));
    world.seed(&svc("admin"));
    let edit =
        async |id: i64, fields: Value| world.put(&format!("/chats/{id}"), chat(&fields)).await;
    let open = edit(world.chat("Открытый"), json!({ "name": "Другой" })).await;
    assert_eq!(open.data()["name"], "Другой");
    assert_eq!(open.data()["public"], true);
    let mine = world.chat("Мой");
    let open = edit(mine, json!({ "public": true })).await.data();
    assert_eq!(
        (&open["name"], &open["public"]),
        (&json!("Мой"), &json!(true))
    );
    let reply = edit(mine, json!({ "name": " " })).await;
    assert_eq!(reply.error(), (422, "blank".into(), "name".into()));

    let closed = world.chat("Закрытый");
    let tag = world.tag("Продажи");
    let anna = world.user("anna@example.test");
    for reply in [
        edit(closed, json!({ "name": "x" })).await,
        world.raw_put(&format!("/chats/{closed}/archive")).await,
        world
            .delete(&format!("/chats/{closed}/group_tags/{tag}"))
            .await,
        world
            .delete(&format!("/chats/{closed}/members/{anna}"))
            .await,
        edit(world.chat("Переезд офиса"), json!({ "name": "x" })).await,
        edit(world.chat("Руководство"), json!({ "name": "x" })).await,
    ] {
        assert_eq!(reply.error(), (403, "not_authorized".into(), "base".into()));
    }
}

#[tokio::test]
async fn archiving_lets_guests_go_and_frees_the_tags_for_good() {
    let world = world();
    let (anna, gil) = (
        world.user("anna@example.test"),
        world.user("gil@example.test"),
    );
    let id = world.chat("Продажи");
    let body = json!({ "member_ids": [gil] });
    world.post(&format!("/chats/{id}/members"), body).await;
    assert!(world.members(id).await.contains(&gil));
    let (archive, unarchive) = (
        format!("/chats/{id}/archive"),
        format!("/chats/{id}/unarchive"),
    );
    let put = async |path: &str| world.raw_put(path).await;
    assert_eq!(put(&unarchive).await.status, StatusCode::NO_CONTENT);
    assert_eq!(put(&archive).await.status, StatusCode::NO_CONTENT);
    let again = put(&archive).await;
    assert_eq!(again.error(), (403, "not_authorized".into(), "base".into()));
    let shown = world.get(&format!("/chats/{id}")).await.data();
    assert_eq!(
        (&shown["archived"], &shown["group_tag_ids"]),
        (&json!(true), &json!([]))
    );
    assert!(!world.members(id).await.contains(&gil));
    assert!(world.members(id).await.contains(&anna));
    let message = json!({ "message": { "entity_id": id, "content": "?" } });
    assert_eq!(
        world.post("/messages", message).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(put(&unarchive).await.status, StatusCode::NO_CONTENT);
    let shown = world.get(&format!("/chats/{id}")).await.data();
    assert_eq!(
        (&shown["archived"], &shown["group_tag_ids"]),
        (&json!(false), &json!([]))
    );
    assert!(!world.members(id).await.contains(&gil));
    // Somebody else's, and one that is no conversation.
    world.seed(
        &json!({ "chats": [{ "name": "Чужой", "public": true, "owner": "anna@example.test" }] }),
    );
    let other = world.chat("Чужой");
    let reply = put(&format!("/chats/{other}/archive")).await;
    assert_eq!(reply.error().1, "not_authorized");
    let message =
        json!({ "message": { "entity_type": "user", "entity_id": anna, "content": "?" } });
    let direct = world.post("/messages", message).await.data()["chat_id"].clone();
    let reply = put(&format!("/chats/{direct}/archive")).await;
    assert_eq!(reply.error().1, "not_authorized");
}

#[tokio::test]
async fn leaving_is_for_those_whom_nothing_holds() {
    let world = world();
    let me = world.user("svc@example.test");
    let leave = async |id: i64| world.delete(&format!("/chats/{id}/leave")).await;
    // Its maker may leave a chat, and owns it nevertheless.
    let mine = world.chat("Общий");
    assert_eq!(leave(mine).await.status, StatusCode::NO_CONTENT);
    let shown = world.get(&format!("/chats/{mine}")).await.data();
    assert_eq!(shown["owner_id"], me);
    assert!(!ids(&shown["member_ids"]).contains(&me));
    assert_eq!(leave(mine).await.error().1, "not_authorized");
    let back = json!({ "member_ids": [me] });
    world.post(&format!("/chats/{mine}/members"), back).await;
    let owners = format!("/chats/{mine}/members?role=owner");
    assert_eq!(page_ids(&world.get(&owners).await), [me]);

    assert_eq!(
        leave(world.chat("Переезд офиса")).await.status,
        StatusCode::NO_CONTENT
    );
    world.seed(&json!({
        "users": [{ "email": "svc@example.test", "list_tags": ["Разработка"] }],
        "chats": [{ "name": "Держит", "owner": "anna@example.test", "tags": ["Разработка"] }],
    }));
    let held = world.chat("Держит");
    assert_eq!(leave(held).await.error().1, "not_authorized");
    assert!(world.members(held).await.contains(&me));
    let anna = world.user("anna@example.test");
    let message =
        json!({ "message": { "entity_type": "user", "entity_id": anna, "content": "?" } });
    let direct = world.post("/messages", message).await.data()["chat_id"].clone();
    let reply = leave(direct.as_i64().unwrap()).await;
    assert_eq!(reply.error(), (422, "personal_chat".into(), "base".into()));
}

#[tokio::test(start_paused = true)]
async fn people_of_a_detached_tag_leave_a_moment_later() {
    let world = world();
    let (anna, bob) = (
        world.user("anna@example.test"),
        world.user("bob@example.test"),
    );
    let (id, tag) = (world.chat("Продажи"), world.tag("Продажи"));
    let other = world.tag("Разработка");
    world.seed(&json!({ "users": [
        { "email": "bob@example.test", "list_tags": ["Продажи", "Разработка"] },
        { "email": "carl@example.test", "list_tags": ["Продажи"] },
        { "email": "svc@example.test", "list_tags": ["Продажи"] },
    ] }));
    let carl = world.user("carl@example.test");
    let add = json!({ "group_tag_ids": [other] });
    world.post(&format!("/chats/{id}/group_tags"), add).await;
    let path = format!("/chats/{id}/group_tags/{tag}");
    assert_eq!(world.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.delete(&path).await.error().1, "not_found");
    let shown = world.get(&format!("/chats/{id}")).await.data();
    assert_eq!(shown["group_tag_ids"], json!([other]));
    assert!(world.members(id).await.contains(&anna));
    tokio::time::advance(Duration::from_millis(200)).await;
    let members = world.members(id).await;
    assert!(!members.contains(&anna) && !members.contains(&carl));
    // Another tag holds Bob, and the owner always stays.
    assert!(members.contains(&bob));
    assert!(members.contains(&world.user("svc@example.test")));

    // Attached again in time, the tag lets nobody go.
    let add = json!({ "group_tag_ids": [tag] });
    let attach = format!("/chats/{id}/group_tags");
    world.post(&attach, add.clone()).await;
    world.delete(&path).await;
    world.post(&attach, add).await;
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(world.members(id).await.contains(&anna));
}

#[tokio::test]
async fn chat_roles_are_given_by_those_who_manage() {
    let world = world();
    let [me, anna, bob, ceo] =
        ["svc", "anna", "bob", "ceo"].map(|name| world.user(&format!("{name}@example.test")));
    let (talk, news) = (world.chat("Общий"), world.chat("Новости"));
    for id in [talk, news] {
        let body = json!({ "member_ids": [anna] });
        world.post(&format!("/chats/{id}/members"), body).await;
    }
    let put = async |id: i64, user: i64, role: &str| {
        let path = format!("/chats/{id}/members/{user}");
        world.put(&path, json!({ "role": role })).await
    };
    let holders = async |id: i64, role: &str| {
        page_ids(&world.get(&format!("/chats/{id}/members?role={role}")).await)
    };
    assert_eq!(
        put(news, anna, "editor").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(holders(news, "editor").await, [anna]);
    assert_eq!(
        put(talk, anna, "admin").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(holders(talk, "admin").await, [anna]);
    // The role in the workspace is another one.
    assert_eq!(
        world.get(&format!("/users/{anna}")).await.data()["role"],
        "user"
    );
    for (id, user, role, status, code) in [
        (talk, anna, "admin", 422, "already_assigned"),
        (talk, anna, "editor", 422, "not_applicable"),
        (talk, anna, "owner", 422, "inclusion"),
        (talk, bob, "admin", 404, "not_found"),
        (news, ceo, "member", 403, "owner_protected"),
        (news, me, "member", 403, "self_update"),
    ] {
        let (got, why, _) = put(id, user, role).await.error();
        assert_eq!((got, why.as_str()), (status, code), "{role}");
    }
    let reply = world
        .put(&format!("/chats/{talk}/members/{anna}"), json!({}))
        .await;
    assert_eq!(reply.error(), (400, "required".into(), "role".into()));
    world.seed(&json!({ "chats": [{ "name": "Чужой", "public": true, "owner": "anna@example.test", "members": ["bob@example.test"] }] }));
    let reply = put(world.chat("Чужой"), bob, "admin").await;
    assert_eq!(reply.error().1, "not_authorized");
}

#[tokio::test]
async fn all_chats_of_the_company_are_the_owners_to_list() {
    let world = world();
    let path = "/company/chats";
    let reply = world.get(path).await;
    assert_eq!(reply.json()["error"], "insufficient_scope");
    world.seed(&json!({ "scopes": ["company_chats:read", "chats:read"] }));
    let reply = world.get(path).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]),
        (StatusCode::FORBIDDEN, &json!("role_forbidden"))
    );
    world.seed(&json!({ "owner": "svc@example.test" }));
    let all = page_ids(&world.get(path).await);
    assert!(all.contains(&world.chat("Руководство")));
    assert!(
        !page_ids(&world.get("/chats?archived=true").await).contains(&world.chat("Руководство"))
    );
    let archived = page_ids(&world.get("/company/chats?activity=archived").await);
    assert_eq!(archived, [world.chat("Переезд офиса")]);
    let active = page_ids(&world.get("/company/chats?activity=active").await);
    assert_eq!(active.len() + 1, all.len());
}

#[tokio::test]
async fn exports_are_the_owners_to_ask_for() {
    let world = world();
    let path = "/chats/exports";
    let days = |start: &str, end: &str| json!({ "start_at": start, "end_at": end });
    let reply = world.post(path, days("2026-11-01", "2026-11-02")).await;
    assert_eq!(reply.json()["error"], "insufficient_scope");
    world.seed(&json!({ "owner": "svc@example.test",
        "scopes": ["chat_exports:read", "chat_exports:write"] }));
    let reply = world.post(path, days("2026-10-01", "2026-11-14")).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    let reply = world.get("/chats/exports/1").await;
    assert_eq!(reply.status, StatusCode::FOUND);
    assert!(
        reply.headers["location"]
            .to_str()
            .unwrap()
            .ends_with("/1.zip")
    );
    let reply = world.get("/chats/exports/2").await;
    assert_eq!(reply.error().1, "export_file_not_found");
    for (body, status, code) in [
        (days("2026-10-01", "2026-11-15"), 422, "invalid_date_range"),
        (days("2026-11-02", "2026-11-01"), 422, "invalid_date_range"),
        (days("2026-11-02", "soon"), 400, "invalid"),
        (json!({ "start_at": "2026-11-02" }), 400, "required"),
    ] {
        let reply = world.post(path, body).await;
        assert_eq!(reply.error(), (status, code.into(), "end_at".into()));
    }
    let mut some = days("2025-11-15", "2026-11-14");
    some["chat_ids"] = json!([world.chat("Общий")]);
    assert_eq!(world.post(path, some).await.status, StatusCode::NO_CONTENT);
}
