//! What is changed, looked at and taken back.

use kadry_core::{Look, NativeCall};
use serde_json::{Value, json};

use crate::line::{World, call};

fn office() -> Value {
    json!({
        "users": [
            {"email": "anna@example.test", "first_name": "Анна", "list_tags": ["Продажи"]},
            {"email": "boris@example.test", "first_name": "Борис"},
        ],
        "chats": [{"name": "Общий"}],
    })
}

/// Makes the single changes that a call stands for, each of which was not there before and is there after it. Returns what takes
/// them back.
async fn make(world: &World, typed: &NativeCall) -> Vec<NativeCall> {
    let native = world.messenger.native().unwrap();
    let mut undo = Vec::new();
    for one in native.resolve(typed).await.unwrap() {
        let before = native.look(&one).await.unwrap();
        assert_eq!(native.stands(&one, None, &before), Look::Absent, "{one}");
        let after = native.write(&one).await.unwrap();
        let now = native.look(&one).await.unwrap();
        assert_eq!(
            native.stands(&one, Some(&before), &now),
            Look::Found,
            "{one}"
        );
        undo.extend(native.back(&one, &before, &after).calls);
    }
    world.asked();
    undo
}

/// The same, and takes it all back.
async fn make_and_take_back(world: &World, typed: &NativeCall) {
    for undo in make(world, typed).await {
        make(world, &undo).await;
    }
}

#[tokio::test(start_paused = true)]
async fn people_go_into_a_chat_and_out_of_it() {
    let world = World::with(&office()).await;
    let members = call("members list", &[("id", "Общий")]);
    let before = world.members(&members, "email").await;
    let both = [
        ("id", "общий"),
        ("member_ids", "anna@example.test"),
        ("member_ids", "boris@example.test"),
        ("silent", "true"),
    ];
    let add = call("members add", &both);
    make_and_take_back(&world, &add).await;
    assert_eq!(world.members(&members, "email").await, before);
    make(&world, &add).await;
    assert_eq!(
        world.members(&members, "email").await.len(),
        before.len() + 2
    );
}

#[tokio::test(start_paused = true)]
async fn all_people_of_a_tag_come_into_a_chat() {
    let world = World::with(&office()).await;
    let add = call(
        "members add-tags",
        &[("id", "Общий"), ("group_tag_ids", "продажи")],
    );
    let undo = make(&world, &add).await;
    assert_eq!(undo[0].operation, "members remove-tags");
    let members = world
        .members(&call("members list", &[("id", "Общий")]), "email")
        .await;
    assert!(members.contains(&json!("anna@example.test")));
    // Whom a tag holds stays, and it is seen.
    let native = world.messenger.native().unwrap();
    let remove = call(
        "members remove",
        &[("id", "Общий"), ("user_id", "anna@example.test")],
    );
    let remove = native.resolve(&remove).await.unwrap().remove(0);
    let before = native.look(&remove).await.unwrap();
    native.write(&remove).await.unwrap();
    let now = native.look(&remove).await.unwrap();
    assert_eq!(native.stands(&remove, Some(&before), &now), Look::Absent);
    world.asked();
}

#[tokio::test(start_paused = true)]
async fn a_status_with_away_mode_comes_and_goes() {
    let world = World::with(&office()).await;
    let who = ("user_id", "anna@example.test");
    let set = [
        who,
        ("user_id", "boris@example.test"),
        ("emoji", "🏖️"),
        ("title", "В отпуске"),
        ("expires_at", "2026-12-31T23:59:00+03:00"),
        ("is_away", "true"),
        ("away_message", "Вернусь в январе"),
    ];
    make_and_take_back(&world, &call("status set", &set)).await;
    make(&world, &call("status set", &set)).await;
    let shown = world.read(&call("status show", &[who])).await.unwrap();
    assert_eq!(shown[0]["expires_at"], "2026-12-31T20:59:00.000Z");
    assert_eq!(
        shown[0]["away_message"],
        json!({"text": "Вернусь в январе"})
    );
    make_and_take_back(&world, &call("status clear", &[who])).await;
    assert_eq!(
        world.read(&call("status show", &[who])).await.unwrap(),
        shown
    );
}

#[tokio::test(start_paused = true)]
async fn tags_are_made_and_found_again() {
    let world = World::with(&office()).await;
    let create = call("tags create", &[("name", "Склад"), ("name", "Дизайн")]);
    let undo = make(&world, &create).await;
    assert!(undo.iter().all(|undo| undo.operation == "tags delete"));
    assert_eq!(undo.len(), 2);
    let tags = world.members(&call("tags list", &[]), "name").await;
    assert!(tags.contains(&json!("Склад")) && tags.contains(&json!("Дизайн")));
}

#[tokio::test(start_paused = true)]
async fn a_message_to_a_person_and_to_a_chat_is_told_from_the_one_before_it() {
    let world = World::with(&office()).await;
    let to_anna = [
        ("entity_type", "user"),
        ("entity_id", "anna@example.test"),
        ("content", "# Добро пожаловать!"),
    ];
    let to_all = [("entity_id", "Общий"), ("content", "Всем привет!")];
    for arguments in [&to_anna[..], &to_all] {
        for _ in 0..2 {
            let undo = make(&world, &call("messages send", arguments)).await;
            assert!(undo.is_empty());
        }
    }
    let said = world
        .members(&call("messages list", &[("chat_id", "Общий")]), "content")
        .await;
    assert_eq!(said, ["Всем привет!", "Всем привет!"]);
    world.asked();
}

