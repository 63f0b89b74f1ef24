//! One command about many people: what is planned is what the platforms see, and nothing else.

use std::collections::BTreeMap;

use kadry_core::memory::{Row, capable, delta_rights, listed_by_id};
use kadry_core::{Access, Action, FieldName, KindName, ProviderId, Random, RunState};
use kadry_flow::intent::{Flow, Intent};
use kadry_flow::many::{Asked, Verdict, Why};
use kadry_flow::plan::Guard;
use kadry_journal::RunId;

use crate::company::{self, Company};
use crate::crowd::{Crowd, bad_row, email, person, promised, row, sorted, stays_out};

pub(crate) fn three_platforms() -> Company {
    let company = Company::new(&[
        ("messenger", capable()),
        ("calls", listed_by_id()),
        ("edo", delta_rights()),
    ]);
    let messenger = company.at("messenger");
    messenger.offer(&KindName::TAG, &["Учёт"]);
    messenger.offer(&KindName::TAG, &["Склад"]);
    messenger.offer(&KindName::CHAT, &["Общий"]);
    company.at("calls").offer(&KindName::UNIT, &["Центр"]);
    let edo = company.at("edo");
    edo.offer(&KindName::PERMISSION, &["Подпись"]);
    edo.offer(&KindName::SUBSCRIPTION, &["Новости"]);
    company
}

/// Somebody with something of everything.
pub(crate) fn accountant(number: usize) -> company::Asked {
    let rights: &[(&str, &[&str])] = &[
        ("permissions", &["Подпись"]),
        ("subscriptions", &["Новости"]),
    ];
    let chatty: &[(&str, &[&str])] = &[("tags", &["Учёт"]), ("chats", &["Общий"])];
    person(number, &[])
        .section("messenger", chatty, Some("Привет!"))
        .section("calls", &[("unit", &["Центр"])], None)
        .section("edo", rights, None)
}

pub(crate) fn rows(of: impl IntoIterator<Item = company::Asked>) -> Vec<Asked> {
    let rows = (2_u32..).zip(of);
    rows.map(|(line, asked)| row(line, asked)).collect()
}

pub(crate) fn accountants(numbers: std::ops::Range<usize>) -> Vec<Asked> {
    rows(numbers.map(accountant))
}

#[tokio::test(start_paused = true)]
async fn newcomers_come_in_by_the_steps_of_the_plan_and_a_second_time_nothing_is_written() {
    let crowd = Crowd::of(three_platforms()).await;
    let made = crowd.plan(accountants(0..12)).await;
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    let results = crowd.results(&came.batch).await;
    assert_eq!(came.state, RunState::Done, "{results:#?}");
    assert_eq!(sorted(crowd.told()), sorted(promised(&made.planned)));
    let verdicts = crowd.verdicts(&came.batch).await;
    assert!(verdicts.values().all(|one| *one == Verdict::Created));
    assert_eq!(verdicts.len(), 12);
    for (name, rows) in crowd.rows() {
        assert_eq!(rows.len(), 12, "{name}");
        assert!(rows.iter().all(|row| row.access == Access::Open));
    }
    assert!(crowd.import(accountants(0..12)).await.unwrap().is_none());
    assert_eq!(crowd.told(), []);
    let batches = crowd.journal.unfinished_batches().await.unwrap();
    assert_eq!(batches, []);
}

/// Somebody as they may be found on a platform before anybody asks.
fn found(crowd: &Crowd, random: &Random, on: &str, number: usize, held: &[(KindName, &str)]) {
    let access = match random.next_u64() % 4 {
        0 => return,
        1 => Access::Suspended,
        _ => Access::Open,
    };
    let held: Vec<(KindName, &str)> = held
        .iter()
        .filter(|_| random.next_u64().is_multiple_of(2))
        .cloned()
        .collect();
    crowd.company.person(on, &email(number), access, &held);
    let is_known = random.next_u64().is_multiple_of(2);
    crowd.edit(on, &email(number), |row| {
        let fields = &mut row.fields;
        fields.insert(FieldName::LastName, format!("Фамилия{number}"));
        if is_known {
            fields.insert(FieldName::ExternalId, number.to_string());
            fields.insert(FieldName::FirstName, format!("Имя{number}"));
        }
        row.administrator = random.next_u64().is_multiple_of(9);
    });
}

/// The same, and what is missing on a platform is made.
fn makes(mut asked: company::Asked, on: &str) -> company::Asked {
    if let Flow::Onboard(onboard) = &mut asked.0.flow {
        let section = onboard.sections.get_mut(&ProviderId::new(on));
        section.expect("a section").create_missing = true;
    }
    asked
}

