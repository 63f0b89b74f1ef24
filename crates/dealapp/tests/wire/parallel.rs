//! Many calls at once over the one session.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use kadry_core::{Email, EmployeeProvider, MatchKey};
use kadry_http::{InMemory, Request, Response, Transport, TransportError};
use serde_json::json;

use crate::script::{Reply, Script, connect_with, listing, record, wiring};

/// A platform that replaces the token with every answer and takes none but the last one.
#[derive(Clone, Debug, Default)]
struct Rotating(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sign_ins: u64,
    refusals: u64,
    token: u64,
}

#[async_trait]
impl Transport for Rotating {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        // The request is under way for a while, and so is the answer.
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        let reply = self.answer(&request);
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        Ok(reply.into())
    }
}

impl Rotating {
    fn answer(&self, request: &Request) -> Reply {
        let mut state = self.0.lock().unwrap();
        if request.url().path() == "/auth/sign_in" {
            state.sign_ins += 1;
            state.token += 1;
            return Reply::ok("{}").token("c1", &state.token.to_string(), state.token);
        }
        let shown = request.headers().get("access-token");
        if shown.is_none_or(|shown| *shown != state.token.to_string()) {
            state.refusals += 1;
            return Reply::new(401, "");
        }
        state.token += 1;
        let search = request
            .url()
            .query_pairs()
            .find(|(name, _)| name == "search");
        let email = search.map(|(_, email)| email.into_owned()).unwrap();
        Reply::ok(listing(&[record("a", &json!({ "email": email }))])).token(
            "c1",
            &state.token.to_string(),
            state.token,
        )
    }
}

async fn connected(rotating: &Rotating) -> Arc<dyn EmployeeProvider> {
    let mut wiring = wiring(&Script::default());
    wiring.transport = Arc::new(rotating.clone());
    wiring.max_in_flight = Some(4);
    connect_with(wiring, Arc::new(InMemory::default()))
        .await
        .unwrap()
}

/// Looks for twelve people at once.
async fn find_twelve(platform: &Arc<dyn EmployeeProvider>) {
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..12 {
        let platform = Arc::clone(platform);
        calls.spawn(async move {
            let email = Email::of_record(&format!("person{number}@example.test"));
            platform.find(&MatchKey::Email(email), None).await
        });
    }
    while let Some(found) = calls.join_next().await {
        assert_eq!(found.unwrap().unwrap().items.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_at_once_never_share_a_token_that_changes_whatever_the_operator_allows() {
    let rotating = Rotating::default();
    let platform = connected(&rotating).await;
    find_twelve(&platform).await;
    let state = rotating.0.lock().unwrap();
    assert_eq!((state.sign_ins, state.refusals, state.token), (1, 0, 13));
}

#[tokio::test(start_paused = true)]
async fn calls_at_once_share_one_renewal() {
    let rotating = Rotating::default();
    let platform = connected(&rotating).await;
    rotating.0.lock().unwrap().token += 100;
    find_twelve(&platform).await;
    assert_eq!(rotating.0.lock().unwrap().sign_ins, 2);
}
