use kadry_core::{Cursor, EmployeeProvider, ErrorKind, Grant, KindName, RemoteId, Result, every};
use serde_json::json;

use crate::script::{
    ADMINISTRATOR, Asked, Reply, US, chat, employee, messenger, page, refusal, user,
};

fn grant(id: &str) -> Grant {
    Grant::with_id(KindName::CHAT, id, "Общий")
}

async fn change(messenger: &dyn EmployeeProvider, add: &[Grant], drop: &[Grant]) -> Result<()> {
    messenger
        .set_grants(&employee(9), &KindName::CHAT, add, drop)
        .await
}

#[tokio::test(start_paused = true)]
async fn the_first_pages_come_together_then_the_rest_of_the_own_chats_and_of_the_open_ones() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let open = json!({"public": true, "member_ids": [3], "group_tag_ids": []});
    let own_and_open = chat(3, json!({"public": true}));
    script
        .then(page(json!([chat(1, json!({}))]), "abc", true))
        .then(page(
            json!([own_and_open, chat(4, open.clone())]),
            "ghi",
            true,
        ))
        .then(page(
            json!([chat(2, json!({"personal": true})), own_and_open]),
            "def",
            false,
        ))
        .then(page(
            json!([
                chat(5, json!({"archived": true, "member_ids": []})),
                chat(6, open)
            ]),
            "jkl",
            false,
        ));
    let provider = &*messenger;
    let offers =
        every(|from| async move { provider.catalogue(&KindName::CHAT, from.as_ref()).await })
            .await
            .unwrap();
    let ids: Vec<_> = offers.iter().map(|offer| offer.id.as_str()).collect();
    assert_eq!(ids, ["1", "4", "3", "6"]);
    assert_eq!(offers[0].owner, Some(RemoteId::new("2")));
    assert_eq!(offers[0].through, [RemoteId::new("5")]);
    let holders = Some(vec![RemoteId::new("1"), RemoteId::new("2")]);
    assert_eq!(offers[0].holders, holders);
    assert_eq!(
        script.lines(),
        [
            "GET /chats?personal=false&limit=50",
            "GET /chats?availability=public&limit=50",
            "GET /chats?personal=false&limit=50&cursor=abc",
            "GET /chats?availability=public&limit=50&cursor=ghi",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_pages_are_asked_for_at_the_same_time_and_may_be_all() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    for name in ["abc", "def"] {
        let answer = page(json!([chat(1, json!({}))]), name, false);
        script.then(Reply::Slow(1_000, Box::new(answer)));
    }
    let began = tokio::time::Instant::now();
    let offers = messenger.catalogue(&KindName::CHAT, None).await.unwrap();
    assert_eq!(began.elapsed().as_millis(), 1_000);
    assert_eq!((offers.items.len(), offers.next), (1, None));
    assert_eq!(script.lines().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn whoever_made_a_chat_holds_it_while_the_members_leave_them_out() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let suspended = chat(1, json!({"member_ids": [US]}));
    let unsaid = chat(2, json!({"member_ids": null}));
    script
        .then(page(json!([suspended, unsaid]), "abc", true))
        .then(page(json!([]), "def", false));
    let offers = messenger.catalogue(&KindName::CHAT, None).await.unwrap();
    let holders: Vec<_> = offers.items.into_iter().map(|chat| chat.holders).collect();
    let both = vec![RemoteId::new("1"), RemoteId::new("2")];
    assert_eq!(holders, [Some(both), None]);
}

#[tokio::test(start_paused = true)]
async fn a_foreign_cursor_is_refused_before_any_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    for text in ["open:abc", "{}", "7"] {
        let cursor = Cursor::new(text);
        let fault = messenger.catalogue(&KindName::CHAT, Some(&cursor)).await;
        assert_eq!(fault.unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn those_who_manage_a_chat_are_read_to_the_last_page_without_programs() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let bot = user(7, json!({"bot": true}));
    let suspended = user(8, json!({"suspended": true}));
    script
        .then(page(json!([user(5, json!({})), bot]), "abc", true))
        .then(page(json!([suspended, user(6, json!({}))]), "def", false));
    let keepers = messenger.keepers(&KindName::CHAT, &grant("12")).await;
    let ids = [RemoteId::new("5"), RemoteId::new("6")];
    assert_eq!(keepers.unwrap(), ids);
    assert_eq!(
        script.lines(),
        [
            "GET /chats/12/members?role=admin&limit=50",
            "GET /chats/12/members?role=admin&limit=50&cursor=abc",
        ]
    );
    let tag = Grant::named(KindName::TAG, "Дизайн");
    let fault = messenger.keepers(&KindName::TAG, &tag).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Unsupported);
    assert_eq!(script.asked(), []);
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