/// A row of a list about somebody, who may be out and may be an administrator.
fn wanted(random: &Random, number: usize) -> company::Asked {
    let tags: &[&str] = match random.next_u64() % 4 {
        0 => &["Учёт"],
        1 => &["Склад", "Учёт"],
        2 => &["Новенькие"],
        _ => &["Нет такой"],
    };
    let units: &[&str] = match random.next_u64() % 3 {
        0 => &["Центр"],
        1 => &["Центр / Север"],
        _ => &["Центр / Север / Касса"],
    };
    let chatty = [("tags", tags), ("chats", &["Общий"][..])];
    let mut asked = person(number, &[]).section("messenger", &chatty, None);
    if tags != ["Нет такой"] {
        asked = makes(asked, "messenger");
    }
    if !random.next_u64().is_multiple_of(4) {
        let sections = [("unit", units)];
        asked = makes(asked.section("calls", &sections, None), "calls");
    }
    if !random.next_u64().is_multiple_of(4) {
        let rights: &[(&str, &[&str])] = &[
            ("permissions", &["Подпись"]),
            ("subscriptions", &["Новости"]),
        ];
        asked = asked.section("edo", rights, None);
    }
    if random.next_u64().is_multiple_of(2) {
        asked = stays_out(asked);
    }
    asked
}

/// A company as a number makes it, and a list about its people.
async fn generated(seed: u64) -> (Crowd, Vec<Asked>) {
    let random = Random::seeded(seed);
    let mut company = three_platforms();
    crate::crowd::lift_limits(&mut company);
    let crowd = Crowd::of(company).await;
    let people = 1 + usize::try_from(random.next_u64() % 8).unwrap();
    let mut asked = Vec::new();
    for number in 0..people {
        let tags = [(KindName::TAG, "Склад"), (KindName::CHAT, "Общий")];
        found(&crowd, &random, "messenger", number, &tags);
        let unit = [(KindName::UNIT, "Центр")];
        found(&crowd, &random, "calls", number, &unit);
        let held = [
            (KindName::PERMISSION, "Подпись"),
            (KindName::SUBSCRIPTION, "Новости"),
        ];
        found(&crowd, &random, "edo", number, &held);
        let line = u32::try_from(number).unwrap() + 2;
        asked.push(match random.next_u64() % 8 {
            0 => bad_row(line, &[(FieldName::Email, &email(number))]),
            _ => row(line, wanted(&random, number)),
        });
    }
    (crowd, asked)
}

