use serde_json::{Value, json};

use crate::world::World;

const ANNA: &str = "anna@example.test";

fn is_on(answer: &Value, id: &str) -> bool {
    let list = answer["Subscriptions"].as_array().unwrap();
    let one = list.iter().find(|one| one["Id"] == id).unwrap();
    one["IsSubscribed"].as_bool().unwrap()
}

#[tokio::test]
async fn only_listed_subscriptions_change_and_all_are_answered() {
    let world = World::strict().await;
    world.seed(&json!({ "employees": [{ "login": ANNA }] }));
    let id = world.user_id(ANNA);
    let change = json!({ "Subscriptions": [
        { "Id": "News", "IsSubscribed": true },
        { "Id": "ChatMessages", "IsSubscribed": false },
    ]});
    let update = format!("UpdateSubscriptions?userId={id}");
    let after = world.post(&update, change).await.json();
    assert_eq!(after["Subscriptions"].as_array().unwrap().len(), 10);
    assert!(is_on(&after, "News"));
    assert!(!is_on(&after, "ChatMessages"));
    assert!(is_on(&after, "NewIncomingDocuments"));
    let read = world.get(&format!("GetSubscriptions?userId={id}")).await;
    assert_eq!(read.json(), after);
}

#[tokio::test]
async fn the_employee_may_change_their_own() {
    let mut world = World::strict().await;
    world.seed(&json!({ "employees": [{ "login": ANNA }] }));
    let id = world.user_id(ANNA);
    world.act_as(ANNA).await;
    let change = json!({ "Subscriptions": [{ "Id": "News", "IsSubscribed": true }] });
    let update = format!("UpdateSubscriptions?userId={id}");
    assert!(is_on(&world.post(&update, change).await.json(), "News"));
}

#[tokio::test]
async fn unknown_ids_are_ignored_and_recorded() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [{ "login": ANNA }] }));
    let before = world.employee(ANNA);
    let id = world.user_id(ANNA);
    let change = json!({ "Subscriptions": [{ "Id": "Tea", "IsSubscribed": true }] });
    let update = format!("UpdateSubscriptions?userId={id}");
    world.post(&update, change).await.json();
    assert_eq!(world.employee(ANNA), before);
    assert_eq!(world.violations().len(), 1);
}

#[tokio::test]
async fn an_employee_must_be_named_and_known() {
    let world = World::faithful().await;
    assert_eq!(world.get("GetSubscriptions").await.status, 400);
    let nobody = format!("GetSubscriptions?userId={}", world.box_id);
    assert_eq!(world.get(&nobody).await.status, 404);
}
