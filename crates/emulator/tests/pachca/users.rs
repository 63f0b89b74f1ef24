use http::StatusCode;
use kadry_emulator::Options;
use kadry_emulator::pachca::habits::Habits;
use serde_json::{Value, json};

use crate::support::{World, page_ids};

pub(crate) fn anna() -> Value {
    json!({ "user": { "email": "anna@example.test", "first_name": "Анна", "last_name": "Выдумкина",
        "department": "Бухгалтерия", "title": "Бухгалтер", "role": "user", "list_tags": ["Бухгалтерия"] } })
}

#[tokio::test(start_paused = true)]
async fn create_invites_by_mail_once() {
    let world = World::strict();
    let reply = world.post("/users", anna()).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let user = reply.data();
    assert_eq!(user["invite_status"], "sent");
    assert_eq!(user["last_activity_at"], Value::Null);
    assert_eq!(user["nickname"], "anna");
    assert_eq!(user["list_tags"], json!(["Бухгалтерия"]));
    assert_eq!(user["inviter_id"], world.user("svc@example.test"));
    assert_eq!(user["created_at"], "2026-11-21T10:00:00.000Z");
    let mails = world.state()["mails"].clone();
    assert_eq!(mails.as_array().unwrap().len(), 1);
    assert_eq!(mails[0]["to"], "anna@example.test");

    let mut again = anna();
    again["user"]["email"] = json!(" ANNA@Example.test ");
    let reply = world.post("/users", again).await;
    assert_eq!(
        reply.error(),
        (409, "already_exists".into(), "email".into())
    );
    assert_eq!(world.state()["mails"], mails);
}

#[tokio::test]
async fn create_can_skip_the_mail_and_seed_confirms() {
    let world = World::strict();
    let mut body = anna();
    body["skip_email_notify"] = json!(true);
    world.post("/users", body).await;
    assert_eq!(world.state()["mails"], json!([]));
    let record = json!({ "email": "anna@example.test", "invite_status": "confirmed" });
    world.seed(&json!({ "users": [record] }));
    let id = world.user("anna@example.test");
    let user = world.get(&format!("/users/{id}")).await.data();
    assert_eq!(user["invite_status"], "confirmed");
    assert_eq!(user["first_name"], "Анна");
}

