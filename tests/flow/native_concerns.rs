//! Changes of things that concern people: counted as the people whom they concern, and asked about in the lists of those who may not be
//! touched.

use kadry_core::{Access, Brake, Email, KindName};
use kadry_flow::intent::Flow;
use kadry_flow::plan::{Guard, Most, Refused, Window};
use kadry_flow::{FlowError, Prepared, Purpose, Unwatched, undoing};
use kadry_journal::{Journal, JournalError};

use crate::company::{Asked, clock_and_random};
use crate::native::{ANNA, badge, is_done, messenger, no_badge, thing, with_tags};
use crate::office::Office;

const BORIS: &str = "boris@example.test";
const VERA: &str = "vera@example.test";

/// Anna and Boris have one tag, nobody has the others, and Vera has none.
async fn tagged(window: Window, most: u32) -> Office {
    let mut company = messenger();
    for tag in ["Юг", "Север", "Восток"] {
        company.at("messenger").offer(&KindName::TAG, &[tag]);
    }
    let held = [(KindName::TAG, "Юг")];
    for (who, held) in [(ANNA, &held[..]), (BORIS, &held), (VERA, &[])] {
        let id = company.person("messenger", who, Access::Open, held);
        company.at("messenger").wear(&id, Some("gold"));
    }
    company
        .limits
        .set(Brake::Revoke, window, Most::People(most));
    Office::of(company).await
}

fn delete(tag: &str) -> Asked {
    thing("tags delete", &[("id", tag)])
}

async fn refused(office: &Office, asked: &Asked) -> Vec<Guard> {
    match office.command(asked).await {
        Err(FlowError::Refused(refused)) => refused
            .into_iter()
            .map(|Refused { guard, .. }| guard)
            .collect(),
        other => panic!("{other:#?}"),
    }
}

fn people_over(guards: &[Guard]) -> Option<u32> {
    match guards {
        [Guard::OverLimit { people, .. }] => Some(*people),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_thing_counts_as_the_people_who_lose_it_in_a_run() {
    let office = tagged(Window::Run, 1).await;
    let both = thing("tags delete", &[("id", "Север"), ("id", "Юг")]);
    assert_eq!(people_over(&refused(&office, &both).await), Some(2));
    let allowed = both.allow(Brake::Revoke, 2);
    assert!(is_done(&office.command(&allowed).await.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn people_who_lose_a_thing_are_counted_with_those_who_lose_something_themselves() {
    let office = tagged(Window::Day, 2).await;
    for who in [ANNA, BORIS] {
        assert!(is_done(&office.command(&no_badge(who)).await.unwrap()));
    }
    // Both are counted already.
    assert!(is_done(&office.command(&delete("Юг")).await.unwrap()));
    let third = refused(&office, &no_badge(VERA)).await;
    assert_eq!(people_over(&third), Some(3));
}

#[tokio::test(start_paused = true)]
async fn what_takes_nothing_from_anybody_fills_nobodys_place() {
    let office = tagged(Window::Day, 1).await;
    for tag in ["Север", "Восток"] {
        assert!(is_done(&office.command(&delete(tag)).await.unwrap()));
    }
    assert!(is_done(&office.command(&no_badge(VERA)).await.unwrap()));
    assert_eq!(people_over(&refused(&office, &delete("Юг")).await), Some(3));
}

#[tokio::test(start_paused = true)]
async fn a_thing_stays_whose_people_may_not_be_touched() {
    let mut office = tagged(Window::Run, 9).await;
    let concerns = |guard| Guard::Concerns {
        who: ANNA.to_owned(),
        guard: Box::new(guard),
    };
    office.company.protected.exempt = vec![Email::of_record(ANNA)];
    let guards = refused(&office, &delete("Юг").privileged()).await;
    assert_eq!(guards, [concerns(Guard::Exempt)]);
    office.company.protected.exempt = Vec::new();
    office.company.protected.privileged = vec![Email::of_record(ANNA)];
    let guards = refused(&office, &delete("Юг")).await;
    assert_eq!(guards, [concerns(Guard::Privileged)]);
    assert!(office.writes("messenger").is_empty());
    let meant = delete("Юг").privileged();
    assert!(is_done(&office.command(&meant).await.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_back_counts_as_the_people_whom_that_concerns() {
    let mut office = with_tags(&[]).await;
    let create = thing("tags create", &[("name", "Юг")]);
    assert!(is_done(&office.command(&create).await.unwrap()));
    let run = office.last().await;
    for who in [ANNA, BORIS] {
        let held = [(KindName::TAG, "Юг")];
        office.company.person("messenger", who, Access::Open, &held);
    }
    office
        .company
        .limits
        .set(Brake::Revoke, Window::Run, Most::People(1));
    let Err(FlowError::Refused(refused)) = office.undo(&run).await else {
        panic!("two people lose the tag");
    };
    assert!(matches!(
        refused[0].guard,
        Guard::OverLimit { people: 2, .. }
    ));
}

fn is_held(prepared: &Result<Prepared, FlowError>) -> bool {
    matches!(
        prepared,
        Err(FlowError::Journal(JournalError::Claimed { .. }))
    )
}

#[tokio::test(start_paused = true)]
async fn who_is_named_beside_a_thing_and_what_is_taken_back_are_held_by_one_alone() {
    let company = messenger();
    company.at("messenger").offer(&KindName::TAG, &["Юг"]);
    let anna = company.person("messenger", ANNA, Access::Open, &[]);
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let mut processes = Vec::new();
    let mut journals = Vec::new();
    for seed in [1, 2] {
        let (clock, random) = clock_and_random(seed);
        let opened = Journal::open(&store, clock.clone(), random).await.unwrap();
        journals.push(opened.journal.clone());
        processes.push(company.organisation(opened.journal, &clock));
    }
    let purpose = Purpose::CarryOut;
    let prepare = async |process: usize, asked: &Asked| {
        let intent = company.intent(asked);
        processes[process]
            .prepare(&intent, purpose, &Unwatched)
            .await
    };
    for asked in [
        badge(ANNA, "gold"),
        thing("tags rename", &[("id", "Юг"), ("name", "Запад")]),
    ] {
        let prepared = prepare(0, &asked).await.unwrap();
        let report = processes[0].carry_out(prepared, &Unwatched).await;
        assert!(is_done(&report.unwrap()));
    }
    let mut beside = thing("tags create", &[("name", "Север")]);
    if let Flow::Native(native) = &mut beside.0.flow {
        native.named = vec![anna];
    }
    let held = prepare(1, &no_badge(ANNA)).await.unwrap();
    assert!(is_held(&prepare(0, &beside).await));
    processes[1].decline(&held).await.unwrap();
    let held = prepare(0, &beside).await.unwrap();
    assert!(is_held(&prepare(1, &no_badge(ANNA)).await));
    processes[0].decline(&held).await.unwrap();

    let run = journals[0].runs(1).await.unwrap().remove(0).id;
    let held = prepare(1, &delete("Запад")).await.unwrap();
    let undo = undoing(&journals[0], run.as_str(), "tester", None, false).await;
    let undo = Asked(undo.unwrap());
    assert!(is_held(&prepare(0, &undo).await));
    processes[1].decline(&held).await.unwrap();
    assert!(prepare(0, &undo).await.is_ok());
}
