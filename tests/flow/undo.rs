//! Taking back what a run did, from what it wrote down before.

use kadry_core::memory::{Fault, capable, delta_rights};
use kadry_core::{Access, ErrorKind, FieldName, KindName};
use kadry_flow::FlowError;
use kadry_flow::plan::{Guard, Said};
use kadry_flow::report::Outcome;

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
    let stays: Vec<&str> = report
        .remarks
        .iter()
        .filter_map(|remark| {
            let Said::NotTakenBack { reason, .. } = &remark.what else {
                return None;
            };
            Some(reason.key.as_ref())
        })
        .collect();
    assert_eq!(stays, ["undo-sent", "undo-stays-mailed"]);
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
    let named = report.remarks.iter().any(|remark| {
        matches!(&remark.what, Said::NotTakenBack { reason, .. }
            if reason.key == "undo-changed" && reason.detail.as_deref() == Some("title"))
    });
    assert!(named, "{:#?}", report.remarks);
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
