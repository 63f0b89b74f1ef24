//! Killed before and after each write, and the same command again: the end is that of an undisturbed run.

use std::path::Path;
use std::time::Duration;

use kadry_core::memory::{Fault, Memory, Row, capable, delta_rights, listed_by_id, valued};
use kadry_core::{
    Access, Capability, EmployeeProvider as _, ErrorKind, FieldName, Grant, KindName, Offer,
    Support,
};
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{FlowError, Organisation, Purpose, Unwatched};
use kadry_journal::Journal;

use crate::company::{Asked, Company, clock_and_random, offboard, offboard_now, onboard};

/// One flow from one beginning.
struct Story {
    name: &'static str,
    company: fn() -> Company,
    asked: fn() -> Asked,
    purpose: Purpose,
}

const STORIES: [Story; 9] = [
    Story {
        name: "a newcomer",
        company: empty,
        asked: arrival,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "somebody who comes back",
        company: suspended,
        asked: arrival,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a calm leave",
        company: Company::leaving,
        asked: || offboard("anna@example.test"),
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a leave that is now",
        company: Company::leaving,
        asked: || offboard_now("anna@example.test"),
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a newcomer for whom things are made",
        company: unprepared,
        asked: arrival_of_a_new_kind,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "somebody who comes back and for whom things are made",
        company: unprepared_for_a_return,
        asked: arrival_of_a_new_kind,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a calm leave for good",
        company: keeping,
        asked: || {
            offboard("anna@example.test")
                .successor("boris@example.test")
                .remove()
        },
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a leave for good that is now",
        company: keeping,
        asked: || {
            offboard_now("anna@example.test")
                .successor("boris@example.test")
                .remove()
        },
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a leave for good that is now and about which nobody is asked",
        company: keeping,
        asked: || offboard_now("anna@example.test").remove(),
        purpose: Purpose::CarryOutUnasked,
    },
];

fn empty() -> Company {
    let company = Company::new(&[
        ("messenger", capable()),
        ("calls", listed_by_id()),
        ("edo", delta_rights()),
    ]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    company.at("messenger").offer(&KindName::TAG, &["Склад"]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    company.at("edo").offer(&KindName::PERMISSION, &["Подпись"]);
    company
        .at("edo")
        .offer(&KindName::SUBSCRIPTION, &["Новости"]);
    company
}

fn suspended() -> Company {
    let company = empty();
    company.person(
        "messenger",
        "Anna@Example.Test",
        Access::Suspended,
        &[(KindName::TAG, "Склад")],
    );
    company.person(
        "edo",
        "anna@example.test",
        Access::Suspended,
        &[(KindName::PERMISSION, "Подпись")],
    );
    company
}

fn arrival() -> Asked {
    onboard("anna@example.test")
        .field(kadry_core::FieldName::Phone, "+70000000001")
        .section(
            "messenger",
            &[("tags", &["Учёт"]), ("chats", &["Общий"])],
            Some("Привет!"),
        )
        .section("calls", &[("unit", &["Учёт"])], None)
        .section("edo", &[("subscriptions", &["Новости"])], None)
}

/// Platforms that lack something of what the role asks for.
fn unprepared() -> Company {
    let company = Company::new(&[
        ("messenger", valued()),
        ("calls", listed_by_id()),
        ("edo", delta_rights()),
    ]);
    let messenger = company.at("messenger");
    messenger.offer(&KindName::TAG, &["Учёт"]);
    messenger.offer(&KindName::CHAT, &["Общий"]);
    for property in ["Город", "Размер"] {
        messenger.offer(&KindName::PROPERTY, &[property]);
    }
    company.at("calls").offer(&KindName::UNIT, &["Центр"]);
    company
        .at("edo")
        .offer(&KindName::SUBSCRIPTION, &["Новости"]);
    company
}

fn unprepared_for_a_return() -> Company {
    let company = unprepared();
    let messenger = company.at("messenger");
    let city = messenger.offered(&KindName::PROPERTY, "Город").unwrap();
    let held = [
        Grant::with_id(KindName::PROPERTY, city.as_str(), "Город").holding("Казань"),
        Grant::named(KindName::STATUS, "🏖️ Отпуск"),
    ];
    let tags = [(KindName::TAG, "Учёт")];
    company.person("messenger", "anna@example.test", Access::Suspended, &tags);
    company.person(
        "calls",
        "anna@example.test",
        Access::Suspended,
        &[(KindName::UNIT, "Центр")],
    );
    company.at("calls").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::ExternalId, "7".to_owned());
    });
    messenger.edit(|rows| {
        for grant in held {
            rows[0].grants.insert(grant.kind.clone(), vec![grant]);
        }
    });
    company
}

fn arrival_of_a_new_kind() -> Asked {
    onboard("anna@example.test")
        .field(FieldName::Phone, "+70000000001")
        .section("calls", &[("unit", &["Центр / Учёт / Касса"])], None)
        .with(|section| section.create_missing = true)
        .section("edo", &[("subscriptions", &["Новости"])], None)
        .section(
            "messenger",
            &[
                ("tags", &["Учёт", "Новенькие"]),
                ("chats", &["Общий"]),
                ("status", &["👋 Новенькая"]),
            ],
            Some("Привет!"),
        )
        .with(|section| {
            section.create_missing = true;
            let city = ("Город".to_owned(), "Москва".to_owned());
            let values = section.values.entry("properties".to_owned());
            values.or_default().extend([city]);
        })
}

