//! Limits that neither a slip, nor a drip, nor two at once can pass.

use kadry_core::memory::{capable, delta_rights};
use kadry_core::{Access, Brake, ErrorKind, KindName};
use kadry_flow::plan::{Guard, Most, Said, Window};
use kadry_flow::report::Outcome;
use kadry_flow::{FlowError, Purpose, Unwatched};

use crate::company::{Asked, Company, offboard, offboard_now, onboard};
use crate::office::Office;

/// A company of so many, each with a door to close.
async fn office_of(people: usize) -> Office {
    let company = Company::new(&[("messenger", capable())]);
    for number in 0..people {
        company.person("messenger", &email(number), Access::Open, &[]);
    }
    Office::of(company).await
}

fn email(number: usize) -> String {
    format!("p{number}@example.test")
}

/// What a guard said of a limit: in which window, how many may be, how many it would be.
pub(crate) fn over(error: &FlowError) -> Vec<(Brake, Window, u32, u32)> {
    let FlowError::Refused(refused) = error else {
        panic!("{error:?}");
    };
    let over = refused.iter().filter_map(|refused| {
        let Guard::OverLimit {
            brake,
            window,
            limit,
            people,
        } = refused.guard
        else {
            return None;
        };
        Some((brake, window, limit, people))
    });
    over.collect()
}

#[tokio::test(start_paused = true)]
async fn leavers_one_by_one_are_counted_and_the_twenty_first_of_a_day_is_refused() {
    let office = office_of(22).await;
    for number in 0..20 {
        office.command(&offboard(&email(number))).await.unwrap();
    }
    let next = offboard(&email(20));
    let refused = office.command(&next).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Day, 20, 21)]);
    let shown = office.command_for(&next, Purpose::Show).await.unwrap_err();
    assert_eq!(
        over(&shown).len(),
        1,
        "a plan that is only shown says it too"
    );
    // Whoever was counted already is no one more, and a plan that is only shown knows it too.
    let known = offboard(&email(3));
    office.command(&known).await.unwrap();
    office
        .company
        .at("messenger")
        .edit(|rows| rows[3].access = Access::Open);
    let shown = office.command_for(&known, Purpose::Show).await;
    assert!(shown.is_ok(), "{shown:?}");
    let allowed = next.allow(Brake::Suspend, 21);
    let report = office.command(&allowed).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Done);
    let again = office.command(&offboard(&email(21))).await.unwrap_err();
    assert_eq!(over(&again), [(Brake::Suspend, Window::Day, 20, 22)]);
}

#[tokio::test(start_paused = true)]
async fn a_day_later_only_the_month_counts() {
    let office = office_of(22).await;
    for number in 0..20 {
        office.command(&offboard(&email(number))).await.unwrap();
    }
    tokio::time::advance(std::time::Duration::from_secs(25 * 60 * 60)).await;
    let report = office.command(&offboard(&email(20))).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Done);
}

#[tokio::test(start_paused = true)]
async fn nobody_who_joins_is_stopped_by_those_who_leave() {
    let office = office_of(20).await;
    for number in 0..20 {
        office.command(&offboard(&email(number))).await.unwrap();
    }
    let joins = onboard("anna@example.test").section("messenger", &[], None);
    let report = office.command(&joins).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Done);
}

#[tokio::test(start_paused = true)]
async fn each_platform_counts_its_own_and_nothing_is_written_anywhere_when_one_is_over() {
    let mut company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company
        .limits
        .set(Brake::Suspend, Window::Day, Most::People(1));
    for number in 0..2 {
        company.person("messenger", &email(number), Access::Open, &[]);
    }
    company.person("edo", &email(1), Access::Open, &[]);
    let office = Office::of(company).await;
    office.command(&offboard(&email(0))).await.unwrap();
    let refused = office.command(&offboard(&email(1))).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Day, 1, 2)]);
    assert_eq!(office.writes("edo"), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn of_two_at_once_the_one_who_begins_later_counts_the_other() {
    let mut company = Company::new(&[("messenger", capable())]);
    company
        .limits
        .set(Brake::Suspend, Window::Day, Most::People(1));
    for number in 0..2 {
        company.person("messenger", &email(number), Access::Open, &[]);
    }
    let office = Office::of(company).await;
    let organisation = office
        .company
        .organisation(office.journal.clone(), &office.clock);
    let mut prepared = Vec::new();
    for number in 0..2 {
        let intent = office.company.intent(&offboard(&email(number)));
        let purpose = Purpose::CarryOut;
        let plan = organisation.prepare(&intent, purpose, &Unwatched).await;
        prepared.push(plan.unwrap());
    }
    let second = prepared.pop().unwrap();
    let first = prepared.pop().unwrap();
    tokio::time::advance(std::time::Duration::from_secs(60)).await;
    organisation.carry_out(first, &Unwatched).await.unwrap();
    let refused = organisation.carry_out(second, &Unwatched).await;
    assert_eq!(
        over(&refused.unwrap_err()),
        [(Brake::Suspend, Window::Day, 1, 2)]
    );
    assert_eq!(office.writes("messenger"), ["set_access"]);
}

#[tokio::test(start_paused = true)]
async fn what_lies_behind_doors_that_close_first_counts_before_they_close() {
    let mut company = Company::leaving();
    company
        .limits
        .set(Brake::Revoke, Window::Day, Most::People(0));
    let office = Office::of(company).await;
    let asked = offboard_now("anna@example.test");
    let refused = office
        .command_for(&asked, Purpose::CarryOutUnasked)
        .await
        .unwrap_err();
    let brakes: Vec<Brake> = over(&refused).into_iter().map(|one| one.0).collect();
    assert_eq!(brakes, [Brake::Revoke, Brake::Revoke]);
    assert_eq!(office.writes("messenger"), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_part_of_all_people_does_not_apply_before_they_are_counted_and_says_so() {
    let mut company = Company::new(&[("messenger", capable())]);
    company
        .limits
        .set(Brake::Grant, Window::Run, Most::Percent(1));
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    let office = Office::of(company).await;
    let asked: Asked =
        onboard("anna@example.test").section("messenger", &[("chats", &["Общий"])], None);
    let report = office.command(&asked).await.unwrap();
    let said = report.remarks.iter().filter(|remark| {
        remark.what
            == Said::NotLimited {
                brake: Brake::Grant,
                window: Window::Run,
            }
    });
    assert_eq!(said.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn doors_that_are_approved_and_wait_for_a_silent_platform_count_before_anybody_resumes() {
    let office = office_of(3).await;
    let mut limited = office;
    limited
        .company
        .limits
        .set(Brake::Suspend, Window::Day, Most::People(2));
    let messenger = limited.company.at("messenger");
    messenger.set_down(Some(ErrorKind::Unavailable));
    for number in 0..2 {
        let report = limited.command(&offboard(&email(number))).await.unwrap();
        assert_eq!(report.outcome(), Outcome::Partial, "{report:#?}");
    }
    let refused = limited.command(&offboard(&email(2))).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Day, 2, 3)]);
}