#[tokio::test]
async fn create_refuses_senseless_input() {
    let world = World::strict();
    for (body, code, key) in [
        (json!({}), "required", "user"),
        (json!({ "user": {} }), "blank", "email"),
        (
            json!({ "user": { "email": "no address" } }),
            "invalid",
            "email",
        ),
        (
            json!({ "user": { "email": "a@b", "role": "boss" } }),
            "inclusion",
            "role",
        ),
        (
            json!({ "user": { "email": "a@b", "title": 3 } }),
            "invalid",
            "title",
        ),
        (
            json!({ "user": { "email": "a@b", "first_name": "я".repeat(256) } }),
            "too_long",
            "first_name",
        ),
        (
            json!({ "user": { "email": "a@b", "list_tags": ["all"] } }),
            "use_of_system_words",
            "list_tags",
        ),
        (
            json!({ "user": { "email": "a@b", "chat_ids": [1] } }),
            "invalid",
            "chat_ids",
        ),
    ] {
        let reply = world.post("/users", body.clone()).await;
        let (_, got, at) = reply.error();
        assert_eq!((got.as_str(), at.as_str()), (code, key), "{body}");
    }
    assert_eq!(world.state()["users"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn guest_starts_in_exactly_one_chat_and_without_tags() {
    let world = World::strict();
    let chat = world.chat("Бухгалтерия");
    let guest = |chats: Value| {
        json!({ "user": { "email": "guest@example.test", "role": "guest",
            "list_tags": ["Бухгалтерия"], "chat_ids": chats } })
    };
    let archived = world.chat("Переезд офиса");
    let closed = world.chat("Руководство");
    for chats in [
        json!([]),
        json!([chat, chat + 1]),
        json!([archived]),
        json!([closed]),
    ] {
        let reply = world.post("/users", guest(chats)).await;
        assert_eq!(reply.error(), (400, "invalid".into(), "chat_ids".into()));
    }
    let reply = world.post("/users", guest(json!([chat]))).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(reply.data()["list_tags"], json!([]));
    let id = reply.data()["id"].as_i64().unwrap();
    assert!(world.members(chat).await.contains(&id));
}

#[tokio::test]
async fn taken_nickname_is_silently_changed() {
    let world = World::strict();
    world.post("/users", anna()).await;
    let body = json!({ "user": { "email": "other@example.test", "nickname": "Anna" } });
    let reply = world.post("/users", body).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let nickname = reply.data()["nickname"].as_str().unwrap().to_owned();
    assert!(nickname.starts_with("Anna_"), "{nickname}");
}

#[tokio::test]
async fn malformed_tags_are_ignored_with_success_and_noted() {
    let world = World::faithful();
    let mut body = anna();
    body["user"]["list_tags"] = json!([{ "name": "Бухгалтерия" }]);
    let reply = world.post("/users", body.clone()).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(reply.data()["list_tags"], json!([]));
    assert!(world.violation().unwrap().contains("list_tags"));

    let id = world.user("anna@example.test");
    let path = format!("/users/{id}");
    world
        .put(&path, json!({ "user": { "list_tags": ["Продажи"] } }))
        .await;
    for malformed in [json!("Продажи"), json!([""]), json!([7]), json!(null)] {
        let body = json!({ "user": { "list_tags": malformed } });
        let reply = world.put(&path, body).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.data()["list_tags"], json!(["Продажи"]));
        assert!(world.violation().is_some());
    }

    let strict = World::strict();
    let reply = strict.post("/users", body).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(strict.state()["users"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn edit_changes_only_what_is_sent() {
    let world = World::strict();
    let id = world.post("/users", anna()).await.data()["id"].clone();
    let path = format!("/users/{id}");
    let body = json!({ "user": { "title": "Старший бухгалтер", "last_name": "" } });
    let user = world.put(&path, body).await.data();
    assert_eq!(user["title"], "Старший бухгалтер");
    assert_eq!(user["last_name"], "");
    assert_eq!(user["first_name"], "Анна");
    assert_eq!(user["list_tags"], json!(["Бухгалтерия"]));

    let reply = world
        .put(&path, json!({ "user": { "email": "ceo@example.test" } }))
        .await;
    assert_eq!(
        reply.error(),
        (409, "already_exists".into(), "email".into())
    );
    let reply = world
        .put(&path, json!({ "user": { "role": "guest" } }))
        .await;
    assert_eq!(reply.error(), (403, "not_authorized".into(), "role".into()));
    let reply = world.put("/users/abc", json!({ "user": {} })).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn null_clears_a_text_and_unknown_role_is_ignored_but_both_are_noted() {
    let world = World::faithful();
    let id = world.post("/users", anna()).await.data()["id"].clone();
    let path = format!("/users/{id}");
    let user = world
        .put(&path, json!({ "user": { "title": null } }))
        .await
        .data();
    assert_eq!(user["title"], Value::Null);
    assert_eq!(world.violation().unwrap(), "null in `title`");
    let user = world
        .put(&path, json!({ "user": { "role": "boss" } }))
        .await
        .data();
    assert_eq!(user["role"], "user");
    assert_eq!(world.violation().unwrap(), "unknown role `boss`");
}

#[tokio::test]
async fn custom_properties_are_merged_and_an_unknown_or_long_one_is_refused() {
    let world = World::strict();
    let known = world
        .get("/custom_properties?entity_type=User")
        .await
        .data();
    let (first, second) = (&known[0]["id"], &known[1]["id"]);
    let mut body = anna();
    body["user"]["custom_properties"] = json!([{ "id": first, "value": "00042" }]);
    let id = world.post("/users", body).await.data()["id"].clone();
    let path = format!("/users/{id}");
    let with = |id: &Value, value: &str| json!({ "user": { "custom_properties": [{ "id": id, "value": value }] } });
    let user = world.put(&path, with(second, "2026-11-01")).await.data();
    assert_eq!(user["custom_properties"][0]["value"], "00042");
    assert_eq!(user["custom_properties"][1]["value"], "2026-11-01");
    let long = "я".repeat(769);
    let reply = world.put(&path, with(first, &long)).await;
    assert_eq!(
        reply.error(),
        (422, "too_long".into(), "custom_properties".into())
    );
    let reply = world.put(&path, with(&json!(1), "x")).await;
    assert_eq!(
        reply.error(),
        (422, "not_found".into(), "custom_properties".into())
    );
    assert_eq!(reply.json()["errors"][0]["payload"], json!({ "id": 1 }));
}

#[tokio::test]
async fn an_unknown_property_stops_a_creation() {
    let world = World::strict();
    let mut body = anna();
    body["user"]["custom_properties"] = json!([{ "id": 1, "value": "x" }]);
    let reply = world.post("/users", body).await;
    assert_eq!(reply.error().1, "not_found");
    assert_eq!(world.state()["users"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn emptying_a_property_is_not_documented() {
    let (strict, lax) = (World::strict(), World::faithful());
    for world in [&strict, &lax] {
        let record = json!({ "email": "anna@example.test",
            "custom_properties": { "Город": "Примерск" } });
        world.seed(&json!({ "users": [record] }));
    }
    let put = async |world: &World| {
        let path = format!("/users/{}", world.user("anna@example.test"));
        let shown = world.get(&path).await.data()["custom_properties"].clone();
        assert_eq!(shown[2]["value"], "Примерск");
        let empty = json!([{ "id": shown[2]["id"], "value": "" }]);
        let body = json!({ "user": { "custom_properties": empty } });
        world.put(&path, body).await
    };
    assert_eq!(put(&strict).await.status, StatusCode::BAD_REQUEST);
    let user = put(&lax).await.data();
    assert_eq!(user["custom_properties"][2]["value"], Value::Null);
    assert_eq!(
        lax.violation().unwrap(),
        "an empty value in `custom_properties`"
    );
}

#[tokio::test]
async fn the_starting_people_have_values_in_some_properties() {
    let world = World::of(Options {
        strict: true,
        limits: false,
        people: 30,
        ..Options::default()
    });
    let known = world
        .get("/custom_properties?entity_type=User")
        .await
        .data();
    let types: Vec<_> = known
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["data_type"])
        .collect();
    assert_eq!(types, ["string", "date", "string", "link"]);
    let users = world.get("/users?limit=50").await.data();
    let holders = |at: usize| {
        let users = users.as_array().unwrap().iter();
        let held = users.filter(|user| user["custom_properties"][at]["value"].is_string());
        held.count()
    };
    let (numbers, cities) = (holders(0), holders(2));
    assert!(0 < cities && cities < numbers, "{numbers} {cities}");
    assert_eq!((holders(1), holders(3)), (0, 0));
}

#[tokio::test]
async fn owner_and_oneself_are_protected() {
    let world = World::strict();
    let owner = format!("/users/{}", world.user("ceo@example.test"));
    let myself = format!("/users/{}", world.user("svc@example.test"));
    let body = json!({ "user": { "title": "x" } });
    assert_eq!(
        world.put(&owner, body.clone()).await.error().1,
        "owner_protected"
    );
    assert_eq!(world.delete(&owner).await.error().1, "owner_protected");
    assert_eq!(world.put(&myself, body).await.status, StatusCode::OK);
    for change in [json!({ "suspended": true }), json!({ "role": "user" })] {
        let reply = world.put(&myself, json!({ "user": change })).await;
        assert_eq!(reply.error().1, "self_update");
    }
    assert_eq!(world.delete(&myself).await.error().1, "self_update");
}

#[tokio::test]
async fn query_is_a_partial_match_without_bots() {
    let world = World::of(Options {
        strict: true,
        limits: false,
        people: 30,
        ..Options::default()
    });
    let everybody = world.get("/users").await.data();
    let everybody = everybody.as_array().unwrap();
    assert!(everybody.iter().any(|user| user["bot"] == true));
    let reply = world.get("/users?query=EXAMPLE.TEST&limit=50").await;
    let found = page_ids(&reply);
    let people = everybody.iter().filter(|user| user["bot"] == false).count();
    assert_eq!(found.len(), people);
    let meta = &reply.json()["meta"];
    assert_eq!(meta["total"], people);
    assert!(meta["paginate"]["next_page"].is_string());
    assert_eq!(meta["paginate"].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn query_pages_end_with_an_empty_one() {
    let world = World::strict();
    let first = world.get("/users?query=example.test&limit=1").await;
    assert_eq!(page_ids(&first).len(), 1);
    let mut next = first.json()["meta"]["paginate"]["next_page"].clone();
    let mut seen = page_ids(&first);
    loop {
        let cursor = next.as_str().unwrap();
        let path = format!("/users?query=example.test&limit=1&cursor={cursor}");
        let reply = world.get(&path).await;
        if page_ids(&reply).is_empty() {
            assert_eq!(reply.json()["meta"]["paginate"]["next_page"], next);
            break;
        }
        seen.extend(page_ids(&reply));
        next = reply.json()["meta"]["paginate"]["next_page"].clone();
    }
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn unknown_members_and_content_types_are_violations() {
    let world = World::faithful();
    let mut body = anna();
    body["user"]["skip_email_notify"] = json!(true);
    body["notify"] = json!(true);
    assert_eq!(world.post("/users", body).await.status, StatusCode::CREATED);
    assert_eq!(
        world.violation().unwrap(),
        "unknown member `notify` in `body`; unknown member `skip_email_notify` in `user`"
    );
    assert_eq!(world.state()["mails"].as_array().unwrap().len(), 1);
    world.get("/users?page=2").await;
    assert_eq!(world.violation().unwrap(), "unknown query parameter `page`");
}

#[tokio::test]
async fn bots_keep_the_ending_of_their_nickname() {
    let world = World::strict();
    let record = json!({ "email": "second_bot@example.test", "bot": true });
    world.seed(&json!({ "users": [record] }));
    let list = world.get("/users").await.data();
    let mut users = list.as_array().unwrap().iter();
    let bot = users.rfind(|user| user["bot"] == true).unwrap();
    assert_eq!(bot["email"], Value::Null);
    let path = format!("/users/{}", bot["id"]);
    for (nickname, code) in [("second", "invalid"), ("helper_bot", "already_exists")] {
        let reply = world
            .put(&path, json!({ "user": { "nickname": nickname } }))
            .await;
        assert_eq!(reply.error(), (422, code.into(), "nickname".into()));
    }
    let reply = world
        .put(&path, json!({ "user": { "nickname": "third_bot" } }))
        .await;
    assert_eq!(reply.data()["nickname"], "third_bot");
}

#[tokio::test]
async fn no_more_people_have_access_than_there_are_seats() {
    // The service account and the owner have two of them; a bot needs none.
    let world = World::of(Options {
        people: 0,
        strict: true,
        limits: false,
        pachca: Habits {
            seats: Some(3),
            ..Habits::default()
        },
        ..Options::default()
    });
    let create = async |email: &str, suspended: bool| {
        let user = json!({ "email": email, "suspended": suspended });
        world.post("/users", json!({ "user": user })).await
    };
    let third = create("anna@example.test", false).await;
    assert_eq!(third.status, StatusCode::CREATED);
    let reply = create("bob@example.test", false).await;
    assert_eq!(reply.error(), (422, "licenses_limit".into(), "base".into()));
    let outside = create("bob@example.test", true).await;
    assert_eq!(outside.status, StatusCode::CREATED);
    let set = async |email: &str, suspended: bool| {
        let path = format!("/users/{}", world.user(email));
        let body = json!({ "user": { "suspended": suspended } });
        world.put(&path, body).await
    };
    let reply = set("bob@example.test", false).await;
    assert_eq!(reply.error(), (422, "licenses_limit".into(), "base".into()));
    // Whoever has a seat keeps it, and frees it by leaving.
    let reply = set("anna@example.test", false).await;
    assert_eq!(reply.status, StatusCode::OK);
    set("anna@example.test", true).await;
    assert_eq!(set("bob@example.test", false).await.status, StatusCode::OK);
}
