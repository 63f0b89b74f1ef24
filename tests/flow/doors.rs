//! No door stays open: what is still on its way, what is refused, and what is owed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::memory::{Fault, capable};
use kadry_core::{Access, Capability, Clock, ErrorKind, KindName, RunState, State, Support};
use kadry_flow::intent::Intent;
use kadry_flow::plan::Guard;
use kadry_flow::report::{Left, Outcome, Report};
use kadry_flow::{FlowError, Organisation, Purpose, Unwatched};
use kadry_journal::Journal;

use crate::company::{Asked, Company, clock_and_random, offboard, offboard_now, onboard};
use crate::slow::Slow;

pub(crate) async fn journal() -> Journal {
    let (clock, random) = clock_and_random(1);
    Journal::in_memory(clock, random).await.unwrap()
}

/// One process: its journal over the store, and its clock.
pub(crate) async fn process(store: &Path, clock: &Clock, seed: u64) -> Journal {
    let (_, random) = clock_and_random(seed);
    Journal::open(store, clock.clone(), random)
        .await
        .unwrap()
        .journal
}

async fn go(organisation: &Organisation, intent: &Intent) -> Result<Report, FlowError> {
    let prepared = organisation
        .prepare(intent, Purpose::CarryOut, &Unwatched)
        .await?;
    organisation.carry_out(prepared, &Unwatched).await
}

/// Carries out without asking, as `--yes` does.
pub(crate) async fn unasked(
    organisation: &Organisation,
    intent: &Intent,
) -> Result<Report, FlowError> {
    let prepared = organisation
        .prepare(intent, Purpose::CarryOutUnasked, &Unwatched)
        .await?;
    organisation.carry_out(prepared, &Unwatched).await
}

/// The guards that said no.
pub(crate) fn guards(refused: Result<Report, FlowError>) -> Vec<Guard> {
    match refused {
        Err(FlowError::Refused(refused)) => {
            refused.into_iter().map(|refused| refused.guard).collect()
        }
        other => panic!("refused: {other:?}"),
    }
}

pub(crate) async fn run(
    company: &Company,
    journal: &Journal,
    asked: &Asked,
) -> Result<Report, FlowError> {
    let (clock, _) = clock_and_random(1);
    go(
        &company.organisation(journal.clone(), &clock),
        &company.intent(asked),
    )
    .await
}

fn slow(
    company: &Company,
    journal: Journal,
    clock: &Clock,
    late_ms: u64,
    otherwise: bool,
) -> Organisation {
    let connect = |name: String| {
        Slow {
            inner: Arc::new(company.at(&name).clone()),
            late_ms,
            lists_ms: 0,
            otherwise,
        }
        .connect()
    };
    Organisation {
        connects: company.names().into_iter().map(connect).collect(),
        ..company.organisation(journal, clock)
    }
}

pub(crate) fn doors(company: &Company, on: &str) -> Vec<Access> {
    company.at(on).rows().iter().map(|row| row.access).collect()
}

