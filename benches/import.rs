//! A thousand newcomers: the whole flow with a journal on disk, beside a bare loop of the same requests, and beside a script that sends
//! them one by one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use futures::{StreamExt as _, stream};
use kadry_core::{Email, FieldName, ProviderId};
use kadry_flow::intent::{Flow, Onboard, RoleSection, Who};
use kadry_flow::many::Asked;
use serde_json::json;

use crate::backends::Backend;
use crate::company::{carry_out, fields, journal, organisation, row};
use crate::floor::DealApp;
use crate::listing::AT_ONCE;
use crate::measure::{Pairs, Took, Watch};
use crate::report::{Judged, Row, Target};
use crate::world::{Asked as Platforms, World};
use crate::{Plan, runtime};

const UNIT: &str = "Отдел продаж";
const ROLE: &str = "Оператор";

/// How often the script is run: it takes half a minute.
const SCRIPT_RUNS: u32 = 3;

pub(crate) fn run(plan: Plan) -> Vec<Row> {
    let people = plan.size.pick(1_000, 200, 20);
    let latency_ms = plan.size.pick(20, 20, 1);
    runtime().block_on(async {
        let mut world = World::serve(Platforms::unlimited(latency_ms));
        let ours = async |world: &mut World| ours(world, people).await;
        let floor = async |world: &mut World| floor(world, people).await;
        let pairs = Pairs::measured(plan.runs, &mut world, ours, floor).await;
        let what = format!("{people} people, {latency_ms} ms, {AT_ONCE} at once");
        let requests = requests(&world, people).await;
        let wall = Row::pair(what, "ms", pairs.both(Took::wall_ms));
        let cpu = pairs.both(|took| took.cpu_ms() * 1_000.0 / people as f64);
        vec![
            wall.target(Judged::Ratio, Target::AtMost(1.15)),
            Row::pair("CPU per 1000 people", "ms", cpu),
            Row::pair("requests", "", requests),
            beside_the_script(plan.at_most(SCRIPT_RUNS), &mut world, people).await,
        ]
    })
}

async fn ours(world: &World, people: usize) -> Took {
    world.reset().await;
    let folder = tempfile::tempdir().unwrap();
    let journal = journal(world, folder.path()).await;
    let watch = Watch::start();
    let reach = world.reach(Backend::of("dealapp"), Some(AT_ONCE));
    let organisation = organisation(world, vec![reach], journal);
    let asked = (0..people).map(newcomer).collect();
    carry_out(&organisation, folder.path(), asked).await;
    watch.stop()
}

fn newcomer(number: usize) -> Asked {
    let fields = fields(number);
    let email = Email::of_record(&fields[&FieldName::Email]);
    let grants = [("unit", UNIT), ("role", ROLE)];
    let grants = grants.map(|(kind, name)| (kind.to_owned(), vec![name.to_owned()]));
    let section = RoleSection {
        grants: grants.into(),
        ..RoleSection::default()
    };
    let flow = Flow::Onboard(Onboard {
        fields,
        sections: BTreeMap::from([(ProviderId::new("calls"), section)]),
        privileged: false,
        stays_out: false,
    });
    row(number, Who::Email(email), flow)
}

/// Reads what has to be known, makes everybody, and reads everybody once more.
async fn floor(world: &World, people: usize) -> Took {
    world.reset().await;
    let watch = Watch::start();
    let session = DealApp::sign_in(world, AT_ONCE).await;
    let (before, units, roles) = futures::join!(
        session.list(),
        session.named("/api/v1/organization/units"),
        session.named("/api/v1/organization/roles"),
    );
    let made = stream::iter(0..people).map(|number| {
        let fields = fields(number);
        let body = json!({
            "email": fields[&FieldName::Email], "last_name": fields[&FieldName::LastName],
            "first_name": fields[&FieldName::FirstName], "integration_uid": number.to_string(),
            "unit_id": units[UNIT], "role_id": roles[ROLE],
        });
        let session = &session;
        async move { session.create(&body).await }
    });
    made.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    assert_eq!(session.list().await, before + people);
    watch.stop()
}

/// Returns how many requests each makes.
async fn requests(world: &World, people: usize) -> (Vec<f64>, Vec<f64>) {
    ours(world, people).await;
    let ours = world.log().await.len();
    floor(world, people).await;
    (vec![ours as f64], vec![world.log().await.len() as f64])
}

async fn beside_the_script(plan: Plan, world: &mut World, people: usize) -> Row {
    let what = "beside the sequential script";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv");
    std::fs::write(&file, roster(people)).unwrap();
    let ours = async |world: &mut World| ours(world, people).await;
    if Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        return Row::alone(what, "ms", &[ours(world).await.wall_ms()]).note("python3 is not there");
    }
    let script = async |world: &mut World| script(world, &file).await;
    let pairs = Pairs::measured(plan.runs, world, ours, script).await;
    Row::pair(what, "ms", pairs.both(Took::wall_ms))
        .target(Judged::Ratio, Target::AtMost(0.1))
        .note(format!("{} runs, since the script takes long", plan.runs))
}

async fn script(world: &World, file: &Path) -> Took {
    world.reset().await;
    let section = world.section("dealapp");
    let watch = Watch::start();
    let ended = Command::new("python3")
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/benches/scripts/import.py"
        ))
        .args([
            section.text("base_url"),
            section.text("email"),
            section.secret("password"),
        ])
        .arg(file)
        .stdout(Stdio::null())
        .status();
    assert!(ended.unwrap().success());
    watch.stop()
}

fn roster(people: usize) -> String {
    let mut text = "ФИО,id,email,Отдел,Роль\n".to_owned();
    for number in 0..people {
        let fields = fields(number);
        let (last, first) = (
            &fields[&FieldName::LastName],
            &fields[&FieldName::FirstName],
        );
        let email = &fields[&FieldName::Email];
        writeln!(text, "{last} {first},{number},{email},{UNIT},{ROLE}").unwrap();
    }
    text
}
