//! Limits over one command about many people: neither a list, nor lists that are split, nor two at once pass them.

use std::collections::BTreeMap;

use kadry_core::memory::capable;
use kadry_core::{Access, Brake, ProviderId};
use kadry_flow::many::{Asked, Counted};
use kadry_flow::plan::{Most, Window};

use crate::brakes::over;
use crate::company::{self, Company};
use crate::crowd::{Crowd, Made, allowing, email, goes, person, row};
use crate::many::rows;

async fn crowd_of(people: usize, change: impl FnOnce(&mut Company)) -> Crowd {
    let mut company = Company::new(&[("messenger", capable())]);
    for number in 0..people {
        company.person("messenger", &email(number), Access::Open, &[]);
    }
    change(&mut company);
    Crowd::of(company).await
}

/// A list in which these have left.
async fn leaving(crowd: &Crowd, who: std::ops::Range<usize>) -> Made {
    leaving_with(crowd, who, BTreeMap::new()).await
}

async fn leaving_with(
    crowd: &Crowd,
    who: std::ops::Range<usize>,
    allow: BTreeMap<Brake, u32>,
) -> Made {
    let asked = who.map(gone).collect();
    let drafting = crowd.drafting(Counted::MayNotShrink).await;
    let head = kadry_flow::many::Head {
        allow,
        ..crowd.head()
    };
    crowd.plan_with(drafting, asked, &head).await
}

/// A line that says that somebody has left.
fn gone(number: usize) -> Asked {
    let mut asked = company::offboard(&email(number));
    if let kadry_flow::intent::Flow::Offboard(offboard) = &mut asked.0.flow {
        offboard.on = vec![ProviderId::new("messenger")];
    }
    Asked {
        is_there: false,
        ..row(u32::try_from(number).unwrap(), asked)
    }
}

fn closed(crowd: &Crowd) -> usize {
    let rows = crowd.company.at("messenger").rows();
    let closed = rows.iter().filter(|row| row.access == Access::Suspended);
    closed.count()
}

#[tokio::test(start_paused = true)]
async fn a_list_of_leavers_over_the_limit_of_a_run_is_refused_whole_and_allowed_with_leave() {
    let crowd = crowd_of(14, |_| {}).await;
    let made = leaving(&crowd, 0..11).await;
    let refused = crowd.carry_out(&made).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Run, 10, 11)]);
    let shown = made.drafting.must_keep_within(&BTreeMap::new()).await;
    assert_eq!(
        over(&shown.unwrap_err()).len(),
        1,
        "a plan alone says it too"
    );
    assert_eq!(closed(&crowd), 0);
    assert_eq!(crowd.told(), []);
    let allow = BTreeMap::from([(Brake::Suspend, 11)]);
    let made = leaving_with(&crowd, 0..11, allow).await;
    crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(closed(&crowd), 11);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_split_and_a_drip_of_one_are_counted_together() {
    let crowd = crowd_of(40, |_| {}).await;
    for part in [0..10, 10..19] {
        let made = leaving(&crowd, part).await;
        crowd.carry_out(&made).await.unwrap().unwrap();
    }
    let made = leaving(&crowd, 19..21).await;
    let refused = crowd.carry_out(&made).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Day, 20, 21)]);
    let made = leaving(&crowd, 19..20).await;
    crowd.carry_out(&made).await.unwrap().unwrap();
    for number in 20..40 {
        let made = leaving(&crowd, number..number + 1).await;
        let refused = crowd.carry_out(&made).await.unwrap_err();
        assert_eq!(over(&refused), [(Brake::Suspend, Window::Day, 20, 21)]);
    }
    assert_eq!(closed(&crowd), 20);
}

#[tokio::test(start_paused = true)]
async fn of_two_lists_at_once_the_one_that_begins_later_counts_what_the_first_has_not_begun() {
    let crowd = crowd_of(30, |_| {}).await;
    let (first, second) = (
        leaving(&crowd, 0..10).await,
        leaving_named(&crowd, 10..20, "second.json").await,
    );
    let third = leaving_named(&crowd, 20..21, "third.json").await;
    crowd.begin(&first).await.unwrap().unwrap();
    crowd.begin(&second).await.unwrap().unwrap();
    let refused = crowd.begin(&third).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Day, 20, 21)]);
    // One person alone is counted with them as well.
    let office = crate::office::Office {
        company: Company::new(&[]),
        journal: crowd.journal.clone(),
        clock: crowd.clock.clone(),
    };
    let organisation = crowd.company.organisation(office.journal, &office.clock);
    let intent = crowd.company.intent(&company::offboard(&email(29)));
    let alone = organisation.prepare(
        &intent,
        kadry_flow::Purpose::CarryOut,
        &kadry_flow::Unwatched,
    );
    let refused = alone.await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Day, 20, 21)]);
    assert_eq!(closed(&crowd), 0);
}

async fn leaving_named(crowd: &Crowd, who: std::ops::Range<usize>, name: &str) -> Made {
    let mut made = leaving(crowd, who).await;
    std::fs::copy(crowd.path("plan.json"), crowd.path(name)).unwrap();
    made.plan = kadry_flow::many::PlanFile::open(&crowd.path(name)).unwrap();
    made
}

