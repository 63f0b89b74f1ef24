//! As many changes as a platform lets through: which share of its limit is reached, and how often it has to say no.
//!
//! Half a minute and more is waited for each figure, and it is the clock of the platform that is waited for: so there is one run for each
//! of three seeds, and not ten.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt as _, stream};
use kadry_core::{Change, Connect as _, Employee, EmployeeProvider, FieldName, Foresight, every};
use serde_json::json;

use crate::backends::Backend;
use crate::report::{Judged, Row, Target};
use crate::world::{Asked, Entry, World};
use crate::{Plan, runtime};

/// The documented limit. <https://dev.pachca.com/api/limits> Checked 2026-11.
const PER_SECOND: f64 = 50.0;

/// How many people a command works on beside each other.
const BESIDE: usize = 64;

const LATENCY_MS: u64 = 20;

/// Long enough for every limit to be at rest again.
const REST: Duration = Duration::from_millis(2_500);

pub(crate) fn run(plan: Plan) -> Vec<Row> {
    let changes = plan.size.pick(2_000, 400, 60);
    let seeds: &[u64] = plan.size.pick(&[1, 2, 3], &[1], &[1]);
    runtime().block_on(async {
        let mut rows = Vec::new();
        for window in [true, false] {
            let (mut shares, mut early, mut late) = (Vec::new(), Vec::new(), Vec::new());
            for seed in seeds {
                let came = change(*seed, window, changes).await;
                shares.push(came.share * 100.0);
                early.push(came.refused_early as f64);
                late.push(came.refused_late as f64);
            }
            let counted = if window { "sliding window" } else { "bucket" };
            let share = Row::alone(format!("{changes} updates, {counted}: share"), "%", &shares);
            let late = Row::alone(format!("{counted}: 429s after the first second"), "", &late);
            rows.extend([
                share
                    .target(Judged::Ours, Target::AtLeast(97.0))
                    .note(format!("one run for each of {} seeds", seeds.len())),
                Row::alone(format!("{counted}: 429s in the first second"), "", &early),
                late.target(Judged::Ours, Target::AtMost(0.0)),
            ]);
        }
        rows
    })
}

/// What came of many changes.
struct Came {
    /// Of the changes that the limit lets through in the time that they took.
    share: f64,
    refused_early: usize,
    refused_late: usize,
}

async fn change(seed: u64, window: bool, changes: usize) -> Came {
    let world = World::serve(Asked {
        seed,
        latency_ms: LATENCY_MS,
        limits: true,
        window,
    });
    let ours: BTreeSet<String> = (0..changes)
        .map(|number| format!("p{number}@example.test"))
        .collect();
    let user = |email| json!({ "email": email, "last_name": "Примеров", "first_name": "Иван" });
    let users: Vec<_> = ours.iter().map(user).collect();
    world.put(&json!({ "pachca": { "users": users } })).await;
    let reach = world.reach(Backend::of("pachca"), None);
    let provider = reach.connect(Foresight::default()).await.unwrap();
    let page = |from| {
        let provider = Arc::clone(&provider);
        async move { provider.list(Option::as_ref(&from)).await }
    };
    let mut people = every(page).await.unwrap();
    // The owner of the workspace is nobody's to change.
    people.retain(|one| {
        one.at
            .email()
            .is_some_and(|email| ours.contains(email.as_str()))
    });
    assert_eq!(people.len(), changes);
    let seen = world.log().await.len() as u64;
    tokio::time::sleep(REST).await;
    let started = std::time::Instant::now();
    let all = stream::iter(&people).map(|one| update(&provider, one));
    all.buffer_unordered(BESIDE).collect::<Vec<()>>().await;
    let took_s = started.elapsed().as_secs_f64();
    let mut log = world.log().await;
    log.retain(|entry| entry.seq > seen);
    let first_ms = log[0].at_ms;
    let refused = |entry: &&Entry| entry.status == Some(429);
    let early = log
        .iter()
        .filter(refused)
        .filter(|entry| entry.at_ms < first_ms + 1_000)
        .count();
    Came {
        share: changes as f64 / took_s / PER_SECOND,
        refused_early: early,
        refused_late: log.iter().filter(refused).count() - early,
    }
}

async fn update(provider: &Arc<dyn EmployeeProvider>, one: &Employee) {
    let change = Change {
        fields: [(FieldName::Title, Some("Старший менеджер".to_owned()))].into(),
        ..Change::default()
    };
    provider.update(&one.at, &change).await.unwrap();
}
