use serde_json::{Value, json};

use crate::support::{World, page_ids};

fn world() -> World {
    let world = World::strict();
    world.seed(&json!({ "users": [
        { "email": "anna@example.test", "first_name": "Анна", "last_name": "Примерова",
          "title": "Главный бухгалтер", "phone_number": "+70001112233" },
        { "email": "boris@example.test", "first_name": "Борис", "last_name": "Примеров", "suspended": true },
        { "email": "vera@example.test", "first_name": "Вера", "last_name": "Образцова", "role": "admin" },
    ] }));
    world
}

async fn found(world: &World, path: &str, pairs: &[(&str, &str)]) -> Value {
    let query: Vec<String> = pairs
        .iter()
        .map(|(name, value)| {
            let value: String = value.bytes().map(|b| format!("%{b:02X}")).collect();
            format!("{name}={value}")
        })
        .collect();
    let reply = world
        .get(&format!("/search/{path}?{}", query.join("&")))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let json = reply.json();
    // The shape of a search: a total, and nothing that tells of the end.
    let keys: Vec<&String> = json["meta"]["paginate"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(keys, ["next_page"]);
    json
}

fn list(json: &Value) -> Vec<i64> {
    let data = json["data"].as_array().unwrap().iter();
    data.map(|record| record["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn people_are_found_by_words_and_suspended_ones_last() {
    let world = world();
    let [anna, boris, vera] =
        ["anna", "boris", "vera"].map(|name| world.user(&format!("{name}@example.test")));
    let search = async |text: &str| list(&found(&world, "users", &[("query", text)]).await);
    assert_eq!(search("примеров").await, [anna, boris]);
    assert_eq!(search("Примерова анна").await, [anna]);
    // One slip is forgiven in a name, none in a title, and a telephone number is not searched at all.
    assert_eq!(search("Образцва").await, [vera]);
    assert_eq!(search("бухгалтер").await, [anna]);
    assert_eq!(search("бухгалтир").await, [0_i64; 0]);
    assert_eq!(search("70001112233").await, [0_i64; 0]);
    assert_eq!(search("vera@example.test").await, [vera]);
    let all = found(&world, "users", &[]).await;
    assert!(!list(&all).contains(&boris));
    assert_eq!(all["meta"]["total"], list(&all).len());
    let admins = found(&world, "users", &[("company_roles[]", "admin")]).await;
    assert!(list(&admins).contains(&vera) && !list(&admins).contains(&anna));
    let text = ("query", "example");
    let sorted = found(&world, "users", &[text, ("sort", "alphabetical")]).await;
    let names: Vec<&Value> = sorted["data"].as_array().unwrap().iter().collect();
    let last = names.last().unwrap();
    assert_eq!(last["last_name"], "Примерова");
    let newest = found(
        &world,
        "users",
        &[text, ("sort", "creation"), ("limit", "1")],
    )
    .await;
    assert_eq!(list(&newest), [vera]);
    let none = found(&world, "users", &[("created_to", "2026-11-21T09:59:59Z")]).await;
    assert_eq!(none["meta"]["total"], 0);
}

#[tokio::test]
async fn pages_of_a_search_end_with_an_empty_one() {
    let world = world();
    let mut cursor: Option<String> = None;
    let mut all = Vec::new();
    for _ in 0..10 {
        let mut pairs = vec![("query", "example"), ("limit", "2")];
        if let Some(cursor) = &cursor {
            pairs.push(("cursor", cursor));
        }
        let page = found(&world, "users", &pairs).await;
        let next = page["meta"]["paginate"]["next_page"].as_str().unwrap();
        if list(&page).is_empty() {
            assert_eq!(page["meta"]["total"], all.len());
            assert!(all.len() > 2);
            return;
        }
        all.extend(list(&page));
        cursor = Some(next.to_owned());
    }
    panic!("the pages do not end");
}

#[tokio::test]
async fn chats_are_found_where_they_can_be_read() {
    let world = world();
    let search = async |pairs: &[(&str, &str)]| list(&found(&world, "chats", pairs).await);
    assert_eq!(search(&[("query", "общий")]).await, [world.chat("Общий")]);
    assert_eq!(search(&[("query", "Руководство")]).await, [0_i64; 0]);
    let moved = world.chat("Переезд офиса");
    assert_eq!(search(&[("query", "переезд офиса")]).await, [moved]);
    assert_eq!(search(&[("active", "false")]).await, [moved]);
    assert!(!search(&[("active", "true")]).await.contains(&moved));
    assert_eq!(search(&[("personal", "true")]).await, [0_i64; 0]);
    let thread = world.raw_post("/threads").await.data();
    let threads = search(&[("chat_subtype", "thread")]).await;
    assert_eq!(threads, [thread["chat_id"].as_i64().unwrap()]);
    let rising = search(&[("order", "asc")]).await;
    let falling: Vec<i64> = search(&[]).await.into_iter().rev().collect();
    assert_eq!(rising, falling);
}

#[tokio::test]
async fn messages_are_found_by_words_chat_and_author() {
    let world = world();
    world.seed(&json!({ "messages": [
        { "chat": "Руководство", "from": "ceo@example.test", "content": "Отчёт закрыт" },
        { "chat": "Общий", "from": "anna@example.test", "content": "Отчёт готов" },
        { "chat": "Новости", "from": "ceo@example.test", "content": "Отчёт, отчёты" },
    ] }));
    let search = async |pairs: &[(&str, &str)]| {
        let json = found(&world, "messages", pairs).await;
        let data = json["data"].as_array().unwrap().clone();
        let texts = data
            .iter()
            .map(|message| message["content"].as_str().unwrap().to_owned());
        texts.collect::<Vec<_>>()
    };
    let (report, news) = ("Отчёт готов", "Отчёт, отчёты");
    assert_eq!(search(&[("query", "отчёт")]).await, [news, report]);
    assert_eq!(
        search(&[("query", "отчёт"), ("order", "asc")]).await,
        [report, news]
    );
    let anna = world.user("anna@example.test").to_string();
    assert_eq!(search(&[("user_ids[]", &anna)]).await, [report]);
    let chat = world.chat("Новости").to_string();
    assert_eq!(search(&[("chat_ids[]", &chat)]).await, [news]);
    assert_eq!(search(&[("query", "готов отчёт")]).await, [report]);
    let id = page_ids(&world.get(&format!("/messages?chat_id={chat}")).await)[0];
    world.seed(&json!({ "chats": [{ "name": "Новости", "archived": true }] }));
    assert_eq!(search(&[("active", "true")]).await, [report]);
    assert_eq!(world.delete(&format!("/messages/{id}")).await.status, 204);
    assert_eq!(search(&[("query", "отчёт")]).await, [report]);
}
