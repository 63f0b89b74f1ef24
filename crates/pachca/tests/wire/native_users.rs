use kadry_core::{Cursor, EmployeeProvider, ErrorKind};
use serde_json::{Value, json};

use crate::script::{
    ADMINISTRATOR, Reply, call, messenger, one, page, read, read_all, search_page, user,
};

fn ids(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

async fn fails(
    provider: &dyn EmployeeProvider,
    name: &str,
    arguments: &[(&str, &str)],
) -> ErrorKind {
    let fault = read(provider, &call(name, arguments)).await.unwrap_err();
    fault.kind()
}

#[tokio::test(start_paused = true)]
async fn people_are_listed_page_by_page_as_the_platform_sent_them() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let anna = user(9, json!({"nickname": "anna"}));
    script
        .then(page(json!([anna]), "abc", true))
        .then(page(json!([]), "def", true))
        .then(page(
            json!([user(10, json!({"suspended": true}))]),
            "ghi",
            false,
        ));
    let rows = read_all(&*messenger, &call("users list", &[])).await;
    assert_eq!(rows[0], anna);
    assert_eq!(ids(&rows), [9, 10]);
    assert_eq!(
        script.lines(),
        [
            "GET /users?limit=50",
            "GET /users?limit=50&cursor=abc",
            "GET /users?limit=50&cursor=def",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_query_ends_at_its_total_or_at_an_empty_page() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(search_page(json!([user(9, json!({}))]), 1, "abc"))
        .then(search_page(json!([user(9, json!({}))]), 2, "abc"))
        .then(search_page(json!([]), 2, "abc"));
    let list = call("users list", &[("query", "Примерова")]);
    assert_eq!(read_all(&*messenger, &list).await.len(), 1);
    assert_eq!(read_all(&*messenger, &list).await.len(), 1);
    let query = "GET /users?query=%D0%9F%D1%80%D0%B8%D0%BC%D0%B5%D1%80%D0%BE%D0%B2%D0%B0&limit=50";
    let next = format!("{query}&cursor=abc");
    assert_eq!(script.lines(), [query, query, &next]);
}

#[tokio::test(start_paused = true)]
async fn somebody_is_shown_by_id_and_by_email() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let anna = user(9, json!({"email": "anna@example.test"}));
    script
        .then(one(200, anna.clone()))
        .then(search_page(json!([anna]), 1, "abc"))
        .then(one(200, anna.clone()));
    for who in ["9", "Anna@example.test"] {
        let shown = read(&*messenger, &call("users show", &[("id", who)]))
            .await
            .unwrap();
        assert_eq!((shown.items, shown.next), (vec![anna.clone()], None));
    }
    assert_eq!(
        script.lines(),
        [
            "GET /users/9",
            "GET /users?query=anna%40example.test&limit=50",
            "GET /users/9",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_and_several_are_told_apart() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let twin = |id| user(id, json!({"email": "anna@example.test"}));
    script
        .then(search_page(json!([]), 0, "abc"))
        .then(page(json!([user(9, json!({}))]), "abc", false))
        .then(search_page(json!([twin(9), twin(10)]), 2, "abc"));
    let anna = [("id", "anna@example.test")];
    assert_eq!(
        fails(&*messenger, "users show", &anna).await,
        ErrorKind::NotFound
    );
    assert_eq!(
        fails(&*messenger, "users show", &anna).await,
        ErrorKind::Conflict
    );
    assert_eq!(script.asked().len(), 3);
    let odd = [("id", "Анна")];
    assert_eq!(
        fails(&*messenger, "users show", &odd).await,
        ErrorKind::Invalid
    );
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn people_are_found_by_every_word_of_their_name() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let named = |id, first: &str| user(id, json!({"first_name": first}));
    script
        .then(search_page(
            json!([named(9, "Анна"), named(10, "Жанна")]),
            3,
            "abc",
        ))
        .then(search_page(json!([named(11, "анна")]), 3, "def"))
        .then(search_page(json!([]), 3, "ghi"));
    let rows = read_all(
        &*messenger,
        &call("users find", &[("query", "Анна Примерова")]),
    )
    .await;
    assert_eq!(ids(&rows), [9, 11]);
    let query = "GET /users?query=%D0%9F%D1%80%D0%B8%D0%BC%D0%B5%D1%80%D0%BE%D0%B2%D0%B0&limit=50";
    let lines = [
        query.to_owned(),
        format!("{query}&cursor=abc"),
        format!("{query}&cursor=def"),
    ];
    assert_eq!(script.lines(), lines);
}

#[tokio::test(start_paused = true)]
async fn a_search_takes_every_filter_and_ends_at_its_total() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(search_page(json!([user(9, json!({}))]), 1, "abc"));
    let search = call(
        "users search",
        &[
            ("query", "buh"),
            ("sort", "alphabetical"),
            ("order", "desc"),
            ("created_from", "2026-11-21T13:00:00+03:00"),
            ("created_to", "2026-11-22T00:00:00Z"),
            ("company_roles", "user"),
            ("company_roles", "multi_guest"),
        ],
    );
    assert_eq!(read_all(&*messenger, &search).await.len(), 1);
    let filters = "query=buh&sort=alphabetical&order=desc&created_from=2026-11-21T10%3A00%3A00Z&created_to=2026-11-22T00%3A00%3A00Z";
    let roles = "company_roles%5B%5D=user&company_roles%5B%5D=multi_guest";
    let line = format!("GET /search/users?{filters}&{roles}&limit=200");
    assert_eq!(script.lines(), [line]);
}

#[tokio::test(start_paused = true)]
async fn a_query_that_gives_up_is_not_repeated() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    for (name, argument) in [
        ("users list", "query"),
        ("users search", "query"),
        ("chats search", "query"),
    ] {
        script.then(Reply::Text(504, ""));
        assert_eq!(
            fails(&*messenger, name, &[(argument, "a")]).await,
            ErrorKind::Unavailable
        );
        assert_eq!(script.asked().len(), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_in_the_table_is_refused_before_any_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let provider = &*messenger;
    for (name, arguments, kind) in [
        ("users paint", &[][..], ErrorKind::Unsupported),
        ("users", &[], ErrorKind::Unsupported),
        ("tags create", &[("name", "Склад")], ErrorKind::Unsupported),
        ("users list", &[("limit", "50")], ErrorKind::Invalid),
        ("users list", &[("query", " ")], ErrorKind::Invalid),
        ("users show", &[], ErrorKind::Invalid),
        (
            "users search",
            &[("company_roles", "owner")],
            ErrorKind::Invalid,
        ),
        (
            "users search",
            &[("created_from", "вчера")],
            ErrorKind::Invalid,
        ),
    ] {
        assert_eq!(fails(provider, name, arguments).await, kind, "{name}");
    }
    let native = provider.native().unwrap();
    let list = call("users list", &[]);
    let foreign = native.read(&list, Some(&Cursor::new("abc"))).await;
    assert_eq!(foreign.unwrap_err().kind(), ErrorKind::Invalid);
    for fault in [
        native.write(&list).await.map(drop),
        native.look(&list).await.map(drop),
        native.resolve(&list).await.map(drop),
    ] {
        assert_eq!(fault.unwrap_err().kind(), ErrorKind::Unsupported);
    }
    assert_eq!(script.asked(), []);
}
