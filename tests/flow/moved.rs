//! Somebody changes places: what comes of it, what the journal tells of it, and how it is gone on with and taken back.

use std::time::Duration;

use kadry_core::memory::{Fault, capable, delta_rights, listed_by_id};
use kadry_core::{Access, Brake, ErrorKind, FieldName, KindName, RunState, State};
use kadry_flow::plan::{Guard, Said};
use kadry_flow::report::Outcome;
use kadry_flow::{FlowError, Placement};

use crate::company::{Company, by_email, offboard, onboard};
use crate::office::Office;
use crate::transfer::{ANNA, office, promotion, tied, transfer};

fn held(office: &Office, kind: &KindName) -> Vec<String> {
    let row = office.company.at("messenger").rows().remove(0);
    let grants = row.grants.get(kind).into_iter().flatten();
    let mut names: Vec<String> = grants.map(|grant| grant.name.clone()).collect();
    names.sort();
    names
}

async fn placement(office: &Office) -> Placement {
    let journal = office.journal.clone();
    let organisation = office.company.organisation(journal, &office.clock);
    organisation.placement(&by_email(ANNA)).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_was_moved_is_proven_and_the_same_command_again_writes_nothing() {
    for company in [office(), tied()] {
        let office = Office::of(company).await;
        let report = office.command(&promotion().asked()).await.unwrap();
        assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
        assert_eq!(report.flow, "transfer");
        assert_eq!(held(&office, &KindName::TAG), ["Клуб", "Продажи"]);
        assert_eq!(held(&office, &KindName::CHAT), ["Общий", "Сделки"]);
        let writes = office.writes("messenger").len();
        let again = office.command(&promotion().asked()).await.unwrap();
        assert_eq!((again.outcome(), again.run), (Outcome::Done, None));
        assert_eq!(office.writes("messenger").len(), writes);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_moved_is_taken_back_as_it_was() {
    for company in [office(), tied()] {
        let office = Office::of(company).await;
        let (tags, chats) = (
            held(&office, &KindName::TAG),
            held(&office, &KindName::CHAT),
        );
        office.command(&promotion().asked()).await.unwrap();
        let report = office.undo(&office.last().await).await.unwrap();
        assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
        assert_eq!(held(&office, &KindName::TAG), tags);
        assert_eq!(held(&office, &KindName::CHAT), chats);
    }
}

#[tokio::test(start_paused = true)]
async fn a_tag_that_is_made_stays_when_another_one_is_taken() {
    let office = Office::of(tied()).await;
    let moving = promotion().making(&["Новые"]).asked();
    let report = office.command(&moving).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(held(&office, &KindName::TAG), ["Клуб", "Новые", "Продажи"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_taken_while_what_is_new_could_not_be_given() {
    let office = Office::of(tied()).await;
    let faults = [Fault::Nothing, Fault::Refused(ErrorKind::Forbidden)];
    office.company.at("messenger").fail_next(faults);
    let report = office.command(&promotion().asked()).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    assert_eq!(held(&office, &KindName::TAG), ["Клуб", "Продажи", "Учёт"]);
    assert_eq!(held(&office, &KindName::CHAT), ["Касса", "Общий"]);
}

#[tokio::test(start_paused = true)]
async fn the_journal_tells_the_place_that_somebody_has() {
    let office = Office::of(office()).await;
    assert_eq!(placement(&office).await, Placement::default());
    let joining = onboard(ANNA).section(
        "messenger",
        &[("tags", &["Учёт"]), ("chats", &["Общий", "Касса"])],
        None,
    );
    office.command(&joining).await.unwrap();
    let told = placement(&office).await;
    assert_eq!(told.fields[&FieldName::LastName], "Орлова");
    let moving = || {
        transfer(ANNA).to(
            "messenger",
            &[("tags", &["Продажи"]), ("chats", &["Общий", "Сделки"])],
        )
    };
    // A run that was cut off still has to take what it was to take.
    let faults = [
        Fault::Nothing,
        Fault::Nothing,
        Fault::Refused(ErrorKind::Forbidden),
    ];
    office.company.at("messenger").fail_next(faults);
    let report = office
        .command(&moving().leaving(told).asked())
        .await
        .unwrap();
    assert_eq!(report.state, RunState::Partial);
    assert_eq!(held(&office, &KindName::CHAT), ["Касса", "Общий", "Сделки"]);
    let told = placement(&office).await;
    let report = office
        .command(&moving().leaving(told).asked())
        .await
        .unwrap();
    assert_eq!(report.outcome(), Outcome::Done);
    assert_eq!(held(&office, &KindName::CHAT), ["Общий", "Сделки"]);
    // What is done is left behind.
    let told = placement(&office).await;
    let names = |told: &Placement| told.sections.values().next().map(|one| one.grants.clone());
    let tags = names(&told).map(|grants| grants["tags"].clone());
    assert_eq!(tags, Some(vec!["Продажи".to_owned()]));
    // What is taken back was never given, and whoever has left holds nothing.
    office.undo(&office.last().await).await.unwrap();
    let told = placement(&office).await;
    let tags = names(&told).map(|grants| grants["tags"].clone());
    assert_eq!(tags, Some(vec!["Продажи".to_owned(), "Учёт".to_owned()]));
    office.command(&offboard(ANNA)).await.unwrap();
    assert!(placement(&office).await.sections.is_empty());
}

#[tokio::test(start_paused = true)]
async fn somebody_who_is_nowhere_is_refused_and_not_written_down() {
    let office = Office::of(Company::new(&[("messenger", capable())])).await;
    let moving = transfer("nobody@example.test").to("messenger", &[]);
    let refused = office.command(&moving.asked()).await;
    assert!(
        matches!(refused, Err(FlowError::KnownNowhere)),
        "{refused:?}"
    );
    assert_eq!(office.journal.census().await.unwrap().people, 0);
    assert!(office.company.at("messenger").rows().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_closed_door_stays_closed_and_the_run_is_partial() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.at("edo").offer(&KindName::SUBSCRIPTION, &["Счета"]);
    company.person("messenger", ANNA, Access::Suspended, &[]);
    company.person("edo", ANNA, Access::Open, &[]);
    let office = Office::of(company).await;
    let moving = transfer(ANNA)
        .to("messenger", &[])
        .to("edo", &[("subscriptions", &["Счета"])])
        .asked();
    let report = office.command(&moving).await.unwrap();
    assert_eq!(
        (report.outcome(), report.verified),
        (Outcome::Partial, true)
    );
    let needed = Said::StaysClosed { needed: true };
    assert!(report.remarks.iter().any(|remark| remark.what == needed));
    assert_eq!(
        office.company.at("messenger").rows()[0].access,
        Access::Suspended
    );
    assert!(office.writes("messenger").is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_counts_under_the_limit_of_what_is_taken() {
    let mut company = office();
    company.limits.set(
        Brake::Revoke,
        kadry_flow::plan::Window::Run,
        kadry_flow::plan::Most::People(0),
    );
    let office = Office::of(company).await;
    let refused = office.command(&promotion().asked()).await;
    let Err(FlowError::Refused(refused)) = refused else {
        panic!("{refused:?}")
    };
    assert!(matches!(
        refused[0].guard,
        Guard::OverLimit {
            brake: Brake::Revoke,
            ..
        }
    ));
    assert!(office.writes("messenger").is_empty());
    let allowed = promotion().asked().allow(Brake::Revoke, 1);
    assert_eq!(
        office.command(&allowed).await.unwrap().outcome(),
        Outcome::Done
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_cut_off_goes_on_within_what_was_approved() {
    let office = Office::of(tied()).await;
    let asked = promotion().asked();
    let run = office
        .interrupted(&asked, "messenger", 1, Fault::HangAfter)
        .await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    let report = office.resume(&run).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert_eq!(held(&office, &KindName::TAG), ["Клуб", "Продажи"]);
    assert_eq!(held(&office, &KindName::CHAT), ["Общий", "Сделки"]);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_has_taken_meanwhile_is_not_taken_again() {
    let office = Office::of(tied()).await;
    let asked = promotion().asked();
    let run = office
        .interrupted(&asked, "messenger", 2, Fault::HangBefore)
        .await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    office.company.at("messenger").edit(|rows| {
        let tags = rows[0].grants.get_mut(&KindName::TAG).unwrap();
        tags.retain(|tag| tag.name != "Учёт");
    });
    let report = office.resume(&run).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    assert!(
        office
            .states(&run)
            .await
            .iter()
            .all(|state| matches!(state, State::Done | State::Skipped))
    );
    assert_eq!(held(&office, &KindName::CHAT), ["Общий", "Сделки"]);
}

#[tokio::test(start_paused = true)]
async fn a_record_is_made_as_it_was_approved_although_a_platform_is_silent_by_then() {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    company.person("messenger", ANNA, Access::Open, &[]);
    company.at("messenger").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::LastName, "Орлова".to_owned());
    });
    let office = Office::of(company).await;
    let asked = transfer(ANNA)
        .to("messenger", &[])
        .to("calls", &[("unit", &["Продажи"])])
        .asked();
    let run = office
        .interrupted(&asked, "calls", 0, Fault::HangBefore)
        .await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    let down = Some(ErrorKind::Unavailable);
    office.company.at("messenger").set_down(down);
    let report = office.resume(&run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial, "it was not all read");
    let rows = office.company.at("calls").rows();
    assert_eq!(rows[0].fields[&FieldName::LastName], "Орлова");
    assert_eq!(rows.len(), 1);
}
