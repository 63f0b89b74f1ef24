use std::slice::from_ref;

use kadry_core::{Effect, ErrorKind, Look};
use serde_json::{Value, json};

use crate::script::{
    ADMINISTRATOR, Reply, asked, call, messenger, one, page, read, read_all, refusal, resolved,
    user,
};

fn tag(id: i64, name: &str) -> Value {
    json!({"id": id, "name": name, "users_count": 2})
}

#[tokio::test(start_paused = true)]
async fn tags_are_listed_by_their_names() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(page(json!([tag(5, "IT"), tag(6, "HR")]), "abc", false));
    let list = call("tags list", &[("names", "IT"), ("names", "HR")]);
    assert_eq!(
        read_all(&*messenger, &list).await,
        [tag(5, "IT"), tag(6, "HR")]
    );
    let line = "GET /group_tags?names%5B%5D=IT&names%5B%5D=HR&limit=50";
    assert_eq!(script.lines(), [line]);
}

#[tokio::test(start_paused = true)]
async fn a_tag_is_shown_by_id_and_by_name() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(one(200, tag(5, "IT")))
        .then(page(json!([tag(5, "IT")]), "abc", false))
        .then(one(200, tag(5, "IT")))
        .then(page(json!([]), "abc", false))
        .then(page(json!([tag(6, "HR")]), "abc", true))
        .then(page(json!([tag(5, "IT")]), "def", false))
        .then(one(200, tag(5, "IT")));
    for name in ["5", "IT", "it"] {
        let shown = read(&*messenger, &call("tags show", &[("id", name)]))
            .await
            .unwrap();
        assert_eq!(shown.items, [tag(5, "IT")]);
    }
    assert_eq!(
        script.lines(),
        [
            "GET /group_tags/5",
            "GET /group_tags?names%5B%5D=IT&limit=50",
            "GET /group_tags/5",
            "GET /group_tags?names%5B%5D=it&limit=50",
            "GET /group_tags?limit=50",
            "GET /group_tags?limit=50&cursor=abc",
            "GET /group_tags/5",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_is_looked_for_once_whatever_the_pages() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(page(json!([tag(5, "IT")]), "abc", false))
        .then(page(json!([user(9, json!({}))]), "def", true))
        .then(page(json!([user(10, json!({}))]), "ghi", false));
    let people = read_all(&*messenger, &call("tags users", &[("id", "IT")])).await;
    assert_eq!(people, [user(9, json!({})), user(10, json!({}))]);
    assert_eq!(
        script.lines(),
        [
            "GET /group_tags?names%5B%5D=IT&limit=50",
            "GET /group_tags/5/users?limit=50",
            "GET /group_tags/5/users?limit=50&cursor=def",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_that_nothing_bears_or_two_do_is_refused() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(page(json!([]), "abc", false))
        .then(page(json!([tag(5, "IT")]), "abc", false))
        .then(page(
            json!([tag(5, "Семёнов"), tag(6, "Семенов")]),
            "abc",
            false,
        ));
    for (name, kind) in [
        ("HR", ErrorKind::NotFound),
        ("семенов", ErrorKind::Conflict),
    ] {
        let delete = call("tags delete", &[("id", name)]);
        let fault = resolved(&*messenger, &delete).await.unwrap_err();
        assert_eq!(fault.kind(), kind, "{name}");
    }
    assert_eq!(script.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn tags_are_made_one_by_one_and_what_was_made_can_be_deleted() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let both = call("tags create", &[("name", "IT"), ("name", " HR ")]);
    let calls = native.resolve(&both).await.unwrap();
    let hr = call("tags create", &[("name", "HR")]);
    assert_eq!(calls, [call("tags create", &[("name", "IT")]), hr.clone()]);
    script
        .then(page(json!([]), "abc", false))
        .then(one(201, tag(6, "HR")))
        .then(page(json!([tag(6, "HR")]), "abc", false));
    let before = native.look(&hr).await.unwrap();
    let after = native.write(&hr).await.unwrap();
    let now = native.look(&hr).await.unwrap();
    assert_eq!(native.stands(&hr, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&hr, Some(&before), &now), Look::Found);
    let undo = native.back(&hr, &before, &after).calls.remove(0);
    assert_eq!(undo, call("tags delete", &[("id", "6")]));
    let asked_for = script.asked();
    let body = json!({"group_tag": {"name": "HR"}});
    assert_eq!(asked_for[1], asked("POST /group_tags", body));
    assert_eq!(asked_for[2].line, "GET /group_tags?names%5B%5D=HR&limit=50");
}

#[tokio::test(start_paused = true)]
async fn a_tag_is_renamed_and_goes_back_to_its_old_name() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    script
        .then(page(json!([tag(5, "IT")]), "abc", false))
        .then(one(200, tag(5, "IT")))
        .then(one(200, tag(5, "Dev")));
    let typed = call("tags rename", &[("id", "IT"), ("name", "Dev")]);
    let calls = native.resolve(&typed).await.unwrap();
    let rename = call("tags rename", &[("id", "5"), ("name", "Dev")]);
    assert_eq!(calls, from_ref(&rename));
    let before = native.look(&rename).await.unwrap();
    let after = native.write(&rename).await.unwrap();
    assert_eq!(native.stands(&rename, Some(&before), &after), Look::Found);
    let undo = native.back(&rename, &before, &after).calls.remove(0);
    assert_eq!(undo, call("tags rename", &[("id", "5"), ("name", "IT")]));
    let body = json!({"group_tag": {"name": "Dev"}});
    assert_eq!(script.asked()[2], asked("PUT /group_tags/5", body));
}

#[tokio::test(start_paused = true)]
async fn a_tag_that_got_another_name_than_was_sent_is_noticed() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    script.then(one(200, tag(5, "Other")));
    let rename = call("tags rename", &[("id", "5"), ("name", "Dev")]);
    let fault = native.write(&rename).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.effect()),
        (ErrorKind::Protocol, Effect::Applied)
    );
    script.then(refusal(409, "name", "already_exists"));
    let fault = native.write(&rename).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.effect()),
        (ErrorKind::Conflict, Effect::None)
    );
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_tag_is_deleted_and_a_second_time_is_quiet() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let delete = call("tags delete", &[("id", "5")]);
    script
        .then(one(200, tag(5, "IT")))
        .then(Reply::Text(204, ""))
        .then(refusal(404, "id", "not_found"))
        .then(refusal(404, "id", "not_found"));
    let before = native.look(&delete).await.unwrap();
    assert_eq!(native.stands(&delete, None, &before), Look::Absent);
    assert_eq!(native.write(&delete).await.unwrap(), Value::Null);
    let now = native.look(&delete).await.unwrap();
    assert_eq!(native.stands(&delete, Some(&before), &now), Look::Found);
    assert_eq!(native.write(&delete).await.unwrap(), Value::Null);
    assert_eq!(
        native.back(&delete, &before, &Value::Null),
        kadry_core::Back::default()
    );
    let (get, gone) = ("GET /group_tags/5", "DELETE /group_tags/5");
    assert_eq!(script.lines(), [get, gone, get, gone]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_creation_is_not_sent_again() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    script.then(Reply::Lost);
    let fault = native
        .write(&call("tags create", &[("name", "IT")]))
        .await
        .unwrap_err();
    assert_eq!(fault.effect(), Effect::Unknown);
    assert_eq!(script.asked().len(), 1);
}
