//! What is read.

use kadry_core::ErrorKind;
use serde_json::{Value, json};

use crate::line::{World, call};

fn crowd(count: usize) -> Value {
    let user = |at: usize| {
        json!({
            "email": format!("person{at}@example.test"), "first_name": "Анна", "last_name": format!("Примерова{at}"),
            "list_tags": ["Все"], "suspended": at == 7,
        })
    };
    let chat = |at: usize| json!({"name": format!("Клиент {at}"), "public": at < 60});
    json!({
        "tags": (0..120).map(|at| format!("Тег {at}")).collect::<Vec<_>>(),
        "users": (0..count).map(user).collect::<Vec<_>>(),
        "chats": (0..120).map(chat).collect::<Vec<_>>(),
    })
}

#[tokio::test(start_paused = true)]
async fn long_lists_take_one_request_a_page_and_a_name_one_more() {
    let world = World::with(&crowd(120)).await;
    let before = world.asked();
    let users = world.read(&call("users list", &[])).await.unwrap();
    assert!((121..150).contains(&users.len()), "{}", users.len());
    assert_eq!(world.asked() - before, 3);
    let tagged = call("tags users", &[("id", "Все")]);
    assert_eq!(world.read(&tagged).await.unwrap().len(), 120);
    assert_eq!(world.asked() - before, 3 + 1 + 3);
    let open = call(
        "chats list",
        &[("availability", "public"), ("order", "asc")],
    );
    let open = world.members(&open, "public").await;
    assert!(open.len() >= 60 && open.iter().all(|open| *open == json!(true)));
    let tags = world.members(&call("tags list", &[]), "name").await;
    assert!(tags.len() > 120 && tags.contains(&json!("Все")));
}

#[tokio::test(start_paused = true)]
async fn somebody_is_found_by_email_and_by_name_though_suspended() {
    let world = World::with(&crowd(12)).await;
    for query in ["Person7@example.test", "анна примерова7"] {
        let found = world
            .read(&call("users find", &[("query", query)]))
            .await
            .unwrap();
        let [person] = found.as_slice() else {
            panic!("{query} finds {found:?}");
        };
        assert_eq!(
            (&person["email"], &person["suspended"]),
            (&json!("person7@example.test"), &json!(true))
        );
    }
    let shown = call("users show", &[("id", "person7@example.test")]);
    let shown = world.read(&shown).await.unwrap();
    assert_eq!(shown[0]["last_name"], "Примерова7");
    let nobody = call("users show", &[("id", "nobody@example.test")]);
    let fault = world.read(&nobody).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::NotFound);
    world.asked();
}

#[tokio::test(start_paused = true)]
async fn tags_chats_fields_and_the_own_profile_are_shown() {
    let world = World::with(&crowd(1)).await;
    for (name, arguments, member, expected) in [
        ("tags show", &[("id", "тег 5")][..], "name", json!("Тег 5")),
        ("tags list", &[("names", "Тег 5")], "name", json!("Тег 5")),
        (
            "chats show",
            &[("id", "клиент 3")],
            "name",
            json!("Клиент 3"),
        ),
        (
            "members list",
            &[("id", "Клиент 3"), ("role", "owner")],
            "email",
            json!("svc@example.test"),
        ),
        ("profile show", &[], "email", json!("svc@example.test")),
    ] {
        let rows = world.members(&call(name, arguments), member).await;
        assert_eq!(rows, [expected], "{name}");
    }
    let fields = world
        .members(&call("properties list", &[("entity_type", "User")]), "name")
        .await;
    assert!(fields.contains(&json!("Город")));
    let status = call("status show", &[("user_id", "person0@example.test")]);
    assert_eq!(world.read(&status).await.unwrap(), [Value::Null; 0]);
    let fault = world
        .read(&call("tags show", &[("id", "Нет такого")]))
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::NotFound);
    world.asked();
}