fn with_hand_over() -> Capability {
    let mut capability = valued();
    let kinds = capability.grants.iter_mut();
    for chat in kinds.filter(|kind| kind.name == KindName::CHAT) {
        chat.hand_over = Support::Yes;
    }
    capability
}

/// Anna, who owns one chat, alone manages another and is in a third one, and Boris, who is in none.
fn keeping() -> Company {
    let company = Company::new(&[("messenger", with_hand_over()), ("edo", delta_rights())]);
    let messenger = company.at("messenger");
    messenger.offer(&KindName::TAG, &["Учёт"]);
    let chats = ["Своя", "Ведёт", "Общая"].map(|name| messenger.offer(&KindName::CHAT, &[name]));
    let held = [
        (KindName::TAG, "Учёт"),
        (KindName::CHAT, "Своя"),
        (KindName::CHAT, "Ведёт"),
        (KindName::CHAT, "Общая"),
    ];
    let anna = company.person("messenger", "anna@example.test", Access::Open, &held);
    let boris = company.person("messenger", "boris@example.test", Access::Open, &[]);
    messenger.give(&KindName::CHAT, &chats[0], &anna);
    messenger.keep(&KindName::CHAT, &chats[1], &anna);
    for who in [&anna, &boris] {
        messenger.keep(&KindName::CHAT, &chats[2], who);
    }
    let edo = company.at("edo");
    for name in ["Новости", "Счета"] {
        edo.offer(&KindName::SUBSCRIPTION, &[name]);
    }
    let held = [
        (KindName::SUBSCRIPTION, "Новости"),
        (KindName::SUBSCRIPTION, "Счета"),
    ];
    company.person("edo", "anna@example.test", Access::Open, &held);
    company
}

/// What the world outside holds: the records, what can be granted, and what was sent to people.
#[derive(Debug, PartialEq, Eq)]
struct World(Vec<Platform>);

#[derive(Debug, PartialEq, Eq)]
struct Platform {
    name: String,
    rows: Vec<Row>,
    offers: Vec<Offer>,
    notices: usize,
    invitations: usize,
}

async fn world(company: &Company) -> World {
    let mut platforms = Vec::new();
    for name in company.names() {
        let memory = company.at(&name);
        platforms.push(Platform {
            rows: memory.rows(),
            offers: offers(memory).await,
            notices: memory.notices().len(),
            invitations: memory.invitations().len(),
            name,
        });
    }
    World(platforms)
}

async fn offers(memory: &Memory) -> Vec<Offer> {
    let mut offers = Vec::new();
    for kind in &memory.capability().grants {
        offers.extend(memory.catalogue(&kind.name, None).await.unwrap().items);
    }
    offers
}

/// Opens the store as a new process does.
async fn opened(company: &Company, store: &Path) -> Organisation {
    let (clock, random) = clock_and_random(company.seed());
    let opened = Journal::open(store, clock.clone(), random).await.unwrap();
    company.organisation(opened.journal, &clock)
}

async fn try_command(company: &Company, store: &Path, story: &Story) -> Result<Report, FlowError> {
    let organisation = opened(company, store).await;
    let intent = company.intent(&(story.asked)());
    let prepared = organisation
        .prepare(&intent, story.purpose, &Unwatched)
        .await?;
    organisation.carry_out(prepared, &Unwatched).await
}

/// Gives the command, and returns its report; none where the one whom it is about is gone for good.
async fn command(company: &Company, store: &Path, story: &Story) -> Option<Report> {
    match try_command(company, store, story).await {
        Ok(report) => Some(report),
        Err(FlowError::KnownNowhere) => None,
        Err(error) => panic!("{error:?}"),
    }
}

fn is_done(report: Option<&Report>) -> bool {
    report.is_none_or(|report| matches!(report.outcome(), Outcome::Done | Outcome::Residue))
}

/// Lists the runs that the store still calls unfinished.
async fn unfinished(company: &Company, store: &Path) -> Vec<String> {
    let journal = opened(company, store).await.journal;
    let runs = journal.all_unfinished().await.unwrap().into_iter();
    runs.map(|run| format!("{} {}", run.flow, run.state.as_str()))
        .collect()
}

/// Runs the command until its write hangs, and drops it there: everything that it held in memory is gone. Ten seconds are less than
/// a door waits for what goes before it.
async fn killed(company: &Company, store: &Path, story: &Story) {
    let stuck = tokio::time::timeout(Duration::from_secs(10), command(company, store, story)).await;
    assert!(stuck.is_err(), "the write that hangs must be reached");
}