#[tokio::test(start_paused = true)]
async fn tags_are_made_renamed_and_deleted() {
    let world = World::with(&office()).await;
    make_and_take_back(
        &world,
        &call("tags create", &[("name", "Склад"), ("name", "Дизайн")]),
    )
    .await;
    make_and_take_back(
        &world,
        &call("tags rename", &[("id", "продажи"), ("name", "Сбыт")]),
    )
    .await;
    make(&world, &call("tags delete", &[("id", "Продажи")])).await;
}

#[tokio::test(start_paused = true)]
async fn chats_are_made_renamed_by_a_pattern_and_archived() {
    let world = World::with(&office()).await;
    let create = [
        ("name", "Заказчик Ромашка"),
        ("member_ids", "anna@example.test"),
        ("member_ids", "boris@example.test"),
        ("group_tag_ids", "продажи"),
        ("public", "false"),
    ];
    make_and_take_back(&world, &call("chats create", &create)).await;
    make(&world, &call("chats create", &create)).await;
    make(&world, &call("chats create", &create)).await;
    make_and_take_back(
        &world,
        &call(
            "chats rename",
            &[("pattern", "^Заказчик (.+)$"), ("to", "Клиент $1")],
        ),
    )
    .await;
    make_and_take_back(&world, &call("chats archive", &[("id", "Общий")])).await;
    make(&world, &call("chats archive", &[("id", "Общий")])).await;
    make_and_take_back(&world, &call("chats unarchive", &[("id", "Общий")])).await;
}

#[tokio::test(start_paused = true)]
async fn roles_memberships_and_tags_of_a_chat_go_back() {
    let world = World::with(&office()).await;
    make(
        &world,
        &call(
            "members add",
            &[("id", "Общий"), ("member_ids", "boris@example.test")],
        ),
    )
    .await;
    make_and_take_back(
        &world,
        &call(
            "members set-role",
            &[
                ("id", "Общий"),
                ("user_id", "boris@example.test"),
                ("role", "admin"),
            ],
        ),
    )
    .await;
    make_and_take_back(
        &world,
        &call(
            "members remove",
            &[("id", "Общий"), ("user_id", "boris@example.test")],
        ),
    )
    .await;
    make_and_take_back(
        &world,
        &call(
            "members add-tags",
            &[("id", "Общий"), ("group_tag_ids", "Продажи")],
        ),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn reactions_come_and_go() {
    let world = World::with(&office()).await;
    make(
        &world,
        &call(
            "messages send",
            &[("entity_id", "Общий"), ("content", "Привет")],
        ),
    )
    .await;
    let id = world
        .members(&call("messages list", &[("chat_id", "Общий")]), "id")
        .await[0]
        .to_string();
    make_and_take_back(
        &world,
        &call(
            "reactions add",
            &[("id", &id), ("code", "👍"), ("name", ":+1:")],
        ),
    )
    .await;
    make(
        &world,
        &call("reactions add", &[("id", &id), ("code", "👍")]),
    )
    .await;
    make_and_take_back(
        &world,
        &call("reactions remove", &[("id", &id), ("code", "👍")]),
    )
    .await;
    world
        .read(&call("messages show", &[("id", &id)]))
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn pictures_and_the_own_status_come_and_go() {
    let world = World::with(&office()).await;
    make_and_take_back(
        &world,
        &call("profile set-status", &[("emoji", "🎮"), ("title", "Играю")]),
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Анна.png");
    std::fs::write(&path, b"\x89PNG\r\n\x1a\nabc").unwrap();
    let path = path.to_str().unwrap();
    make_and_take_back(&world, &call("profile set-avatar", &[("image", path)])).await;
    make_and_take_back(
        &world,
        &call(
            "avatar set",
            &[("user_id", "anna@example.test"), ("image", path)],
        ),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn searches_take_every_filter() {
    let world = World::with(&office()).await;
    make(
        &world,
        &call(
            "messages send",
            &[("entity_id", "Общий"), ("content", "Привет")],
        ),
    )
    .await;
    for (name, args) in [
        (
            "users search",
            &[
                ("query", "Анна"),
                ("sort", "alphabetical"),
                ("order", "desc"),
                ("company_roles", "user"),
                ("created_from", "2020-01-01T00:00:00Z"),
            ][..],
        ),
        (
            "chats search",
            &[
                ("query", "Общий"),
                ("active", "true"),
                ("chat_subtype", "discussion"),
                ("personal", "false"),
                ("order", "asc"),
            ],
        ),
        (
            "messages search",
            &[
                ("query", "Привет"),
                ("sort", "relevance"),
                ("chat_ids", "Общий"),
                ("user_ids", "svc@example.test"),
                ("active", "true"),
            ],
        ),
    ] {
        let rows = world.read(&call(name, args)).await.unwrap();
        assert_eq!(rows.len(), 1, "{name}");
        world.asked();
    }
}
