//! Killed before and after each write, and the same command again: the end is that of an undisturbed run.

use std::path::Path;
use std::time::Duration;

use kadry_core::memory::{Fault, Memory, Row};
use kadry_core::{EmployeeProvider as _, ErrorKind, KindName, Offer};
use kadry_flow::intent::Intent;
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{FlowError, Organisation, Purpose, Unwatched, undoing};
use kadry_journal::Journal;

use crate::company::{Asked, Company, clock_and_random, offboard, offboard_now};
use crate::stories::{STORIES, Story, keeping};

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
    let intent = if story.taken_back {
        let first = organisation.journal.runs(u32::MAX).await?.pop();
        let run = first.expect("what is taken back").id;
        undoing(&organisation.journal, run.as_str(), "tester", None, false).await?
    } else {
        company.intent(&(story.asked)())
    };
    carry_out(&organisation, &intent, story.purpose).await
}

async fn carry_out(
    organisation: &Organisation,
    intent: &Intent,
    purpose: Purpose,
) -> Result<Report, FlowError> {
    let prepared = organisation.prepare(intent, purpose, &Unwatched).await?;
    organisation.carry_out(prepared, &Unwatched).await
}

/// Returns the company as it is when the story begins: what is to be taken back has been done.
async fn begun(store: &Path, story: &Story) -> Company {
    let company = (story.company)();
    if story.taken_back {
        let organisation = opened(&company, store).await;
        let intent = company.intent(&(story.asked)());
        let done = carry_out(&organisation, &intent, story.purpose).await;
        assert!(is_done(Some(&done.unwrap())), "{}", story.name);
    }
    company
}

/// How often each platform was written to.
fn writes(company: &Company) -> Vec<(String, usize)> {
    let names = company.names().into_iter();
    names
        .map(|name| (name.clone(), company.at(&name).writes().len()))
        .collect()
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
    let store = folder.path().join("store.sqlite");
    let company = begun(&store, story).await;
    let before = writes(&company);
    let report = try_command(&company, &store, story).await.unwrap();
    assert!(is_done(Some(&report)), "{}: {report:#?}", story.name);
    let counts = writes(&company).into_iter().zip(before);
    let own = counts.map(|((name, count), (_, before))| (name, count - before));
    (world(&company).await, own.collect())
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
    let company = begun(&store, story).await;
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
    assert!(points >= 170, "only {points} points were tried");
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
            taken_back: false,
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
