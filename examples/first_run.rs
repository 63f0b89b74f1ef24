//! kadry as a library: one platform, somebody in, somebody out, and what became of it.
//!
//! The platform is emulated on a free port of this machine, so that nothing has to be configured. Everything from `connect` on is
//! what an integrator writes against the real one.
//!
//! Run it with `cargo run --example first_run`.

#![expect(clippy::print_stdout, reason = "an example says what it does")]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kadry_core::{Clock, Connected, Email, FieldName, Foresight, Gate, ProviderId, Random};
use kadry_emulator::{Emulator, Options, serve};
use kadry_flow::intent::{Flow, Intent, Offboard, Onboard, RoleSection, Who};
use kadry_flow::plan::{Limits, Protected};
use kadry_flow::report::Report;
use kadry_flow::{Organisation, Purpose, Timing, Unwatched};
use kadry_http::{Network, NetworkOptions, Wiring};
use kadry_journal::Journal;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How the operator calls the platform: in reports, in roles and in links.
const MESSENGER: &str = "messenger";

const ANNA: &str = "anna.pervaya@example.test";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let now_ms = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;

    let emulator = Emulator::new(
        Options {
            strict: true,
            ..Options::default()
        },
        kadry_emulator::Clock::starting_at(now_ms),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve(listener, emulator.clone(), async {
        stopped.await.ok();
    }));

    let token = emulator
        .exports()
        .into_iter()
        .find_map(|(name, value)| (name == "PACHCA_TOKEN").then_some(value))
        .ok_or("the emulator has no such platform")?;
    let clock = Clock::starting_at(now_ms);
    let organisation = organisation(
        &format!("http://{address}/pachca/api/shared/v1"),
        token,
        clock,
    )
    .await?;

    print_report(&run(&organisation, joining()).await?);
    print_report(&run(&organisation, leaving()).await?);
    // The same request again looks again, finds nothing to do and writes nothing.
    print_report(&run(&organisation, leaving()).await?);

    let violations = emulator
        .log()
        .iter()
        .filter(|entry| entry.violation.is_some())
        .count();
    println!(
        "{} requests, {violations} of them undocumented",
        emulator.log().len()
    );
    drop(stop);
    serving.await??;
    Ok(())
}

/// Everything that flows need: the platforms, a journal, who is protected, the time.
///
/// A library is given its time, its randomness and its network. A real program keeps its journal with `Journal::open`: one in
/// memory forgets what a killed process had begun.
async fn organisation(
    base_url: &str,
    token: String,
    clock: Clock,
) -> Result<Organisation, Box<dyn Error>> {
    let timeout = Duration::from_secs(10);
    let network = Network::new(&NetworkOptions {
        timeout,
        ca_pem: None,
        proxy: None,
    })?;
    let wiring = Wiring {
        id: ProviderId::new(MESSENGER),
        transport: Arc::new(network),
        clock: clock.clone(),
        random: Random::seeded(1),
        timeout,
        retry_for: timeout,
        max_in_flight: None,
        requests_per_second: None,
        insecure: false,
        budgets: kadry_http::Budgets::alone(),
        errands: kadry_http::TaskTracker::new(),
    };
    let settings = kadry_pachca::Settings {
        base_url: base_url.to_owned(),
    };
    let secrets = kadry_pachca::Secrets {
        token: token.into(),
    };
    // Who is reached for one person at once may say whom: a platform can begin to look while the credential is still checked. A
    // program of its own implements `Connect` for that; this one is reached before anybody is asked for.
    let messenger = kadry_pachca::connect(&settings, secrets, wiring, Foresight::default()).await?;
    println!(
        "connected to {}, which has {} kinds of grants",
        messenger.whoami().await?.tenant,
        messenger.capability().grants.len()
    );
    Ok(Organisation {
        journal: Journal::in_memory(clock.clone(), Random::seeded(2)).await?,
        // Behind the gate, what the platform cannot do is refused before any request leaves.
        connects: vec![Arc::new(Connected(Arc::new(Gate::new(messenger))))],
        protected: Protected::default(),
        limits: Limits::default(),
        timing: Timing::default(),
        clock,
        halt: kadry_flow::CancellationToken::new(),
    })
}

fn joining() -> Flow {
    let accountant = RoleSection {
        // Additional fields that the organisation gave its records, by the key of the section and their names.
        values: BTreeMap::new(),
        // A name that does not exist there refuses the plan. With true, a missing tag becomes a step of its own.
        create_missing: false,
        grants: BTreeMap::from([
            ("tags".to_owned(), vec!["Бухгалтерия".to_owned()]),
            ("chats".to_owned(), vec!["Общий".to_owned()]),
        ]),
        quiet: false,
        welcome: Some("Добро пожаловать, Анна!".to_owned()),
        ..RoleSection::default()
    };
    let fields = [
        (FieldName::Email, ANNA),
        (FieldName::LastName, "Первая"),
        (FieldName::FirstName, "Анна"),
        (FieldName::Title, "Бухгалтер"),
    ];
    Flow::Onboard(Onboard {
        fields: fields.map(|(field, text)| (field, text.to_owned())).into(),
        sections: BTreeMap::from([(ProviderId::new(MESSENGER), accountant)]),
        privileged: false,
        stays_out: false,
    })
}

fn leaving() -> Flow {
    Flow::Offboard(Offboard {
        // Calm: chats go first, because they are hidden behind the closed door. With true the door comes before everything.
        now: false,
        remove: false,
        // Whoever is named here is let into the chats that would be left without the leaver.
        successor: None,
        on: vec![ProviderId::new(MESSENGER)],
        privileged: false,
    })
}

/// Looks and plans, shows the plan, and carries it out. A real program asks between the two, and gives the claim back with
/// `Organisation::decline` when the answer is no. One that asks nobody says `Purpose::CarryOutUnasked`: then doors that must close now
/// do not wait until everything behind them is read.
async fn run(organisation: &Organisation, flow: Flow) -> Result<Report, Box<dyn Error>> {
    let intent = Intent {
        flow,
        who: Who::Email(Email::parse(ANNA)?),
        actor: "first_run".to_owned(),
        reason: Some("to see how it goes".to_owned()),
        allow: BTreeMap::new(),
        command: None,
    };
    let prepared = organisation
        .prepare(&intent, Purpose::CarryOut, &Unwatched)
        .await?;
    println!("\n{} of {}", intent.flow.name(), intent.who);
    for step in &prepared.plan.steps {
        println!(
            "  plan {}: {} ({})",
            step.seq,
            step.action.name(),
            step.stage
        );
    }
    Ok(organisation.carry_out(prepared, &Unwatched).await?)
}

fn print_report(report: &Report) {
    for step in &report.steps {
        let record = step.record.as_ref().map_or("-", |record| record.as_str());
        println!(
            "  step {}: {} of {record}: {}",
            step.step.seq,
            step.step.action.name(),
            step.state
        );
    }
    println!(
        "  {}: {} steps, verified: {}, still open: {}",
        report.state,
        report.steps.len(),
        report.verified,
        report.residue.len()
    );
    for caveat in &report.caveats {
        println!(
            "  {} can never show: {}",
            caveat.provider, caveat.reason.key
        );
    }
}
