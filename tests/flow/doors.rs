//! No door stays open and no wrong one is closed: whose record it is, and what is still on its way.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::memory::{Fault, capable, listed_by_id};
use kadry_core::{
    Access, Capability, Clock, Email, ErrorKind, FieldName, KindName, ProviderId, RemoteId,
    RunState, State, Support,
};
use kadry_flow::intent::{Flow, Intent, Offboard, Who};
use kadry_flow::plan::Guard;
use kadry_flow::report::{Left, Outcome, Report};
use kadry_flow::{FlowError, Organisation, Purpose, Unwatched};
use kadry_journal::Journal;

use crate::company::{Asked, Company, clock_and_random, offboard, offboard_now, onboard};
use crate::slow::Slow;

async fn journal() -> Journal {
    let (clock, random) = clock_and_random(1);
    Journal::in_memory(clock, random).await.unwrap()
}

/// One process: its journal over the store, and its clock.
async fn process(store: &Path, clock: &Clock, seed: u64) -> Journal {
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

async fn run(company: &Company, journal: &Journal, asked: &Asked) -> Result<Report, FlowError> {
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
            otherwise,
        }
        .connect()
    };
    Organisation {
        connects: company.names().into_iter().map(connect).collect(),
        ..company.organisation(journal, clock)
    }
}

fn leaver(who: Who) -> Asked {
    let offboard = Offboard {
        now: false,
        on: Vec::new(),
        privileged: false,
    };
    Asked(Intent {
        flow: Flow::Offboard(offboard),
        who,
        actor: "tester".to_owned(),
        reason: None,
    })
}

fn with_external_id(company: &Company, on: &str, email: &str, id: &str) -> RemoteId {
    let record = company.person(on, email, Access::Open, &[]);
    company.at(on).edit(|rows| {
        rows.last_mut()
            .unwrap()
            .fields
            .insert(FieldName::ExternalId, id.to_owned())
    });
    record
}

fn doors(company: &Company, on: &str) -> Vec<Access> {
    company.at(on).rows().iter().map(|row| row.access).collect()
}

fn guards(refused: Result<Report, FlowError>) -> Vec<Guard> {
    match refused {
        Err(FlowError::Refused(refused)) => {
            refused.into_iter().map(|refused| refused.guard).collect()
        }
        other => panic!("refused: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_external_id_closes_the_doors_of_platforms_that_do_not_know_it() {
    let company = Company::new(&[("calls", listed_by_id()), ("messenger", capable())]);
    with_external_id(&company, "calls", "anna@example.test", "7");
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let report = run(
        &company,
        &journal().await,
        &leaver(Who::Person("7".to_owned())),
    )
    .await
    .unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(doors(&company, "messenger"), [Access::Suspended]);
}

#[tokio::test(start_paused = true)]
async fn an_external_id_that_leads_nowhere_on_a_platform_is_a_stop() {
    let company = Company::new(&[("calls", listed_by_id()), ("messenger", capable())]);
    company.at("calls").edit(Vec::clear);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let journal = journal().await;
    let refused = run(&company, &journal, &leaver(Who::Person("7".to_owned()))).await;
    assert!(
        matches!(refused, Err(FlowError::KnownNowhere)),
        "{refused:?}"
    );
    journal
        .remember(&[kadry_core::MatchKey::ExternalId("7".to_owned())])
        .await
        .unwrap();
    let record = with_external_id(&company, "calls", "", "7");
    company
        .at("calls")
        .edit(|rows| rows[0].fields.remove(&FieldName::Email));
    let refused = guards(run(&company, &journal, &leaver(Who::Person("7".to_owned()))).await);
    assert_eq!(
        refused,
        [Guard::NoKey],
        "{record} carries nothing by which the messenger could be searched"
    );
}

#[tokio::test(start_paused = true)]
async fn a_linked_record_that_was_renamed_is_a_stop_and_closes_when_it_is_named() {
    let company = Company::new(&[("edo", capable()), ("messenger", capable())]);
    let journal = journal().await;
    let anna = onboard("anna@example.test")
        .section("messenger", &[], None)
        .section("edo", &[], None);
    run(&company, &journal, &anna).await.unwrap();
    company.at("messenger").edit(|rows| {
        rows[0]
            .fields
            .insert(FieldName::Email, "anna.new@example.test".to_owned())
    });
    let id = company.at("messenger").rows()[0].id.clone();
    let refused = guards(run(&company, &journal, &offboard("anna@example.test")).await);
    assert_eq!(refused, [Guard::Strayed { record: id.clone() }]);
    let named = leaver(Who::Record(ProviderId::new("messenger"), id));
    let report = run(&company, &journal, &named).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(
        (doors(&company, "messenger"), doors(&company, "edo")),
        (vec![Access::Suspended], vec![Access::Suspended])
    );
}

#[tokio::test(start_paused = true)]
async fn a_link_hides_no_second_record() {
    let company = Company::new(&[("messenger", capable())]);
    let journal = journal().await;
    run(
        &company,
        &journal,
        &onboard("anna@example.test").section("messenger", &[], None),
    )
    .await
    .unwrap();
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let refused = guards(run(&company, &journal, &offboard("anna@example.test")).await);
    assert!(
        matches!(refused.as_slice(), [Guard::SeveralMatches { records }] if records.len() == 2)
    );
}

#[tokio::test(start_paused = true)]
async fn protection_follows_the_record_and_not_the_words_of_the_command() {
    let mut company = Company::new(&[("calls", listed_by_id())]);
    company.protected.exempt = vec![Email::of_record("ceo@example.test")];
    with_external_id(&company, "calls", "ceo@example.test", "7");
    let refused = guards(
        run(
            &company,
            &journal().await,
            &leaver(Who::Person("7".to_owned())),
        )
        .await,
    );
    assert!(refused.contains(&Guard::Exempt));
    assert_eq!(doors(&company, "calls"), [Access::Open]);
}

#[tokio::test(start_paused = true)]
async fn an_address_of_earlier_times_closes_nobody_elses_door() {
    let company = Company::new(&[("calls", listed_by_id()), ("messenger", capable())]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    let journal = journal().await;
    run(
        &company,
        &journal,
        &onboard("old@example.test").section("calls", &[("unit", &["Учёт"])], None),
    )
    .await
    .unwrap();
    company.at("calls").edit(|rows| {
        rows[0]
            .fields
            .insert(FieldName::Email, "anna@example.test".to_owned())
    });
    let other = company.person("messenger", "old@example.test", Access::Open, &[]);
    let refused = guards(run(&company, &journal, &leaver(Who::Person("7".to_owned()))).await);
    assert_eq!(refused, [Guard::OldAlias { record: other }]);
    assert_eq!(doors(&company, "messenger"), [Access::Open]);
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
    company
        .at("messenger")
        .fail_next([Fault::Nothing, Fault::HangBefore]);
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
