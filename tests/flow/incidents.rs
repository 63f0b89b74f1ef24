//! Accidents that have happened to others with lists of people, one test each.

use std::time::Duration;

use kadry_core::memory::{Fault, Row, capable, listed_by_id};
use kadry_core::{Access, Brake, ErrorKind, FieldName, KindName, ProviderId, RunState};
use kadry_flow::intent::Flow;
use kadry_flow::many::{Asked, Counted, Verdict, Why, shrank};
use kadry_flow::plan::{Guard, Window};
use kadry_flow::{FlowError, Purpose, Unwatched};
use kadry_journal::JournalError;

use crate::company::{self, Company};
use crate::crowd::{Crowd, by_email, email, goes, person, row, stays_out};
use crate::doors::process;
use crate::many::rows;
use crate::recorder::Pretence;

/// A company of so many, all there.
async fn crowd_of(people: usize) -> Crowd {
    let company = Company::new(&[("messenger", capable())]);
    let crowd = Crowd::of(company).await;
    for number in 0..people {
        let text = (
            email(number),
            format!("Фамилия{number}"),
            format!("Имя{number}"),
        );
        let fields = [
            (FieldName::Email, text.0.as_str()),
            (FieldName::LastName, text.1.as_str()),
            (FieldName::FirstName, text.2.as_str()),
        ];
        crowd.record("messenger", Access::Open, &fields);
    }
    crowd
}

fn list(numbers: impl IntoIterator<Item = usize>) -> Vec<Asked> {
    rows(
        numbers
            .into_iter()
            .map(|number| stays_out(person(number, &["messenger"]))),
    )
}

/// Reconciles with a list: whoever it does not know is to go.
async fn reconcile(
    crowd: &Crowd,
    asked: Vec<Asked>,
) -> Result<Option<crate::crowd::Came>, FlowError> {
    let surplus = crowd.surplus(asked.clone()).await;
    let on = crowd.on();
    let all = asked
        .into_iter()
        .chain(surplus.iter().map(|one| goes(one, &on)));
    crowd.import(all.collect()).await
}

fn is_over(refused: &FlowError, window: Window) -> bool {
    let FlowError::Refused(refused) = refused else {
        return false;
    };
    refused.iter().any(|one| {
        let Guard::OverLimit {
            brake,
            window: passed,
            ..
        } = &one.guard
        else {
            return false;
        };
        *brake == Brake::Suspend && *passed == window
    })
}

fn closed(crowd: &Crowd) -> usize {
    let rows = crowd.company.at("messenger").rows();
    rows.iter()
        .filter(|row| row.access == Access::Suspended)
        .count()
}

#[tokio::test(start_paused = true)]
async fn a_list_of_last_month_does_not_let_leavers_in_again() {
    let crowd = crowd_of(4).await;
    crowd.edit("messenger", &email(2), |row| row.access = Access::Suspended);
    let came = crowd.import(list(0..4)).await.unwrap().unwrap();
    let why = crowd.why(&came.batch, &email(2)).await;
    let Some(Why::Guards(guards)) = why else {
        panic!("{why:?}");
    };
    assert!(matches!(guards[0].guard, Guard::Suspended { .. }));
    assert_eq!(closed(&crowd), 1);
}

#[tokio::test(start_paused = true)]
async fn an_empty_file_closes_nobody() {
    let crowd = crowd_of(30).await;
    let refused = reconcile(&crowd, Vec::new()).await.unwrap_err();
    assert!(is_over(&refused, Window::Run));
    assert_eq!(crowd.told(), []);
}

#[tokio::test(start_paused = true)]
async fn half_a_file_closes_nobody_and_creates_nobody_either() {
    let crowd = crowd_of(30).await;
    let half = list((0..15).chain(50..53));
    let refused = reconcile(&crowd, half).await.unwrap_err();
    assert!(is_over(&refused, Window::Run));
    assert_eq!(crowd.told(), [], "all of it waits for somebody to look");
}