/// An onboarding whose write takes its time, and an offboarding that begins a second later.
async fn overtaken(late_ms: u64, before: Option<Access>) -> (Vec<Access>, Report) {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (clock, _) = clock_and_random(1);
    let company = Company::new(&[("messenger", capable()), ("edo", capable())]);
    company.person("edo", "anna@example.test", Access::Open, &[]);
    if let Some(access) = before {
        company.person("messenger", "anna@example.test", access, &[]);
    }
    let joining = slow(
        &company,
        process(&store, &clock, 1).await,
        &clock,
        late_ms,
        false,
    );
    let leaving = company.organisation(process(&store, &clock, 2).await, &clock);
    let join = company.intent(&onboard("anna@example.test").section("messenger", &[], None));
    let leave = company.intent(&offboard("anna@example.test"));
    let (joined, left) = futures::join!(go(&joining, &join), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        go(&leaving, &leave).await
    });
    assert!(joined.is_err(), "the onboarding is taken over: {joined:?}");
    (doors(&company, "messenger"), left.unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_leaver_is_out_although_an_onboarding_was_on_its_way() {
    for (late_ms, before) in [
        (5_000, Some(Access::Suspended)),
        (60_000, None),
        (5_000, None),
    ] {
        let (doors, report) = overtaken(late_ms, before).await;
        assert_eq!(
            doors,
            [Access::Suspended],
            "{late_ms} ms late, {before:?} before"
        );
        assert!(
            report.verified,
            "{late_ms} ms late, {before:?} before: {report:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_leaver_is_out_although_a_dead_process_had_sent_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (clock, _) = clock_and_random(1);
    let company = Company::new(&[("messenger", capable()), ("edo", capable())]);
    company.person("messenger", "anna@example.test", Access::Suspended, &[]);
    company.person("edo", "anna@example.test", Access::Open, &[]);
    company.at("messenger").fail_next([Fault::HangBefore]);
    {
        let organisation = company.organisation(process(&store, &clock, 1).await, &clock);
        let join = company.intent(&onboard("anna@example.test").section("messenger", &[], None));
        let killed = tokio::time::timeout(Duration::from_secs(1), go(&organisation, &join)).await;
        assert!(killed.is_err());
    }
    let leaving = company.organisation(process(&store, &clock, 2).await, &clock);
    let leave = company.intent(&offboard_now("anna@example.test"));
    let began = clock.now_ms();
    let prepared = leaving
        .prepare(&leave, Purpose::CarryOut, &Unwatched)
        .await
        .unwrap();
    assert!(
        clock.now_ms() - began < 1_000,
        "no door waits for another platform's lost request"
    );
    let lands = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert_eq!(
            doors(&company, "edo"),
            [Access::Suspended],
            "the other door is closed long before"
        );
        company
            .at("messenger")
            .edit(|rows| rows[0].access = Access::Open);
    };
    let (report, ()) = futures::join!(leaving.carry_out(prepared, &Unwatched), lands);
    let report = report.unwrap();
    assert_eq!(
        doors(&company, "messenger"),
        [Access::Suspended],
        "{report:?}"
    );
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
}

#[tokio::test(start_paused = true)]
async fn an_operator_who_says_no_takes_nobody_over() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (clock, _) = clock_and_random(1);
    let company = Company::new(&[("messenger", capable())]);
    let joining = slow(
        &company,
        process(&store, &clock, 1).await,
        &clock,
        5_000,
        false,
    );
    let leaving = company.organisation(process(&store, &clock, 2).await, &clock);
    let join =
        company.intent(&onboard("anna@example.test").section("messenger", &[], Some("Привет!")));
    let leave = company.intent(&offboard("anna@example.test"));
    let (joined, ()) = futures::join!(go(&joining, &join), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let prepared = leaving
            .prepare(&leave, Purpose::CarryOut, &Unwatched)
            .await
            .unwrap();
        leaving.decline(&prepared).await.unwrap();
    });
    assert_eq!(joined.unwrap().outcome(), Outcome::Done);
    assert_eq!(company.at("messenger").notices().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_was_made_otherwise_is_looked_at_and_not_called_a_failure() {
    let company = Company::new(&[("messenger", capable())]);
    let (clock, _) = clock_and_random(1);
    let organisation = slow(&company, journal().await, &clock, 0, true);
    let anna =
        company.intent(&onboard("anna@example.test").section("messenger", &[], Some("Привет!")));
    let report = go(&organisation, &anna).await.unwrap();
    assert_eq!(
        report.outcome(),
        Outcome::Done,
        "it holds what was asked after all: {report:?}"
    );
    assert_eq!(
        (
            company.at("messenger").rows().len(),
            company.at("messenger").notices().len()
        ),
        (1, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_greeting_stays_owed_however_often_the_step_before_it_is_refused() {
    let company = Company::new(&[("messenger", capable())]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    let anna = onboard("anna@example.test").section(
        "messenger",
        &[("chats", &["Общий"])],
        Some("Привет!"),
    );
    let journal = journal().await;
    let refused = Fault::Refused(ErrorKind::Forbidden);
    company
        .at("messenger")
        .fail_next([Fault::Nothing, refused, refused]);
    for _ in 0..2 {
        assert_eq!(
            run(&company, &journal, &anna).await.unwrap().state,
            RunState::Partial
        );
    }
    assert_eq!(
        run(&company, &journal, &anna).await.unwrap().outcome(),
        Outcome::Done
    );
    assert_eq!(company.at("messenger").notices().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_let_in_where_nothing_can_be_seen() {
    let company = Company::new(&[("messenger", capable()), ("edo", capable())]);
    company
        .at("messenger")
        .set_down(Some(ErrorKind::Unavailable));
    let anna = onboard("anna@example.test")
        .section("messenger", &[], None)
        .section("edo", &[], None);
    let journal = journal().await;
    let report = run(&company, &journal, &anna).await.unwrap();
    assert_eq!(
        (report.steps.len(), report.outcome()),
        (1, Outcome::Partial)
    );
    company.at("messenger").set_down(None);
    assert_eq!(
        run(&company, &journal, &anna).await.unwrap().outcome(),
        Outcome::Done
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_right_on_one_platform_keeps_no_other_door_open() {
    let powerless = Capability {
        suspend: Support::no("needs-administrator"),
        ..capable()
    };
    let company = Company::new(&[("edo", powerless), ("messenger", capable())]);
    company.person("edo", "anna@example.test", Access::Open, &[]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let report = run(&company, &journal().await, &offboard("anna@example.test"))
        .await
        .unwrap();
    assert_eq!(doors(&company, "messenger"), [Access::Suspended]);
    assert_eq!(
        (report.outcome(), report.verified),
        (Outcome::Partial, false)
    );
    assert!(
        report
            .residue
            .iter()
            .any(|residue| matches!(residue.left, Left::DoorOpen { .. }))
    );
}

#[tokio::test(start_paused = true)]
async fn a_refused_greeting_stays_owed() {
    let company = Company::new(&[("messenger", capable())]);
    company
        .at("messenger")
        .fail_next([Fault::Nothing, Fault::Refused(ErrorKind::Forbidden)]);
    let anna = onboard("anna@example.test").section("messenger", &[], Some("Привет!"));
    let journal = journal().await;
    assert_eq!(
        run(&company, &journal, &anna).await.unwrap().outcome(),
        Outcome::Partial
    );
    assert_eq!(
        run(&company, &journal, &anna).await.unwrap().outcome(),
        Outcome::Done
    );
    assert_eq!(company.at("messenger").notices().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_a_later_run_takes_is_no_residue_of_the_earlier_one() {
    let company = Company::leaving();
    company.at("messenger").fail_next([Fault::HangBefore]);
    let journal = journal().await;
    let anna = offboard("anna@example.test");
    let killed = run(&company, &journal, &anna);
    assert!(
        tokio::time::timeout(Duration::from_secs(10), killed)
            .await
            .is_err()
    );
    let report = run(&company, &journal, &offboard("anna@example.test"))
        .await
        .unwrap();
    assert_eq!(
        (report.outcome(), report.residue),
        (Outcome::Done, Vec::new())
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_unfinished_leaver_is_partial_however_often_it_is_tried() {
    let company = Company::leaving();
    let journal = journal().await;
    for _ in 0..2 {
        company
            .at("edo")
            .fail_next([Fault::Refused(ErrorKind::Forbidden)]);
        let report = run(&company, &journal, &offboard("anna@example.test"))
            .await
            .unwrap();
        assert_eq!(report.state, RunState::Partial);
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_platform_says_why_in_its_step() {
    let company = Company::leaving();
    company.at("edo").set_down(Some(ErrorKind::Unauthenticated));
    let report = run(&company, &journal().await, &offboard("anna@example.test"))
        .await
        .unwrap();
    let deferred = report
        .steps
        .iter()
        .find(|step| step.state == State::Deferred)
        .unwrap();
    assert_eq!(
        deferred.error.as_ref().map(|error| error.kind),
        Some(ErrorKind::Unauthenticated)
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_step_that_was_done_after_all_stops_no_later_command() {
    let company = Company::leaving();
    company
        .at("messenger")
        .fail_next([Fault::Nothing, Fault::LostAfter]);
    let journal = journal().await;
    run(&company, &journal, &offboard("anna@example.test"))
        .await
        .unwrap();
    let again = run(&company, &journal, &offboard("anna@example.test"))
        .await
        .unwrap();
    assert_eq!((again.outcome(), again.verified), (Outcome::Done, true));
}

#[tokio::test(start_paused = true)]
async fn of_two_who_sign_alone_one_stays_although_two_processes_close_both_doors_in_one_instant() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (clock, _) = clock_and_random(1);
    let company = Company::new(&[("edo", capable())]);
    let leavers = ["anna@example.test", "boris@example.test"];
    for email in leavers {
        company.person("edo", email, Access::Open, &[]);
    }
    let edo = company.at("edo");
    edo.edit(|rows| rows.iter_mut().for_each(|row| row.signer = true));
    let mut ready = Vec::new();
    for (seed, email) in (1..).zip(leavers) {
        let journal = process(&store, &clock, seed).await;
        // Long enough that the second look would find the first door open, were it taken at once.
        let organisation = slow(&company, journal, &clock, 1_000, false);
        let intent = company.intent(&offboard(email));
        let prepared = organisation
            .prepare(&intent, Purpose::CarryOut, &Unwatched)
            .await;
        ready.push((organisation, prepared.unwrap()));
    }
    let closing = ready
        .into_iter()
        .map(|(organisation, prepared)| async move {
            let report = organisation.carry_out(prepared, &Unwatched).await;
            report.unwrap().outcome()
        });
    let mut outcomes = futures::future::join_all(closing).await;
    outcomes.sort_by_key(|outcome| *outcome != Outcome::Done);
    assert_eq!(outcomes, [Outcome::Done, Outcome::Failed]);
    let open = doors(&company, "edo");
    let open = open.iter().filter(|access| **access == Access::Open);
    assert_eq!(open.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_never_ends_is_not_waited_for_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (clock, _) = clock_and_random(1);
    let company = Company::new(&[("edo", capable())]);
    for email in ["anna@example.test", "boris@example.test"] {
        company.person("edo", email, Access::Open, &[]);
    }
    let edo = company.at("edo");
    edo.edit(|rows| rows.iter_mut().for_each(|row| row.signer = true));
    let stuck = process(&store, &clock, 1).await;
    let turn = stuck.turn(&kadry_core::ProviderId::new("edo")).await;
    let journal = process(&store, &clock, 2).await;
    let leaver = offboard("anna@example.test");
    let report = run(&company, &journal, &leaver).await.unwrap();
    assert_eq!(report.steps[0].state, State::Waiting);
    assert_eq!(report.outcome(), Outcome::Failed);
    drop(turn);
    let again = run(&company, &journal, &leaver).await.unwrap();
    assert_eq!(again.outcome(), Outcome::Done);
    assert_eq!(doors(&company, "edo"), [Access::Suspended, Access::Open]);
}
