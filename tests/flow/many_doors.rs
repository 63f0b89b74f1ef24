//! Of many who must be out at once, every door closes before anything behind it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kadry_core::memory::{Fault, Row, capable, delta_rights};
use kadry_core::{Access, Brake, ErrorKind, KindName, ProviderId, RunState, Stage, State, Step};
use kadry_flow::intent::Flow;
use kadry_flow::many::{Counted, Head};
use kadry_flow::{CancellationToken, FlowError, Purpose, Watch};
use kadry_journal::RunId;
use tokio::time::{Instant, timeout};

use crate::company::{Company, clock_and_random, offboard_now};
use crate::crowd::{Crowd, Made, email, row};
use crate::doors::{process, unasked};

const LEAVERS: usize = 6;

const REASON: &str = "branch closed";

/// What is allowed where everybody goes.
fn everybody() -> BTreeMap<Brake, u32> {
    BTreeMap::from([(Brake::Suspend, 100), (Brake::Revoke, 100)])
}

async fn crowd() -> Crowd {
    crowd_of(LEAVERS).await
}

async fn crowd_of(leavers: usize) -> Crowd {
    Crowd::of(company_of(leavers)).await
}

fn company_of(leavers: usize) -> Company {
    let mut edo = delta_rights();
    let mut powers = edo.kind(&KindName::SUBSCRIPTION).unwrap().clone();
    powers.name = KindName::POWER_OF_ATTORNEY;
    edo.grants.push(powers);
    let company = Company::new(&[("calls", capable()), ("edo", edo)]);
    company.at("edo").offer(&KindName::SUBSCRIPTION, &["Счета"]);
    for number in 0..leavers {
        let mails = [(KindName::SUBSCRIPTION, "Счета")];
        company.person("calls", &email(number), Access::Open, &[]);
        company.person("edo", &email(number), Access::Open, &mails);
    }
    company.person("calls", "stays@example.test", Access::Open, &[]);
    company.person("edo", "stays@example.test", Access::Open, &[]);
    company
}

async fn leaving(crowd: &Crowd, purpose: Purpose) -> Made {
    first_leaving(crowd, LEAVERS, purpose).await
}

async fn first_leaving(crowd: &Crowd, leavers: usize, purpose: Purpose) -> Made {
    let gone = |number: usize| {
        let mut asked = offboard_now(&email(number));
        if let Flow::Offboard(offboard) = &mut asked.0.flow {
            offboard.on = crowd.on();
        }
        row(u32::try_from(number).unwrap(), asked)
    };
    let asked = (0..leavers).map(gone).collect();
    let drafting = crowd.drafting_for(purpose, Counted::MayNotShrink).await;
    let head = Head {
        allow: everybody(),
        reason: Some(REASON.to_owned()),
        ..crowd.head()
    };
    crowd.plan_with(drafting, asked, &head).await
}

/// Everybody is out, and nobody gets mails.
fn assert_out(crowd: &Crowd) {
    for (on, rows) in crowd.rows() {
        for row in rows.iter().take(LEAVERS) {
            assert_eq!(row.access, Access::Suspended, "{on}");
            let mails = row.grants.get(&KindName::SUBSCRIPTION);
            assert!(mails.is_none_or(Vec::is_empty), "{on}: {mails:?}");
        }
        assert_eq!(rows[LEAVERS].access, Access::Open, "{on}");
    }
}

/// A step of many is named by the batch and its number.
async fn assert_each_number_is_one_step(crowd: &Crowd, batch: &RunId) {
    let mut numbers = BTreeSet::new();
    for result in crowd.results(batch).await {
        for step in result.report.unwrap().steps {
            assert!(numbers.insert(step.step.seq), "{}", step.step.seq);
        }
    }
    assert_eq!(numbers.len(), 3 * LEAVERS);
}

#[tokio::test(start_paused = true)]
async fn what_is_behind_the_doors_of_many_is_read_and_taken_when_all_are_closed() {
    let crowd = crowd().await;
    let made = leaving(&crowd, Purpose::CarryOutUnasked).await;
    assert!(made.planned.iter().all(|one| one.who.doors_first));
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Done);
    assert_out(&crowd);
    assert_each_number_is_one_step(&crowd, &came.batch).await;
    let held_after = crowd.at("edo").held_after();
    // Mails and powers, and once more the mails, which alone were taken.
    assert_eq!(held_after.len(), 3 * LEAVERS);
    assert!(
        held_after.iter().all(|writes| *writes >= LEAVERS),
        "{held_after:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_operator_who_is_asked_sees_what_will_be_taken() {
    let crowd = crowd().await;
    let made = leaving(&crowd, Purpose::CarryOut).await;
    assert!(made.planned.iter().all(|one| !one.who.doors_first));
    assert!(made.planned.iter().all(|one| one.steps.len() == 3));
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Done);
    assert_out(&crowd);
}