#[tokio::test(start_paused = true)]
async fn a_filter_with_a_slip_that_lists_other_people_closes_nobody() {
    let crowd = crowd_of(25).await;
    let refused = reconcile(&crowd, list(500..525)).await.unwrap_err();
    assert!(is_over(&refused, Window::Run));
    assert_eq!(crowd.told(), []);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_has_passed_to_somebody_else_is_a_stop_and_no_takeover() {
    let crowd = crowd_of(0).await;
    crowd.import(list([7])).await.unwrap();
    crowd.told();
    // Somebody new has the address of the seventh, and an id of their own.
    let mut heir = person(8, &["messenger"]);
    if let Flow::Onboard(onboard) = &mut heir.0.flow {
        onboard.fields.insert(FieldName::Email, email(7));
        onboard
            .fields
            .insert(FieldName::LastName, "Совсем".to_owned());
        onboard
            .fields
            .insert(FieldName::FirstName, "Другая".to_owned());
    }
    heir.0.who = company::by_email(&email(7));
    let made = crowd.plan(rows([heir])).await;
    let Some(Why::Guards(guards)) = &made.planned[0].who.why else {
        panic!("{:?}", made.planned);
    };
    let known = "7".to_owned();
    assert_eq!(guards[0].guard, Guard::KnownByAnotherId { known });
    assert!(
        made.drafting.surplus().await.unwrap().is_empty(),
        "nor is the old one to go for it"
    );
    assert!(crowd.carry_out(&made).await.unwrap().is_none());
    assert_eq!(crowd.told(), []);
}

#[tokio::test(start_paused = true)]
async fn a_record_with_another_id_on_it_belongs_to_somebody_else() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Центр"]);
    let crowd = Crowd::of(company).await;
    let unit = [(KindName::UNIT, "Центр")];
    crowd
        .company
        .person("calls", &email(8), Access::Open, &unit);
    crowd.edit("calls", &email(8), |row| {
        row.fields.insert(FieldName::ExternalId, "7".to_owned());
    });
    let asked = person(8, &[]).section("calls", &[("unit", &["Центр"])], None);
    let made = crowd.plan(rows([asked])).await;
    let Some(Why::Guards(guards)) = &made.planned[0].who.why else {
        panic!("{:?}", made.planned);
    };
    assert!(matches!(guards[0].guard, Guard::BelongsToAnother { .. }));
}

#[tokio::test(start_paused = true)]
async fn the_last_administrator_is_not_in_the_list_and_stays() {
    let crowd = crowd_of(3).await;
    crowd.edit("messenger", &email(2), |row| row.administrator = true);
    let came = reconcile(&crowd, list(0..2)).await.unwrap();
    assert!(came.is_none_or(|came| came.state != RunState::Done));
    assert_eq!(closed(&crowd), 0);
}

#[tokio::test(start_paused = true)]
async fn the_last_signer_is_not_in_the_list_and_stays() {
    let crowd = crowd_of(3).await;
    crowd.edit("messenger", &email(2), |row| row.signer = true);
    reconcile(&crowd, list(0..2)).await.unwrap();
    assert_eq!(closed(&crowd), 0);
}

#[tokio::test(start_paused = true)]
async fn one_leaver_a_day_from_a_list_that_shrinks_by_itself_stops_at_the_limit_of_the_month() {
    let crowd = crowd_of(100).await;
    let mut refused = None;
    for day in 1..90 {
        match reconcile(&crowd, list(0..100 - day)).await {
            Ok(_) => {}
            Err(error) => {
                refused = Some((day, error));
                break;
            }
        }
        tokio::time::advance(Duration::from_secs(60 * 60)).await;
    }
    let (day, error) = refused.expect("somebody has to look sometime");
    assert!(is_over(&error, Window::Day), "{error:?}");
    assert_eq!(day, 21);
    assert_eq!(closed(&crowd), 20);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_split_into_small_files_passes_no_limit() {
    let crowd = crowd_of(60).await;
    let mut through = 0;
    for file in 0..10 {
        let surplus = crowd.surplus(list(file * 6 + 6..60)).await;
        let on = crowd.on();
        let asked = surplus.iter().map(|one| goes(one, &on)).collect();
        through += usize::from(crowd.import(asked).await.is_ok());
    }
    assert!(through >= 3);
    assert!(closed(&crowd) <= 20, "{}", closed(&crowd));
}

#[tokio::test(start_paused = true)]
async fn two_operators_with_one_list_make_nobody_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (clock, _) = company::clock_and_random(1);
    let company = Company::new(&[("messenger", capable())]);
    let crowd = Crowd::over(company, process(&store, &clock, 1).await, clock.clone());
    for number in 0..2 {
        crowd.record(
            "messenger",
            Access::Open,
            &[(FieldName::Email, &email(number))],
        );
    }
    let mut other = crowd.organisation();
    other.journal = process(&store, &clock, 2).await;
    let mut batches = Vec::new();
    for organisation in [crowd.organisation(), other] {
        let made = crowd.plan(list(0..20)).await;
        let batch = kadry_flow::many::Batch {
            head: made.plan.head.clone(),
            command: None,
        };
        let begun = organisation.begin_batch(&made.plan, &made.drafting, &batch);
        let begun = begun.await.unwrap().unwrap();
        let listings = std::sync::Arc::clone(made.drafting.listings());
        batches.push((organisation, begun, listings));
    }
    let working = batches
        .into_iter()
        .map(|(organisation, batch, listings)| async move {
            let worked = organisation.work(&batch, Some(listings), &Unwatched);
            worked.await.unwrap();
        });
    futures::future::join_all(working).await;
    let rows = crowd.company.at("messenger").rows();
    assert_eq!(rows.len(), 20);
    let mut emails: Vec<&String> = rows
        .iter()
        .map(|row| &row.fields[&FieldName::Email])
        .collect();
    emails.sort();
    emails.dedup();
    assert_eq!(emails.len(), 20);
}

