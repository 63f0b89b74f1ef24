//! What the journal promises.

mod batch_end;
mod batches;
mod brakes;
mod claims;
mod counts;
mod killed;
mod opening;
mod people;
mod reading;
mod runs;
mod salvage;
mod sharing;

use std::path::Path;

use kadry_core::{
    Access, Action, Before, Clock, Email, EmployeeRef, MatchKey, ProviderId, Random, RemoteId,
    Stage, Step, Target,
};

use crate::{Journal, JournalError, NewRun, PersonId, RunId};

const NOW_MS: i64 = 1_790_000_000_000;

async fn memory() -> Journal {
    Journal::in_memory(Clock::starting_at(NOW_MS), Random::seeded(7))
        .await
        .unwrap()
}

/// Every opening has the same seed and the same time, as if the program had been started again in a simulation.
async fn try_open(path: &Path) -> Result<crate::Opened, JournalError> {
    Journal::open(path, Clock::starting_at(NOW_MS), Random::seeded(7)).await
}

async fn open(path: &Path) -> Journal {
    try_open(path).await.unwrap().journal
}

fn email(text: &str) -> MatchKey {
    MatchKey::Email(Email::parse(text).unwrap())
}

fn external_id(text: &str) -> MatchKey {
    MatchKey::ExternalId(text.to_owned())
}

fn provider(name: &str) -> ProviderId {
    ProviderId::new(name)
}

fn record_of(id: &str) -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new(id),
        settled: true,
        keys: vec![email("anna@example.test")],
    }
}

fn close(seq: u32, on: &str) -> Step {
    Step {
        seq,
        person: "anna@example.test".to_owned(),
        provider: provider(on),
        stage: Stage::Close,
        action: Action::SetAccess {
            access: Access::Suspended,
        },
        target: Target::Known(record_of("1042")),
        before: Before {
            access: Some(Access::Open),
            ..Before::default()
        },
    }
}

fn offboard(person: &PersonId) -> NewRun {
    NewRun {
        flow: "offboard".to_owned(),
        person: person.clone(),
        label: "anna@example.test".to_owned(),
        actor: "operator".to_owned(),
        reason: Some("last day".to_owned()),
        intent: serde_json::json!({ "now": true }),
        plan_hash: "00ff".to_owned(),
        ceilings: Vec::new(),
        part: None,
    }
}

async fn anna(journal: &Journal) -> PersonId {
    journal
        .remember(&[email("anna@example.test")])
        .await
        .unwrap()
}

/// Claims and begins a run that closes this many doors on one platform.
async fn begun(journal: &Journal, on: &str, steps: u32) -> (PersonId, RunId) {
    let person = anna(journal).await;
    journal
        .claim(&person, &[provider(on)], false)
        .await
        .unwrap();
    let steps: Vec<_> = (1..=steps).map(|seq| close(seq, on)).collect();
    let run = journal.begin(&offboard(&person), &steps).await.unwrap();
    (person, run)
}
