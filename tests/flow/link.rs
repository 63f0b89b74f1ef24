//! Operators who say whose a record is.

use kadry_core::memory::{capable, listed_by_id};
use kadry_core::{Access, Email, ErrorKind, FieldName, KindName, MatchKey, ProviderId, RemoteId};
use kadry_flow::intent::Who;
use kadry_flow::plan::Guard;
use kadry_flow::report::Outcome;
use kadry_flow::{FlowError, LinkError, Linking, Organisation, Stays, Unlinking};
use kadry_journal::Journal;

use crate::company::{Company, by_email, clock_and_random, leaver, offboard, onboard};
use crate::doors::{doors, guards, journal, run};

fn email(text: &str) -> MatchKey {
    MatchKey::Email(Email::of_record(text))
}

fn external_id(text: &str) -> MatchKey {
    MatchKey::ExternalId(text.to_owned())
}

fn by_id(text: &str) -> Who {
    Who::Person(text.to_owned())
}

fn at(company: &Company, journal: &Journal) -> Organisation {
    let (clock, _) = clock_and_random(1);
    company.organisation(journal.clone(), &clock)
}

async fn look(
    company: &Company,
    journal: &Journal,
    who: &Who,
    on: &str,
    record: &RemoteId,
) -> Result<Linking, LinkError> {
    let organisation = at(company, journal);
    organisation
        .look_at_link(who, &ProviderId::new(on), record)
        .await
}

async fn link(company: &Company, journal: &Journal, who: &Who, on: &str, record: &RemoteId) {
    let linking = look(company, journal, who, on, record).await.unwrap();
    at(company, journal).link(&linking).await.unwrap();
}

async fn look_at_unlink(company: &Company, journal: &Journal, who: &Who, on: &str) -> Unlinking {
    let organisation = at(company, journal);
    let looked = organisation.look_at_unlink(who, &ProviderId::new(on)).await;
    looked.unwrap().unwrap()
}

async fn unlink(company: &Company, journal: &Journal, who: &Who, on: &str) -> Unlinking {
    let unlinking = look_at_unlink(company, journal, who, on).await;
    at(company, journal).unlink(&unlinking).await.unwrap();
    unlinking
}

fn rename(company: &Company, on: &str, email: &str) -> RemoteId {
    company.at(on).edit(|rows| {
        rows[0].fields.insert(FieldName::Email, email.to_owned());
        rows[0].id.clone()
    })
}

