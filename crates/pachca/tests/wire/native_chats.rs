use std::slice::from_ref;

use kadry_core::{ErrorKind, Look};
use serde_json::{Value, json};

use crate::script::{
    ADMINISTRATOR, Reply, US, asked, call, chat, messenger, one, page, read, read_all, resolved,
    search_page, user,
};

const OWN: &str = "GET /chats?archived=true&personal=false&limit=50";
const OPEN: &str = "GET /chats?availability=public&archived=true&limit=50";

#[tokio::test(start_paused = true)]
async fn chats_are_listed_with_every_filter() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(page(json!([chat(1, json!({}))]), "abc", false));
    let list = call(
        "chats list",
        &[
            ("availability", "public"),
            ("archived", "true"),
            ("personal", "false"),
            ("last_message_at_after", "2026-11-01T00:00:00+03:00"),
            ("last_message_at_before", "2026-11-21T10:00:00Z"),
            ("sort", "last_message_at"),
            ("order", "asc"),
        ],
    );
    assert_eq!(read_all(&*messenger, &list).await, [chat(1, json!({}))]);
    let moments = "last_message_at_after=2026-10-31T21%3A00%3A00Z&last_message_at_before=2026-11-21T10%3A00%3A00Z";
    let line = format!(
        "GET /chats?availability=public&archived=true&personal=false&{moments}&sort=last_message_at&order=asc&limit=50"
    );
    assert_eq!(script.lines(), [line]);
}

#[tokio::test(start_paused = true)]
async fn a_search_takes_the_vendors_filters_and_its_largest_page() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(search_page(json!([chat(1, json!({}))]), 2, "abc"))
        .then(search_page(json!([chat(2, json!({}))]), 2, "def"))
        .then(search_page(json!([]), 2, "ghi"));
    let filters = [
        ("query", "a"),
        ("active", "true"),
        ("chat_subtype", "discussion"),
        ("personal", "false"),
    ];
    let rows = read_all(&*messenger, &call("chats search", &filters)).await;
    assert_eq!(rows.len(), 2);
    let line =
        "GET /search/chats?query=a&active=true&chat_subtype=discussion&personal=false&limit=100";
    let lines = [
        line.to_owned(),
        format!("{line}&cursor=abc"),
        format!("{line}&cursor=def"),
    ];
    assert_eq!(script.lines(), lines);
}

#[tokio::test(start_paused = true)]
async fn a_chat_is_shown_by_its_name() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let open = json!({"name": "Общий", "public": true});
    script
        .then(page(json!([chat(1, json!({}))]), "abc", false))
        .then(page(json!([chat(7, open.clone())]), "def", false))
        .then(one(200, chat(7, open.clone())));
    let shown = read(&*messenger, &call("chats show", &[("id", "общий")]))
        .await
        .unwrap();
    assert_eq!(shown.items, [chat(7, open)]);
    assert_eq!(script.lines(), [OWN, OPEN, "GET /chats/7"]);
}

