//! Many calls at once over the one session, in one process and in two.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Clock, Email, EmployeeProvider, MatchKey};
use kadry_http::{
    Budgets, InMemory, Precedence, Request, Response, Slate, Transport, TransportError,
};
use serde_json::json;
use tokio::task::JoinSet;

use crate::script::{Reply, Script, connect_with, listing, record, wiring};

/// A platform that replaces the token with every answer and takes none but the last one of a session.
#[derive(Clone, Debug, Default)]
struct Rotating(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sign_ins: u64,
    refusals: u64,
    answers: u64,
    /// The token that each session has now.
    tokens: BTreeMap<String, u64>,
    /// Whether everything happens within one second, so that no token ends later than another.
    in_one_second: bool,
    /// Whether a token stays as it is, and answers show a blank in its place.
    stays: bool,
    under_way: u64,
    /// How many were under way at most.
    most: u64,
}

#[async_trait]
impl Transport for Rotating {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        // The request is under way for a while, and so is the answer.
        {
            let mut state = self.0.lock().unwrap();
            state.under_way += 1;
            state.most = state.most.max(state.under_way);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        let reply = self.answer(&request);
        tokio::time::sleep(Duration::from_millis(10)).await;
        self.0.lock().unwrap().under_way -= 1;
        Ok(reply.into())
    }
}

impl Rotating {
    fn answer(&self, request: &Request) -> Reply {
        let mut state = self.0.lock().unwrap();
        let shown = |name| Some(request.headers().get(name)?.to_str().unwrap().to_owned());
        if request.url().path() == "/auth/sign_in" {
            state.sign_ins += 1;
            let client = format!("c{}", state.sign_ins);
            return state.next(Reply::ok("{}"), client);
        }
        let client = shown("client").unwrap();
        let token = state.tokens.get(&client).map(ToString::to_string);
        if token.is_none() || token != shown("access-token") {
            state.refusals += 1;
            return Reply::new(401, "");
        }
        state.answers += 1;
        let mut pairs = request.url().query_pairs();
        let search = pairs.find(|(name, _)| name == "search");
        let email = search.map(|(_, email)| email.into_owned()).unwrap();
        let found = listing(&[record("a", &json!({ "email": email }))]);
        state.next(Reply::ok(found), client)
    }

    /// Ends every session, as an administrator may.
    fn end_sessions(&self) {
        self.0.lock().unwrap().tokens.clear();
    }

    /// Returns how many signed in, were refused and were answered.
    fn counts(&self) -> (u64, u64, u64) {
        let state = self.0.lock().unwrap();
        (state.sign_ins, state.refusals, state.answers)
    }
}

impl State {
    fn next(&mut self, reply: Reply, client: String) -> Reply {
        if self.stays && self.tokens.contains_key(&client) {
            return reply.token(&client, " ", 0);
        }
        let token = self.sign_ins + self.answers;
        let ends = if self.in_one_second { 0 } else { token };
        let reply = reply.token(&client, &token.to_string(), ends);
        self.tokens.insert(client, token);
        reply
    }
}

/// Returns what one process reaches the platform with.
async fn connected(
    rotating: &Rotating,
    keep: &InMemory,
    slate: &Slate,
) -> Arc<dyn EmployeeProvider> {
    let mut wiring = wiring(&Script::default());
    wiring.transport = Arc::new(rotating.clone());
    wiring.max_in_flight = Some(4);
    wiring.requests_per_second = Some(1_000.0);
    wiring.budgets = Budgets::shared(
        Arc::new(slate.clone()),
        &Clock::starting_at(0),
        Precedence::Usual,
    );
    connect_with(wiring, Arc::new(keep.clone())).await.unwrap()
}

async fn alone(rotating: &Rotating) -> Arc<dyn EmployeeProvider> {
    connected(rotating, &InMemory::default(), &Slate::default()).await
}