#[tokio::test(start_paused = true)]
async fn what_was_left_for_later_is_taken_by_whoever_goes_on() {
    let crowd = crowd().await;
    let made = leaving(&crowd, Purpose::CarryOutUnasked).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    // Another process, which has read nothing yet.
    let state = crowd.work(&batch).await.unwrap();
    assert_eq!(state, RunState::Done);
    assert_out(&crowd);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_read_in_time_only_once_moves_nobody() {
    let slow_ms = 2_000;
    for (at_first_ms, later_ms) in [(0, slow_ms), (slow_ms, 0)] {
        let crowd = crowd().await;
        crowd.at("calls").list_in(at_first_ms);
        let made = leaving(&crowd, Purpose::CarryOutUnasked).await;
        let batch = crowd.begin(&made).await.unwrap().unwrap();
        crowd.at("calls").list_in(later_ms);
        // Another process, which reads everything anew.
        let state = crowd.work(&batch).await.unwrap();
        assert_eq!(state, RunState::Done);
        assert_out(&crowd);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_takes_long_is_waited_for_once_and_not_for_each_of_many() {
    let crowd = crowd().await;
    crowd.at("calls").list_in(2_000);
    let began = Instant::now();
    // More than are planned at a time, and looked up once more when their parts begin.
    let made = leaving(&crowd, Purpose::CarryOutUnasked).await;
    crowd.carry_out(&made).await.unwrap().unwrap();
    assert!(
        began.elapsed() < Duration::from_millis(200),
        "{:?}",
        began.elapsed()
    );
    // Nor is it begun anew for those who are out, and stand in it no more.
    assert_eq!(crowd.at("calls").lists(), 1);
    assert_out(&crowd);
}

#[tokio::test(start_paused = true)]
async fn whoever_may_be_the_last_is_looked_at_when_nobodys_requests_stand_before_theirs() {
    const MANY: usize = 80;
    let crowd = crowd_of(MANY).await;
    for number in [0, MANY / 2, MANY] {
        let email = match number {
            MANY => "stays@example.test".to_owned(),
            _ => email(number),
        };
        crowd.edit("edo", &email, |row| row.signer = true);
    }
    let made = first_leaving(&crowd, MANY, Purpose::CarryOutUnasked).await;
    // Those before them take longer than a look may when doors must close now.
    crowd.at("edo").answer_in(100);
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Done);
    let rows = &crowd.rows()["edo"];
    let is_open = |row: &&Row| row.access == Access::Open;
    assert_eq!(rows.iter().filter(is_open).count(), 1);
}

/// Notes when each door was closed.
#[derive(Debug)]
struct Clocked {
    began: Instant,
    closed: Mutex<Vec<(String, Duration)>>,
}

impl Watch for Clocked {
    fn step(&self, step: &Step, state: State) {
        if state == State::Done && step.stage == Stage::Close {
            let mut closed = self.closed.lock().unwrap();
            closed.push((step.provider.to_string(), self.began.elapsed()));
        }
    }

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {}
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_slow_at_first_keeps_no_door_of_another_open() {
    let crowd = crowd().await;
    let made = leaving(&crowd, Purpose::CarryOutUnasked).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    crowd.at("edo").answer_in(5_000);
    let watch = Clocked {
        began: Instant::now(),
        closed: Mutex::default(),
    };
    let listings = Some(Arc::clone(made.drafting.listings()));
    let organisation = crowd.organisation();
    let worked = organisation.work(&batch, listings, &watch).await;
    assert_eq!(worked.unwrap(), RunState::Done);
    let closed = watch.closed.lock().unwrap().clone();
    let quick: Vec<_> = closed.iter().filter(|(on, _)| on == "calls").collect();
    assert_eq!(quick.len(), LEAVERS);
    let late = |(_, after): &&(String, Duration)| *after > Duration::from_secs(1);
    assert!(!quick.into_iter().any(|one| late(&one)), "{closed:?}");
}

/// Locks these people out one by one while a platform does not answer, so that their doors stay open there.
async fn left_open(crowd: &Crowd, whom: impl Iterator<Item = usize>) {
    let edo = crowd.company.at("edo");
    edo.set_down(Some(ErrorKind::Unavailable));
    for number in whom {
        let mut intent = crowd.company.intent(&offboard_now(&email(number)));
        intent.allow = everybody();
        intent.reason = Some(REASON.to_owned());
        let report = unasked(&crowd.organisation(), &intent).await.unwrap();
        assert_eq!(report.state, RunState::Partial);
    }
    edo.set_down(None);
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// Nobody's door is open but that of whoever stays.
fn assert_one_stays(crowd: &Crowd) {
    let rows = &crowd.rows()["edo"];
    let is_open = |row: &&Row| row.access == Access::Open;
    assert_eq!(rows.iter().filter(is_open).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_an_earlier_run_left_in_doubt_is_looked_at_when_nobodys_requests_stand_before_theirs()
 {
    const MANY: usize = 80;
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (clock, _) = clock_and_random(1);
    let company = company_of(MANY);
    for number in [MANY / 2, MANY - 1] {
        company.at("edo").fail_next([Fault::HangBefore]);
        let journal = process(&store, &clock, number as u64).await;
        let organisation = company.organisation(journal, &clock);
        let intent = company.intent(&offboard_now(&email(number)));
        let killed = timeout(Duration::from_secs(1), unasked(&organisation, &intent));
        assert!(killed.await.is_err());
    }
    let crowd = Crowd::over(company, process(&store, &clock, 0).await, clock);
    let made = first_leaving(&crowd, MANY, Purpose::CarryOutUnasked).await;
    crowd.at("edo").answer_in(100);
    // What is behind a door that was closed by key may wait for the next command.
    crowd.carry_out(&made).await.unwrap().unwrap();
    assert_one_stays(&crowd);
}

#[tokio::test(start_paused = true)]
async fn everybody_is_out_although_an_earlier_run_left_them_all_open() {
    const MANY: usize = 80;
    let crowd = crowd_of(MANY).await;
    left_open(&crowd, 0..MANY).await;
    crowd.at("edo").answer_in(50);
    let made = first_leaving(&crowd, MANY, Purpose::CarryOutUnasked).await;
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Done);
    assert_one_stays(&crowd);
    let open = crowd.journal.all_unfinished().await.unwrap();
    assert!(open.is_empty(), "{open:?}");
}

/// Locks everybody out at once while a platform does not answer. It is slow when it answers again.
async fn all_left_open(crowd: &Crowd, many: usize) -> RunId {
    let made = first_leaving(crowd, many, Purpose::CarryOutUnasked).await;
    crowd.carry_out_without(&made, &["edo"], 50).await
}

#[tokio::test(start_paused = true)]
async fn a_lockout_goes_on_for_everybody_when_a_platform_answers_again() {
    const MANY: usize = 80;
    let crowd = crowd_of(MANY).await;
    let signs = [&email(0), &email(MANY / 2), "stays@example.test"];
    for one in signs {
        crowd.edit("edo", one, |row| row.signer = true);
    }
    let batch = all_left_open(&crowd, MANY).await;
    let state = crowd.work(&batch).await.unwrap();
    assert_one_stays(&crowd);
    assert_eq!(state, RunState::Done);
}

/// Ends the command when the first door is closed.
#[derive(Debug)]
struct Halting(CancellationToken);

impl Watch for Halting {
    fn step(&self, step: &Step, state: State) {
        if state == State::Done && step.stage == Stage::Close {
            self.0.cancel();
        }
    }

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {}
}

#[tokio::test(start_paused = true)]
async fn a_lockout_that_was_gone_on_with_and_ended_again_is_finished_by_the_next_command() {
    const MANY: usize = 20;
    let crowd = crowd_of(MANY).await;
    let batch = all_left_open(&crowd, MANY).await;
    let organisation = crowd.organisation();
    let watch = Halting(organisation.halt.clone());
    let ended = organisation.work(&batch, None, &watch).await;
    assert!(matches!(ended, Err(FlowError::Halted)), "{ended:?}");
    let still_open = |row: &&Row| row.access == Access::Open;
    assert!(crowd.rows()["edo"].iter().filter(still_open).count() > 1);
    let state = crowd.work(&batch).await.unwrap();
    assert_one_stays(&crowd);
    assert_eq!(state, RunState::Done);
    assert!(crowd.journal.all_unfinished().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_left_open_of_somebody_who_is_nowhere_any_more_ends() {
    let crowd = crowd().await;
    left_open(&crowd, 0..1).await;
    for on in ["calls", "edo"] {
        crowd.company.at(on).edit(|rows| drop(rows.remove(0)));
    }
    leaving(&crowd, Purpose::CarryOutUnasked).await;
    assert!(crowd.journal.all_unfinished().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_lockout_of_which_nothing_was_done_goes_on_for_everybody() {
    let crowd = crowd().await;
    let made = leaving(&crowd, Purpose::CarryOutUnasked).await;
    let batch = crowd.carry_out_without(&made, &["calls", "edo"], 50).await;
    let state = crowd.work(&batch).await.unwrap();
    assert_eq!(state, RunState::Done);
    assert_out(&crowd);
}

#[tokio::test(start_paused = true)]
async fn the_same_lockout_once_more_closes_every_door_when_a_platform_answers_again() {
    const MANY: usize = 80;
    let crowd = crowd_of(MANY).await;
    all_left_open(&crowd, MANY).await;
    let made = first_leaving(&crowd, MANY, Purpose::CarryOutUnasked).await;
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    assert_one_stays(&crowd);
    assert_eq!(came.state, RunState::Done);
}

#[tokio::test(start_paused = true)]
async fn signers_whom_an_earlier_run_left_open_are_out_but_for_the_last() {
    const MANY: usize = 30;
    let crowd = crowd_of(MANY).await;
    for number in 0..MANY {
        crowd.edit("edo", &email(number), |row| row.signer = true);
    }
    left_open(&crowd, 0..MANY).await;
    crowd.at("edo").answer_in(50);
    let made = first_leaving(&crowd, MANY, Purpose::CarryOutUnasked).await;
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Partial);
    let rows = &crowd.rows()["edo"];
    let signs = |row: &&Row| row.access == Access::Open && row.signer;
    assert_eq!(rows.iter().filter(signs).count(), 1);
}
