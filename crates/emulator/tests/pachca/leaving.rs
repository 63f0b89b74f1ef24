use http::StatusCode;
use serde_json::json;

use crate::support::{World, ids, page_ids};
use crate::users::anna;

#[tokio::test]
async fn suspension_hides_from_chats_and_counts_but_keeps_everything() {
    let world = World::strict();
    let id = world.post("/users", anna()).await.data()["id"]
        .as_i64()
        .unwrap();
    let (chat, tag) = (world.chat("Бухгалтерия"), world.tag("Бухгалтерия"));
    let path = format!("/users/{id}");
    assert!(world.members(chat).await.contains(&id));

    let user = world
        .put(&path, json!({ "user": { "suspended": true } }))
        .await
        .data();
    assert_eq!(user["suspended"], true);
    assert_eq!(user["list_tags"], json!(["Бухгалтерия"]));
    assert!(!world.members(chat).await.contains(&id));
    let members = world.get(&format!("/chats/{chat}/members")).await;
    assert!(!page_ids(&members).contains(&id));
    let shown = world.get(&format!("/group_tags/{tag}")).await.data();
    assert_eq!(shown["users_count"], 0);
    let tagged = world.get(&format!("/group_tags/{tag}/users")).await;
    assert_eq!(page_ids(&tagged), [id]);
    assert!(page_ids(&world.get("/users").await).contains(&id));
    let found = world.get("/users?query=anna@example.test").await;
    assert_eq!(page_ids(&found), [id]);

    let body = json!({ "member_ids": [id], "silent": true });
    let reply = world.post(&format!("/chats/{chat}/members"), body).await;
    assert_eq!(
        reply.error(),
        (404, "not_found".into(), "member_ids".into())
    );
    assert_eq!(
        world.post("/users", anna()).await.status,
        StatusCode::CONFLICT
    );

    world
        .put(&path, json!({ "user": { "suspended": false } }))
        .await;
    assert!(world.members(chat).await.contains(&id));
}

#[tokio::test]
async fn deletion_leaves_chats_and_tags_and_frees_the_email() {
    let world = World::strict();
    let id = world.post("/users", anna()).await.data()["id"]
        .as_i64()
        .unwrap();
    let invited = json!({ "email": "bob@example.test" });
    world.seed(&json!({ "users": [invited] }));
    let (chat, tag) = (world.chat("Бухгалтерия"), world.tag("Бухгалтерия"));
    let direct = json!({ "message": { "entity_type": "user", "entity_id": id, "content": "?" } });
    world.post("/messages", direct).await;
    let path = format!("/users/{id}");

    assert_eq!(world.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!world.members(chat).await.contains(&id));
    let tagged = world.get(&format!("/group_tags/{tag}/users")).await;
    assert_eq!(page_ids(&tagged), [0_i64; 0]);
    assert_eq!(world.state()["messages"].as_array().unwrap().len(), 1);
    let personal = world.get("/chats?personal=true").await.data();
    assert_eq!(personal.as_array().unwrap().len(), 1);

    let again = world.post("/users", anna()).await;
    assert_eq!(again.status, StatusCode::CREATED);
    assert_ne!(again.data()["id"], id);
}

#[tokio::test]
async fn deletion_of_a_chat_owner_leaves_the_id_behind() {
    let world = World::strict();
    world.seed(&json!({
        "users": [{ "email": "boss@example.test" }],
        "chats": [{ "name": "Отдел", "owner": "boss@example.test", "admins": ["svc@example.test"] }],
    }));
    let (boss, chat) = (world.user("boss@example.test"), world.chat("Отдел"));
    world.delete(&format!("/users/{boss}")).await;
    let shown = world.get(&format!("/chats/{chat}")).await.data();
    assert_eq!(shown["owner_id"], boss);
    assert_eq!(ids(&shown["member_ids"]), [world.user("svc@example.test")]);
    assert_eq!(shown["archived"], false);
}
