use kadry_core::{Email, EmployeeProvider, MatchKey};
use serde_json::json;

use crate::script::{ADMINISTRATOR, call, messenger, one, page, refusal, user};

/// The ids and e-mails of those whom a change of a thing concerns.
async fn concerned(
    messenger: &dyn EmployeeProvider,
    operation: &str,
    arguments: &[(&str, &str)],
) -> Vec<(String, Option<String>)> {
    let native = messenger.native().unwrap();
    let all = native.concerns(&call(operation, arguments)).await.unwrap();
    let named = all.iter().map(|who| {
        let email = who.keys.iter().find_map(|key| match key {
            MatchKey::Email(email) => Some(Email::to_string(email)),
            MatchKey::ExternalId(_) => None,
        });
        (who.id.to_string(), email)
    });
    named.collect()
}

fn seen(id: i64, email: &str) -> (String, Option<String>) {
    (id.to_string(), Some(email.to_owned()))
}

#[tokio::test(start_paused = true)]
async fn a_tag_concerns_all_its_people_page_by_page() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    for (operation, arguments) in [
        ("tags delete", &[("id", "5")][..]),
        ("members add-tags", &[("id", "3"), ("group_tag_ids", "5")]),
        ("members remove-tags", &[("id", "3"), ("tag_id", "5")]),
    ] {
        script
            .then(page(
                json!([user(9, json!({"email": "anna@example.test"}))]),
                "abc",
                true,
            ))
            .then(page(
                json!([user(10, json!({"email": "boris@example.test"}))]),
                "def",
                false,
            ));
        assert_eq!(
            concerned(&*messenger, operation, arguments).await,
            [seen(9, "anna@example.test"), seen(10, "boris@example.test")],
            "{operation}"
        );
        assert_eq!(
            script.lines(),
            [
                "GET /group_tags/5/users?limit=50",
                "GET /group_tags/5/users?limit=50&cursor=abc",
            ]
        );
    }
    script.then(refusal(404, "id", "not_found"));
    assert_eq!(
        concerned(&*messenger, "tags delete", &[("id", "5")]).await,
        []
    );
    script.lines();
}

#[tokio::test(start_paused = true)]
async fn a_new_chat_concerns_whoever_comes_in_once() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let anna = || user(9, json!({"email": "anna@example.test"}));
    let boris = user(10, json!({"email": "boris@example.test"}));
    script
        .then(one(200, anna()))
        .then(page(json!([anna(), boris]), "abc", false));
    let new = [
        ("name", "Клиент"),
        ("member_ids", "9"),
        ("group_tag_ids", "5"),
    ];
    assert_eq!(
        concerned(&*messenger, "chats create", &new).await,
        [seen(9, "anna@example.test"), seen(10, "boris@example.test")]
    );
    assert_eq!(
        script.lines(),
        ["GET /users/9", "GET /group_tags/5/users?limit=50"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_archive_concerns_the_guests_alone_and_a_name_or_a_message_nobody() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let of = |id, role: &str| {
        let email = format!("{role}@example.test");
        user(id, json!({"role": role, "email": email}))
    };
    script.then(page(
        json!([of(9, "user"), of(10, "guest"), of(11, "multi_guest")]),
        "abc",
        false,
    ));
    assert_eq!(
        concerned(&*messenger, "chats archive", &[("id", "3")]).await,
        [
            seen(10, "guest@example.test"),
            seen(11, "multi_guest@example.test")
        ]
    );
    assert_eq!(script.lines(), ["GET /chats/3/members?limit=50"]);
    for (operation, arguments) in [
        ("chats rename", &[("id", "3"), ("name", "Обед")][..]),
        ("chats unarchive", &[("id", "3")]),
        ("tags rename", &[("id", "5"), ("name", "Склад")]),
        (
            "messages send",
            &[("entity_id", "3"), ("content", "Привет")],
        ),
    ] {
        assert_eq!(concerned(&*messenger, operation, arguments).await, []);
    }
    assert!(script.lines().is_empty());
}
