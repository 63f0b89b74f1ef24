use kadry_core::{EmployeeProvider, ErrorKind, Grant, KindName, RemoteId, Result, every};
use serde_json::{Value, json};

use crate::script::{ADMINISTRATOR, Asked, Reply, US, employee, messenger, page, refusal};

fn chat(id: i64, changed: Value) -> Value {
    let mut chat = json!({
        "id": id, "name": format!("Чат {id}"), "created_at": "2026-11-01T10:00:00.000Z", "owner_id": 2,
        "member_ids": [US, 2], "group_tag_ids": [5], "channel": false, "archived": false, "personal": false,
        "public": false, "last_message_at": "2026-11-01T10:00:00.000Z", "meet_room_url": "",
    });
    for (key, value) in changed.as_object().unwrap() {
        chat[key] = value.clone();
    }
    chat
}

fn grant(id: &str) -> Grant {
    Grant::with_id(KindName::CHAT, id, "Общий")
}

async fn change(messenger: &dyn EmployeeProvider, add: &[Grant], drop: &[Grant]) -> Result<()> {
    messenger
        .set_grants(&employee(9), &KindName::CHAT, add, drop)
        .await
}

#[tokio::test(start_paused = true)]
async fn own_chats_come_first_and_open_ones_after_them_without_the_own_ones() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let open = json!({"public": true, "member_ids": [3], "group_tag_ids": []});
    script
        .then(page(json!([chat(1, json!({}))]), "abc", true))
        .then(page(
            json!([
                chat(2, json!({"personal": true})),
                chat(3, json!({"public": true}))
            ]),
            "def",
            false,
        ))
        .then(page(
            json!([chat(3, json!({"public": true})), chat(4, open)]),
            "ghi",
            true,
        ))
        .then(page(
            json!([chat(5, json!({"archived": true, "member_ids": []}))]),
            "jkl",
            false,
        ));
    let provider = &*messenger;
    let offers =
        every(|from| async move { provider.catalogue(&KindName::CHAT, from.as_ref()).await })
            .await
            .unwrap();
    let ids: Vec<_> = offers.iter().map(|offer| offer.id.as_str()).collect();
    assert_eq!(ids, ["1", "3", "4"]);
    assert_eq!(offers[0].owner, Some(RemoteId::new("2")));
    assert_eq!(offers[0].through, [RemoteId::new("5")]);
    let holders = Some(vec![RemoteId::new("1"), RemoteId::new("2")]);
    assert_eq!(offers[0].holders, holders);
    assert_eq!(
        script.lines(),
        [
            "GET /chats?personal=false&limit=50",
            "GET /chats?personal=false&limit=50&cursor=abc",
            "GET /chats?availability=public&limit=50",
            "GET /chats?availability=public&limit=50&cursor=ghi",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_made_a_chat_holds_it_while_the_members_leave_them_out() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let suspended = chat(1, json!({"member_ids": [US]}));
    let unsaid = chat(2, json!({"member_ids": null}));
    script.then(page(json!([suspended, unsaid]), "abc", true));
    let offers = messenger.catalogue(&KindName::CHAT, None).await.unwrap();
    let holders: Vec<_> = offers.items.into_iter().map(|chat| chat.holders).collect();
    let both = vec![RemoteId::new("1"), RemoteId::new("2")];
    assert_eq!(holders, [Some(both), None]);
}

#[tokio::test(start_paused = true)]
async fn a_person_is_put_into_one_chat_silently() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(Reply::Text(204, ""));
    change(&*messenger, &[grant("12")], &[]).await.unwrap();
    let line = "POST /chats/12/members".to_owned();
    let body = json!({"member_ids": [9], "silent": true});
    assert_eq!(script.asked(), [Asked { line, body }]);
}

#[tokio::test(start_paused = true)]
async fn taking_out_somebody_who_is_not_inside_is_quiet() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(Reply::Text(204, ""))
        .then(refusal(404, "user_id", "not_found"));
    for _ in 0..2 {
        change(&*messenger, &[], &[grant("12")]).await.unwrap();
    }
    assert_eq!(
        script.lines(),
        ["DELETE /chats/12/members/9", "DELETE /chats/12/members/9"]
    );
}

#[tokio::test(start_paused = true)]
async fn somebody_who_cannot_be_added_is_not_found_and_the_owner_cannot_be_taken_out() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(refusal(404, "member_ids", "not_found"))
        .then(refusal(403, "base", "cannot_kick_owner"));
    let add = change(&*messenger, &[grant("12")], &[]).await;
    assert_eq!(add.unwrap_err().kind(), ErrorKind::NotFound);
    let take = change(&*messenger, &[], &[grant("12")]).await;
    assert_eq!(take.unwrap_err().kind(), ErrorKind::Conflict);
}

#[tokio::test(start_paused = true)]
async fn several_chats_in_one_call_are_refused_before_any_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let (one, other) = ([grant("12")], [grant("13")]);
    let fault = change(&*messenger, &one, &other).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Unsupported);
    change(&*messenger, &[], &[]).await.unwrap();
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn tags_are_never_written_by_themselves() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let tag = [Grant::named(KindName::TAG, "Дизайн")];
    let fault = messenger
        .set_grants(&employee(9), &KindName::TAG, &tag, &[])
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Unsupported);
    assert_eq!(script.asked(), []);
}
