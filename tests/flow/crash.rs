//! Killed before and after each write, and the same command again: the end is that of an undisturbed run.

use std::path::Path;
use std::time::Duration;

use kadry_core::memory::{Fault, Row, capable, delta_rights, listed_by_id};
use kadry_core::{Access, KindName};
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{Purpose, Unwatched};
use kadry_journal::Journal;

use crate::company::{Asked, Company, clock_and_random, offboard, offboard_now, onboard};

/// One flow from one beginning.
struct Story {
    name: &'static str,
    company: fn() -> Company,
    asked: fn() -> Asked,
}

const STORIES: [Story; 4] = [
    Story {
        name: "a newcomer",
        company: empty,
        asked: arrival,
    },
    Story {
        name: "somebody who comes back",
        company: suspended,
        asked: arrival,
    },
    Story {
        name: "a calm leave",
        company: Company::leaving,
        asked: || offboard("anna@example.test"),
    },
    Story {
        name: "a leave that is now",
        company: Company::leaving,
        asked: || offboard_now("anna@example.test"),
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

/// What the world outside holds: the records and what was sent to people.
#[derive(Debug, PartialEq, Eq)]
struct World(Vec<(String, Vec<Row>, usize, usize)>);

fn world(company: &Company) -> World {
    let platform = |name: String| {
        let memory = company.at(&name);
        let (notices, invitations) = (memory.notices().len(), memory.invitations().len());
        (name, memory.rows(), notices, invitations)
    };
    World(company.names().into_iter().map(platform).collect())
}

async fn command(company: &Company, store: &Path, asked: &Asked) -> Report {
    let (clock, random) = clock_and_random(company.seed());
    let journal = Journal::open(store, clock.clone(), random)
        .await
        .unwrap()
        .journal;
    let organisation = company.organisation(journal, &clock);
    let prepared = organisation
        .prepare(&company.intent(asked), Purpose::CarryOut, &Unwatched)
        .await
        .unwrap();
    organisation.carry_out(prepared, &Unwatched).await.unwrap()
}

/// Runs the command until its write hangs, and drops it there: everything that it held in memory is gone. Ten seconds are less than
/// a door waits for what goes before it.
async fn killed(company: &Company, store: &Path, asked: &Asked) {
    let stuck = tokio::time::timeout(Duration::from_secs(10), command(company, store, asked)).await;
    assert!(stuck.is_err(), "the write that hangs must be reached");
}

async fn undisturbed(story: &Story) -> (World, Vec<(String, usize)>) {
    let folder = tempfile::tempdir().unwrap();
    let company = (story.company)();
    let report = command(
        &company,
        &folder.path().join("store.sqlite"),
        &(story.asked)(),
    )
    .await;
    assert!(
        matches!(report.outcome(), Outcome::Done | Outcome::Residue),
        "{}",
        story.name
    );
    let writes = company
        .names()
        .into_iter()
        .map(|name| (name.clone(), company.at(&name).writes().len()))
        .collect();
    (world(&company), writes)
}

#[tokio::test(start_paused = true)]
async fn killed_before_or_after_any_write_and_run_again_the_end_is_the_undisturbed_one() {
    let mut points = 0;
    for story in &STORIES {
        let (expected, writes) = undisturbed(story).await;
        for (platform, count) in writes {
            for nth in 0..count {
                for hang in [Fault::HangBefore, Fault::HangAfter] {
                    let at = format!("{}: {hang:?} of write {nth} on {platform}", story.name);
                    let folder = tempfile::tempdir().unwrap();
                    let store = folder.path().join("store.sqlite");
                    let company = (story.company)();
                    company
                        .at(&platform)
                        .fail_next(std::iter::repeat_n(Fault::Nothing, nth).chain([hang]));
                    let asked = (story.asked)();
                    killed(&company, &store, &asked).await;
                    let report = command(&company, &store, &asked).await;
                    assert!(
                        matches!(report.outcome(), Outcome::Done | Outcome::Residue),
                        "{at}: {report:?}"
                    );
                    assert_eq!(world(&company), expected, "{at}");
                    let again = command(&company, &store, &asked).await;
                    assert_eq!(again.run, None, "{at}: a third time writes nothing");
                    points += 1;
                }
            }
        }
    }
    assert!(points >= 40, "only {points} points were tried");
}