#[tokio::test(start_paused = true)]
async fn a_chat_is_made_with_people_and_tags() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let anna = user(9, json!({"email": "anna@example.test"}));
    script
        .then(search_page(json!([anna]), 1, "abc"))
        .then(page(json!([{"id": 5, "name": "Sales"}]), "abc", false))
        .then(one(200, anna));
    let typed = [
        ("name", "Клиент"),
        ("member_ids", "anna@example.test"),
        ("group_tag_ids", "sales"),
        ("channel", "true"),
    ];
    let calls = native.resolve(&call("chats create", &typed)).await.unwrap();
    let resolved = [
        ("name", "Клиент"),
        ("member_ids", "9"),
        ("group_tag_ids", "5"),
        ("channel", "true"),
    ];
    let create = call("chats create", &resolved);
    assert_eq!(calls, from_ref(&create));
    assert_eq!(
        script.lines(),
        [
            "GET /users?query=anna%40example.test&limit=50",
            "GET /group_tags?names%5B%5D=sales&limit=50",
            "GET /users/9",
        ]
    );
    let ours = |id| {
        chat(
            id,
            json!({"name": "Клиент", "owner_id": US, "member_ids": [US, 9]}),
        )
    };
    script
        .then(page(json!([ours(7)]), "abc", true))
        .then(one(201, ours(8)))
        .then(page(json!([ours(8), ours(7)]), "abc", true));
    let before = native.look(&create).await.unwrap();
    let after = native.write(&create).await.unwrap();
    let now = native.look(&create).await.unwrap();
    assert_eq!(native.stands(&create, None, &before), Look::Absent);
    assert_eq!(native.stands(&create, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&create, Some(&before), &now), Look::Found);
    let undo = native.back(&create, &before, &after);
    assert_eq!(undo.calls, [call("chats archive", &[("id", "8")])]);
    assert_eq!(undo.stays, [kadry_core::Reason::new("undo-chat-stays")]);
    let list = "GET /chats?personal=false&sort=id&order=desc&limit=50";
    let body = json!({"chat": {"name": "Клиент", "member_ids": [9], "group_tag_ids": [5], "channel": true}});
    assert_eq!(
        script.asked(),
        [
            asked(list, Value::Null),
            asked("POST /chats", body),
            asked(list, Value::Null)
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_is_left_out_of_a_new_chat_in_silence() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let create = call("chats create", &[("name", "Клиент"), ("member_ids", "9")]);
    script.then(one(200, user(9, json!({"suspended": true}))));
    let fault = resolved(&*messenger, &create).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Conflict);
    script.then(one(201, chat(8, json!({"member_ids": [US]}))));
    let native = messenger.native().unwrap();
    let made = native.write(&create).await.unwrap();
    let rest = native.rest(&create, &Value::Null, &made).unwrap();
    assert_eq!(rest.left, ["9"]);
    let add = call("members add", &[("id", "8"), ("member_ids", "9")]);
    assert_eq!(rest.call, add);
    assert_eq!(script.lines(), ["GET /users/9", "POST /chats"]);
}

#[tokio::test(start_paused = true)]
async fn many_chats_are_renamed_by_a_pattern() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let named = |id, name: &str| chat(id, json!({"name": name}));
    script
        .then(page(
            json!([named(1, "Заказчик Ромашка"), named(2, "Общий")]),
            "abc",
            true,
        ))
        .then(page(json!([named(3, "Заказчик Василёк")]), "def", false));
    let pattern = call(
        "chats rename",
        &[("pattern", "^Заказчик (.+)$"), ("to", "Клиент $1")],
    );
    let calls = native.resolve(&pattern).await.unwrap();
    let first = call("chats rename", &[("id", "1"), ("name", "Клиент Ромашка")]);
    let second = call("chats rename", &[("id", "3"), ("name", "Клиент Василёк")]);
    assert_eq!(calls, [first.clone(), second]);
    let list = "GET /chats?personal=false&limit=50";
    assert_eq!(
        script.lines(),
        [list.to_owned(), format!("{list}&cursor=abc")]
    );
    script
        .then(one(200, named(1, "Заказчик Ромашка")))
        .then(one(200, named(1, "Клиент Ромашка")));
    let before = native.look(&first).await.unwrap();
    assert_eq!(before.get("member_ids"), None);
    let after = native.write(&first).await.unwrap();
    assert_eq!(native.stands(&first, None, &before), Look::Absent);
    assert_eq!(native.stands(&first, Some(&before), &after), Look::Found);
    let undo = native.back(&first, &before, &after);
    let old = call("chats rename", &[("id", "1"), ("name", "Заказчик Ромашка")]);
    assert_eq!(undo, old.into());
    let body = json!({"chat": {"name": "Клиент Ромашка"}});
    assert_eq!(script.asked()[1], asked("PUT /chats/1", body));
}

