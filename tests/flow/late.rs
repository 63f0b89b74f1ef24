//! What is known of platforms that answer late, of runs that were cut short, and of people who are nowhere.

use std::sync::Arc;
use std::time::Duration;

use kadry_core::memory::{Fault, capable};
use kadry_core::{Access, EmployeeRef, ErrorKind, KindName, ProviderId, RemoteId, RunState, State};
use kadry_flow::report::{Left, Outcome, Report};
use kadry_flow::{FlowError, told};
use tokio::time::Instant;

use crate::company::{Company, clock_and_random, offboard, offboard_now};
use crate::doors::{journal, process, run, unasked};
use crate::slow::{Late, Slow};

/// The chats that a report says somebody is still in.
fn chats(report: &Report) -> Vec<String> {
    let left = report.residue.iter();
    let chats = left.filter_map(|residue| match &residue.left {
        Left::Attached { kind, names } if *kind == KindName::CHAT => Some(names.clone()),
        Left::Attached { .. } | Left::DoorOpen { .. } => None,
    });
    chats.flatten().collect()
}

#[tokio::test(start_paused = true)]
async fn a_look_that_no_door_waited_for_goes_on_and_tells_what_is_hidden() {
    let company = Company::leaving();
    let (clock, _) = clock_and_random(1);
    let mut organisation = company.organisation(journal().await, &clock);
    Late::put_before(&mut organisation.connects[1], &[Some(600)]);
    let began = Instant::now();
    let asked = offboard_now("anna@example.test");
    let report = unasked(&organisation, &company.intent(&asked))
        .await
        .unwrap();
    assert!(
        began.elapsed() < Duration::from_millis(700),
        "nothing was asked twice: {:?}",
        began.elapsed()
    );
    assert_eq!(report.outcome(), Outcome::Residue, "{report:?}");
    assert_eq!(chats(&report), ["Общий"]);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_comes_back_is_closed_although_its_first_requests_are_lost() {
    let company = Company::leaving();
    let (clock, _) = clock_and_random(1);
    let mut organisation = company.organisation(journal().await, &clock);
    Late::put_before(&mut organisation.connects[1], &[None, None]);
    let asked = offboard_now("anna@example.test");
    let report = unasked(&organisation, &company.intent(&asked))
        .await
        .unwrap();
    assert_eq!(report.outcome(), Outcome::Residue, "{report:?}");
    assert_eq!(company.at("messenger").rows()[0].access, Access::Suspended);
}

#[tokio::test(start_paused = true)]
async fn what_stays_behind_a_door_is_told_although_the_run_that_closed_it_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (clock, _) = clock_and_random(1);
    let company = Company::leaving();
    let asked = offboard_now("anna@example.test");
    company.at("messenger").fail_next([Fault::HangAfter]);
    {
        let organisation = company.organisation(process(&store, &clock, 1).await, &clock);
        let intent = company.intent(&asked);
        let killed = unasked(&organisation, &intent);
        let killed = tokio::time::timeout(Duration::from_secs(1), killed).await;
        assert!(killed.is_err(), "{killed:?}");
    }
    assert_eq!(company.at("messenger").rows()[0].access, Access::Suspended);
    let organisation = company.organisation(process(&store, &clock, 2).await, &clock);
    let open = organisation.journal.all_unfinished().await.unwrap();
    let story = organisation.journal.story(open[0].id.as_str()).await;
    assert_eq!(chats(&told(&story.unwrap())), ["Общий"]);
    let report = unasked(&organisation, &company.intent(&asked))
        .await
        .unwrap();
    assert_eq!(report.outcome(), Outcome::Residue, "{report:?}");
    assert_eq!(chats(&report), ["Общий"]);
    let again = unasked(&organisation, &company.intent(&asked))
        .await
        .unwrap();
    assert_eq!(again.outcome(), Outcome::Done, "told once: {again:?}");
}

#[tokio::test(start_paused = true)]
async fn somebody_who_was_approved_by_key_alone_and_is_nowhere_is_not_done() {
    let company = Company::new(&[("messenger", capable()), ("edo", capable())]);
    let journal = journal().await;
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let stranger = || offboard_now("nobody@example.test");
    let first = run(&company, &journal, &stranger()).await.unwrap();
    assert_eq!(first.state, RunState::Partial);
    company.at("edo").set_down(None);
    for _ in 0..2 {
        let refused = run(&company, &journal, &stranger()).await;
        assert!(
            matches!(refused, Err(FlowError::KnownNowhere)),
            "{refused:?}"
        );
        let open = journal.all_unfinished().await.unwrap();
        assert!(open.is_empty(), "{open:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_removal_says_nothing_of_records_in_another_tenant() {
    let company = Company::new(&[("messenger", capable())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let journal = journal().await;
    let leaver = || offboard("anna@example.test").remove();
    let removed = run(&company, &journal, &leaver()).await.unwrap();
    assert_eq!(removed.outcome(), Outcome::Done);
    let again = run(&company, &journal, &leaver()).await.unwrap();
    assert_eq!(again.outcome(), Outcome::Done);
    let intent = company.intent(&leaver());
    let person = journal.person(&intent.keys()).await.unwrap().unwrap();
    let there = EmployeeRef {
        id: RemoteId::new("77"),
        keys: Vec::new(),
        settled: true,
    };
    let messenger = ProviderId::new("messenger");
    let link = journal.link(&person, &messenger, "another", &there);
    link.await.unwrap();
    let refused = run(&company, &journal, &leaver()).await;
    assert!(
        matches!(refused, Err(FlowError::KnownNowhere)),
        "{refused:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn why_a_platform_was_silent_is_told_again_from_the_journal() {
    let company = Company::leaving();
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let journal = journal().await;
    let asked = offboard_now("anna@example.test");
    let report = run(&company, &journal, &asked).await.unwrap();
    let run = report.run.clone().unwrap();
    let again = told(&journal.story(run.as_str()).await.unwrap());
    assert_eq!(again.steps, report.steps);
    let mut steps = again.steps.iter();
    let waits = steps.find(|step| step.state == State::Deferred).unwrap();
    assert!(waits.error.is_some(), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn what_no_door_waited_to_read_is_a_caveat_of_the_run() {
    let company = Company::leaving();
    let (clock, _) = clock_and_random(1);
    let journal = journal().await;
    let mut organisation = company.organisation(journal.clone(), &clock);
    let slow = Slow {
        inner: Arc::new(company.at("messenger").clone()),
        late_ms: 0,
        lists_ms: 2_000,
        otherwise: false,
    };
    organisation.connects[1] = slow.connect();
    let asked = offboard_now("anna@example.test");
    let report = unasked(&organisation, &company.intent(&asked))
        .await
        .unwrap();
    assert_eq!(report.outcome(), Outcome::Done, "{report:?}");
    let unread = |report: &Report| {
        let caveats = report.caveats.iter();
        let unread = caveats.filter(|caveat| caveat.reason.key == "not-read-in-time");
        unread
            .map(|one| one.reason.detail.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(unread(&report), [Some("chat".into())]);
    let story = journal.story(report.run.unwrap().as_str()).await.unwrap();
    assert_eq!(unread(&told(&story)), [Some("chat".into())]);
}
