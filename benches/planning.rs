//! Planning for many people from what was seen of them: how much CPU it takes, how much memory, and how both grow.
//!
//! Everybody has a record on three platforms and gets one thing more on each of them. The platforms make their pages as they are read,
//! so that nothing but planning is measured. Reading them comes before it, and reading the plan back, as `apply` does, after it; both
//! have rows of their own. Each size has a process of its own, since a peak of memory never goes down.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::memory::{Memory, capable, delta_rights, listed_by_id};
use kadry_core::{Clock, Connect, Connected, Email, FieldName, Gate, KindName, ProviderId, Random};
use kadry_flow::intent::{Flow, Onboard, RoleSection, Who};
use kadry_flow::many::{Asked, Counted, Drafting, PlanFile, PlanWriter};
use kadry_flow::plan::{Limits, Protected};
use kadry_flow::{CancellationToken, Organisation, Purpose, Timing, Unwatched};
use kadry_journal::Journal;
use serde::{Deserialize, Serialize};

use crate::company::{CHUNK, fields, head, row};
use crate::crowd::Crowd;
use crate::measure::{Figure, Watch, peak_mb};
use crate::report::{Judged, Row, Target};
use crate::{Plan, children};

/// How many names of each kind a company has.
const NAMES: usize = 200;

const PLATFORMS: [&str; 3] = ["calls", "edo", "messenger"];

/// What planning for some people took.
#[derive(Debug, Serialize, Deserialize)]
struct Planned {
    /// Of reading everybody on the platforms.
    read_s: f64,
    /// From what was read to the plan on disk.
    planned_s: f64,
    /// Of reading the plan back.
    opened_s: f64,
    peak_mb: f64,
    steps: usize,
}

/// Measures planning at sizes of which each is ten times the one before.
pub(crate) fn run(plan: Plan) -> Vec<Row> {
    let sizes: &[usize] = plan
        .size
        .pick(&[1_000, 10_000, 100_000], &[1_000, 10_000], &[20, 200]);
    let mut rows = Vec::new();
    let mut medians = Vec::new();
    for people in sizes {
        let planned: Vec<Planned> = (0..plan.runs)
            .map(|_| children::played(&format!("planning {people}")))
            .collect();
        assert!(planned.iter().all(|one| one.steps == 3 * *people));
        let all = |of: fn(&Planned) -> f64| planned.iter().map(of).collect::<Vec<f64>>();
        let row = |what: &str, unit, of| {
            Row::alone(format!("{what}, {people} people × 3"), unit, &all(of))
        };
        let cpu_s = all(|one| one.planned_s);
        medians.push(Figure::of(&cpu_s).median);
        let cpu = row("CPU of planning", "s", |one| one.planned_s);
        let peak = row("peak memory", "MB", |one| one.peak_mb);
        if *people == 100_000 {
            rows.push(cpu.target(Judged::Ours, Target::AtMost(4.0)));
            rows.push(peak.target(Judged::Ours, Target::AtMost(300.0)));
        } else {
            rows.extend([cpu, peak]);
        }
        rows.push(row("CPU of reading everybody before", "s", |one| {
            one.read_s
        }));
        rows.push(row("CPU of reading the plan back", "s", |one| one.opened_s));
    }
    for (pair, people) in medians.windows(2).zip(sizes) {
        let what = format!("growth of CPU per person, from {people} to {}", people * 10);
        let growth = Row::alone(what, "×", &[pair[1] / pair[0] / 10.0]);
        // A tenth more per person is what a cache that no longer holds everything costs.
        rows.push(growth.target(Judged::Ours, Target::AtMost(1.1)));
    }
    rows
}

/// Plans for so many people, and says what it took.
pub(crate) fn child(people: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let planned = runtime.block_on(plan(people));
    println!("{}", serde_json::to_string(&planned).unwrap());
}

async fn plan(people: usize) -> Planned {
    let organisation = company(people).await;
    let on: Vec<ProviderId> = PLATFORMS.map(ProviderId::new).to_vec();
    let folder = tempfile::tempdir().unwrap();
    let watch = Watch::start();
    let drafting = Drafting::begin(
        &organisation,
        &on,
        Purpose::CarryOut,
        Counted::MayNotShrink,
        &Unwatched,
    );
    let mut drafting = drafting.await.unwrap();
    let read_s = watch.stop().cpu_s;
    let path = folder.path().join("plan.json");
    let mut writer = PlanWriter::begin(&path, &head(on)).unwrap();
    let mut planned_s = 0.0;
    for from in (0..people).step_by(CHUNK) {
        let chunk: Vec<Asked> = (from..(from + CHUNK).min(people)).map(asked).collect();
        let watch = Watch::start();
        for one in &drafting.plan(chunk).await.unwrap() {
            writer.add(one).unwrap();
        }
        planned_s += watch.stop().cpu_s;
    }
    let watch = Watch::start();
    writer.finish().unwrap();
    planned_s += watch.stop().cpu_s;
    let watch = Watch::start();
    let plan = PlanFile::open(&path).unwrap();
    Planned {
        read_s,
        planned_s,
        opened_s: watch.stop().cpu_s,
        peak_mb: peak_mb(),
        steps: plan.steps,
    }
}

/// Returns a company whose people are on three platforms.
async fn company(people: usize) -> Organisation {
    let platforms = [
        Memory::new(ProviderId::new(PLATFORMS[0]), listed_by_id()),
        Memory::new(ProviderId::new(PLATFORMS[1]), delta_rights()),
        Memory::new(ProviderId::new(PLATFORMS[2]), capable()),
    ];
    for number in 0..NAMES {
        platforms[0].offer(&KindName::UNIT, &[&format!("Центр {number}")]);
        platforms[1].offer(&KindName::PERMISSION, &[&format!("Право {number}")]);
        platforms[2].offer(&KindName::TAG, &[&format!("Тег {number}")]);
    }
    let clock = Clock::starting_at(1_790_000_000_000);
    let connect = |platform: Memory| {
        let crowd = Crowd { platform, people };
        Arc::new(Connected(Arc::new(Gate::new(Arc::new(crowd))))) as Arc<dyn Connect>
    };
    let journal = Journal::in_memory(clock.clone(), Random::seeded(1)).await;
    Organisation {
        journal: journal.unwrap(),
        connects: platforms.map(connect).into(),
        protected: Protected::default(),
        limits: Limits::default(),
        timing: Timing::default(),
        clock,
        halt: CancellationToken::new(),
    }
}

fn asked(number: usize) -> Asked {
    let fields = fields(number);
    let who = Who::Email(Email::of_record(&fields[&FieldName::Email]));
    let section = |key: &str, name: String| RoleSection {
        grants: BTreeMap::from([(key.to_owned(), vec![name])]),
        ..RoleSection::default()
    };
    let name = number % NAMES;
    let sections = [
        section("unit", format!("Центр {name}")),
        section("permissions", format!("Право {name}")),
        section("tags", format!("Тег {name}")),
    ];
    let sections = PLATFORMS.map(ProviderId::new).into_iter().zip(sections);
    let flow = Flow::Onboard(Onboard {
        fields,
        sections: sections.collect(),
        privileged: false,
        stays_out: false,
    });
    row(number, who, flow)
}