#[tokio::test(start_paused = true)]
async fn in_any_company_the_platforms_are_told_the_steps_of_the_plan_and_nothing_else() {
    let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in 0..200 {
        let (crowd, asked) = generated(seed).await;
        let made = crowd.plan(asked.clone()).await;
        let came = crowd.carry_out(&made).await.unwrap();
        let expected = promised(&made.planned);
        for (_, (_, action)) in &expected {
            *kinds.entry(action.name()).or_default() += 1;
        }
        assert_eq!(sorted(crowd.told()), sorted(expected), "seed {seed}");
        let Some(came) = came else { continue };
        let verdicts = crowd.verdicts(&came.batch).await;
        assert_eq!(verdicts.len(), asked.len(), "seed {seed}");
        for one in &made.planned {
            let verdict = verdicts[&one.who.person];
            assert_eq!(
                verdict,
                kadry_flow::many::foreseen(one),
                "seed {seed}: {}",
                one.who.person
            );
        }
        let again = crowd.plan(asked).await;
        assert_eq!(promised(&again.planned), [], "seed {seed}");
        assert!(crowd.carry_out(&again).await.unwrap().is_none());
        let left = crowd.journal.unfinished_batches().await.unwrap();
        assert_eq!(left, [], "seed {seed}");
    }
    for kind in ["create", "update", "set_access", "set_grants", "define"] {
        assert!(kinds.get(kind).is_some_and(|many| *many >= 50), "{kinds:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_many_need_and_nobody_has_is_made_once() {
    let crowd = Crowd::of(three_platforms()).await;
    let new = |number| {
        person(number, &[])
            .section("calls", &[("unit", &["Центр / Новый / Этаж"])], None)
            .with(|section| section.create_missing = true)
    };
    let made = crowd.plan(rows((0..20).map(new))).await;
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Done);
    let told = crowd.told();
    let is_making =
        |(_, (_, action)): &&(String, (String, Action))| matches!(action, Action::Define { .. });
    assert_eq!(told.iter().filter(is_making).count(), 2);
    let unit = crowd.company.at("calls").offered(&KindName::UNIT, "Этаж");
    let holds = |row: &Row| row.grants[&KindName::UNIT][0].id == unit;
    assert!(crowd.company.at("calls").rows().iter().all(holds));
}

#[tokio::test(start_paused = true)]
async fn what_somebody_was_to_make_who_is_set_aside_is_made_by_the_next() {
    let crowd = Crowd::of(three_platforms()).await;
    crowd.record("calls", Access::Open, &[(FieldName::Email, &email(0))]);
    let center = [(KindName::UNIT, "Центр")];
    crowd
        .company
        .person("calls", &email(1), Access::Open, &center);
    let new = |number| {
        person(number, &[])
            .section("calls", &[("unit", &["Новый"])], None)
            .with(|section| section.create_missing = true)
    };
    let made = crowd.plan(rows((1..6).map(new))).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    crowd.edit("calls", &email(1), |row| {
        row.fields
            .insert(FieldName::Phone, "+70000000009".to_owned());
    });
    tokio::time::advance(std::time::Duration::from_secs(120)).await;
    crowd.work(&batch).await.unwrap();
    let verdicts = crowd.verdicts(&batch).await;
    assert_eq!(verdicts[&email(1)], Verdict::Refused);
    for number in 2..6 {
        assert_eq!(verdicts[&email(number)], Verdict::Created, "{number}");
    }
    let told = crowd.told();
    let makes = told
        .iter()
        .filter(|(_, (_, action))| action.name() == "define");
    assert_eq!(makes.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_cannot_be_read_and_one_that_a_guard_refuses_stop_nobody_else() {
    let crowd = Crowd::of(three_platforms()).await;
    crowd
        .company
        .person("messenger", &email(1), Access::Suspended, &[]);
    let out = stays_out(person(1, &["messenger"]));
    let mut asked = rows([person(0, &["messenger"]), out, person(2, &["messenger"])]);
    asked.push(bad_row(9, &[]));
    let came = crowd.import(asked).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Partial);
    let verdicts = crowd.verdicts(&came.batch).await;
    let expected = [
        ("line 9".to_owned(), Verdict::Refused),
        (email(0), Verdict::Created),
        (email(1), Verdict::Refused),
        (email(2), Verdict::Created),
    ];
    assert_eq!(verdicts, BTreeMap::from(expected));
    let why = crowd.why(&came.batch, &email(1)).await;
    let Some(Why::Guards(guards)) = why else {
        panic!("{why:?}");
    };
    assert!(matches!(guards[0].guard, Guard::Suspended { .. }));
}

#[tokio::test(start_paused = true)]
async fn of_two_rows_about_one_person_the_first_counts() {
    let crowd = Crowd::of(three_platforms()).await;
    let fields = [
        (FieldName::Email, "p0@example.test"),
        (FieldName::ExternalId, "0"),
    ];
    crowd.company.person(
        "calls",
        "old@example.test",
        Access::Open,
        &[(KindName::UNIT, "Центр")],
    );
    crowd.edit("calls", "old@example.test", |row| {
        row.fields.insert(fields[1].0, fields[1].1.to_owned());
    });
    // The same record: by its id, and by the e-mail that it still carries.
    let by_email = company::Asked(Intent {
        who: company::by_email("old@example.test"),
        ..person(0, &[]).0
    });
    let by_email =
        without_id(by_email, "old@example.test").section("calls", &[("unit", &["Центр"])], None);
    let by_id = person(0, &[]).section("calls", &[("unit", &["Центр"])], None);
    let made = crowd.plan(rows([by_id, by_email])).await;
    assert_eq!(made.planned[0].who.why, None);
    assert_eq!(made.planned[1].who.why, Some(Why::Twice(Some(2))));
    let came = crowd.carry_out(&made).await.unwrap().unwrap();
    assert_eq!(sorted(crowd.told()).len(), made.plan.steps);
    assert_eq!(crowd.verdicts(&came.batch).await.len(), 2);
}

fn without_id(mut asked: company::Asked, email: &str) -> company::Asked {
    if let Flow::Onboard(onboard) = &mut asked.0.flow {
        onboard.fields.remove(&FieldName::ExternalId);
        onboard.fields.insert(FieldName::Email, email.to_owned());
        onboard
            .fields
            .insert(FieldName::LastName, "Другая".to_owned());
    }
    asked
}

/// Brings many in while a platform does not answer. It is slow when it answers again.
async fn all_left_out(crowd: &Crowd, many: usize) -> RunId {
    let made = crowd.plan(accountants(0..many)).await;
    crowd.carry_out_without(&made, &["edo"], 200).await
}

#[tokio::test(start_paused = true)]
async fn an_import_goes_on_for_everybody_when_a_platform_answers_again() {
    const MANY: usize = 80;
    let crowd = Crowd::of(three_platforms()).await;
    let batch = all_left_out(&crowd, MANY).await;
    let state = crowd.work(&batch).await.unwrap();
    assert_eq!(crowd.rows()["edo"].len(), MANY);
    assert_eq!(state, RunState::Done);
}

#[tokio::test(start_paused = true)]
async fn the_same_import_once_more_brings_everybody_in_when_a_platform_answers_again() {
    const MANY: usize = 80;
    let crowd = Crowd::of(three_platforms()).await;
    all_left_out(&crowd, MANY).await;
    let came = crowd.import(accountants(0..MANY)).await.unwrap().unwrap();
    assert_eq!(crowd.rows()["edo"].len(), MANY);
    assert_eq!(came.state, RunState::Done);
    assert!(crowd.journal.all_unfinished().await.unwrap().is_empty());
}
