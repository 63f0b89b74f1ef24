use http::StatusCode;
use kadry_emulator::Options;
use serde_json::json;

use crate::support::{World, page_ids};

#[tokio::test]
async fn names_are_unique_whatever_their_case() {
    let world = World::strict();
    let reply = world
        .post(
            "/group_tags",
            json!({ "group_tag": { "name": " Юристы " } }),
        )
        .await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(reply.data()["name"], "Юристы");
    assert_eq!(reply.data()["users_count"], 0);
    let reply = world
        .post("/group_tags", json!({ "group_tag": { "name": "ЮРИСТЫ" } }))
        .await;
    assert_eq!(reply.error(), (409, "already_exists".into(), "name".into()));
}

#[tokio::test]
async fn senseless_names_are_refused() {
    let world = World::strict();
    let long = "я".repeat(256);
    for (name, code) in [
        ("", "blank"),
        ("  ", "blank"),
        ("Here", "use_of_system_words"),
        ("a@b", "invalid"),
        (long.as_str(), "too_long"),
    ] {
        let body = json!({ "group_tag": { "name": name } });
        assert_eq!(
            world.post("/group_tags", body).await.error(),
            (422, code.into(), "name".into())
        );
    }
    let reply = world.post("/group_tags", json!({ "name": "x" })).await;
    // Strict mode sees the unknown member first.
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let reply = World::faithful()
        .post("/group_tags", json!({ "name": "x" }))
        .await;
    assert_eq!(reply.error(), (400, "required".into(), "group_tag".into()));
}

#[tokio::test]
async fn list_is_filtered_by_full_names() {
    let world = World::strict();
    let all = page_ids(&world.get("/group_tags").await);
    assert_eq!(all.len(), 4);
    // Продажи and Разработка, percent-encoded, one of them in another case.
    let sales = "%D0%BF%D0%A0%D0%9E%D0%94%D0%90%D0%96%D0%98";
    let half = "%D0%A0%D0%B0%D0%B7%D1%80%D0%B0%D0%B1";
    for name in ["names", "names[]", "names%5B%5D"] {
        let path = format!("/group_tags?{name}={sales}&{name}={half}&limit=50");
        assert_eq!(page_ids(&world.get(&path).await), [world.tag("Продажи")]);
    }
    let many = vec!["names[]=x"; 101].join("&");
    let reply = world.get(&format!("/group_tags?{many}")).await;
    assert_eq!(reply.error(), (400, "too_long".into(), "names".into()));
    assert_eq!(
        world.get("/group_tags/1").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        world.get("/group_tags/1/users").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn list_tags_replaces_the_set_and_creates_unknown_names() {
    let world = World::strict();
    world.seed(&json!({ "users": [{ "email": "anna@example.test", "list_tags": ["Продажи"] }] }));
    let path = format!("/users/{}", world.user("anna@example.test"));
    let set = |names: &[&str]| json!({ "user": { "list_tags": names } });
    let user = world
        .put(&path, set(&["Новый", "бухгалтерия", "БУХГАЛТЕРИЯ"]))
        .await
        .data();
    assert_eq!(user["list_tags"], json!(["Бухгалтерия", "Новый"]));
    let user = world.put(&path, set(&[])).await.data();
    assert_eq!(user["list_tags"], json!([]));
    assert_eq!(page_ids(&world.get("/group_tags").await).len(), 5);
}

#[tokio::test]
async fn renaming_keeps_people_and_chats() {
    let world = World::strict();
    world.seed(&json!({ "users": [{ "email": "anna@example.test", "list_tags": ["Продажи"] }] }));
    let (tag, anna) = (world.tag("Продажи"), world.user("anna@example.test"));
    let chat = world.chat("Продажи");
    let path = format!("/group_tags/{tag}");
    let named = |name: &str| json!({ "group_tag": { "name": name } });
    let reply = world.put(&path, named(" Сбыт ")).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.data(),
        json!({ "id": tag, "name": "Сбыт", "users_count": 1 })
    );
    let user = world.get(&format!("/users/{anna}")).await.data();
    assert_eq!(user["list_tags"], json!(["Сбыт"]));
    assert!(world.members(chat).await.contains(&anna));
    // Its own name in another case is free for it, another tag's is not.
    assert_eq!(world.put(&path, named("СБЫТ")).await.status, StatusCode::OK);
    let reply = world.put(&path, named("бухгалтерия")).await;
    assert_eq!(reply.error(), (409, "already_exists".into(), "name".into()));
    let reply = world.put(&path, named("all")).await;
    assert_eq!(reply.error().1, "use_of_system_words");
    let reply = world.put("/group_tags/1", named("x")).await;
    assert_eq!(reply.error().1, "not_found");
}

#[tokio::test]
async fn deleting_a_tag_takes_nobody_out_of_a_chat() {
    let world = World::strict();
    world.seed(&json!({ "users": [{ "email": "anna@example.test", "list_tags": ["Продажи"] }] }));
    let (tag, anna) = (world.tag("Продажи"), world.user("anna@example.test"));
    let chat = world.chat("Продажи");
    let path = format!("/group_tags/{tag}");
    assert_eq!(world.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.delete(&path).await.error().1, "not_found");
    assert!(world.members(chat).await.contains(&anna));
    let shown = world.get(&format!("/chats/{chat}")).await.data();
    assert_eq!(shown["group_tag_ids"], json!([]));
    let user = world.get(&format!("/users/{anna}")).await.data();
    assert_eq!(user["list_tags"], json!([]));
    // From now on an ordinary member, who can be removed.
    let member = format!("/chats/{chat}/members/{anna}");
    assert_eq!(world.delete(&member).await.status, StatusCode::NO_CONTENT);
    assert!(!world.members(chat).await.contains(&anna));
}

#[tokio::test]
async fn starting_tags_carry_the_departments() {
    let world = World::of(Options {
        people: 40,
        strict: true,
        limits: false,
        ..Options::default()
    });
    for name in ["Бухгалтерия", "Продажи", "Разработка"] {
        let tag = world.tag(name);
        let count = world.get(&format!("/group_tags/{tag}")).await.data()["users_count"].clone();
        let tagged = world.get(&format!("/group_tags/{tag}/users")).await.data();
        let tagged = tagged.as_array().unwrap();
        assert!(!tagged.is_empty());
        assert!(tagged.iter().all(|user| user["department"] == name));
        let active = tagged.iter().filter(|user| user["suspended"] == false);
        assert_eq!(count, active.count());
    }
}
