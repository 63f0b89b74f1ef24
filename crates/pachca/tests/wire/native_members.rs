use kadry_core::Look;
use serde_json::{Value, json};

use crate::script::{
    ADMINISTRATOR, Reply, asked, call, chat, messenger, one, page, read_all, refusal, resolved,
    user,
};

#[tokio::test(start_paused = true)]
async fn members_are_listed_by_their_role_in_the_chat() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(page(json!([user(9, json!({}))]), "abc", false));
    let list = call("members list", &[("id", "3"), ("role", "owner")]);
    assert_eq!(read_all(&*messenger, &list).await, [user(9, json!({}))]);
    assert_eq!(script.lines(), ["GET /chats/3/members?role=owner&limit=50"]);
}

#[tokio::test(start_paused = true)]
async fn people_come_in_one_by_one() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let typed = [
        ("id", "3"),
        ("member_ids", "9"),
        ("member_ids", "10"),
        ("silent", "true"),
    ];
    let calls = resolved(&*messenger, &call("members add", &typed))
        .await
        .unwrap();
    let line = |id| format!("members add --id 3 --member_ids {id} --silent true");
    assert_eq!(calls, [line(9), line(10)]);
    let add = call(
        "members add",
        &[("id", "3"), ("member_ids", "9"), ("silent", "true")],
    );
    script
        .then(one(200, chat(3, json!({"member_ids": [1, 2]}))))
        .then(Reply::Text(204, ""))
        .then(one(200, chat(3, json!({"member_ids": [1, 2, 9]}))));
    let before = native.look(&add).await.unwrap();
    assert_eq!(native.write(&add).await.unwrap(), Value::Null);
    let now = native.look(&add).await.unwrap();
    assert_eq!(native.stands(&add, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&add, Some(&before), &now), Look::Found);
    let remove = call("members remove", &[("id", "3"), ("user_id", "9")]);
    assert_eq!(native.back(&add, &before, &Value::Null), remove.into());
    let body = json!({"member_ids": [9], "silent": true});
    assert_eq!(script.asked()[1], asked("POST /chats/3/members", body));
}

#[tokio::test(start_paused = true)]
async fn whom_a_tag_holds_is_seen_to_stay_and_a_suspended_member_is_not_seen_at_all() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let remove = call("members remove", &[("id", "3"), ("user_id", "9")]);
    let with = |ids: Value| one(200, chat(3, json!({"member_ids": ids})));
    let anna = |tags: Value| one(200, user(9, json!({"list_tags": tags})));
    let tag = || one(200, json!({"id": 5, "name": "Бухгалтерия"}));
    script
        .then(with(json!([1, 9])))
        .then(anna(json!(["HR"])))
        .then(tag())
        .then(page(json!([user(9, json!({}))]), "abc", false))
        .then(Reply::Text(204, ""))
        .then(with(json!([1, 9])))
        .then(anna(json!(["HR", "бухгалтерия"])))
        .then(tag())
        .then(page(json!([]), "abc", false))
        .then(with(json!([1])))
        .then(one(200, user(9, json!({"suspended": true}))))
        .then(with(json!([1])))
        .then(one(200, user(9, json!({}))))
        .then(refusal(404, "id", "not_found"));
    let before = native.look(&remove).await.unwrap();
    assert_eq!(native.write(&remove).await.unwrap(), Value::Null);
    for expected in [Look::Absent, Look::CannotTell, Look::Found, Look::Found] {
        let now = native.look(&remove).await.unwrap();
        assert_eq!(native.stands(&remove, Some(&before), &now), expected);
        let is_held = now["through"] == json!([{"id": 5, "name": "Бухгалтерия"}]);
        let is_refused = native.refuses(&remove, &now).is_some();
        assert_eq!(is_held, expected == Look::Absent);
        assert_eq!(is_refused, is_held || now.is_null());
    }
    assert!(native.refuses(&remove, &before).is_none());
    let add = call("members add", &[("id", "3"), ("member_ids", "9")]);
    let admin = call(
        "members set-role",
        &[("id", "3"), ("user_id", "9"), ("role", "admin")],
    );
    let undo = native.back(&remove, &before, &Value::Null);
    assert_eq!(undo.calls, [add, admin]);
    assert_eq!(
        script.lines(),
        [
            "GET /chats/3",
            "GET /users/9",
            "GET /group_tags/5",
            "GET /chats/3/members?role=admin&limit=50",
            "DELETE /chats/3/members/9",
            "GET /chats/3",
            "GET /users/9",
            "GET /group_tags/5",
            "GET /chats/3/members?role=admin&limit=50",
            "GET /chats/3",
            "GET /users/9",
            "GET /chats/3",
            "GET /users/9",
            "GET /chats/3",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_role_is_found_out_given_and_taken_back() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let admin = call(
        "members set-role",
        &[("id", "3"), ("user_id", "9"), ("role", "admin")],
    );
    let channel = || one(200, chat(3, json!({"member_ids": [2, 9], "channel": true})));
    let nobody = || page(json!([]), "abc", false);
    script
        .then(channel())
        .then(nobody())
        .then(page(json!([user(9, json!({}))]), "abc", false))
        .then(Reply::Text(204, ""))
        .then(channel())
        .then(page(json!([user(9, json!({}))]), "abc", false));
    let before = native.look(&admin).await.unwrap();
    assert_eq!(before, json!({"role": "editor"}));
    assert_eq!(native.write(&admin).await.unwrap(), Value::Null);
    let now = native.look(&admin).await.unwrap();
    assert_eq!(native.stands(&admin, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&admin, Some(&before), &now), Look::Found);
    let editor = call(
        "members set-role",
        &[("id", "3"), ("user_id", "9"), ("role", "editor")],
    );
    assert_eq!(native.back(&admin, &before, &Value::Null), editor.into());
    let asked_for = script.asked();
    let lines: Vec<_> = asked_for.iter().map(|asked| asked.line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "GET /chats/3",
            "GET /chats/3/members?role=admin&limit=50",
            "GET /chats/3/members?role=editor&limit=50",
            "PUT /chats/3/members/9",
            "GET /chats/3",
            "GET /chats/3/members?role=admin&limit=50",
        ]
    );
    assert_eq!(asked_for[3].body, json!({"role": "admin"}));
}

