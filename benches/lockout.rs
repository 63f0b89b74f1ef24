//! Shutting people out at once: how long until the last door is closed, and until that is seen to be so.
//!
//! The least for one person in a small company, over three platforms side by side: on each of them one request to be let in where that
//! takes one (a sign-in, a token), one to find the record, since a door is closed by its id, one to close it, and one to see that it is
//! closed. The messenger is entered with the token itself. None of them can leave before the one ahead of it was answered, so that the
//! last door is closed after three round trips. Diadoc has more to take than the door: what the person is told of is read beside the
//! look at the door, taken, and looked at once more, which makes six round trips. The floor makes exactly these requests.
//!
//! For hundreds the floor of each platform is a formula, since their limits decide: as many requests as there are pages and people, at
//! the documented rate, or as many at once as are allowed, whichever takes longer.

use std::time::Instant;

use kadry_core::{Email, ProviderId};
use kadry_flow::intent::{Flow, Offboard, Who};
use kadry_flow::{Purpose, Unwatched};
use serde_json::{Value, json};

use crate::backends::BACKENDS;
use crate::company::{carry_out, intent, journal, organisation, row};
use crate::floor::{DealApp, Diadoc, pachca_door};
use crate::listing::AT_ONCE;
use crate::report::{Judged, Row, Target};
use crate::world::{Asked, Entry, World};
use crate::{Plan, runtime};

/// How often hundreds are shut out: it takes half a minute each time.
const MANY_RUNS: u32 = 3;

/// When something was done, in milliseconds after it was begun.
#[derive(Clone, Debug)]
struct Done {
    /// By platform.
    doors_ms: Vec<(String, f64)>,
    verified_ms: f64,
}

impl Done {
    fn last_door_ms(&self) -> f64 {
        self.doors_ms.iter().map(|(_, ms)| *ms).fold(0.0, f64::max)
    }

    fn door_ms(&self, kind: &str) -> f64 {
        let found = self.doors_ms.iter().find(|(known, _)| known == kind);
        found.map_or(f64::NAN, |(_, ms)| *ms)
    }
}

pub(crate) fn run(plan: Plan) -> Vec<Row> {
    let latency_ms = plan.size.pick(150, 150, 5);
    let many = plan.size.pick(500, 100, 12);
    runtime().block_on(async {
        let asked = Asked {
            limits: true,
            ..Asked::unlimited(latency_ms)
        };
        let mut rows = one(plan, &asked).await;
        rows.extend(hundreds(plan.at_most(MANY_RUNS), &asked, many).await);
        rows
    })
}

async fn one(plan: Plan, asked: &Asked) -> Vec<Row> {
    let world = World::serve(asked.clone());
    let runs = plan.runs as usize;
    world.put(&people(0..runs * 2 + 20)).await;
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for run in 0..runs {
        ours.push(shut_out(&world, run * 2).await);
        floor.push(bare(&world, run * 2 + 1).await);
    }
    let both = |of: fn(&Done) -> f64| {
        let all = |done: &[Done]| done.iter().map(of).collect();
        (all(&ours), all(&floor))
    };
    let least = |trips| {
        format!(
            "the floor is {trips} round trips of {} ms",
            asked.latency_ms
        )
    };
    let doors = Row::pair(
        "one person, last closed door",
        "ms",
        both(Done::last_door_ms),
    );
    let verified = Row::pair("one person, verified", "ms", both(|done| done.verified_ms));
    vec![
        doors
            .target(Judged::Ratio, Target::AtMost(1.15))
            .note(least(3)),
        verified
            .target(Judged::Ratio, Target::AtMost(1.15))
            .note(least(6)),
    ]
}

async fn shut_out(world: &World, number: usize) -> Done {
    let seen = last_seq(world).await;
    let folder = tempfile::tempdir().unwrap();
    let reaches = BACKENDS.iter().map(|platform| world.reach(platform, None));
    let reaches = reaches.collect();
    let journal = journal(world, folder.path()).await;
    let (started_ms, started) = (world.clock.now_ms(), Instant::now());
    let organisation = organisation(world, reaches, journal);
    let intent = intent(who(number), offboard());
    let prepared = organisation.prepare(&intent, Purpose::CarryOutUnasked, &Unwatched);
    let report = organisation
        .carry_out(prepared.await.unwrap(), &Unwatched)
        .await
        .unwrap();
    let verified_ms = started.elapsed().as_secs_f64() * 1e3;
    assert!(report.verified, "{report:?}");
    doors(world, seen, started_ms, verified_ms).await
}

/// Makes the least requests, platforms side by side.
async fn bare(world: &World, number: usize) -> Done {
    let seen = last_seq(world).await;
    let email = format!("p{number}@example.test");
    let (started_ms, started) = (world.clock.now_ms(), Instant::now());
    futures::join!(
        async { pachca_door(world, &email).await },
        async {
            let session = DealApp::sign_in(world, AT_ONCE).await;
            session.close_door(&email).await;
        },
        async { Diadoc::sign_in(world).await.close_door(&email).await },
    );
    let verified_ms = started.elapsed().as_secs_f64() * 1e3;
    doors(world, seen, started_ms, verified_ms).await
}

async fn last_seq(world: &World) -> u64 {
    world.log().await.last().map_or(0, |entry| entry.seq)
}

/// Returns when the platforms were told for the last time since then to close a door. They do it when they answer.
async fn doors(world: &World, seen: u64, started_ms: i64, verified_ms: f64) -> Done {
    let mut log = world.log().await;
    log.retain(|entry| entry.seq > seen && closes(entry));
    let last = |platform: &&str| {
        let told = log.iter().filter(|entry| entry.platform == *platform);
        let told_ms = told.map(|entry| entry.at_ms).max()?;
        let closed_ms = told_ms - started_ms + i64::try_from(world.asked.latency_ms).ok()?;
        Some(((*platform).to_owned(), closed_ms as f64))
    };
    let kinds = BACKENDS.iter().map(|platform| platform.kind);
    let doors_ms: Vec<_> = kinds.filter_map(|kind| last(&kind)).collect();
    assert_eq!(doors_ms.len(), BACKENDS.len());
    Done {
        doors_ms,
        verified_ms,
    }
}

