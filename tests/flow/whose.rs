//! No wrong door is closed: whose record it is.

use kadry_core::memory::{capable, listed_by_id};
use kadry_core::{Access, Email, ErrorKind, FieldName, KindName, MatchKey, ProviderId, RemoteId};
use kadry_flow::intent::Who;
use kadry_flow::plan::Guard;
use kadry_flow::report::Outcome;
use kadry_flow::{FlowError, Purpose, Unwatched};

use crate::company::{Company, leaver, offboard, onboard};
use crate::doors::{doors, guards, journal, run};

fn with_external_id(company: &Company, on: &str, email: &str, id: &str) -> RemoteId {
    let record = company.person(on, email, Access::Open, &[]);
    company.at(on).edit(|rows| {
        rows.last_mut()
            .unwrap()
            .fields
            .insert(FieldName::ExternalId, id.to_owned())
    });
    record
}

#[tokio::test(start_paused = true)]
async fn an_external_id_closes_the_doors_of_platforms_that_do_not_know_it() {
    let company = Company::new(&[("calls", listed_by_id()), ("messenger", capable())]);
    with_external_id(&company, "calls", "anna@example.test", "7");
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let report = run(
        &company,
        &journal().await,
        &leaver(Who::Person("7".to_owned())),
    )
    .await
    .unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(doors(&company, "messenger"), [Access::Suspended]);
}

#[tokio::test(start_paused = true)]
async fn an_external_id_that_leads_nowhere_on_a_platform_is_a_stop() {
    let company = Company::new(&[("calls", listed_by_id()), ("messenger", capable())]);
    company.at("calls").edit(Vec::clear);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let journal = journal().await;
    let refused = run(&company, &journal, &leaver(Who::Person("7".to_owned()))).await;
    assert!(
        matches!(refused, Err(FlowError::KnownNowhere)),
        "{refused:?}"
    );
    journal
        .remember(&[MatchKey::ExternalId("7".to_owned())])
        .await
        .unwrap();
    let record = with_external_id(&company, "calls", "", "7");
    company
        .at("calls")
        .edit(|rows| rows[0].fields.remove(&FieldName::Email));
    let refused = guards(run(&company, &journal, &leaver(Who::Person("7".to_owned()))).await);
    assert_eq!(
        refused,
        [Guard::NoKey],
        "{record} carries nothing by which the messenger could be searched"
    );
}

#[tokio::test(start_paused = true)]
async fn a_linked_record_that_was_renamed_is_a_stop_and_closes_when_it_is_named() {
    let company = Company::new(&[("edo", capable()), ("messenger", capable())]);
    let journal = journal().await;
    let anna = onboard("anna@example.test")
        .section("messenger", &[], None)
        .section("edo", &[], None);
    run(&company, &journal, &anna).await.unwrap();
    company.at("messenger").edit(|rows| {
        rows[0]
            .fields
            .insert(FieldName::Email, "anna.new@example.test".to_owned())
    });
    let id = company.at("messenger").rows()[0].id.clone();
    let refused = guards(run(&company, &journal, &offboard("anna@example.test")).await);
    assert_eq!(refused, [Guard::Strayed { record: id.clone() }]);
    let named = leaver(Who::Record(ProviderId::new("messenger"), id));
    let report = run(&company, &journal, &named).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(
        (doors(&company, "messenger"), doors(&company, "edo")),
        (vec![Access::Suspended], vec![Access::Suspended])
    );
}

#[tokio::test(start_paused = true)]
async fn a_link_hides_no_second_record() {
    let company = Company::new(&[("messenger", capable())]);
    let journal = journal().await;
    run(
        &company,
        &journal,
        &onboard("anna@example.test").section("messenger", &[], None),
    )
    .await
    .unwrap();
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let refused = guards(run(&company, &journal, &offboard("anna@example.test")).await);
    assert!(
        matches!(refused.as_slice(), [Guard::SeveralMatches { records }] if records.len() == 2)
    );
}

#[tokio::test(start_paused = true)]
async fn protection_follows_the_record_and_not_the_words_of_the_command() {
    let mut company = Company::new(&[("calls", listed_by_id())]);
    company.protected.exempt = vec![Email::of_record("ceo@example.test")];
    with_external_id(&company, "calls", "ceo@example.test", "7");
    let refused = guards(
        run(
            &company,
            &journal().await,
            &leaver(Who::Person("7".to_owned())),
        )
        .await,
    );
    assert!(refused.contains(&Guard::Exempt));
    assert_eq!(doors(&company, "calls"), [Access::Open]);
}

