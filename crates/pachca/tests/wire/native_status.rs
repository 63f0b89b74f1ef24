use std::slice::from_ref;

use kadry_core::{Effect, ErrorKind, Look};
use serde_json::{Value, json};

use crate::script::{
    ADMINISTRATOR, Reply, asked, call, messenger, one, page, read, read_all, refusal, resolved,
};

fn status(title: &str, expires_at: Value) -> Value {
    json!({"emoji": "🎮", "title": title, "expires_at": expires_at, "is_away": true, "away_message": {"text": "Позже"}})
}

#[tokio::test(start_paused = true)]
async fn a_status_is_shown_and_a_bare_null_is_none() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(one(200, status("Играю", Value::Null)))
        .then(Reply::Json(200, Value::Null))
        .then(refusal(404, "user_id", "not_found"));
    let show = call("status show", &[("user_id", "9")]);
    let shown = read(&*messenger, &show).await.unwrap();
    assert_eq!(shown.items, [status("Играю", Value::Null)]);
    assert_eq!(
        read(&*messenger, &show).await.unwrap().items,
        [Value::Null; 0]
    );
    let fault = read(&*messenger, &show).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::NotFound);
    assert_eq!(script.lines(), ["GET /users/9/status"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_status_is_set_with_away_mode_and_an_end_for_each_person() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let typed = |who: &[&'static str], ends: &'static str| {
        let all = [
            ("emoji", "🎮"),
            ("title", "Играю"),
            ("expires_at", ends),
            ("is_away", "true"),
            ("away_message", "Позже"),
        ];
        let who: Vec<_> = who.iter().map(|id| ("user_id", *id)).collect();
        call("status set", &[&who[..], &all].concat())
    };
    let calls = native
        .resolve(&typed(&["9", "10"], "2026-12-31T23:59:00+03:00"))
        .await
        .unwrap();
    let ends = "2026-12-31T20:59:00Z";
    let set = typed(&["9"], ends);
    assert_eq!(calls, [set.clone(), typed(&["10"], ends)]);
    script
        .then(Reply::Json(200, Value::Null))
        .then(one(200, status("Играю", json!("2026-12-31T20:59:00.000Z"))))
        .then(one(200, status("Играю", json!("2026-12-31T20:59:00.000Z"))));
    let before = native.look(&set).await.unwrap();
    let after = native.write(&set).await.unwrap();
    let now = native.look(&set).await.unwrap();
    assert_eq!(native.stands(&set, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&set, Some(&before), &now), Look::Found);
    let undo = native.back(&set, &before, &after);
    assert_eq!(undo, call("status clear", &[("user_id", "9")]).into());
    let status = json!({"emoji": "🎮", "title": "Играю", "expires_at": ends, "is_away": true, "away_message": "Позже"});
    let body = json!({ "status": status });
    assert_eq!(script.asked()[1], asked("PUT /users/9/status", body));
}

#[tokio::test(start_paused = true)]
async fn a_status_that_is_over_is_none_and_one_that_would_be_is_refused() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let clear = call("status clear", &[("user_id", "9")]);
    script.then(one(200, status("Играю", json!("1970-01-01T00:00:00.999Z"))));
    let over = messenger.native().unwrap().look(&clear).await.unwrap();
    assert_eq!(over, Value::Null);
    let past = [
        ("user_id", "9"),
        ("emoji", "🎮"),
        ("title", "a"),
        ("expires_at", "1970-01-01T00:00:01Z"),
    ];
    let fault = resolved(&*messenger, &call("status set", &past))
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Invalid);
    assert_eq!(script.lines(), ["GET /users/9/status"]);
}

#[tokio::test(start_paused = true)]
async fn another_status_than_was_sent_is_noticed() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(200, status("Другое", Value::Null)));
    let set = call(
        "status set",
        &[("user_id", "9"), ("emoji", "🎮"), ("title", "Играю")],
    );
    let fault = messenger.native().unwrap().write(&set).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.effect()),
        (ErrorKind::Protocol, Effect::Applied)
    );
    assert_eq!(script.lines(), ["PUT /users/9/status"]);
}

#[tokio::test(start_paused = true)]
async fn the_owner_of_the_token_has_a_status_of_their_own() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let set = call("profile set-status", &[("emoji", "🎮"), ("title", "Играю")]);
    assert_eq!(native.resolve(&set).await.unwrap(), from_ref(&set));
    script
        .then(Reply::Json(200, Value::Null))
        .then(one(200, status("Играю", Value::Null)))
        .then(one(200, status("Играю", Value::Null)))
        .then(Reply::Text(204, ""));
    let before = native.look(&set).await.unwrap();
    let after = native.write(&set).await.unwrap();
    let shown = read(&*messenger, &call("profile status", &[]))
        .await
        .unwrap();
    assert_eq!(shown.items, [status("Играю", Value::Null)]);
    let undo = native.back(&set, &before, &after).calls.remove(0);
    assert_eq!(undo, call("profile clear-status", &[]));
    assert_eq!(native.write(&undo).await.unwrap(), Value::Null);
    let path = "/profile/status";
    let lines = [
        format!("GET {path}"),
        format!("PUT {path}"),
        format!("GET {path}"),
        format!("DELETE {path}"),
    ];
    assert_eq!(script.lines(), lines);
}

#[tokio::test(start_paused = true)]
async fn the_profile_and_the_fields_of_the_workspace_are_read() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let field = json!({"id": 1, "name": "Город", "data_type": "string"});
    script
        .then(one(200, json!({"id": 1})))
        .then(one(200, json!([field])));
    let profile = read(&*messenger, &call("profile show", &[])).await.unwrap();
    assert_eq!(profile.items, [json!({"id": 1})]);
    let list = call("properties list", &[("entity_type", "Task")]);
    assert_eq!(read_all(&*messenger, &list).await, [field]);
    let lines = ["GET /profile", "GET /custom_properties?entity_type=Task"];
    assert_eq!(script.lines(), lines);
    script.then(page(json!([]), "abc", false));
    assert_eq!(read_all(&*messenger, &list).await, [Value::Null; 0]);
    assert_eq!(script.asked().len(), 1);
}
