//! Reading everybody who is on a platform: page round trips, and what we add to them.

use std::ops::Range;
use std::sync::Arc;

use kadry_core::{Connect as _, EmployeeProvider, Foresight, every};
use serde_json::{Value, json};

use crate::backends::Backend;
use crate::floor;
use crate::measure::{Pairs, Took, Watch};
use crate::report::{Judged, Row, Target};
use crate::world::{Asked, World};
use crate::{Plan, runtime};

/// How many requests are under way at once where the vendor names no number.
pub(crate) const AT_ONCE: usize = 16;

pub(crate) fn run(plan: Plan) -> Vec<Row> {
    let people = plan.size.pick(10_000, 2_000, 120);
    let latency_ms = plan.size.pick(20, 20, 1);
    runtime().block_on(async {
        let world = World::serve(Asked::unlimited(latency_ms));
        crowd(&world, people).await;
        let mut rows = Vec::new();
        for kind in ["pachca", "dealapp", "diadoc"] {
            let pairs = pairs(plan, &world, kind, people).await;
            let what = format!("{kind}, {people} people, {latency_ms} ms");
            let wall = Row::pair(what, "ms", pairs.both(Took::wall_ms));
            rows.push(wall.target(Judged::Ratio, Target::AtMost(1.10)));
            let thousands = people as f64 / 1_000.0;
            let cpu = pairs.both(|took| took.cpu_ms() / thousands);
            rows.push(Row::pair(format!("{kind}, CPU per 1000 people"), "ms", cpu));
        }
        rows
    })
}

async fn pairs(plan: Plan, world: &World, kind: &str, people: usize) -> Pairs {
    let ours = ours(world, kind).await;
    let floor = Floor::of(world, kind).await;
    // Once before anything is measured: connections are made, and both read the same.
    let (listed, read) = (list(&ours).await, floor.list(world).await);
    assert_eq!(listed, read, "{kind}");
    assert!(read >= people, "{kind}: {read} of {people}");
    let ours = async |_: &mut ()| {
        let watch = Watch::start();
        assert_eq!(list(&ours).await, read);
        watch.stop()
    };
    let bare = async |_: &mut ()| {
        let watch = Watch::start();
        assert_eq!(floor.list(world).await, read);
        watch.stop()
    };
    Pairs::measured(plan.runs, &mut (), ours, bare).await
}

async fn ours(world: &World, kind: &str) -> Arc<dyn EmployeeProvider> {
    let in_flight = (kind == "dealapp").then_some(AT_ONCE);
    let reach = world.reach(Backend::of(kind), in_flight);
    reach.connect(Foresight::default()).await.unwrap()
}

async fn list(provider: &Arc<dyn EmployeeProvider>) -> usize {
    let page = |from| async move { provider.list(Option::as_ref(&from)).await };
    every(page).await.unwrap().len()
}

enum Floor {
    Pachca,
    DealApp(floor::DealApp),
    Diadoc(floor::Diadoc),
}

impl Floor {
    async fn of(world: &World, kind: &str) -> Self {
        match kind {
            "dealapp" => Self::DealApp(floor::DealApp::sign_in(world, AT_ONCE).await),
            "diadoc" => Self::Diadoc(floor::Diadoc::sign_in(world).await),
            _ => Self::Pachca,
        }
    }

    async fn list(&self, world: &World) -> usize {
        match self {
            Self::Pachca => floor::pachca(&world.http, &world.section("pachca")).await,
            Self::DealApp(session) => session.list().await,
            Self::Diadoc(entered) => entered.list().await,
        }
    }
}

/// Puts so many people on each platform, some at a time: a request to the emulator must not be too long.
async fn crowd(world: &World, people: usize) {
    for from in (0..people).step_by(1_000) {
        world.put(&some(from..(from + 1_000).min(people))).await;
    }
}

fn some(numbers: Range<usize>) -> Value {
    let email = |number| format!("p{number}@example.test");
    let last = |number| format!("Примеров{number}");
    let users = numbers.clone().map(|number| {
        json!({ "email": email(number), "last_name": last(number), "first_name": "Иван",
                "title": "Менеджер", "department": "Продажи", "list_tags": ["Продажи"] })
    });
    let workers = numbers.clone().map(|number| {
        json!({ "email": email(number), "last_name": last(number), "first_name": "Иван Иванович",
                "integration_uid": number.to_string(), "unit": "Отдел продаж" })
    });
    let employees = numbers.map(|number| {
        json!({ "login": email(number), "last_name": last(number), "first_name": "Иван",
                "actions": ["SignDocuments"], "registered": true })
    });
    json!({
        "pachca": { "users": users.collect::<Vec<_>>() },
        "dealapp": { "users": workers.collect::<Vec<_>>() },
        "diadoc": { "employees": employees.collect::<Vec<_>>() },
    })
}
