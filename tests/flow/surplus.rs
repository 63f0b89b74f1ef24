//! Whom a list does not know, and whom it only seems not to know; and people whom two commands are about.

use std::time::Duration;

use kadry_core::memory::{Row, capable, listed_by_id};
use kadry_core::{Access, FieldName, KindName, ProviderId, RunState};
use kadry_flow::intent::Who;
use kadry_flow::many::{Asked, Surplus, Verdict, Why};
use kadry_flow::plan::{Guard, Said};
use kadry_flow::{Purpose, Unwatched};

use crate::company::{self, Company};
use crate::crowd::{Crowd, bad_row, by_email, email, goes, lift_limits, person, row};
use crate::many::rows;

async fn crowd_of(people: usize) -> Crowd {
    let mut company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    lift_limits(&mut company);
    company.at("calls").offer(&KindName::UNIT, &["Центр"]);
    for number in 0..people {
        company.person("messenger", &email(number), Access::Open, &[]);
    }
    Crowd::of(company).await
}

fn there(numbers: impl IntoIterator<Item = usize>) -> Vec<Asked> {
    rows(
        numbers
            .into_iter()
            .map(|number| person(number, &["messenger"])),
    )
}

#[tokio::test(start_paused = true)]
async fn whoever_has_an_open_door_and_no_row_is_surplus_and_nobody_else() {
    let mut crowd = crowd_of(6).await;
    crowd.company.protected.exempt = vec![kadry_core::Email::of_record(&email(2))];
    let own = crowd.company.at("messenger").rows()[3].id.clone();
    crowd.company.at("messenger").own(&own);
    crowd.edit("messenger", &email(4), |row| row.access = Access::Suspended);
    let surplus = crowd.surplus(there([0])).await;
    assert_eq!(by_email(&surplus), [email(1), email(5)]);
}

#[tokio::test(start_paused = true)]
async fn one_person_on_two_platforms_is_one_surplus() {
    let crowd = crowd_of(2).await;
    let unit = [(KindName::UNIT, "Центр")];
    crowd
        .company
        .person("calls", &email(1), Access::Open, &unit);
    let surplus = crowd.surplus(there([0])).await;
    assert_eq!(surplus.len(), 1);
    let on: Vec<&str> = surplus[0]
        .records
        .iter()
        .map(|(on, _)| on.as_str())
        .collect();
    assert_eq!(on, ["calls", "messenger"]);
}

