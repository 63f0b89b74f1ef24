//! Going on with an interrupted run: within what was approved, and no further.

use kadry_core::memory::{Fault, capable, delta_rights, listed_by_id, valued};
use kadry_core::{Access, Email, ErrorKind, FieldName, Grant, KindName, RunState, State};
use kadry_flow::plan::{Guard, Said};
use kadry_flow::report::Outcome;
use kadry_flow::{FlowError, Purpose, Unwatched};

use crate::company::{Company, arrival, newcomer, offboard, offboard_now, onboard};
use crate::office::Office;

fn rename(company: &Company, on: &str, title: &str) {
    company.at(on).edit(|rows| {
        rows[0].fields.insert(FieldName::Title, title.to_owned());
    });
}

#[tokio::test(start_paused = true)]
async fn a_record_that_somebody_has_changed_since_is_left_alone_and_named() {
    let company = newcomer();
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    rename(&company, "messenger", "Стажёр");
    let office = Office::of(company).await;
    let asked = arrival().field(FieldName::Title, "Бухгалтер");
    let run = office
        .interrupted(&asked, "messenger", 0, Fault::HangBefore)
        .await;
    rename(&office.company, "messenger", "Начальник");
    let report = office.resume(&run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    let fields = office.company.at("messenger").rows().remove(0).fields;
    assert_eq!(fields[&FieldName::Title], "Начальник");
    let error = report.steps[0].error.as_ref().unwrap();
    assert_eq!(
        (report.steps[0].state, error.about("reason")),
        (State::Failed, Some("moved"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_somebody_has_filled_in_on_a_record_that_the_run_made_is_left_alone() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    let office = Office::of(company).await;
    let asked = onboard("anna@example.test")
        .field(FieldName::Phone, "+70000000001")
        .section("calls", &[("unit", &["Учёт"])], None);
    let run = office
        .interrupted(&asked, "calls", 1, Fault::HangBefore)
        .await;
    let calls = office.company.at("calls");
    calls.edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::Phone, "+70000000009".to_owned());
    });
    office.resume(&run).await.unwrap();
    let fields = calls.rows().remove(0).fields;
    assert_eq!(fields[&FieldName::Phone], "+70000000009");
}

#[tokio::test(start_paused = true)]
async fn a_status_that_somebody_has_set_meanwhile_is_not_replaced() {
    let company = Company::new(&[("messenger", valued())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let shows = |name: &str| vec![Grant::named(KindName::STATUS, name)];
    let set = |company: &Company, name: &str| {
        company.at("messenger").edit(|rows| {
            rows[0].grants.insert(KindName::STATUS, shows(name));
        });
    };
    set(&company, "🏖️ Отпуск");
    let office = Office::of(company).await;
    let asked =
        onboard("anna@example.test").section("messenger", &[("status", &["👋 Новенькая"])], None);
    let run = office
        .interrupted(&asked, "messenger", 1, Fault::HangBefore)
        .await;
    set(&office.company, "🤒 Болею");
    office.resume(&run).await.unwrap();
    let row = office.company.at("messenger").rows().remove(0);
    assert_eq!(row.grants[&KindName::STATUS], shows("🤒 Болею"));
}

#[tokio::test(start_paused = true)]
async fn what_was_seen_to_be_gone_is_no_residue() {
    let office = Office::of(Company::leaving()).await;
    let asked = offboard("anna@example.test");
    let run = office
        .interrupted(&asked, "messenger", 0, Fault::HangAfter)
        .await;
    office.company.at("messenger").edit(|rows| {
        rows[0].grants.remove(&KindName::CHAT);
    });
    let report = office.resume(&run).await.unwrap();
    assert_eq!((report.residue, report.verified), (Vec::new(), true));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_has_approved_is_not_taken_and_said() {
    let company = Company::leaving();
    let chat = company.at("messenger").offer(&KindName::CHAT, &["Новый"]);
    let office = Office::of(company).await;
    let run = office
        .interrupted(
            &offboard("anna@example.test"),
            "messenger",
            0,
            Fault::HangBefore,
        )
        .await;
    let new = Grant::with_id(KindName::CHAT, chat.as_str(), "Новый");
    office.company.at("messenger").edit(|rows| {
        let chats = rows[0].grants.entry(KindName::CHAT);
        chats.or_default().push(new.clone());
    });
    let report = office.resume(&run).await.unwrap();
    let row = office.company.at("messenger").rows().remove(0);
    assert_eq!(row.access, Access::Suspended);
    assert_eq!(row.grants[&KindName::CHAT], [new]);
    assert_eq!(report.outcome(), Outcome::Partial);
    let more = |said: &Said| *said == Said::MoreThanApproved;
    assert!(report.remarks.iter().any(|remark| more(&remark.what)));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_a_later_one_has_overtaken_does_not_open_the_door_again() {
    let office = Office::of(newcomer()).await;
    let joining = office
        .interrupted(&arrival(), "messenger", 0, Fault::HangAfter)
        .await;
    let leaving = office
        .interrupted(
            &offboard_now("anna@example.test"),
            "messenger",
            0,
            Fault::HangBefore,
        )
        .await;
    let refused = office.resume(&joining).await;
    assert!(
        matches!(&refused, Err(FlowError::LaterFirst { later }) if *later == leaving)
            || matches!(&refused, Err(FlowError::Ended { .. })),
        "{refused:?}"
    );
    let report = office.resume(&leaving).await.unwrap();
    assert!(report.verified, "{report:#?}");
    let refused = office.resume(&joining).await;
    assert!(
        matches!(&refused, Err(FlowError::Ended { by: Some(by), .. }) if *by == leaving),
        "{refused:?}"
    );
    let rows = office.company.at("messenger").rows();
    assert_eq!(rows[0].access, Access::Suspended);
    assert_eq!(office.company.at("messenger").notices(), []);
}

#[tokio::test(start_paused = true)]
async fn a_greeting_that_an_earlier_run_owes_is_still_sent_when_a_later_one_is_resumed_first() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.person("messenger", "anna@example.test", Access::Suspended, &[]);
    company.person("edo", "anna@example.test", Access::Suspended, &[]);
    let office = Office::of(company).await;
    let asked = onboard("anna@example.test")
        .section("messenger", &[], Some("Привет!"))
        .section("edo", &[], None);
    office
        .company
        .at("edo")
        .fail_next([Fault::Refused(ErrorKind::Unavailable)]);
    let earlier = office
        .interrupted(&asked, "messenger", 1, Fault::HangBefore)
        .await;
    // The greeting hangs; then its platform is down while the same command begins another run.
    let messenger = office.company.at("messenger");
    messenger.set_down(Some(ErrorKind::Unavailable));
    let later = office
        .interrupted(&asked, "edo", 0, Fault::HangBefore)
        .await;
    messenger.set_down(None);
    office.resume(&later).await.unwrap();
    let report = office.resume(&earlier).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(messenger.notices().len(), 1);
    assert_eq!(office.journal.all_unfinished().await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn a_guard_that_says_no_by_now_stops_the_run_and_leaves_it_open() {
    let mut office = Office::of(newcomer()).await;
    let run = office
        .interrupted(&arrival(), "messenger", 1, Fault::HangBefore)
        .await;
    let before = office.writes("messenger");
    office.company.protected.exempt = vec![Email::of_record("anna@example.test")];
    let refused = office.resume(&run).await;
    let Err(FlowError::Refused(guards)) = &refused else {
        panic!("{refused:?}");
    };
    assert!(guards.iter().any(|one| one.guard == Guard::Exempt));
    assert_eq!(office.writes("messenger"), before);
    assert_eq!(office.journal.all_unfinished().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_silent_keeps_its_steps_until_it_answers() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    for on in ["messenger", "edo"] {
        company.person(on, "anna@example.test", Access::Open, &[]);
    }
    let office = Office::of(company).await;
    let run = office
        .interrupted(
            &offboard_now("anna@example.test"),
            "edo",
            0,
            Fault::HangBefore,
        )
        .await;
    let edo = office.company.at("edo");
    edo.set_down(Some(ErrorKind::Unavailable));
    let report = office.resume(&run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    edo.set_down(None);
    let report = office.resume(&run).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(edo.rows()[0].access, Access::Suspended);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_to_end_lets_its_request_come_back_and_sends_no_other() {
    let office = Office::of(newcomer()).await;
    let organisation = office
        .company
        .organisation(office.journal.clone(), &office.clock);
    let intent = office.company.intent(&arrival());
    let prepared = organisation
        .prepare(&intent, Purpose::CarryOut, &Unwatched)
        .await
        .unwrap();
    let halts = HaltsAtTheFirstRequest(organisation.halt.clone());
    let halted = organisation.carry_out(prepared, &halts).await;
    assert!(matches!(halted, Err(FlowError::Halted)), "{halted:?}");
    assert_eq!(office.writes("messenger"), ["create"]);
    let run = office.last().await;
    let states = office.states(&run).await;
    assert_eq!(states[0], State::Done);
    assert!(states[1..].iter().all(|state| *state == State::Waiting));
    let report = office.resume(&run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Done);
}

#[tokio::test(start_paused = true)]
async fn what_lies_behind_a_door_that_closes_only_now_is_taken_as_was_agreed_without_a_list() {
    let office = Office::of(Company::leaving()).await;
    let edo = office.company.at("edo");
    edo.fail_next([Fault::Refused(ErrorKind::Unavailable)]);
    let asked = offboard_now("anna@example.test");
    let report = office
        .command_for(&asked, Purpose::CarryOutUnasked)
        .await
        .unwrap();
    assert_eq!(report.state, RunState::Partial);
    let run = office.last().await;
    let report = office.resume(&run).await.unwrap();
    assert!(report.verified, "{report:#?}");
    let row = edo.rows().remove(0);
    assert_eq!(row.access, Access::Suspended);
    assert!(row.grants.values().all(Vec::is_empty), "{row:?}");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_was_told_to_wait_is_not_begun_before_its_time() {
    const HOUR_MS: u64 = 3_600_000;
    let office = Office::of(newcomer()).await;
    let messenger = office.company.at("messenger");
    messenger.fail_next([Fault::Nothing, Fault::RefusedFor(HOUR_MS)]);
    let report = office.command(&arrival()).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    let run = office.last().await;
    let story = office.journal.story(run.as_str()).await.unwrap();
    let at_ms = story.steps[1].retry_at_ms().unwrap();
    let before = office.writes("messenger");
    let report = office.resume(&run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    assert_eq!(office.writes("messenger"), before);
    office.clock.wait_until(at_ms).await;
    let report = office.resume(&run).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(messenger.notices().len(), 1);
}

/// Ends whatever is carried out as soon as its first request leaves.
#[derive(Debug)]
struct HaltsAtTheFirstRequest(kadry_flow::CancellationToken);

impl kadry_flow::Watch for HaltsAtTheFirstRequest {
    fn step(&self, _step: &kadry_core::Step, state: State) {
        if state == State::Started {
            self.0.cancel();
        }
    }

    fn settling(&self, _step: &kadry_core::Step) {}

    fn reading(&self, _awaited: &[&kadry_core::ProviderId]) {}

    fn verifying(&self, _provider: &kadry_core::ProviderId) {}
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_switched_off_keeps_its_part_of_the_run_open() {
    let leaves = offboard("anna@example.test");
    for (company, off) in [(Company::leaving(), "edo"), (lonely(), "messenger")] {
        let office = Office::of(company).await;
        let run = office.interrupted(&leaves, off, 0, Fault::HangBefore).await;
        let report = office.resume_without(&run, off).await.unwrap();
        assert!(!report.verified, "nobody has read it: {report:#?}");
        assert_eq!(report.outcome(), Outcome::Partial);
        assert_ne!(office.company.at(off).rows()[0].access, Access::Suspended);
        let report = office.resume(&run).await.unwrap();
        assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
        assert_eq!(office.company.at(off).rows()[0].access, Access::Suspended);
    }
}

/// A company with one platform, where Anna is.
fn lonely() -> Company {
    let company = Company::new(&[("messenger", capable())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    company
}

#[tokio::test(start_paused = true)]
async fn nobody_is_let_in_before_a_close_that_was_lost_can_no_longer_land() {
    let office = Office::of(lonely()).await;
    let leaves = offboard("anna@example.test");
    let run = office
        .interrupted(&leaves, "messenger", 0, Fault::HangBefore)
        .await;
    office.resume(&run).await.unwrap();
    let before_ms = office.clock.now_ms();
    let returns = onboard("anna@example.test").section("messenger", &[], None);
    office.command(&returns).await.unwrap();
    let waited_ms = office.clock.now_ms() - before_ms;
    let timeout_ms = i64::try_from(capable().request_timeout_ms).unwrap();
    assert!(waited_ms >= timeout_ms, "{waited_ms}");
}