/// Looks for fifty people at once, shared out among these processes.
async fn find_fifty(processes: &[Arc<dyn EmployeeProvider>]) {
    let mut calls = JoinSet::new();
    for (number, platform) in (0..50).zip(processes.iter().cycle()) {
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
async fn fifty_calls_at_once_never_share_a_token_that_changes_whatever_the_operator_allows() {
    let rotating = Rotating::default();
    let platform = alone(&rotating).await;
    find_fifty(&[platform]).await;
    assert_eq!(rotating.counts(), (1, 0, 50));
}

#[tokio::test(start_paused = true)]
async fn calls_share_a_token_that_stays_as_far_as_the_operator_allows() {
    let rotating = Rotating::default();
    rotating.0.lock().unwrap().stays = true;
    let platform = alone(&rotating).await;
    let began = tokio::time::Instant::now();
    find_fifty(&[platform]).await;
    assert_eq!(rotating.counts(), (1, 0, 50));
    assert_eq!(rotating.0.lock().unwrap().most, 4);
    // One to find out, and then four at a time.
    assert!(
        began.elapsed() < Duration::from_millis(20 * 15),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_rest_one_call_finds_out_whether_the_token_still_stays() {
    let rotating = Rotating::default();
    rotating.0.lock().unwrap().stays = true;
    let platform = alone(&rotating).await;
    find_fifty(&[Arc::clone(&platform)]).await;
    {
        let mut state = rotating.0.lock().unwrap();
        (state.stays, state.most) = (false, 0);
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    find_fifty(&[platform]).await;
    assert_eq!(rotating.counts(), (1, 0, 100), "nobody is refused");
    assert_eq!(rotating.0.lock().unwrap().most, 1);
}

#[tokio::test(start_paused = true)]
async fn fifty_calls_at_once_share_one_renewal() {
    let rotating = Rotating::default();
    let platform = alone(&rotating).await;
    rotating.end_sessions();
    find_fifty(&[platform]).await;
    let (sign_ins, _, answers) = rotating.counts();
    assert_eq!((sign_ins, answers), (2, 50));
}

#[tokio::test(start_paused = true)]
async fn fifty_calls_of_two_processes_come_through_with_a_session_each_at_most() {
    for in_one_second in [false, true] {
        let rotating = Rotating::default();
        rotating.0.lock().unwrap().in_one_second = in_one_second;
        let (keep, slate) = (InMemory::default(), Slate::default());
        let first = connected(&rotating, &keep, &slate).await;
        let second = connected(&rotating, &keep, &slate).await;
        assert_eq!(rotating.counts(), (1, 0, 0), "the second takes it over");
        find_fifty(&[first, second]).await;
        let (sign_ins, refusals, answers) = rotating.counts();
        assert_eq!(answers, 50);
        // Who comes after the other process finds its token replaced, and takes over the one that was kept.
        assert!(sign_ins <= 2 && refusals <= 50, "{:?}", rotating.counts());
    }
}

#[tokio::test(start_paused = true)]
async fn two_processes_that_begin_together_sign_in_once() {
    let rotating = Rotating::default();
    let (keep, slate) = (InMemory::default(), Slate::default());
    let connecting = || connected(&rotating, &keep, &slate);
    let both = tokio::join!(connecting(), connecting());
    assert_eq!(rotating.counts(), (1, 0, 0));
    drop(both);
}

#[tokio::test(start_paused = true)]
async fn two_processes_whose_session_was_ended_sign_in_at_most_once_each() {
    let rotating = Rotating::default();
    let (keep, slate) = (InMemory::default(), Slate::default());
    let first = connected(&rotating, &keep, &slate).await;
    let second = connected(&rotating, &keep, &slate).await;
    rotating.end_sessions();
    find_fifty(&[first, second]).await;
    let (sign_ins, _, answers) = rotating.counts();
    assert_eq!(answers, 50);
    assert!(sign_ins <= 3, "{:?}", rotating.counts());
}
