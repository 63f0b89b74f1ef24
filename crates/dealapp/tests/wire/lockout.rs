//! Closing a leaver's door in a hurry: every request counts.

use std::sync::Arc;

use kadry_core::{Access, Email, EmployeeProvider, ErrorKind, FoundBy, MatchKey, Standing, seek};
use kadry_http::{InMemory, Keep};
use serde_json::{Value, json};

use crate::script::{LIST, OWN, Reply, Script, connect_with, listing, record, single, wiring};

const SIGN_IN: &str = "POST /auth/sign_in";
const OWN_ID: &str = "6c1b7d0e-3b1e-4c39-9a55-0d1f5c2a7e01";
const PUT: &str = "PUT /api/v1/users/e-1";

fn search(email: &str) -> String {
    format!("{LIST}1&search={}", email.replace('@', "%40"))
}

/// What the library of the session answers to a sign-in: the account's own record, flat.
fn signed_in(token: &str) -> Reply {
    let own = json!({"id": OWN_ID, "type": "user", "provider": "email", "uid": OWN, "email": OWN});
    Reply::ok(single(&own)).token("c1", token, 0)
}

/// A sign-in that shows nothing but the session.
fn bare() -> Reply {
    Reply::ok("{}").token("c1", "A1", 0)
}

fn leaver(active: bool) -> Value {
    record(
        "e-1",
        &json!({"email": "vera@example.test", "active": active}),
    )
}

fn own() -> Reply {
    Reply::ok(listing(&[record(OWN_ID, &json!({ "email": OWN }))]))
}

fn lockout() -> [Reply; 2] {
    [
        Reply::ok(listing(&[leaver(true)])),
        Reply::ok(single(&leaver(false))),
    ]
}

async fn connect(script: &Script, keep: &Arc<InMemory>) -> Arc<dyn EmployeeProvider> {
    let keep: Arc<dyn Keep> = keep.clone();
    connect_with(wiring(script), keep).await.unwrap()
}

/// Who we are and where the leaver is, at once, and then the door; as a flow does it.
async fn lock_out(platform: &dyn EmployeeProvider) -> Standing {
    let keys = [MatchKey::Email(Email::of_record("vera@example.test"))];
    let (standing, sighting) = tokio::join!(platform.whoami(), seek(platform, &keys));
    let [vera] = sighting.unwrap().matches.try_into().unwrap();
    let closed = platform.set_access(&vera.at, Access::Suspended).await;
    assert_eq!(closed.unwrap().access, Access::Suspended);
    standing.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_lockout_takes_a_sign_in_a_search_and_the_write() {
    let script = Script::of([signed_in("A1")].into_iter().chain(lockout()));
    let platform = connect(&script, &Arc::default()).await;
    let standing = lock_out(platform.as_ref()).await;
    assert_eq!(script.lines(), [SIGN_IN, &search("vera@example.test"), PUT]);
    assert_eq!(standing.tenant, format!("calls.example.test/{OWN_ID}"));
    let own = standing.own.unwrap();
    assert_eq!((own.id.as_str(), own.settled), (OWN_ID, true));
}

#[tokio::test(start_paused = true)]
async fn a_lockout_over_a_kept_session_takes_a_search_and_the_write() {
    let keep = Arc::<InMemory>::default();
    connect(&Script::of([signed_in("A1")]), &keep).await;
    let script = Script::of(lockout());
    let platform = connect(&script, &keep).await;
    lock_out(platform.as_ref()).await;
    assert_eq!(script.lines(), [search("vera@example.test").as_str(), PUT]);
}

#[tokio::test(start_paused = true)]
async fn without_a_sign_in_that_shows_us_we_are_looked_for_once_and_remembered() {
    let keep = Arc::<InMemory>::default();
    let script = Script::of([bare(), own()].into_iter().chain(lockout()));
    let platform = connect(&script, &keep).await;
    let first = lock_out(platform.as_ref()).await;
    assert_eq!(
        script.lines(),
        [SIGN_IN, &search(OWN), &search("vera@example.test"), PUT]
    );
    let script = Script::of(lockout());
    let platform = connect(&script, &keep).await;
    let second = lock_out(platform.as_ref()).await;
    assert_eq!(script.lines(), [search("vera@example.test").as_str(), PUT]);
    assert_eq!(first, second);
}

#[tokio::test(start_paused = true)]
async fn we_stand_in_the_same_tenant_however_our_own_id_was_learnt() {
    let shown = Script::of([signed_in("A1")]);
    let searched = Script::of([bare(), own()]);
    let mut standings = Vec::new();
    for script in [&shown, &searched] {
        let platform = connect(script, &Arc::default()).await;
        standings.push(platform.whoami().await.unwrap());
        standings.push(platform.whoami().await.unwrap());
    }
    assert!(standings.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!((shown.lines().len(), searched.lines().len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn who_we_are_outlives_the_session_that_it_was_kept_with() {
    let keep = Arc::<InMemory>::default();
    connect(&Script::of([signed_in("A1")]), &keep).await;
    let script = Script::of([bare()]);
    let mut later = wiring(&script);
    later.clock = kadry_core::Clock::starting_at(14 * 24 * 60 * 60 * 1000);
    let platform = connect_with(later, keep.clone()).await.unwrap();
    platform.whoami().await.unwrap();
    assert_eq!(script.lines(), [SIGN_IN]);
    let platform = connect(&Script::default(), &keep).await;
    assert!(platform.whoami().await.unwrap().own.is_some());
}

#[tokio::test(start_paused = true)]
async fn our_own_door_is_spared_by_id_and_by_email_without_a_request() {
    let script = Script::of([signed_in("A1")]);
    let platform = connect(&script, &Arc::default()).await;
    let own = platform.whoami().await.unwrap().own.unwrap();
    let mut by_id = own.clone();
    by_id.keys.clear();
    let mut by_email = own;
    by_email.id = kadry_core::RemoteId::new("e-7");
    for who in [by_id, by_email] {
        let error = platform
            .set_access(&who, Access::Suspended)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
    }
    assert_eq!(script.lines(), [SIGN_IN]);
}

#[tokio::test(start_paused = true)]
async fn nobody_in_a_search_is_no_proof() {
    let platform = connect(&Script::of([bare()]), &Arc::default()).await;
    let capability = platform.capability();
    let email = capability.found_by(kadry_core::KeyName::Email);
    assert_eq!(email, Some(FoundBy::AskingThenListing));
    let external_id = capability.found_by(kadry_core::KeyName::ExternalId);
    assert_eq!(external_id, Some(FoundBy::Listing));
}
