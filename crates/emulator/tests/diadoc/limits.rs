use axum::body::Body;
use bytes::Bytes;
use futures::future::join_all;
use futures::stream::pending;
use http::Request;
use serde_json::json;
use tokio::select;

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn a_token_has_a_hundred_requests_a_second() {
    let world = World::faithful().await;
    for _ in 0..100 {
        assert_eq!(world.get("GetMyEmployee").await.status, 200);
    }
    assert_eq!(world.get("GetMyEmployee").await.status, 429);
    // The identity server is not limited.
    assert_eq!(world.token_request("grant_type=x").await.status, 400);
}

#[tokio::test]
async fn a_token_has_four_requests_under_way() {
    let mut world = World::faithful().await;
    // Requests whose bodies never end.
    let endless: Vec<Request<Body>> = (0..4)
        .map(|_| {
            Request::post(format!("/diadoc/CreateEmployee?boxId={}", world.box_id))
                .header("authorization", format!("Bearer {}", world.token))
                .header("accept", "application/json")
                .header("content-type", "application/json")
                .body(Body::from_stream(pending::<Result<Bytes, std::io::Error>>()))
                .unwrap()
        })
        .collect();
    let under_way = join_all(endless.into_iter().map(|request| world.send(request)));
    let fifth = async {
        tokio::task::yield_now().await;
        world.get("GetMyEmployee").await
    };
    let reply = select! {
        biased;
        _ = under_way => unreachable!("the bodies never end"),
        reply = fifth => reply,
    };
    assert_eq!(reply.status, 429);

    // Those four have been given up, and another token counts for itself anyway.
    assert_eq!(world.get("GetMyEmployee").await.status, 200);
    world.seed(&json!({ "employees": [{ "login": "anna@example.test" }] }));
    world.act_as("anna@example.test").await;
    assert_eq!(world.get("GetMyEmployee").await.status, 200);
}
