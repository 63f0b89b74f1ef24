use std::fs;
use std::slice::from_ref;

use kadry_core::{Effect, ErrorKind, Look, NativeCall};
use serde_json::{Value, json};

use crate::script::{ADMINISTRATOR, Reply, asked, call, messenger, one, refusal, resolved, user};

const SHA256_OF_A: &str = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

/// A picture in a folder that goes when it is dropped.
fn picture(name: &str, content: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

fn form(name: &str, media: &str, content: &str) -> Value {
    let head = format!("Content-Disposition: form-data; name=\"image\"; filename=\"{name}\"");
    format!("--boundary\r\n{head}\r\nContent-Type: {media}\r\n\r\n{content}\r\n--boundary--\r\n")
        .into()
}

fn with_url(url: Value) -> Value {
    user(9, json!({ "image_url": url }))
}

#[tokio::test(start_paused = true)]
async fn a_picture_goes_out_as_the_file_that_was_shown() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let (_folder, path) = picture("Анна.PNG", "a");
    let typed = call("avatar set", &[("user_id", "9"), ("image", &path)]);
    let calls = native.resolve(&typed).await.unwrap();
    let set = typed.with("sha256", SHA256_OF_A);
    assert_eq!(calls, from_ref(&set));
    let url = json!("https://example.test/1.png");
    script
        .then(one(200, with_url(Value::Null)))
        .then(one(200, json!({ "image_url": url })))
        .then(one(200, with_url(url.clone())));
    let before = native.look(&set).await.unwrap();
    let after = native.write(&set).await.unwrap();
    let now = native.look(&set).await.unwrap();
    assert_eq!(now, json!({ "image_url": url }));
    assert_eq!(native.stands(&set, Some(&before), &before), Look::Absent);
    assert_eq!(native.stands(&set, Some(&before), &now), Look::Found);
    let undo = native.back(&set, &before, &after);
    assert_eq!(undo, call("avatar delete", &[("user_id", "9")]).into());
    assert_eq!(
        script.asked(),
        [
            asked("GET /users/9", Value::Null),
            asked("PUT /users/9/avatar", form("Анна.PNG", "image/png", "a")),
            asked("GET /users/9", Value::Null),
        ]
    );
    fs::write(&path, "b").unwrap();
    let fault = native.write(&set).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.effect()),
        (ErrorKind::Invalid, Effect::None)
    );
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_picture_is_refused_before_any_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let (_folder, empty) = picture("a.png", "");
    let (_other, text) = picture("a.txt", "a");
    for path in [&*empty, &text, "missing.png"] {
        let set = call("avatar set", &[("user_id", "9"), ("image", path)]);
        let fault = resolved(&*messenger, &set).await.unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::Invalid, "{path}");
    }
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_deleted_and_known_by_its_address() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let both = call("avatar delete", &[("user_id", "9"), ("user_id", "10")]);
    let calls = resolved(&*messenger, &both).await.unwrap();
    assert_eq!(
        calls,
        ["avatar delete --user_id 9", "avatar delete --user_id 10"]
    );
    let delete = call("avatar delete", &[("user_id", "9")]);
    script
        .then(one(200, with_url(json!("https://example.test/1.png"))))
        .then(Reply::Text(204, ""))
        .then(one(200, with_url(Value::Null)))
        .then(refusal(404, "user_id", "not_found"));
    let before = native.look(&delete).await.unwrap();
    assert_eq!(native.write(&delete).await.unwrap(), Value::Null);
    let now = native.look(&delete).await.unwrap();
    assert_eq!(native.stands(&delete, None, &before), Look::Absent);
    assert_eq!(native.stands(&delete, Some(&before), &now), Look::Found);
    assert_eq!(
        native.back(&delete, &before, &Value::Null),
        kadry_core::Back::default()
    );
    let fault = native.write(&delete).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::NotFound);
    let (get, gone) = ("GET /users/9", "DELETE /users/9/avatar");
    assert_eq!(script.lines(), [get, gone, get, gone]);
}

#[tokio::test(start_paused = true)]
async fn the_owner_of_the_token_has_a_picture_of_their_own() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let native = messenger.native().unwrap();
    let (_folder, path) = picture("a.jpeg", "a");
    let typed = call("profile set-avatar", &[("image", &path)]);
    let calls: Vec<NativeCall> = native.resolve(&typed).await.unwrap();
    script
        .then(one(200, user(1, json!({}))))
        .then(one(200, json!({"image_url": "https://example.test/1.png"})))
        .then(Reply::Text(204, ""));
    let before = native.look(&calls[0]).await.unwrap();
    let after = native.write(&calls[0]).await.unwrap();
    let undo = native.back(&calls[0], &before, &after).calls.remove(0);
    assert_eq!(undo, call("profile delete-avatar", &[]));
    native.write(&undo).await.unwrap();
    assert_eq!(
        script.asked(),
        [
            asked("GET /profile", Value::Null),
            asked("PUT /profile/avatar", form("a.jpeg", "image/jpeg", "a")),
            asked("DELETE /profile/avatar", Value::Null),
        ]
    );
}