#[tokio::test(start_paused = true)]
async fn a_month_counts_what_a_day_has_forgotten() {
    let crowd = crowd_of(70, |_| {}).await;
    for day in 0..6 {
        let made = leaving(&crowd, day * 10..(day + 1) * 10).await;
        crowd.carry_out(&made).await.unwrap().unwrap();
        tokio::time::advance(std::time::Duration::from_secs(25 * 60 * 60)).await;
    }
    let made = leaving(&crowd, 60..61).await;
    let refused = crowd.carry_out(&made).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Month, 60, 61)]);
}

#[tokio::test(start_paused = true)]
async fn a_part_of_all_is_counted_by_the_last_full_count_and_never_below_three() {
    let limit = |company: &mut Company| {
        let limits = &mut company.limits;
        limits.set(Brake::Suspend, Window::Run, Most::Percent(25));
    };
    let crowd = crowd_of(20, limit).await;
    let made = leaving(&crowd, 0..6).await;
    let refused = crowd.carry_out(&made).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Run, 5, 6)]);
    let made = leaving(&crowd, 0..5).await;
    crowd.carry_out(&made).await.unwrap().unwrap();
    let small = crowd_of(4, limit).await;
    let made = leaving(&small, 0..3).await;
    small.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(closed(&small), 3);
}

#[tokio::test(start_paused = true)]
async fn no_limit_on_leavers_keeps_a_newcomer_out() {
    let crowd = crowd_of(20, |_| {}).await;
    let made = leaving(&crowd, 0..10).await;
    crowd.carry_out(&made).await.unwrap().unwrap();
    let made = leaving(&crowd, 10..20).await;
    crowd.carry_out(&made).await.unwrap().unwrap();
    let newcomers = (100..180).map(|number| person(number, &["messenger"]));
    let came = crowd.import(rows(newcomers)).await.unwrap().unwrap();
    assert_eq!(came.state, kadry_core::RunState::Done);
    assert_eq!(crowd.company.at("messenger").rows().len(), 100);
}

#[tokio::test(start_paused = true)]
async fn whom_a_list_does_not_know_is_held_against_the_limits_before_anybody_is_touched() {
    let crowd = crowd_of(30, |_| {}).await;
    let surplus = crowd.surplus(rows([person(0, &["messenger"])])).await;
    assert_eq!(surplus.len(), 29);
    let on = crowd.on();
    let asked: Vec<Asked> = surplus.iter().map(|one| goes(one, &on)).collect();
    let made = crowd.plan(asked.clone()).await;
    let refused = crowd.carry_out(&made).await.unwrap_err();
    assert_eq!(
        over(&refused).first(),
        Some(&(Brake::Suspend, Window::Run, 10, 29))
    );
    assert_eq!(crowd.told(), []);
    let head = allowing(crowd.head(), Brake::Suspend, 29);
    let drafting = crowd.drafting(Counted::MayNotShrink).await;
    let made = crowd.plan_with(drafting, asked, &head).await;
    crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(closed(&crowd), 29);
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_behind_doors_that_close_first_is_counted_with_them() {
    let crowd = crowd_of(12, |_| {}).await;
    let at_once = |number| {
        let mut asked = gone(number);
        if let Ok(intent) = &mut asked.what
            && let kadry_flow::intent::Flow::Offboard(offboard) = &mut intent.flow
        {
            offboard.now = true;
        }
        asked
    };
    let head = allowing(crowd.head(), Brake::Suspend, 12);
    let drafting = crowd.drafting(Counted::MayNotShrink).await;
    let asked = (0..11).map(at_once).collect();
    let made = crowd.plan_with(drafting, asked, &head).await;
    let refused = crowd.carry_out(&made).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Revoke, Window::Run, 10, 11)]);
}

#[tokio::test(start_paused = true)]
async fn records_that_bear_a_name_alone_are_as_many_people() {
    let crowd = crowd_of(1, |_| {}).await;
    let nameless = [(kadry_core::FieldName::LastName, "Терминал")];
    for _ in 0..12 {
        crowd.record("messenger", Access::Open, &nameless);
    }
    let surplus = crowd.surplus(rows([person(0, &["messenger"])])).await;
    let on = crowd.on();
    let asked: Vec<Asked> = surplus.iter().map(|one| goes(one, &on)).collect();
    let made = crowd.plan(asked).await;
    let refused = crowd.carry_out(&made).await.unwrap_err();
    assert_eq!(over(&refused), [(Brake::Suspend, Window::Run, 10, 12)]);
    assert_eq!(crowd.told(), []);
}

#[tokio::test(start_paused = true)]
async fn whoever_was_counted_already_is_nobody_more() {
    let crowd = crowd_of(24, |_| {}).await;
    for part in [0..10, 10..20] {
        let made = leaving(&crowd, part).await;
        crowd.carry_out(&made).await.unwrap().unwrap();
    }
    crowd
        .company
        .at("messenger")
        .edit(|rows| rows[3].access = Access::Open);
    let made = leaving(&crowd, 3..4).await;
    crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(closed(&crowd), 20);
}
