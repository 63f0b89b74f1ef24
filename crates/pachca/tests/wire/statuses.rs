use kadry_core::{Effect, EmployeeProvider, ErrorKind, Grant, KindName, Result};
use serde_json::{Value, json};

use crate::script::{ADMINISTRATOR, Asked, Reply, employee, messenger, one, refusal};

fn status(name: &str) -> Grant {
    Grant::named(KindName::STATUS, name)
}

fn shown(emoji: &str, title: &str) -> Reply {
    one(
        200,
        json!({"emoji": emoji, "title": title, "expires_at": null, "is_away": false, "away_message": null}),
    )
}

async fn change(messenger: &dyn EmployeeProvider, add: &[Grant], drop: &[Grant]) -> Result<()> {
    messenger
        .set_grants(&employee(9), &KindName::STATUS, add, drop)
        .await
}

#[tokio::test(start_paused = true)]
async fn a_status_is_put_with_its_emoji_and_its_title() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    // The platform may leave out the sign that asks for a coloured picture.
    script
        .then(shown("🏖", "На море"))
        .then(shown("🎮", "Играю"));
    let given = [status("🏖️  На море ")];
    change(&*messenger, &given, &[]).await.unwrap();
    // A new one takes the place of the old one by itself.
    let (new, old) = ([status("🎮 Играю")], [status("🏖️ На море")]);
    change(&*messenger, &new, &old).await.unwrap();
    let put = |emoji: &str, title: &str| Asked {
        line: "PUT /users/9/status".to_owned(),
        body: json!({"status": {"emoji": emoji, "title": title}}),
    };
    assert_eq!(script.asked(), [put("🏖️", "На море"), put("🎮", "Играю")]);
}

#[tokio::test(start_paused = true)]
async fn taking_a_status_is_quiet_and_repeats_safely() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(Reply::Lost).then(Reply::Text(204, ""));
    let old = [status("🎮 Играю")];
    change(&*messenger, &[], &old).await.unwrap();
    let line = "DELETE /users/9/status".to_owned();
    let asked = script.asked();
    let body = Value::Null;
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1], Asked { line, body });
}

#[tokio::test(start_paused = true)]
async fn what_is_no_status_is_refused_before_any_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let plain = [status("Играю")];
    let fault = change(&*messenger, &plain, &[]).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Invalid);
    let two = [status("🎮 Играю"), status("🏖️ На море")];
    for (add, drop) in [(&two[..], &[][..]), (&[][..], &two[..])] {
        let fault = change(&*messenger, add, drop).await.unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::Unsupported);
    }
    change(&*messenger, &[], &[]).await.unwrap();
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn a_refused_emoji_is_invalid_and_another_status_than_was_sent_is_noticed() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(refusal(422, "emoji", "wrong_emoji"))
        .then(shown("🎮", "Работаю"));
    let given = [status("🎮 Играю")];
    let fault = change(&*messenger, &given, &[]).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.effect()),
        (ErrorKind::Invalid, Effect::None)
    );
    let fault = change(&*messenger, &given, &[]).await.unwrap_err();
    assert_eq!(fault.effect(), Effect::Applied);
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_status_of_somebody_gone_is_not_found() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(refusal(404, "base", "not_found"));
    let fault = change(&*messenger, &[], &[status("🎮 x")]).await;
    assert_eq!(fault.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(script.asked().len(), 1);
}
