//! Doors that must close now wait for nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kadry_core::memory::{Fault, Memory, capable};
use kadry_core::{
    Access, ErrorKind, FieldName, KindName, ProviderId, RunState, Stage, State, Target,
};
use kadry_flow::intent::{Flow, Who};
use kadry_flow::plan::Said;
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{Purpose, Unwatched, Watch};
use tokio::time::Instant;

use crate::company::{Asked, Company, clock_and_random, offboard, offboard_now, onboard};
use crate::doors::{journal, unasked};
use crate::slow::{Late, Slow};

/// Notes when each door was closed.
#[derive(Debug)]
struct Clocked {
    began: Instant,
    closed: std::sync::Mutex<Vec<(String, Duration)>>,
}

impl Watch for Clocked {
    fn step(&self, step: &kadry_core::Step, state: State) {
        if state == State::Done {
            let mut closed = self.closed.lock().unwrap();
            closed.push((step.provider.to_string(), self.began.elapsed()));
        }
    }

    fn settling(&self, _step: &kadry_core::Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {}
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_hangs_keeps_no_other_door_open() {
    let company = Company::new(&[
        ("calls", capable()),
        ("edo", capable()),
        ("messenger", capable()),
    ]);
    for on in company.names() {
        company.person(&on, "anna@example.test", Access::Open, &[]);
    }
    let (clock, _) = clock_and_random(1);
    let mut organisation = company.organisation(journal().await, &clock);
    Late::put_before(&mut organisation.connects[0], &[None; 20]);
    let watch = Clocked {
        began: Instant::now(),
        closed: std::sync::Mutex::default(),
    };
    let intent = company.intent(&offboard_now("anna@example.test"));
    let prepared = organisation
        .prepare(&intent, Purpose::CarryOutUnasked, &Unwatched)
        .await
        .unwrap();
    let report: Report = organisation.carry_out(prepared, &watch).await.unwrap();
    let closed = watch.closed.lock().unwrap().clone();
    assert_eq!(closed.len(), 2, "{closed:?}");
    let late = |(_, after): &(String, Duration)| *after > Duration::from_millis(500);
    assert!(!closed.iter().any(late), "{closed:?}");
    assert_eq!(report.steps[0].state, State::Deferred);
}

#[tokio::test(start_paused = true)]
async fn a_long_list_of_what_is_hidden_behind_a_door_does_not_keep_it_open() {
    let company = Company::leaving();
    let (clock, _) = clock_and_random(1);
    let mut organisation = company.organisation(journal().await, &clock);
    let slow = Slow {
        inner: Arc::new(company.at("messenger").clone()),
        late_ms: 0,
        lists_ms: 2_000,
        otherwise: false,
    };
    organisation.connects = vec![slow.connect()];
    let mut asked = offboard_now("anna@example.test");
    let began = Instant::now();
    for (asked, waits_for_it) in [
        (
            std::mem::replace(&mut asked, offboard("anna@example.test")),
            false,
        ),
        (asked, true),
    ] {
        let mut intent = company.intent(&asked);
        if let Flow::Offboard(offboard) = &mut intent.flow {
            offboard.on = vec![ProviderId::new("messenger")];
        }
        let prepared = organisation
            .prepare(&intent, Purpose::Show, &Unwatched)
            .await
            .unwrap();
        let unread = |said: &Said| matches!(said, Said::NotRead { .. });
        let remarks = prepared.plan.remarks.iter();
        let is_unread = remarks.map(|remark| &remark.what).any(unread);
        assert_eq!(is_unread, !waits_for_it);
        assert_eq!(began.elapsed() >= Duration::from_secs(2), waits_for_it);
    }
}

#[tokio::test]
async fn the_list_of_what_is_hidden_behind_a_door_is_waited_for_only_when_there_is_time() {
    let company = Company::leaving();
    let unread = |said: &[Said]| said.iter().any(|said| matches!(said, Said::NotRead { .. }));
    for asked in [
        offboard("anna@example.test"),
        offboard_now("anna@example.test"),
    ] {
        let said = company.remarks(&asked).await;
        assert!(!unread(&said), "{said:?}");
    }
    let stays = |said: &Said| matches!(said, Said::Stays { kind, .. } if *kind == KindName::CHAT);
    let said = company.remarks(&offboard_now("anna@example.test")).await;
    assert!(said.iter().any(stays), "{said:?}");
}

/// Carries out without asking.
async fn at_once(company: &Company, asked: &Asked) -> Report {
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    unasked(&organisation, &company.intent(asked))
        .await
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_can_be_taken_behind_a_closed_door_is_read_when_it_is_closed_and_taken_in_the_same_run()
 {
    let company = Company::leaving();
    let report = at_once(&company, &offboard_now("anna@example.test")).await;
    let stages: Vec<String> = report
        .steps
        .iter()
        .map(|step| {
            format!(
                "{} {} {}",
                step.step.seq, step.step.provider, step.step.stage
            )
        })
        .collect();
    assert_eq!(
        stages,
        [
            "1 edo close",
            "2 messenger close",
            "3 messenger tidy",
            "4 edo tidy",
        ]
    );
    assert!(report.verified);
    let edo = &company.at("edo").rows()[0];
    assert!(edo.grants[&KindName::SUBSCRIPTION].is_empty());
    let writes: Vec<&str> = company
        .at("edo")
        .writes()
        .iter()
        .map(|call| call.operation)
        .collect();
    assert_eq!(writes, ["set_access", "set_grants"]);
}

#[tokio::test(start_paused = true)]
async fn a_record_is_removed_only_after_what_was_attached_to_it() {
    let company = Company::leaving();
    let report = at_once(&company, &offboard_now("anna@example.test").remove()).await;
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    for (on, tidied) in [("edo", "set_grants"), ("messenger", "update")] {
        let writes = company.at(on).writes();
        let writes: Vec<&str> = writes.iter().map(|call| call.operation).collect();
        assert_eq!(writes, ["set_access", tidied, "remove"], "{on}");
        assert!(company.at(on).rows().is_empty(), "{on}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_tidied_behind_a_door_that_would_not_close() {
    let company = Company::leaving();
    company
        .at("edo")
        .fail_next([Fault::Refused(ErrorKind::Conflict)]);
    let report = at_once(&company, &offboard_now("anna@example.test")).await;
    assert_eq!(company.at("edo").writes().len(), 1);
    assert_eq!(report.state, RunState::Partial);
    assert_eq!(company.at("messenger").rows()[0].access, Access::Suspended);
}

#[tokio::test(start_paused = true)]
async fn somebody_who_is_out_already_is_removed_by_the_same_command() {
    let company = Company::leaving();
    at_once(&company, &offboard_now("anna@example.test")).await;
    let report = at_once(&company, &offboard_now("anna@example.test").remove()).await;
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    for on in company.names() {
        assert!(company.at(&on).rows().is_empty(), "{on}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_will_be_removed_stands_in_the_plan_that_is_shown() {
    let company = Company::leaving();
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    let intent = company.intent(&offboard_now("anna@example.test").remove());
    let prepared = organisation
        .prepare(&intent, Purpose::CarryOutUnasked, &Unwatched)
        .await
        .unwrap();
    let removals = prepared.plan.steps.iter();
    let removals = removals.filter(|step| step.stage == Stage::Remove);
    assert_eq!(removals.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_removed_while_a_door_is_seen_open_or_a_platform_cannot_be_read_back() {
    for reopened in [true, false] {
        let company = Company::leaving();
        let (clock, _) = clock_and_random(1);
        let organisation = company.organisation(journal().await, &clock);
        let intent = company.intent(&offboard_now("anna@example.test").remove());
        let prepared = organisation
            .prepare(&intent, Purpose::CarryOutUnasked, &Unwatched)
            .await
            .unwrap();
        let watch = Meddling {
            company: &company,
            reopened,
        };
        let report = organisation.carry_out(prepared, &watch).await.unwrap();
        assert_eq!(company.at("edo").rows().len(), 1, "reopened: {reopened}");
        assert_eq!(report.state, RunState::Partial);
        let removals = report.steps.iter();
        let mut removals = removals.filter(|step| step.step.stage == Stage::Remove);
        assert!(removals.all(|step| step.state == State::Waiting));
    }
}

/// Reopens a door, or takes the platform away, when everything is about to be read back.
struct Meddling<'a> {
    company: &'a Company,
    reopened: bool,
}

impl std::fmt::Debug for Meddling<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meddling")
    }
}

impl Watch for Meddling<'_> {
    fn step(&self, _step: &kadry_core::Step, _state: State) {}

    fn settling(&self, _step: &kadry_core::Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, provider: &ProviderId) {
        if provider.as_str() != "messenger" {
            return;
        }
        let messenger = self.company.at("messenger");
        if self.reopened {
            messenger.edit(|rows| rows[0].access = Access::Open);
        } else {
            messenger.set_down(Some(ErrorKind::Unavailable));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_named_on_a_platform_that_hangs_keeps_no_door_open() {
    let company = Company::new(&[("calls", capable()), ("messenger", capable())]);
    let journal = journal().await;
    let joins = onboard("anna@example.test")
        .section("calls", &[], None)
        .section("messenger", &[], None);
    crate::doors::run(&company, &journal, &joins).await.unwrap();
    let id = company.at("calls").rows()[0].id.clone();
    let (clock, _) = clock_and_random(1);
    let mut organisation = company.organisation(journal, &clock);
    Late::put_before(&mut organisation.connects[0], &[None; 20]);
    let mut intent = company.intent(&offboard_now("anna@example.test"));
    intent.who = Who::Record(ProviderId::new("calls"), id);
    let began = Instant::now();
    let prepared = organisation
        .prepare(&intent, Purpose::CarryOutUnasked, &Unwatched)
        .await
        .unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "{:?}",
        began.elapsed()
    );
    organisation.carry_out(prepared, &Unwatched).await.unwrap();
    assert_eq!(company.at("messenger").rows()[0].access, Access::Suspended);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_gave_a_sign_of_life_is_waited_for_longer_than_one_that_did_not() {
    for is_alive in [true, false] {
        let company = Company::new(&[("calls", capable()), ("messenger", capable())]);
        for on in company.names() {
            company.person(&on, "anna@example.test", Access::Open, &[]);
        }
        let (clock, _) = clock_and_random(1);
        let mut organisation = company.organisation(journal().await, &clock);
        let calls = &mut organisation.connects[0];
        if is_alive {
            Late::put_alive_before(calls, &[Some(600)]);
        } else {
            Late::put_before(calls, &[Some(600)]);
        }
        let intent = company.intent(&offboard_now("anna@example.test"));
        let prepared = organisation
            .prepare(&intent, Purpose::CarryOutUnasked, &Unwatched)
            .await
            .unwrap();
        let mut steps = prepared.plan.steps.iter();
        let was_seen = !steps.any(|step| matches!(step.target, Target::Sought(_)));
        assert_eq!(was_seen, is_alive);
        organisation.carry_out(prepared, &Unwatched).await.unwrap();
        for platform in ["calls", "messenger"] {
            let rows = company.at(platform).rows();
            assert_eq!(rows[0].access, Access::Suspended, "{platform}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stranger_who_is_named_by_a_record_on_a_slow_platform_is_waited_for() {
    let company = Company::new(&[("calls", capable()), ("messenger", capable())]);
    let id = company.person("calls", "anna@example.test", Access::Open, &[]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let (clock, _) = clock_and_random(1);
    let mut organisation = company.organisation(journal().await, &clock);
    Late::put_alive_before(&mut organisation.connects[0], &[Some(2_000); 20]);
    let mut intent = company.intent(&offboard_now("anna@example.test"));
    intent.who = Who::Record(ProviderId::new("calls"), id);
    let prepared = organisation
        .prepare(&intent, Purpose::CarryOutUnasked, &Unwatched)
        .await
        .expect("nobody else knows whose doors to close");
    organisation.carry_out(prepared, &Unwatched).await.unwrap();
    for platform in ["calls", "messenger"] {
        assert_eq!(company.at(platform).rows()[0].access, Access::Suspended);
    }
}

/// Gives the record on a platform another id when it is about to be read back for the first time, and its own to somebody who holds
/// nothing.
#[derive(Debug)]
struct Renumbering {
    edo: Memory,
    is_done: AtomicBool,
}

impl Watch for Renumbering {
    fn step(&self, _step: &kadry_core::Step, _state: State) {}

    fn settling(&self, _step: &kadry_core::Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, provider: &ProviderId) {
        if provider.as_str() == "edo" && !self.is_done.swap(true, Ordering::Relaxed) {
            let another = self.edo.fresh_id();
            self.edo.edit(|rows| {
                let mut other = rows[0].clone();
                other.fields = [(FieldName::Email, "boris@example.test".to_owned())].into();
                other.grants.clear();
                rows[0].id = another;
                rows.push(other);
            });
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_read_beside_the_search_counts_only_for_the_record_that_is_found() {
    let company = Company::leaving();
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    let intent = company.intent(&offboard_now("anna@example.test"));
    let prepared = organisation
        .prepare(&intent, Purpose::CarryOutUnasked, &Unwatched)
        .await
        .unwrap();
    let watch = Renumbering {
        edo: company.at("edo").clone(),
        is_done: AtomicBool::new(false),
    };
    let report = organisation.carry_out(prepared, &watch).await.unwrap();
    assert!(report.verified);
    let edo = &company.at("edo").rows()[0];
    assert!(edo.grants[&KindName::SUBSCRIPTION].is_empty());
}