#[tokio::test(start_paused = true)]
async fn a_rename_that_means_nothing_is_refused() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    for typed in [
        &[("id", "1")][..],
        &[("name", "Клиент")],
        &[("id", "1"), ("id", "2"), ("name", "Клиент")],
        &[("pattern", "a")],
        &[("to", "a")],
        &[("name", "b"), ("pattern", "a"), ("to", "b")],
        &[("id", "1"), ("name", "b"), ("availability", "public")],
        &[("pattern", "("), ("to", "b")],
        &[("pattern", "a"), ("to", "$1")],
    ] {
        let fault = resolved(&*messenger, &call("chats rename", typed))
            .await
            .unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::Invalid, "{typed:?}");
    }
    assert_eq!(script.asked(), []);
    let pattern = |to| {
        call(
            "chats rename",
            &[("availability", "public"), ("pattern", "Чат 1"), ("to", to)],
        )
    };
    for (to, expected) in [("Чат 1", Ok(Vec::new())), ("", Err(ErrorKind::Invalid))] {
        script.then(page(json!([chat(1, json!({}))]), "abc", false));
        let renames = resolved(&*messenger, &pattern(to)).await;
        assert_eq!(renames.map_err(|fault| fault.kind()), expected);
    }
    script.then(page(json!([chat(2, json!({}))]), "abc", false));
    let renames = resolved(&*messenger, &pattern("b")).await;
    assert_eq!(renames.unwrap_err().kind(), ErrorKind::NotFound);
    let lines = script.lines();
    assert_eq!(
        lines[0],
        "GET /chats?availability=public&personal=false&limit=50"
    );
}

#[tokio::test(start_paused = true)]
async fn a_chat_goes_into_the_archive_and_out_of_it() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let archived = |id| chat(id, json!({"name": "Старый", "archived": true}));
    script
        .then(page(
            json!([archived(1), chat(2, json!({"name": "Старый"}))]),
            "abc",
            false,
        ))
        .then(page(json!([]), "def", false));
    let typed = call("chats unarchive", &[("id", "старый"), ("id", "3")]);
    let both = resolved(&*messenger, &typed).await.unwrap();
    assert_eq!(both, ["chats unarchive --id 1", "chats unarchive --id 3"]);
    assert_eq!(script.lines(), [OWN, OPEN]);
    let (into, out) = (
        call("chats archive", &[("id", "1")]),
        call("chats unarchive", &[("id", "1")]),
    );
    script
        .then(one(200, chat(1, json!({}))))
        .then(page(
            json!([user(8, json!({"role": "guest"})), user(9, json!({}))]),
            "abc",
            false,
        ))
        .then(Reply::Text(204, ""))
        .then(one(200, archived(1)))
        .then(Reply::Text(204, ""));
    let before = native.look(&into).await.unwrap();
    assert_eq!(native.write(&into).await.unwrap(), Value::Null);
    let now = native.look(&out).await.unwrap();
    assert_eq!(native.stands(&into, None, &before), Look::Absent);
    assert_eq!(native.stands(&into, Some(&before), &now), Look::Found);
    let undo = native.back(&into, &before, &Value::Null);
    let tags = call("members add-tags", &[("id", "1"), ("group_tag_ids", "5")]);
    let guest = call("members add", &[("id", "1"), ("member_ids", "8")]);
    assert_eq!(undo.calls, [out.clone(), tags, guest]);
    assert_eq!(undo.stays, [kadry_core::Reason::new("undo-tag-people")]);
    assert_eq!(native.write(&out).await.unwrap(), Value::Null);
    assert_eq!(native.back(&out, &now, &Value::Null), into.into());
    assert_eq!(
        script.asked(),
        [
            asked("GET /chats/1", Value::Null),
            asked("GET /chats/1/members?limit=50", Value::Null),
            asked("PUT /chats/1/archive", Value::Null),
            asked("GET /chats/1", Value::Null),
            asked("PUT /chats/1/unarchive", Value::Null),
        ]
    );
}
