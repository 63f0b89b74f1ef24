//! Taking back what a run did, from what it wrote down before.

use std::time::Duration;

use kadry_core::memory::{Fault, capable, delta_rights, valued};
use kadry_core::{Access, ErrorKind, FieldName, Grant, KindName, State};
use kadry_flow::FlowError;
use kadry_flow::plan::{Guard, Said};
use kadry_flow::report::{Outcome, Report};

use crate::company::{Company, offboard, onboard};
use crate::office::Office;

#[tokio::test(start_paused = true)]
async fn a_leave_that_is_taken_back_gives_everything_back() {
    let office = Office::of(Company::leaving()).await;
    let rows = || {
        let names = office.company.names();
        let rows = names.iter().map(|name| office.company.at(name).rows());
        rows.collect::<Vec<_>>()
    };
    let before = rows();
    office
        .command(&offboard("anna@example.test"))
        .await
        .unwrap();
    let run = office.last().await;
    assert_ne!(rows(), before);
    let report = office.undo(&run).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(rows(), before);
    let again = office.undo(&run).await.unwrap();
    assert_eq!((again.run, again.verified), (None, true));
}

#[tokio::test(start_paused = true)]
async fn an_arrival_that_is_taken_back_is_a_suspended_record_and_its_message_stays() {
    let company = Company::new(&[("messenger", capable())]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    let office = Office::of(company).await;
    let asked = onboard("anna@example.test").section(
        "messenger",
        &[("chats", &["Общий"])],
        Some("Привет!"),
    );
    office.command(&asked).await.unwrap();
    let run = office.last().await;
    let report = office.undo(&run).await.unwrap();
    let row = office.company.at("messenger").rows().remove(0);
    assert_eq!(row.access, Access::Suspended);
    assert!(row.grants.values().all(Vec::is_empty), "{row:?}");
    assert_eq!(
        left(&report),
        [("undo-sent", None), ("undo-stays-mailed", None)]
    );
    assert_eq!(report.outcome(), Outcome::Done);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_has_changed_since_stays_and_is_named() {
    let company = Company::new(&[("messenger", capable())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let title = |company: &Company, title: &str| {
        company.at("messenger").edit(|rows| {
            let fields = &mut rows[0].fields;
            fields.insert(FieldName::Title, title.to_owned());
            fields.insert(FieldName::LastName, "Орлова".to_owned());
            fields.insert(FieldName::Phone, "+70000000001".to_owned());
        });
    };
    title(&company, "Стажёр");
    let office = Office::of(company).await;
    let asked = onboard("anna@example.test")
        .field(FieldName::Title, "Бухгалтер")
        .field(FieldName::Phone, "+70000000002")
        .section("messenger", &[], None);
    office.command(&asked).await.unwrap();
    let run = office.last().await;
    office.company.at("messenger").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::Title, "Начальник".to_owned());
    });
    let report = office.undo(&run).await.unwrap();
    let fields = office.company.at("messenger").rows().remove(0).fields;
    assert_eq!(fields[&FieldName::Title], "Начальник");
    assert_eq!(fields[&FieldName::Phone], "+70000000001");
    assert_eq!(left(&report), [("undo-changed", Some("title"))]);
}

/// Anna, who shows a status.
fn with_status(name: &str) -> Company {
    let company = Company::new(&[("messenger", valued())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    show_status(&company, name);
    company
}

fn show_status(company: &Company, name: &str) {
    let status = Grant::named(KindName::STATUS, name);
    company.at("messenger").edit(|rows| {
        rows[0].grants.insert(KindName::STATUS, vec![status]);
    });
}

fn status(company: &Company) -> String {
    let row = company.at("messenger").rows().remove(0);
    row.grants[&KindName::STATUS][0].name.clone()
}

#[tokio::test(start_paused = true)]
async fn a_status_that_was_replaced_comes_back_unless_somebody_has_set_another_one() {
    for (since, expected) in [(None, "🏖️ Отпуск"), (Some("🤒 Болею"), "🤒 Болею")]
    {
        let office = Office::of(with_status("🏖️ Отпуск")).await;
        let asked = onboard("anna@example.test").section(
            "messenger",
            &[("status", &["👋 Новенькая"])],
            None,
        );
        office.command(&asked).await.unwrap();
        let run = office.last().await;
        if let Some(since) = since {
            show_status(&office.company, since);
        }
        office.undo(&run).await.unwrap();
        assert_eq!(status(&office.company), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_empty_again_stays_and_the_rest_of_its_step_comes_back() {
    let company = Company::new(&[("messenger", valued())]);
    let messenger = company.at("messenger");
    for name in ["Город", "Этаж"] {
        messenger.offer(&KindName::PROPERTY, &[name]);
    }
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let city = messenger.offered(&KindName::PROPERTY, "Город").unwrap();
    let city = Grant::with_id(KindName::PROPERTY, city.as_str(), "Город").holding("Тверь");
    messenger.edit(|rows| rows[0].grants.insert(KindName::PROPERTY, vec![city]));
    let office = Office::of(company).await;
    let asked = onboard("anna@example.test")
        .field(FieldName::Phone, "+70000000002")
        .section("messenger", &[], None)
        .with(|section| {
            let values = [("Город", "Псков"), ("Этаж", "2")];
            let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
            section
                .values
                .insert("properties".to_owned(), values.into());
        });
    office.command(&asked).await.unwrap();
    let run = office.last().await;
    let report = office.undo(&run).await.unwrap();
    let row = office.company.at("messenger").rows().remove(0);
    let held: Vec<String> = row.grants[&KindName::PROPERTY]
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(held, ["Этаж: 2", "Город: Тверь"]);
    assert!(!row.fields.contains_key(&FieldName::Phone), "{row:?}");
    assert_eq!(left(&report), [("undo-cannot", Some("property Этаж"))]);
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_in_one_order_comes_back_in_the_order_in_which_it_is_given() {
    let office = Office::of(Company::leaving()).await;
    let leaves = offboard("anna@example.test");
    office.command(&leaves).await.unwrap();
    let run = office.last().await;
    office.undo(&run).await.unwrap();
    let undo = office.last().await;
    let story = office.journal.story(undo.as_str()).await.unwrap();
    let given = story.steps.iter().filter_map(|step| {
        let is_there = step.step.provider.as_str() == "messenger";
        is_there.then(|| step.step.action.name())
    });
    assert_eq!(
        given.collect::<Vec<_>>(),
        ["set_access", "update", "set_grants"]
    );
}

/// What a report says was not taken back, and what it names.
fn left(report: &Report) -> Vec<(&str, Option<&str>)> {
    let remarks = report.remarks.iter();
    let left = remarks.filter_map(|remark| {
        let Said::NotTakenBack { reason, .. } = &remark.what else {
            return None;
        };
        Some((reason.key.as_ref(), reason.detail.as_deref()))
    });
    left.collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_hidden_behind_a_door_that_closed_since_is_named() {
    let company = Company::new(&[("messenger", capable())]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let office = Office::of(company).await;
    let asked = onboard("anna@example.test").section("messenger", &[("chats", &["Общий"])], None);
    office.command(&asked).await.unwrap();
    let run = office.last().await;
    let messenger = office.company.at("messenger");
    messenger.edit(|rows| rows[0].access = Access::Suspended);
    let report = office.undo(&run).await.unwrap();
    assert_eq!(left(&report), [("hidden-while-suspended", None)]);
}

#[tokio::test(start_paused = true)]
async fn what_later_runs_have_done_since_is_taken_back_first() {
    let company = Company::new(&[("messenger", capable())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let office = Office::of(company).await;
    let leaves = offboard("anna@example.test");
    let returns = onboard("anna@example.test").section("messenger", &[], None);
    office.command(&leaves).await.unwrap();
    let first = office.last().await;
    office.command(&returns).await.unwrap();
    office.command(&leaves).await.unwrap();
    let last = office.last().await;
    let refused = office.undo(&first).await;
    assert!(
        matches!(&refused, Err(FlowError::LaterDid { later }) if *later == last),
        "{refused:?}"
    );
    let access = || office.company.at("messenger").rows()[0].access;
    assert_eq!(access(), Access::Suspended);
    office.undo(&last).await.unwrap();
    assert_eq!(access(), Access::Open);
}

#[tokio::test(start_paused = true)]
async fn an_undo_that_was_killed_behind_its_closed_door_goes_on_with_what_was_approved() {
    let company = Company::new(&[("messenger", capable())]);
    for tag in ["Учёт", "Склад"] {
        company.at("messenger").offer(&KindName::TAG, &[tag]);
    }
    let held = [(KindName::TAG, "Склад")];
    company.person("messenger", "anna@example.test", Access::Suspended, &held);
    let office = Office::of(company).await;
    let asked = onboard("anna@example.test").section("messenger", &[("tags", &["Учёт"])], None);
    office.command(&asked).await.unwrap();
    let run = office.last().await;
    let messenger = office.company.at("messenger");
    messenger.fail_next([Fault::Nothing, Fault::HangBefore]);
    let killed = tokio::time::timeout(Duration::from_secs(9), office.undo(&run)).await;
    assert!(killed.is_err(), "the write that hangs must be reached");
    let undo = office.last().await;
    office.resume(&undo).await.unwrap();
    assert_eq!(office.states(&undo).await, [State::Done, State::Done]);
}

#[tokio::test(start_paused = true)]
async fn a_return_that_is_taken_back_does_not_close_the_door_of_the_last_who_signs() {
    let company = Company::new(&[("edo", delta_rights())]);
    company.person("edo", "anna@example.test", Access::Suspended, &[]);
    let office = Office::of(company).await;
    let asked = onboard("anna@example.test").section("edo", &[], None);
    office.command(&asked).await.unwrap();
    let run = office.last().await;
    office.company.at("edo").edit(|rows| rows[0].signer = true);
    let refused = office.undo(&run).await;
    let Err(FlowError::Refused(guards)) = &refused else {
        panic!("{refused:?}");
    };
    assert!(guards.iter().any(|one| one.guard == Guard::LastSigner));
    assert_eq!(office.company.at("edo").rows()[0].access, Access::Open);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_did_nothing_has_nothing_to_take_back() {
    let company = Company::new(&[("messenger", capable())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let office = Office::of(company).await;
    let refuses = Fault::Refused(ErrorKind::Forbidden);
    office.company.at("messenger").fail_next([refuses]);
    office
        .command(&offboard("anna@example.test"))
        .await
        .unwrap();
    let run = office.last().await;
    let refused = office.undo(&run).await;
    assert!(
        matches!(refused, Err(FlowError::NothingDone { .. })),
        "{refused:?}"
    );
}
