use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Reply, World, page_ids};

fn paginate(reply: &Reply) -> Value {
    reply.json()["meta"]["paginate"].clone()
}

fn ends(reply: &Reply) -> (bool, bool) {
    let paginate = paginate(reply);
    (
        paginate["has_next"].as_bool().unwrap(),
        paginate["has_prev"].as_bool().unwrap(),
    )
}

async fn follow(world: &World, list: &str, cursor: &Value) -> Reply {
    let cursor = cursor.as_str().unwrap();
    world.get(&format!("{list}&cursor={cursor}")).await
}

/// A chat with messages, and the path of its list, two on a page.
async fn list_of(world: &World, count: usize) -> String {
    let chat = world.chat("Общий");
    for _ in 0..count {
        write(world).await;
    }
    format!("/messages?chat_id={chat}&limit=2")
}

async fn write(world: &World) -> i64 {
    let body = json!({ "message": { "entity_id": world.chat("Общий"), "content": "x" } });
    world.post("/messages", body).await.data()["id"]
        .as_i64()
        .unwrap()
}

#[tokio::test]
async fn forward_pages_follow_the_table() {
    let world = World::strict();
    let list = list_of(&world, 5).await;
    let first = world.get(&list).await;
    assert_eq!((page_ids(&first).len(), ends(&first)), (2, (true, false)));
    let second = follow(&world, &list, &paginate(&first)["next_page"]).await;
    assert_eq!((page_ids(&second).len(), ends(&second)), (2, (true, true)));
    let last = follow(&world, &list, &paginate(&second)["next_page"]).await;
    assert_eq!((page_ids(&last).len(), ends(&last)), (1, (false, true)));
    let after = follow(&world, &list, &paginate(&last)["next_page"]).await;
    assert_eq!((page_ids(&after).len(), ends(&after)), (0, (false, true)));
    assert_eq!(paginate(&after)["next_page"], paginate(&last)["next_page"]);

    let mut all: Vec<i64> = [first, second, last].iter().flat_map(page_ids).collect();
    assert_eq!(all.len(), 5);
    assert!(all.is_sorted_by(|a, b| a > b));
    all.dedup();
    assert_eq!(all.len(), 5);
}

#[tokio::test]
async fn backward_pages_follow_the_table() {
    let world = World::strict();
    let list = list_of(&world, 3).await;
    let first = world.get(&list).await;
    let anchor = paginate(&first)["prev_page"].clone();
    let nothing = follow(&world, &list, &anchor).await;
    assert_eq!(
        (page_ids(&nothing).len(), ends(&nothing)),
        (0, (true, false))
    );
    assert_eq!(paginate(&nothing)["prev_page"], anchor);

    let newer = write(&world).await;
    let few = follow(&world, &list, &anchor).await;
    assert_eq!((page_ids(&few), ends(&few)), (vec![newer], (false, false)));

    let newest = [write(&world).await, write(&world).await];
    let many = follow(&world, &list, &anchor).await;
    // The ones nearest to the anchor, newest first.
    assert_eq!(
        (page_ids(&many), ends(&many)),
        (vec![newest[0], newer], (false, true))
    );
    let rest = follow(&world, &list, &paginate(&many)["prev_page"]).await;
    assert_eq!(
        (page_ids(&rest), ends(&rest)),
        (vec![newest[1]], (false, false))
    );
}

#[tokio::test]
async fn empty_list_has_cursors_that_see_what_comes() {
    let world = World::strict();
    let list = list_of(&world, 0).await;
    let empty = world.get(&list).await;
    assert_eq!((page_ids(&empty).len(), ends(&empty)), (0, (false, false)));
    let message = write(&world).await;
    let polled = follow(&world, &list, &paginate(&empty)["prev_page"]).await;
    assert_eq!(page_ids(&polled), [message]);
}

#[tokio::test]
async fn removal_in_the_middle_loses_nobody() {
    let world = World::strict();
    let emails: Vec<String> = (0..5).map(|n| format!("p{n}@example.test")).collect();
    let users: Vec<Value> = emails
        .iter()
        .map(|email| json!({ "email": email }))
        .collect();
    world.seed(&json!({ "users": users }));
    let first = world.get("/users?limit=4").await;
    assert!(page_ids(&first).is_sorted());
    let gone = page_ids(&first)[3];
    world.delete(&format!("/users/{gone}")).await;
    let second = follow(&world, "/users?limit=4", &paginate(&first)["next_page"]).await;
    assert_eq!(page_ids(&second).len(), 4);
    assert!(page_ids(&second).iter().all(|id| *id > gone));
}

#[tokio::test]
async fn limits_out_of_range_are_clamped_and_noted() {
    let world = World::faithful();
    for (limit, size) in [("0", 1), ("-3", 1), ("200", 3)] {
        let reply = world.get(&format!("/users?limit={limit}")).await;
        assert_eq!(page_ids(&reply).len(), size);
        assert!(world.violation().unwrap().contains("limit"));
    }
    let strict = World::strict();
    assert_eq!(
        strict.get("/users?limit=51").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(strict.get("/users?limit=50").await.status, StatusCode::OK);
    let reply = strict.get("/users?limit=x").await;
    assert_eq!(reply.error(), (400, "invalid".into(), "limit".into()));
}

#[tokio::test]
async fn wrong_cursor_is_refused() {
    let world = World::strict();
    for cursor in ["x", "e30", "bm90IGpzb24"] {
        let reply = world.get(&format!("/users?cursor={cursor}")).await;
        assert_eq!(reply.error(), (400, "invalid".into(), "cursor".into()));
    }
}
