//! What can be read of this platform alone.

use kadry_core::ErrorKind;
use serde_json::json;

use crate::line::{World, call};

#[tokio::test(start_paused = true)]
async fn we_see_who_and_where_we_are() {
    let world = World::new(0).await;
    let one = async |operation: &str| world.rows(&call(operation, &[])).await.remove(0);
    let me = one("me show").await;
    assert_eq!(me["Login"], "svc@example.test");
    assert_eq!(one("me employee").await["User"]["UserId"], me["UserId"]);
    let organization = one("organizations list").await;
    assert_eq!(organization["IsEmployee"], true);
    let shown = one("organizations show").await;
    assert_eq!(shown["OrgId"], organization["OrgId"]);
    let by_inn = organization["Inn"].as_str().unwrap();
    let by_inn = world
        .rows(&call("organizations show", &[("inn", by_inn)]))
        .await;
    assert_eq!(by_inn[0]["OrgId"], organization["OrgId"]);
    let own_box = one("boxes list").await;
    assert_eq!(one("boxes show").await["BoxIdGuid"], own_box["BoxIdGuid"]);
    let users = world.rows(&call("organizations users", &[])).await;
    assert!(users.iter().any(|user| user["Id"] == me["UserId"]));
    world.is_clean();
}

#[tokio::test(start_paused = true)]
async fn everybody_is_listed_found_and_shown() {
    let world = World::new(160).await;
    let login = "Anna@example.test";
    world.put(&json!({ "employees": [{ "login": login, "actions": ["SignDocuments"] }] }));
    let everybody = world.rows(&call("employees list", &[])).await;
    assert!(everybody.len() > 100, "more than two pages");
    let small = world.rows(&call("employees list", &[("count", "7")])).await;
    assert_eq!(small, everybody);
    let found = world
        .rows(&call("employees find", &[("login", "anna@example.test")]))
        .await;
    let [anna] = &found[..] else {
        panic!("one Anna");
    };
    let id = anna["User"]["UserId"].as_str().unwrap();
    let shown = world.rows(&call("employees show", &[("userId", id)])).await;
    assert_eq!(&shown, std::slice::from_ref(anna));
    let rights = world
        .rows(&call("permissions show", &[("userId", id)]))
        .await;
    assert_eq!(rights[0], anna["Permissions"]);
    let mails = world
        .rows(&call("subscriptions show", &[("userId", id)]))
        .await;
    assert_eq!(mails[0]["Subscriptions"].as_array().unwrap().len(), 10);
    assert!(
        world
            .rows(&call("poa list", &[("userId", id), ("onlyActual", "true")]))
            .await
            .is_empty()
    );
    let unknown = call("employees find", &[("login", "nobody@example.test")]);
    let unknown = world.native().read(&unknown, None).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
    world.is_clean();
}