async fn undisturbed(story: &Story) -> (World, Vec<(String, usize)>) {
    let folder = tempfile::tempdir().unwrap();
    let company = (story.company)();
    let store = folder.path().join("store.sqlite");
    let report = try_command(&company, &store, story).await.unwrap();
    assert!(is_done(Some(&report)), "{}: {report:#?}", story.name);
    let writes = company
        .names()
        .into_iter()
        .map(|name| (name.clone(), company.at(&name).writes().len()))
        .collect();
    (world(&company).await, writes)
}

/// How a killed run is gone on with.
#[derive(Clone, Copy)]
enum GoOn {
    /// By the same command.
    Again,
    /// By resuming what was approved.
    Resume,
}

/// Resumes what is unfinished, the latest run first, and returns what stands in the way of its end.
async fn resumed(company: &Company, store: &Path) -> Vec<String> {
    let organisation = opened(company, store).await;
    let open = organisation.journal.all_unfinished().await.unwrap();
    let mut wrong = Vec::new();
    for run in open.iter().rev() {
        match organisation.resume(run.id.as_str(), &Unwatched).await {
            Ok(report) if is_done(Some(&report)) => {}
            Ok(report) => wrong.push(format!("it is not done by resuming: {report:#?}")),
            Err(error) => wrong.push(format!("it cannot be resumed: {error:?}")),
        }
    }
    wrong
}

/// Gives the same command again, and returns what is not done then.
async fn told_again(company: &Company, store: &Path, story: &Story) -> Vec<String> {
    let ended = command(company, store, story).await;
    if is_done(ended.as_ref()) {
        Vec::new()
    } else {
        vec![format!("it is not done: {ended:#?}")]
    }
}

/// Kills a story before or after one of its writes, and goes on; the same command then has nothing to do. Returns what is not as it
/// should be.
async fn killed_at(
    story: &Story,
    (platform, nth): (&str, usize),
    hang: Fault,
    go_on: GoOn,
    expected: &World,
) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let company = (story.company)();
    let faults = std::iter::repeat_n(Fault::Nothing, nth).chain([hang]);
    company.at(platform).fail_next(faults);
    killed(&company, &store, story).await;
    let mut wrong = match go_on {
        GoOn::Again => told_again(&company, &store, story).await,
        GoOn::Resume => resumed(&company, &store).await,
    };
    let world = world(&company).await;
    if world != *expected {
        wrong.push(format!("it ends as {world:#?}\nand not as {expected:#?}"));
    }
    let again = command(&company, &store, story).await;
    if let Some(run) = again.and_then(|report| report.run) {
        wrong.push(format!("the same command writes once more, in {run}"));
    }
    let left = unfinished(&company, &store).await;
    if !left.is_empty() {
        wrong.push(format!("runs are left unfinished: {left:?}"));
    }
    let at = format!("{}: {hang:?} of write {nth} on {platform}", story.name);
    wrong.iter().map(|what| format!("{at}: {what}")).collect()
}

/// Demands that a story ends well wherever it is killed.
async fn ends_well_wherever_it_is_killed(go_on: GoOn) {
    let (mut points, mut wrong) = (0, Vec::new());
    for story in &STORIES {
        let (expected, writes) = undisturbed(story).await;
        for (platform, count) in &writes {
            for nth in 0..*count {
                for hang in [Fault::HangBefore, Fault::HangAfter] {
                    let at = (platform.as_str(), nth);
                    wrong.extend(killed_at(story, at, hang, go_on, &expected).await);
                    points += 1;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(points >= 110, "only {points} points were tried");
}

#[tokio::test(start_paused = true)]
async fn killed_before_or_after_any_write_and_run_again_the_end_is_the_undisturbed_one() {
    ends_well_wherever_it_is_killed(GoOn::Again).await;
}

#[tokio::test(start_paused = true)]
async fn killed_before_or_after_any_write_and_resumed_the_end_is_the_undisturbed_one() {
    ends_well_wherever_it_is_killed(GoOn::Resume).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_successor_could_not_be_given_at_first_is_given_when_the_command_comes_again() {
    for asked in [
        (|| offboard("anna@example.test").successor("boris@example.test")) as fn() -> Asked,
        || offboard_now("anna@example.test").successor("boris@example.test"),
    ] {
        let story = Story {
            name: "a leave",
            company: keeping,
            asked,
            purpose: Purpose::CarryOut,
        };
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.sqlite");
        let company = (story.company)();
        let messenger = company.at("messenger");
        let lines = company.plan(&asked()).await.unwrap();
        let writes = lines.iter().filter(|line| line.contains("messenger"));
        messenger.fail_next(writes.map(|line| {
            if line.contains("hand_over") {
                Fault::Refused(ErrorKind::Unavailable)
            } else {
                Fault::Nothing
            }
        }));
        let first = command(&company, &store, &story).await;
        assert!(!is_done(first.as_ref()), "{first:#?}");
        let again = command(&company, &store, &story).await;
        assert!(is_done(again.as_ref()), "{again:#?}");
        let boris = &messenger.rows()[1];
        let held = boris.grants.get(&KindName::CHAT).into_iter().flatten();
        let held: Vec<&str> = held.map(|chat| chat.name.as_str()).collect();
        assert_eq!(held, ["Своя", "Ведёт"]);
    }
}