#[tokio::test(start_paused = true)]
async fn an_address_of_earlier_times_closes_nobody_elses_door() {
    let company = Company::new(&[("calls", listed_by_id()), ("messenger", capable())]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    let journal = journal().await;
    run(
        &company,
        &journal,
        &onboard("old@example.test").section("calls", &[("unit", &["Учёт"])], None),
    )
    .await
    .unwrap();
    company.at("calls").edit(|rows| {
        rows[0]
            .fields
            .insert(FieldName::Email, "anna@example.test".to_owned())
    });
    let other = company.person("messenger", "old@example.test", Access::Open, &[]);
    let refused = guards(run(&company, &journal, &leaver(Who::Person("7".to_owned()))).await);
    assert_eq!(refused, [Guard::OldAlias { record: other }]);
    assert_eq!(doors(&company, "messenger"), [Access::Open]);
}

#[tokio::test(start_paused = true)]
async fn a_link_to_a_record_that_bears_other_names_now_is_a_stop_until_a_person_decides() {
    let company = Company::new(&[("messenger", capable())]);
    let journal = journal().await;
    let anna = onboard("anna@example.test").section("messenger", &[], None);
    run(&company, &journal, &anna).await.unwrap();
    company.at("messenger").edit(|rows| {
        rows[0]
            .fields
            .insert(FieldName::Email, "boris@example.test".to_owned());
        rows[0].fields.insert(FieldName::LastName, "Ким".to_owned());
        rows[0].fields.remove(&FieldName::ExternalId);
    });
    let record = company.at("messenger").rows()[0].id.clone();
    for asked in [&anna, &offboard("anna@example.test")] {
        let refused = guards(run(&company, &journal, asked).await);
        let strayed = Guard::Strayed {
            record: record.clone(),
        };
        assert_eq!(refused, [strayed]);
    }
    assert_eq!(
        company.at("messenger").rows().len(),
        1,
        "nobody is made twice"
    );
}

#[tokio::test(start_paused = true)]
async fn the_only_record_of_a_leaver_that_was_renamed_is_a_stop_and_not_forgotten() {
    let company = Company::new(&[("messenger", capable())]);
    let journal = journal().await;
    let anna = onboard("anna@example.test").section("messenger", &[], None);
    run(&company, &journal, &anna).await.unwrap();
    company.at("messenger").edit(|rows| {
        rows[0]
            .fields
            .insert(FieldName::Email, "anna.new@example.test".to_owned())
    });
    let record = company.at("messenger").rows()[0].id.clone();
    let refused = guards(run(&company, &journal, &offboard("anna@example.test")).await);
    assert_eq!(refused, [Guard::Strayed { record }]);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_was_silent_is_held_to_the_same_guards_when_it_answers() {
    for only_doubtful in [true, false] {
        let company = Company::new(&[("edo", capable()), ("messenger", capable())]);
        let journal = journal().await;
        let joins = onboard("old@example.test").section("messenger", &[], None);
        run(&company, &journal, &joins).await.unwrap();
        company.person("edo", "anna@example.test", Access::Open, &[]);
        let rename = |email: &str| {
            let email = email.to_owned();
            company
                .at("messenger")
                .edit(move |rows| rows[0].fields.insert(FieldName::Email, email))
        };
        if only_doubtful {
            // The record of earlier times went to somebody else, and the person has none there any more.
            company.at("messenger").edit(Vec::clear);
            company.person("messenger", "old@example.test", Access::Open, &[]);
            let keys = [
                MatchKey::Email(Email::of_record("old@example.test")),
                MatchKey::Email(Email::of_record("anna@example.test")),
            ];
            journal.remember(&keys).await.unwrap();
        } else {
            rename("anna.new@example.test");
            let keys = [
                MatchKey::Email(Email::of_record("old@example.test")),
                MatchKey::Email(Email::of_record("anna@example.test")),
            ];
            journal.remember(&keys).await.unwrap();
        }
        let (clock, _) = crate::company::clock_and_random(1);
        let organisation = company.organisation(journal.clone(), &clock);
        let intent = company.intent(&offboard("anna@example.test").remove());
        company
            .at("messenger")
            .set_down(Some(ErrorKind::Unavailable));
        let prepared = organisation
            .prepare(&intent, Purpose::CarryOut, &Unwatched)
            .await
            .unwrap();
        company.at("messenger").set_down(None);
        let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
        assert_eq!(report.outcome(), Outcome::Partial, "{only_doubtful}");
        assert_eq!(
            doors(&company, "messenger"),
            [Access::Open],
            "{only_doubtful}"
        );
        assert_eq!(company.at("edo").rows().len(), 1, "nothing is removed");
        let again = run(&company, &journal, &offboard("anna@example.test")).await;
        assert!(again.is_err(), "{only_doubtful}: {again:?}");
        assert_eq!(
            doors(&company, "messenger"),
            [Access::Open],
            "{only_doubtful}"
        );
    }
}