#[tokio::test(start_paused = true)]
async fn the_role_of_an_owner_of_a_member_and_of_somebody_outside_is_told_apart() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let look = async |user: &str| {
        let role = [("id", "3"), ("user_id", user), ("role", "admin")];
        native.look(&call("members set-role", &role)).await.unwrap()
    };
    let conversation = || one(200, chat(3, json!({"member_ids": [2, 9]})));
    script.then(conversation());
    assert_eq!(look("2").await, json!({"role": "owner"}));
    script
        .then(conversation())
        .then(page(json!([]), "abc", false));
    assert_eq!(look("9").await, json!({"role": "member"}));
    script
        .then(conversation())
        .then(one(200, user(8, json!({}))));
    assert_eq!(look("8").await, json!({"role": null}));
    script
        .then(conversation())
        .then(one(200, user(7, json!({"suspended": true}))));
    assert_eq!(look("7").await, json!({}));
    script.then(refusal(404, "id", "not_found"));
    assert_eq!(look("9").await, Value::Null);
    assert_eq!(script.asked().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn tags_are_tied_to_a_chat_and_taken_off_one_by_one() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let typed = [("id", "3"), ("group_tag_ids", "5"), ("group_tag_ids", "HR")];
    script
        .then(one(200, json!({"id": 5, "name": "Бухгалтерия"})))
        .then(page(json!([{"id": 6, "name": "HR"}]), "abc", false));
    let calls = resolved(&*messenger, &call("members add-tags", &typed))
        .await
        .unwrap();
    let line = |id| format!("members add-tags --group_tag_ids {id} --id 3");
    assert_eq!(calls, [line(5), line(6)]);
    let add = call("members add-tags", &[("id", "3"), ("group_tag_ids", "6")]);
    let remove = call("members remove-tags", &[("id", "3"), ("tag_id", "6")]);
    let with = |ids: Value| one(200, chat(3, json!({"group_tag_ids": ids})));
    script
        .then(with(json!([5])))
        .then(Reply::Text(204, ""))
        .then(with(json!([5, 6])))
        .then(Reply::Text(204, ""))
        .then(refusal(404, "tag_id", "not_found"));
    let before = native.look(&add).await.unwrap();
    native.write(&add).await.unwrap();
    let now = native.look(&remove).await.unwrap();
    for _ in 0..2 {
        native.write(&remove).await.unwrap();
    }
    assert_eq!(native.stands(&add, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&add, Some(&before), &now), Look::Found);
    assert_eq!(native.stands(&remove, Some(&now), &before), Look::Found);
    assert_eq!(
        native.back(&add, &before, &Value::Null),
        remove.clone().into()
    );
    assert_eq!(native.back(&remove, &now, &Value::Null), add.into());
    let off = "DELETE /chats/3/group_tags/6";
    let asked_for = script.asked();
    assert_eq!(asked_for[0].line, "GET /group_tags/5");
    assert_eq!(
        asked_for[3],
        asked("POST /chats/3/group_tags", json!({"group_tag_ids": [6]}))
    );
    assert_eq!(
        (asked_for[5].line.as_str(), asked_for[6].line.as_str()),
        (off, off)
    );
}