#[tokio::test(start_paused = true)]
async fn one_batch_is_worked_by_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let mut journals = Vec::new();
    for _ in 0..2 {
        let (clock, random) = company::clock_and_random(journals.len() as u64 + 1);
        let opened = kadry_journal::Journal::open(&store, clock.clone(), random).await;
        journals.push((opened.unwrap().journal, clock));
    }
    let (second, _) = journals.pop().unwrap();
    let (first, clock) = journals.pop().unwrap();
    let company = Company::new(&[("messenger", capable())]);
    let crowd = Crowd::over(company, first, clock);
    let made = crowd.plan(list(0..3)).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    let mut organisation = crowd.organisation();
    organisation.journal = second;
    let refused = organisation.work(&batch, None, &Unwatched).await;
    assert!(matches!(
        refused,
        Err(FlowError::Journal(JournalError::Claimed { .. }))
    ));
    crowd.work(&batch).await.unwrap();
    assert_eq!(
        organisation.work(&batch, None, &Unwatched).await.unwrap(),
        RunState::Done
    );
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_is_used_up_blocks_no_hire() {
    let crowd = crowd_of(40).await;
    let surplus = crowd.surplus(list(10..40)).await;
    let on = crowd.on();
    let leaving = |people: &[kadry_flow::many::Surplus]| -> Vec<Asked> {
        people.iter().map(|one| goes(one, &on)).collect()
    };
    crowd.import(leaving(&surplus)).await.unwrap();
    let surplus = crowd.surplus(list(20..40)).await;
    crowd.import(leaving(&surplus)).await.unwrap();
    assert_eq!(closed(&crowd), 20);
    let came = crowd.import(list(100..130)).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Done);
}