async fn aliases(journal: &Journal, key: MatchKey) -> Vec<MatchKey> {
    let person = journal.person(&[key]).await.unwrap().unwrap();
    journal.aliases(&person).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_renamed_record_is_found_again_once_it_is_linked() {
    let company = Company::new(&[("edo", capable()), ("messenger", capable())]);
    let journal = journal().await;
    let anna = onboard("anna@example.test")
        .section("messenger", &[], None)
        .section("edo", &[], None);
    run(&company, &journal, &anna).await.unwrap();
    let record = rename(&company, "messenger", "anna.new@example.test");
    let leaving = offboard("anna@example.test");
    let refused = guards(run(&company, &journal, &leaving).await);
    let strayed = Guard::Strayed {
        record: record.clone(),
    };
    assert_eq!(refused, [strayed]);

    let written = company.at("messenger").writes().len();
    let who = by_email("anna@example.test");
    let linking = look(&company, &journal, &who, "messenger", &record)
        .await
        .unwrap();
    assert!(linking.linked && !linking.new_person && !linking.is_done());
    assert_eq!(linking.gained, [email("anna.new@example.test")]);
    link(&company, &journal, &who, "messenger", &record).await;
    let again = look(&company, &journal, &who, "messenger", &record).await;
    assert!(again.unwrap().is_done());
    assert_eq!(company.at("messenger").writes().len(), written);

    let report = run(&company, &journal, &leaving).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(doors(&company, "messenger"), [Access::Suspended]);
    assert_eq!(doors(&company, "edo"), [Access::Suspended]);
}

#[tokio::test(start_paused = true)]
async fn a_renamed_record_that_is_somebody_elses_now_is_unlinked_and_left_alone() {
    let company = Company::new(&[("edo", capable()), ("messenger", capable())]);
    let journal = journal().await;
    let anna = onboard("anna@example.test")
        .section("messenger", &[], None)
        .section("edo", &[], None);
    run(&company, &journal, &anna).await.unwrap();
    let record = rename(&company, "messenger", "sister@example.test");
    company
        .at("messenger")
        .edit(|rows| rows[0].fields.insert(FieldName::ExternalId, "8".to_owned()));
    let who = by_email("anna@example.test");
    let gone = unlink(&company, &journal, &who, "messenger").await;
    assert_eq!((gone.record, gone.linked), (Some(record), true));
    let report = run(&company, &journal, &offboard("anna@example.test")).await;
    assert_eq!(report.unwrap().outcome(), Outcome::Done);
    assert_eq!(doors(&company, "messenger"), [Access::Open]);
    assert_eq!(doors(&company, "edo"), [Access::Suspended]);
}

/// Anna (7) was old@example.test on the calls platform and is anna@example.test now; the messenger has a record with the old address.
async fn with_an_old_address(journal: &Journal) -> (Company, RemoteId) {
    let company = Company::new(&[("calls", listed_by_id()), ("messenger", capable())]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    let joining = onboard("old@example.test").section("calls", &[("unit", &["Учёт"])], None);
    run(&company, journal, &joining).await.unwrap();
    rename(&company, "calls", "anna@example.test");
    let record = company.person("messenger", "old@example.test", Access::Open, &[]);
    let refused = guards(run(&company, journal, &leaver(by_id("7"))).await);
    let guard = Guard::OldAlias {
        record: record.clone(),
    };
    assert_eq!(refused, [guard]);
    (company, record)
}

#[tokio::test(start_paused = true)]
async fn a_record_under_an_old_address_leaves_with_the_person_once_it_is_linked() {
    let journal = journal().await;
    let (company, record) = with_an_old_address(&journal).await;
    link(&company, &journal, &by_id("7"), "messenger", &record).await;
    let report = run(&company, &journal, &leaver(by_id("7"))).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(doors(&company, "messenger"), [Access::Suspended]);
    assert_eq!(doors(&company, "calls"), [Access::Suspended]);
}

#[tokio::test(start_paused = true)]
async fn a_record_under_an_old_address_stays_open_once_the_address_is_forgotten() {
    let journal = journal().await;
    let (company, record) = with_an_old_address(&journal).await;
    let gone = unlink(&company, &journal, &by_id("7"), "messenger").await;
    assert_eq!((gone.record, gone.linked), (Some(record), false));
    assert_eq!(gone.lost, [email("old@example.test")]);
    let report = run(&company, &journal, &leaver(by_id("7"))).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Done);
    assert_eq!(doors(&company, "messenger"), [Access::Open]);
    assert_eq!(doors(&company, "calls"), [Access::Suspended]);
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_to_the_store_is_remembered_by_what_was_typed_and_by_the_record() {
    let company = Company::new(&[("messenger", capable())]);
    let record = company.person("messenger", "anna@example.test", Access::Open, &[]);
    let journal = journal().await;
    let linking = look(&company, &journal, &by_id("7"), "messenger", &record)
        .await
        .unwrap();
    assert!(linking.new_person && !linking.linked);
    assert_eq!(linking.known_by, [external_id("7")]);
    assert_eq!(
        journal.person(&[external_id("7")]).await.unwrap(),
        None,
        "looking writes nothing down"
    );
    link(&company, &journal, &by_id("7"), "messenger", &record).await;
    assert_eq!(
        aliases(&journal, external_id("7")).await,
        [external_id("7"), email("anna@example.test")]
    );
    assert_eq!(company.at("messenger").writes(), []);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_or_does_not_answer_or_is_ours_is_not_linked() {
    let company = Company::new(&[("messenger", capable())]);
    let record = company.person("messenger", "svc@example.test", Access::Open, &[]);
    company.at("messenger").own(&record);
    let journal = journal().await;
    let who = by_id("7");
    let ours = look(&company, &journal, &who, "messenger", &record).await;
    assert!(matches!(ours, Err(LinkError::ServiceAccount)), "{ours:?}");
    let nothing = RemoteId::new("404");
    let missing = look(&company, &journal, &who, "messenger", &nothing).await;
    let no_such = FlowError::NoSuchRecord {
        provider: ProviderId::new("messenger"),
        source: None,
    };
    assert_eq!(
        format!("{:?}", missing.unwrap_err()),
        format!("Flow({no_such:?})")
    );
    company
        .at("messenger")
        .set_down(Some(ErrorKind::Unavailable));
    let silent = look(&company, &journal, &who, "messenger", &record).await;
    assert!(
        matches!(
            silent,
            Err(LinkError::Flow(FlowError::NoSuchRecord {
                source: Some(_),
                ..
            }))
        ),
        "{silent:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn two_people_never_become_one() {
    let company = Company::new(&[("messenger", capable())]);
    let anna = company.person("messenger", "anna@example.test", Access::Open, &[]);
    let boris = company.person("messenger", "boris@example.test", Access::Open, &[]);
    let journal = journal().await;
    link(&company, &journal, &by_id("7"), "messenger", &anna).await;
    journal.remember(&[external_id("8")]).await.unwrap();
    let taken = look(&company, &journal, &by_id("8"), "messenger", &anna).await;
    assert!(
        matches!(&taken, Err(LinkError::LinkedToAnother { keys }) if keys[0] == external_id("7")),
        "{taken:?}"
    );
    let second = look(&company, &journal, &by_id("7"), "messenger", &boris).await;
    assert!(
        matches!(&second, Err(LinkError::AnotherRecord { record, linked: true }) if *record == anna),
        "{second:?}"
    );
    let named = Who::Record(ProviderId::new("messenger"), anna.clone());
    let second = look(&company, &journal, &named, "messenger", &boris).await;
    assert!(
        matches!(&second, Err(LinkError::AnotherRecord { record, linked: false }) if *record == anna),
        "{second:?}"
    );
    journal
        .remember(&[external_id("9"), email("boris@example.test")])
        .await
        .unwrap();
    let merged = look(&company, &journal, &by_id("8"), "messenger", &boris).await;
    assert!(
        matches!(&merged, Err(LinkError::KeyOfAnother { key, keys })
            if *key == email("boris@example.test") && keys[0] == external_id("9")),
        "{merged:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn unlinking_forgets_the_keys_of_that_record_alone_and_never_the_last_one() {
    let company = Company::new(&[("edo", capable()), ("messenger", capable())]);
    let journal = journal().await;
    let chat = company.person("messenger", "anna@example.test", Access::Open, &[]);
    let edo = company.person("edo", "anna.box@example.test", Access::Open, &[]);
    let who = by_email("anna@example.test");
    link(&company, &journal, &who, "messenger", &chat).await;
    link(&company, &journal, &who, "edo", &edo).await;
    let by_record = Who::Record(ProviderId::new("edo"), edo);

    // Whoever names the person by a key goes on doing so.
    let shown = look_at_unlink(&company, &journal, &who, "messenger").await;
    assert_eq!(shown.lost, []);
    assert_eq!(shown.kept, [(email("anna@example.test"), Stays::Given)]);

    let gone = unlink(&company, &journal, &by_record, "messenger").await;
    assert_eq!(gone.lost, [email("anna@example.test")]);
    assert_eq!(
        aliases(&journal, email("anna.box@example.test")).await,
        [email("anna.box@example.test")]
    );
    let last = unlink(&company, &journal, &by_record, "edo").await;
    assert_eq!(last.lost, []);
    assert_eq!(last.kept, [(email("anna.box@example.test"), Stays::Last)]);

    let by_key = by_email("anna.box@example.test");
    let nothing = look_at_unlink(&company, &journal, &by_key, "edo").await;
    assert_eq!((nothing.record, nothing.linked), (None, false));
    let organisation = at(&company, &journal);
    let unknown = organisation
        .look_at_unlink(&by_id("404"), &ProviderId::new("edo"))
        .await;
    assert!(unknown.unwrap().is_none());
    for on in ["edo", "messenger"] {
        assert_eq!(company.at(on).writes(), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_another_record_carries_stays() {
    let company = Company::new(&[("edo", capable()), ("messenger", capable())]);
    let journal = journal().await;
    for on in ["edo", "messenger"] {
        let record = company.person(on, "anna@example.test", Access::Open, &[]);
        link(&company, &journal, &by_id("7"), on, &record).await;
    }
    let gone = unlink(&company, &journal, &by_id("7"), "messenger").await;
    assert_eq!(gone.lost, []);
    assert_eq!(gone.kept, [(email("anna@example.test"), Stays::Elsewhere)]);
}