#[tokio::test(start_paused = true)]
async fn a_new_email_under_a_known_id_is_no_leave() {
    let crowd = crowd_of(1).await;
    let old = [
        (FieldName::Email, "old@example.test"),
        (FieldName::ExternalId, "7"),
        (FieldName::LastName, "Фамилия7"),
    ];
    crowd.record("calls", Access::Open, &old);
    // The messenger knows nobody by an id: only the record on the other platform tells whose address it is.
    crowd.record("messenger", Access::Open, &old[..1]);
    let mut asked = there([0]);
    asked.push(row(9, person(7, &["messenger", "calls"])));
    assert_eq!(by_email(&crowd.surplus(asked).await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_new_email_of_somebody_whom_the_store_knows_is_no_leave() {
    let crowd = crowd_of(2).await;
    crowd.import(there([0, 1])).await.unwrap();
    let renamed = {
        let mut asked = person(1, &["messenger"]);
        if let kadry_flow::intent::Flow::Onboard(onboard) = &mut asked.0.flow {
            let new = "new@example.test".to_owned();
            onboard.fields.insert(FieldName::Email, new);
        }
        asked.0.who = company::by_email("new@example.test");
        row(3, asked)
    };
    let mut asked = there([0]);
    asked.push(renamed);
    let made = crowd.plan(asked).await;
    assert!(made.drafting.surplus().await.unwrap().is_empty());
    let creates = made.planned.iter().flat_map(|one| &one.steps);
    assert_eq!(
        creates
            .filter(|step| step.action.name() == "create")
            .count(),
        0
    );
}

#[tokio::test(start_paused = true)]
async fn whom_a_bad_row_may_mean_is_spared() {
    let crowd = crowd_of(4).await;
    crowd.edit("messenger", &email(1), |row| {
        row.fields.insert(FieldName::LastName, "Орлова".to_owned());
        row.fields.insert(FieldName::FirstName, "Анна".to_owned());
    });
    let mut asked = there([0]);
    // By name, by the one key that could be read, and one that says nothing of anybody.
    let name = [
        (FieldName::Email, "anna at example"),
        (FieldName::LastName, "Орлова"),
        (FieldName::FirstName, "Анна"),
    ];
    asked.push(bad_row(5, &name));
    asked.push(bad_row(6, &[(FieldName::Email, &email(2))]));
    let made = crowd.plan(asked.clone()).await;
    assert_eq!(
        by_email(&made.drafting.surplus().await.unwrap()),
        [email(3)]
    );
    assert_eq!(made.drafting.unreadable(), [0; 0]);
    asked.push(bad_row(7, &[(FieldName::Email, "nobody at all")]));
    let made = crowd.plan(asked).await;
    assert_eq!(made.drafting.unreadable(), [7], "anybody may be meant");
}

/// Somebody goes, also if they administer a platform.
fn goes_whatever_they_are(one: &Surplus) -> Asked {
    let mut asked = goes(one, &[ProviderId::new("messenger")]);
    if let Ok(intent) = &mut asked.what
        && let kadry_flow::intent::Flow::Offboard(offboard) = &mut intent.flow
    {
        offboard.privileged = true;
    }
    asked
}

#[tokio::test(start_paused = true)]
async fn the_last_administrator_and_the_last_signer_stay_although_no_row_knows_them() {
    let crowd = crowd_of(4).await;
    crowd.edit("messenger", &email(1), |row| row.administrator = true);
    crowd.edit("messenger", &email(2), |row| row.signer = true);
    let surplus = crowd.surplus(there([0])).await;
    let asked = surplus.iter().map(goes_whatever_they_are);
    let came = crowd.import(asked.collect()).await.unwrap().unwrap();
    for (number, guard) in [(1, Guard::LastAdministrator), (2, Guard::LastSigner)] {
        let why = crowd.why(&came.batch, &email(number)).await;
        let Some(Why::Guards(guards)) = why else {
            panic!("{why:?}");
        };
        assert_eq!(guards[0].guard, guard);
    }
    let open = |row: &Row| row.access == Access::Open;
    let open: Vec<bool> = crowd
        .company
        .at("messenger")
        .rows()
        .iter()
        .map(open)
        .collect();
    assert_eq!(open, [true, true, true, false]);
}

#[tokio::test(start_paused = true)]
async fn of_many_who_stand_in_for_each_other_and_are_all_surplus_one_stays() {
    let administers = |row: &mut Row| row.administrator = true;
    let signs = |row: &mut Row| row.signer = true;
    for time in 0..24 {
        let mark: fn(&mut Row) = if time % 2 == 0 { administers } else { signs };
        let crowd = crowd_of(9).await;
        for number in 1..9 {
            if number % 3 != 0 {
                crowd.edit("messenger", &email(number), mark);
            }
        }
        let surplus = crowd.surplus(there([0])).await;
        let asked = surplus.iter().map(goes_whatever_they_are);
        let came = crowd.import(asked.collect()).await.unwrap().unwrap();
        assert_eq!(came.state, RunState::Partial, "time {time}");
        let rows = crowd.company.at("messenger").rows();
        let open = rows.iter().filter(|row| row.access == Access::Open);
        let stay: Vec<&Row> = open.collect();
        assert_eq!(stay.len(), 2, "the one of the list, and the last one");
        assert!(stay[1].administrator || stay[1].signer);
    }
}

#[tokio::test(start_paused = true)]
async fn who_left_since_everybody_was_read_stands_in_for_nobody() {
    let crowd = crowd_of(3).await;
    for number in [1, 2] {
        crowd.edit("messenger", &email(number), |row| row.signer = true);
    }
    let surplus = crowd.surplus(there([0, 1])).await;
    let on = [ProviderId::new("messenger")];
    let asked = surplus.iter().map(|one| goes(one, &on)).collect();
    let made = crowd.plan(asked).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    // The other one leaves by another command while this list is fresh still.
    tokio::time::advance(Duration::from_secs(5)).await;
    let organisation = crowd.organisation();
    let leaver = crowd.company.intent(&company::offboard(&email(1)));
    let prepared = organisation.prepare(&leaver, Purpose::CarryOut, &Unwatched);
    let prepared = prepared.await.unwrap();
    organisation.carry_out(prepared, &Unwatched).await.unwrap();
    let listings = Some(std::sync::Arc::clone(made.drafting.listings()));
    organisation
        .work(&batch, listings, &Unwatched)
        .await
        .unwrap();
    let why = crowd.why(&batch, &email(2)).await;
    let Some(Why::Guards(guards)) = why else {
        panic!("{why:?}");
    };
    assert_eq!(guards[0].guard, Guard::LastSigner);
}

#[tokio::test(start_paused = true)]
async fn a_later_command_about_somebody_goes_before_a_list_that_waits() {
    let crowd = crowd_of(0).await;
    let waiting = crowd.plan(there([0, 1])).await;
    let batch = crowd.begin(&waiting).await.unwrap().unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let organisation = crowd.organisation();
    let alone = person(0, &["messenger"]).0;
    let prepared = organisation
        .prepare(&alone, Purpose::CarryOut, &Unwatched)
        .await;
    organisation
        .carry_out(prepared.unwrap(), &Unwatched)
        .await
        .unwrap();
    crowd.work(&batch).await.unwrap();
    assert_eq!(crowd.why(&batch, &email(0)).await, Some(Why::Later));
    assert_eq!(crowd.verdicts(&batch).await[&email(1)], Verdict::Created);
    assert_eq!(crowd.company.at("messenger").rows().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn of_two_lists_that_wait_the_later_one_goes_first_in_whatever_order_they_are_worked() {
    for later_first in [true, false] {
        let crowd = crowd_of(1).await;
        let phone = |number: usize, phone: &str| {
            rows([person(number, &["messenger"]).field(FieldName::Phone, phone)])
        };
        let older = crowd.begin(&crowd.plan(phone(0, "+71")).await).await;
        tokio::time::advance(Duration::from_secs(1)).await;
        let newer = crowd.begin(&crowd.plan(phone(0, "+72")).await).await;
        let (older, newer) = (older.unwrap().unwrap(), newer.unwrap().unwrap());
        tokio::time::advance(Duration::from_secs(61)).await;
        let order = if later_first {
            [&newer, &older]
        } else {
            [&older, &newer]
        };
        for batch in order {
            crowd.work(batch).await.unwrap();
            tokio::time::advance(Duration::from_secs(61)).await;
        }
        let phone = crowd.company.at("messenger").rows()[0].fields[&FieldName::Phone].clone();
        if later_first {
            assert_eq!(phone, "+72");
            assert_eq!(crowd.why(&older, &email(0)).await, Some(Why::Later));
        } else {
            // What the later one was approved over has changed meanwhile: that is said, and nothing is guessed.
            assert_eq!(phone, "+71");
            let why = crowd.why(&newer, &email(0)).await;
            assert_eq!(why, Some(Why::Moved(vec![ProviderId::new("messenger")])));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_with_the_keys_of_two_people_knows_both_of_them() {
    let crowd = crowd_of(0).await;
    let key = |email: &str| kadry_core::MatchKey::Email(kadry_core::Email::of_record(email));
    let id = kadry_core::MatchKey::ExternalId("7".to_owned());
    for keys in [
        [id, key("anna.old@example.test")],
        [key("boris@example.test"), key("boris.old@example.test")],
    ] {
        crowd.journal.remember(&keys).await.unwrap();
    }
    for email in ["anna.old@example.test", "boris.old@example.test"] {
        crowd.record("messenger", Access::Open, &[(FieldName::Email, email)]);
    }
    let mut asked = person(7, &["messenger"]);
    if let kadry_flow::intent::Flow::Onboard(onboard) = &mut asked.0.flow {
        let boris = "boris@example.test".to_owned();
        onboard.fields.insert(FieldName::Email, boris);
    }
    asked.0.who = company::by_email("boris@example.test");
    let made = crowd.plan(rows([asked])).await;
    assert_eq!(made.planned[0].who.why, Some(Why::TwoPeople));
    assert_eq!(by_email(&made.drafting.surplus().await.unwrap()), [""; 0]);
}

/// A record that nobody can be recognised by.
const NAMELESS: [(FieldName, &str); 1] = [(FieldName::LastName, "Терминал")];

#[tokio::test(start_paused = true)]
async fn records_that_bear_a_name_alone_are_closed_one_by_one() {
    let crowd = crowd_of(2).await;
    for _ in 0..2 {
        crowd.record("messenger", Access::Open, &NAMELESS);
    }
    let surplus = crowd.surplus(there([0, 1])).await;
    assert_eq!(surplus.len(), 2);
    let on = crowd.on();
    let asked = surplus.iter().map(|one| goes(one, &on)).collect();
    let came = crowd.import(asked).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Done);
    let rows = crowd.company.at("messenger").rows();
    let open = rows.iter().filter(|row| row.access == Access::Open);
    assert_eq!(open.count(), 2);
    assert!(crowd.surplus(there([0, 1])).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_record_that_bears_a_name_alone_leaves_as_it_is_named_and_is_looked_for_nowhere_else() {
    let crowd = crowd_of(1).await;
    crowd.record("messenger", Access::Open, &NAMELESS);
    crowd.record("calls", Access::Open, &NAMELESS);
    let id = crowd.company.at("messenger").rows()[1].id.clone();
    let who = Who::Record(ProviderId::new("messenger"), id);
    let intent = crowd.company.intent(&company::leaver(who));
    let organisation = crowd.organisation();
    let prepared = organisation.prepare(&intent, Purpose::CarryOut, &Unwatched);
    let prepared = prepared.await.unwrap();
    let remarks = prepared.plan.remarks.iter();
    let unfound: Vec<&str> = remarks
        .filter(|remark| remark.what == Said::NoKey)
        .map(|remark| remark.provider.as_str())
        .collect();
    assert_eq!(unfound, ["calls"]);
    let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
    assert_eq!((report.state, report.verified), (RunState::Done, true));
    assert_eq!(crowd.told().len(), 1);
    let closed = &crowd.company.at("messenger").rows()[1];
    assert_eq!(closed.access, Access::Suspended);
}

/// Two platforms that know people by an id; on the first the director has no e-mail.
async fn directed() -> Crowd {
    let mut company = Company::new(&[("calls", listed_by_id()), ("edo", listed_by_id())]);
    lift_limits(&mut company);
    let crowd = Crowd::of(company).await;
    let id = (FieldName::ExternalId, "7");
    let name = (FieldName::LastName, "Директор");
    crowd.record("calls", Access::Open, &[id, name]);
    crowd
}

const DIRECTOR: &str = "director@example.test";

#[tokio::test(start_paused = true)]
async fn who_is_exempt_by_an_email_is_so_on_every_record_of_theirs() {
    let by_another_record = directed().await;
    let both = [(FieldName::Email, DIRECTOR), (FieldName::ExternalId, "7")];
    by_another_record.record("edo", Access::Open, &both);
    let by_the_store = directed().await;
    let keys = [
        kadry_core::MatchKey::Email(kadry_core::Email::of_record(DIRECTOR)),
        kadry_core::MatchKey::ExternalId("7".to_owned()),
    ];
    by_the_store.journal.remember(&keys).await.unwrap();
    for mut crowd in [by_another_record, by_the_store] {
        let told = by_email(&crowd.surplus(Vec::new()).await);
        assert_eq!(told.len(), crowd.rows().values().flatten().count());
        let director = vec![kadry_core::Email::of_record(DIRECTOR)];
        crowd.company.protected.privileged = director.clone();
        let surplus = crowd.surplus(Vec::new()).await;
        assert!(!surplus.is_empty() && surplus.iter().all(|one| one.privileged));
        crowd.company.protected.exempt = director;
        assert_eq!(by_email(&crowd.surplus(Vec::new()).await), [""; 0]);
    }
}
