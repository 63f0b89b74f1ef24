use http::{Method, StatusCode};
use serde_json::json;

use crate::support::World;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand the rest of a picture";

fn world() -> World {
    let world = World::strict();
    world.seed(&json!({ "users": [{ "email": "anna@example.test" }] }));
    world
}

#[tokio::test]
async fn a_picture_stands_on_the_record_until_it_is_taken_away() {
    let world = world();
    let anna = world.user("anna@example.test");
    let me = world.user("svc@example.test");
    for (path, record) in [
        (format!("/users/{anna}/avatar"), format!("/users/{anna}")),
        ("/profile/avatar".to_owned(), format!("/users/{me}")),
    ] {
        let reply = world.upload(Method::PUT, &path, "image", PNG).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        let image_url = reply.data()["image_url"].clone();
        assert!(image_url.as_str().unwrap().ends_with(".png"));
        assert_eq!(world.get(&record).await.data()["image_url"], image_url);
        for _ in 0..2 {
            assert_eq!(world.delete(&path).await.status, StatusCode::NO_CONTENT);
        }
        assert!(world.get(&record).await.data()["image_url"].is_null());
    }
}

#[tokio::test]
async fn only_pictures_are_taken_and_large_ones_unless_they_move() {
    let world = world();
    let path = format!("/users/{}/avatar", world.user("anna@example.test"));
    let put = async |file: &[u8]| world.upload(Method::PUT, &path, "image", file).await;
    let large = |head: &[u8]| [head, &vec![0; 3 * 1024 * 1024]].concat();
    for (file, ends) in [
        (b"\xff\xd8\xff\xe0 jpeg".to_vec(), ".jpg"),
        (large(b"\xff\xd8\xff"), ".jpg"),
        (b"GIF89a still".to_vec(), ".gif"),
        (large(b"GIF89a still"), ".gif"),
        (b"GIF89a NETSCAPE2.0 moving".to_vec(), ".gif"),
    ] {
        let image_url = put(&file).await.data()["image_url"].clone();
        assert!(image_url.as_str().unwrap().ends_with(ends), "{image_url}");
    }
    for file in [b"BM a bitmap".to_vec(), large(b"GIF89a NETSCAPE2.0")] {
        let reply = put(&file).await;
        assert_eq!(reply.error(), (422, "invalid".into(), "image".into()));
    }
    assert_eq!(
        put(b"").await.error(),
        (422, "blank".into(), "image".into())
    );
}

#[tokio::test]
async fn the_owners_picture_is_the_owners_alone() {
    let world = world();
    let path = format!("/users/{}/avatar", world.user("ceo@example.test"));
    let reply = world.upload(Method::PUT, &path, "image", PNG).await;
    assert_eq!(reply.error().1, "owner_protected");
    assert_eq!(world.delete(&path).await.error().1, "owner_protected");
    let reply = world
        .upload(Method::PUT, "/users/1/avatar", "image", PNG)
        .await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_documented_of_a_picture_is_recorded() {
    let world = World::faithful();
    let path = "/profile/avatar";
    // The vendor's own Python SDK does this, and it works.
    let reply = world.upload(Method::POST, path, "image", PNG).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(world.violation().unwrap().contains("POST"));
    let reply = world.upload(Method::PUT, path, "picture", PNG).await;
    assert_eq!(reply.error().1, "blank");
    assert_eq!(world.violation().unwrap(), "unknown part `picture`");
    let reply = world.put(path, json!({ "image": "x" })).await;
    assert_eq!(reply.error().1, "blank");
    assert!(world.violation().unwrap().contains("multipart/form-data"));
    let reply = world.upload(Method::POST, "/users", "user", b"{}").await;
    assert_eq!(reply.error(), (400, "wrong_params".into(), "base".into()));
    assert!(world.violation().unwrap().contains("application/json"));
}