#[tokio::test(start_paused = true)]
async fn a_marriage_is_no_leave() {
    let crowd = crowd_of(3).await;
    crowd.import(list(0..3)).await.unwrap();
    let mut renamed = stays_out(person(1, &["messenger"]));
    if let Flow::Onboard(onboard) = &mut renamed.0.flow {
        let fields = &mut onboard.fields;
        fields.insert(FieldName::Email, "new@example.test".to_owned());
        fields.insert(FieldName::LastName, "Новая".to_owned());
    }
    renamed.0.who = company::by_email("new@example.test");
    let mut asked = list([0, 2]);
    asked.push(row(9, renamed));
    let came = reconcile(&crowd, asked).await.unwrap().unwrap();
    assert_eq!(
        came.state,
        RunState::Done,
        "{:#?}",
        crowd.results(&came.batch).await
    );
    let rows = crowd.company.at("messenger").rows();
    assert_eq!(rows.len(), 3);
    assert_eq!(closed(&crowd), 0);
    assert_eq!(rows[1].fields[&FieldName::Email], "new@example.test");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_breaks_off_makes_nobody_and_closes_nobody_there() {
    let crowd = crowd_of(20).await;
    crowd.at("messenger").pretend(Pretence::Breaks(6));
    let made = crowd.plan(list(10..30)).await;
    assert_eq!(made.plan.steps, 0);
    assert!(
        made.planned
            .iter()
            .all(|one| one.who.why == Some(Why::LeftOut))
    );
    assert!(made.drafting.surplus().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_silently_short_makes_nobody_twice() {
    let crowd = crowd_of(20).await;
    crowd.import(list(0..20)).await.unwrap();
    crowd.at("messenger").pretend(Pretence::EndsAfter(8));
    let made = crowd.plan(list(0..22)).await;
    assert_eq!(made.plan.steps, 0, "the platform counts as unread");
    assert!(made.drafting.surplus().await.unwrap().is_empty());
    // Somebody has looked, and says that so many are gone.
    let drafting = crowd.drafting(Counted::MayShrink).await;
    let made = crowd.plan_with(drafting, list(0..8), &crowd.head()).await;
    assert_eq!(made.plan.steps, 0);
    assert!(made.planned.iter().all(|one| one.who.why.is_none()));
    assert!(shrank(8, 20) && !shrank(16, 20) && !shrank(0, 2));
}

#[tokio::test(start_paused = true)]
async fn another_tenant_has_another_count() {
    let crowd = crowd_of(20).await;
    crowd.import(list(0..20)).await.unwrap();
    let messenger = crowd.company.at("messenger");
    messenger.edit(|rows| rows.truncate(2));
    messenger.stand_in("another tenant");
    let made = crowd.plan(list(100..101)).await;
    assert_eq!(made.plan.steps, 1, "{:?}", made.planned);
}

#[tokio::test(start_paused = true)]
async fn whoever_is_hidden_from_the_list_is_not_made_a_second_time() {
    let crowd = crowd_of(6).await;
    crowd.edit("messenger", &email(2), |row| row.access = Access::Suspended);
    crowd.at("messenger").pretend(Pretence::HidesSuspended);
    let came = crowd.import(list(0..7)).await.unwrap().unwrap();
    let results = crowd.results(&came.batch).await;
    let hidden = results.iter().find(|one| one.person == email(2)).unwrap();
    assert_eq!(hidden.result, Verdict::Failed);
    assert_eq!(hidden.fault.as_ref().unwrap().1.kind, ErrorKind::Conflict);
    let verdicts = crowd.verdicts(&came.batch).await;
    assert_eq!(verdicts[&email(6)], Verdict::Created);
    assert_eq!(crowd.company.at("messenger").rows().len(), 7);
    assert_eq!(closed(&crowd), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_run_after_a_first_that_failed_does_the_rest_and_nothing_twice() {
    let crowd = crowd_of(0).await;
    let faults = [
        Fault::Nothing,
        Fault::LostAfter,
        Fault::Refused(ErrorKind::Invalid),
    ];
    crowd.company.at("messenger").fail_next(faults);
    let first = crowd.import(list(0..9)).await.unwrap().unwrap();
    assert_eq!(first.state, RunState::Partial);
    let second = crowd.import(list(0..9)).await.unwrap().unwrap();
    assert_eq!(second.state, RunState::Done);
    assert_eq!(crowd.company.at("messenger").rows().len(), 9);
    assert_eq!(crowd.company.at("messenger").invitations().len(), 9);
    assert!(crowd.import(list(0..9)).await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_leaver_of_today_is_not_let_in_by_the_list_that_waits_since_yesterday() {
    let crowd = crowd_of(0).await;
    let made = crowd.plan(list(0..2)).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    // The second is there by now, and leaves.
    crowd.record("messenger", Access::Open, &[(FieldName::Email, &email(1))]);
    tokio::time::advance(Duration::from_secs(90)).await;
    let organisation = crowd.organisation();
    let leaver = crowd.company.intent(&company::offboard(&email(1)));
    let prepared = organisation
        .prepare(&leaver, Purpose::CarryOut, &Unwatched)
        .await;
    organisation
        .carry_out(prepared.unwrap(), &Unwatched)
        .await
        .unwrap();
    crowd.work(&batch).await.unwrap();
    assert_eq!(crowd.verdicts(&batch).await[&email(1)], Verdict::Refused);
    let open = |row: &Row| row.access == Access::Open && row.fields[&FieldName::Email] == email(1);
    assert!(!crowd.company.at("messenger").rows().iter().any(open));
    assert_eq!(by_email(&crowd.surplus(list(0..2)).await), [""; 0]);
    assert_eq!(crowd.on(), [ProviderId::new("messenger")]);
}