/// Reports whether a request closed a door: here nothing else is changed by these.
fn closes(entry: &Entry) -> bool {
    let closed = entry.status == Some(200);
    closed && (entry.method == "PUT" || entry.path.ends_with("/UpdateEmployee"))
}

async fn hundreds(plan: Plan, asked: &Asked, many: usize) -> Vec<Row> {
    let mut all = Vec::new();
    for _ in 0..plan.runs {
        let world = World::serve(asked.clone());
        world.put(&people(0..many)).await;
        all.push(shut_out_all(&world, many).await);
    }
    let floors = floors(many, asked.latency_ms);
    let mut rows = Vec::new();
    for floor in &floors {
        let ours: Vec<f64> = all.iter().map(|done| done.door_ms(floor.kind)).collect();
        let least = vec![floor.doors_ms(); ours.len()];
        let what = format!("{many} people, last closed door, {}", floor.kind);
        let row = Row::pair(what, "ms", (ours, least));
        rows.push(row.target(Judged::Ratio, Target::AtMost(1.15)));
    }
    let ours: Vec<f64> = all.iter().map(|done| done.verified_ms).collect();
    let least = floors.iter().map(Floor::verified_ms).fold(0.0, f64::max);
    let least = vec![least; ours.len()];
    let verified = Row::pair(format!("{many} people, verified"), "ms", (ours, least));
    rows.push(
        verified
            .target(Judged::Ratio, Target::AtMost(1.15))
            .note(format!("{} runs; the floor is a formula", plan.runs)),
    );
    rows
}

async fn shut_out_all(world: &World, many: usize) -> Done {
    let folder = tempfile::tempdir().unwrap();
    let reaches = BACKENDS.iter().map(|platform| match platform.kind {
        "dealapp" => world.reach_unlimited(platform, AT_ONCE),
        _ => world.reach(platform, None),
    });
    let reaches = reaches.collect();
    let journal = journal(world, folder.path()).await;
    let (started_ms, started) = (world.clock.now_ms(), Instant::now());
    let organisation = organisation(world, reaches, journal);
    let asked = (0..many).map(|number| row(number, who(number), offboard()));
    carry_out(&organisation, folder.path(), asked.collect()).await;
    let verified_ms = started.elapsed().as_secs_f64() * 1e3;
    doors(world, 0, started_ms, verified_ms).await
}

/// What a platform's limits make of many requests.
struct Floor {
    kind: &'static str,
    people: usize,
    /// Rows on a page of its list.
    rows: usize,
    /// How many requests each person takes until everything is taken and seen to be.
    each: usize,
    per_second: Option<f64>,
    at_once: usize,
    latency_ms: u64,
}

impl Floor {
    /// Everybody is read once, and each door is closed.
    fn doors_ms(&self) -> f64 {
        self.least_ms(self.pages() + self.people)
    }

    /// And everybody is read once more. In Diadoc powers and mails of each person are looked at, the mails taken and looked at again.
    fn verified_ms(&self) -> f64 {
        self.least_ms(self.pages() * 2 + self.people * self.each)
    }

    fn pages(&self) -> usize {
        self.people.div_ceil(self.rows)
    }

    fn least_ms(&self, requests: usize) -> f64 {
        let requests = requests as f64;
        let by_rate = self.per_second.map_or(0.0, |rate| requests / rate * 1e3);
        by_rate.max(requests * self.latency_ms as f64 / self.at_once as f64)
    }
}

/// The documented limits, and the pages as they come. <https://dev.pachca.com/api/limits>,
/// <https://developer.kontur.ru/doc/diadoc-api>. Checked 2026-11.
fn floors(people: usize, latency_ms: u64) -> [Floor; 3] {
    let floor = |kind, rows, each, per_second, at_once| Floor {
        kind,
        people,
        rows,
        each,
        per_second,
        at_once,
        latency_ms,
    };
    [
        floor("pachca", 50, 1, Some(50.0), AT_ONCE),
        floor("dealapp", 25, 1, None, AT_ONCE),
        floor("diadoc", 50, 5, Some(100.0), 4),
    ]
}

fn who(number: usize) -> Who {
    Who::Email(Email::of_record(&format!("p{number}@example.test")))
}

fn offboard() -> Flow {
    Flow::Offboard(Offboard {
        now: true,
        remove: false,
        successor: None,
        on: ["messenger", "calls", "edo"].map(ProviderId::new).to_vec(),
        privileged: false,
    })
}

/// Returns people who have nothing but records.
fn people(numbers: std::ops::Range<usize>) -> Value {
    let email = |number| format!("p{number}@example.test");
    let users = numbers.clone().map(
        |number| json!({ "email": email(number), "last_name": "Примеров", "first_name": "Иван" }),
    );
    let workers = numbers.clone().map(|number| {
        json!({ "email": email(number), "last_name": "Примеров", "first_name": "Иван",
                "integration_uid": number.to_string(), "unit": "Отдел продаж" })
    });
    let employees = numbers.map(|number| {
        json!({ "login": email(number), "last_name": "Примеров", "first_name": "Иван", "registered": true })
    });
    json!({
        "pachca": { "users": users.collect::<Vec<_>>() },
        "dealapp": { "users": workers.collect::<Vec<_>>() },
        "diadoc": { "employees": employees.collect::<Vec<_>>() },
    })
}
