//! A batch that is cut off, told to end, or has to do with a platform that breaks: nobody is lost, and nobody is made twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use kadry_core::memory::{Fault, Row};
use kadry_core::{
    Access, Action, Brake, EmployeeProvider as _, ErrorKind, FieldName, KindName, ProviderId,
    RunState, State, Step,
};
use kadry_flow::many::{Asked, Verdict};
use kadry_flow::{CancellationToken, FlowError, Organisation, Watch};
use kadry_journal::{Journal, RunId};

use crate::company::{self, Company, clock_and_random};
use crate::crowd::{Crowd, email, lift_limits, person, row};
use crate::many::{accountant, rows, three_platforms};

/// What the world outside holds, with nobody's ids: whoever comes first gets the first one.
#[derive(Debug, PartialEq, Eq)]
struct World(BTreeMap<String, Platform>);

#[derive(Debug, PartialEq, Eq)]
struct Platform {
    rows: Vec<String>,
    offers: Vec<String>,
    notices: usize,
    invitations: usize,
}

async fn world(company: &Company) -> World {
    let mut platforms = BTreeMap::new();
    for name in company.names() {
        let memory = company.at(&name);
        let mut rows: Vec<String> = memory.rows().iter().map(told).collect();
        rows.sort();
        let mut offers = Vec::new();
        for kind in &memory.capability().grants {
            let page = memory.catalogue(&kind.name, None).await.unwrap();
            offers.extend(page.items.into_iter().map(|offer| offer.path.join(" / ")));
        }
        offers.sort();
        let platform = Platform {
            rows,
            offers,
            notices: memory.notices().len(),
            invitations: memory.invitations().len(),
        };
        platforms.insert(name, platform);
    }
    World(platforms)
}

fn told(row: &Row) -> String {
    let held = row.grants.values().flatten();
    let mut held: Vec<&str> = held.map(|grant| grant.name.as_str()).collect();
    held.sort_unstable();
    format!("{:?} {:?} {held:?}", row.fields, row.access)
}

/// Somebody of every kind: absent, suspended, there, leaving; and what is missing is made.
fn motley() -> Company {
    let mut company = three_platforms();
    lift_limits(&mut company);
    let tag = [(KindName::TAG, "Склад")];
    company.person("messenger", &email(1), Access::Suspended, &tag);
    company.person("messenger", &email(2), Access::Open, &tag);
    let news = [(KindName::SUBSCRIPTION, "Новости")];
    company.person("edo", &email(3), Access::Open, &news);
    let chat = [(KindName::TAG, "Учёт"), (KindName::CHAT, "Общий")];
    company.person("messenger", &email(3), Access::Open, &chat);
    company
}

fn list() -> Vec<Asked> {
    let newcomer = |number| {
        person(number, &[])
            .section("calls", &[("unit", &["Центр / Новый"])], None)
            .with(|section| section.create_missing = true)
    };
    let mut leaver = row(9, company::offboard(&email(3)));
    leaver.is_there = false;
    if let Ok(intent) = &mut leaver.what
        && let kadry_flow::intent::Flow::Offboard(offboard) = &mut intent.flow
    {
        offboard.on = ["edo", "messenger"].map(ProviderId::new).to_vec();
    }
    let mut all = rows([accountant(0), accountant(1), accountant(2)]);
    all.extend(rows([newcomer(4), newcomer(5)]));
    all.push(leaver);
    all
}

async fn opened(company: &Company, store: &Path) -> (Journal, kadry_core::Clock) {
    let (clock, random) = clock_and_random(company.seed());
    let opened = Journal::open(store, clock.clone(), random).await.unwrap();
    (opened.journal, clock)
}

/// A process of its own over a company, which ends with it.
async fn process(company: Company, store: &Path) -> Crowd {
    let (journal, clock) = opened(&company, store).await;
    Crowd::over(company, journal, clock)
}

async fn begun(crowd: &Crowd) -> RunId {
    let made = crowd.plan(list()).await;
    crowd.begin(&made).await.unwrap().unwrap()
}

fn writes(company: &Company) -> Vec<(String, usize)> {
    let names = company.names().into_iter();
    names
        .map(|name| (name.clone(), company.at(&name).writes().len()))
        .collect()
}

async fn undisturbed() -> (World, Vec<(String, usize)>) {
    let folder = tempfile::tempdir().unwrap();
    let crowd = process(motley(), &folder.path().join("store.sqlite")).await;
    let batch = begun(&crowd).await;
    let state = crowd.work(&batch).await.unwrap();
    let results = crowd.results(&batch).await;
    assert_eq!(state, RunState::Done, "{results:#?}");
    (world(&crowd.company).await, writes(&crowd.company))
}

#[tokio::test(start_paused = true)]
async fn killed_before_or_after_any_write_the_batch_goes_on_to_the_undisturbed_end() {
    let (expected, counts) = undisturbed().await;
    let mut points = 0;
    for (platform, count) in &counts {
        for nth in 0..*count {
            for hang in [Fault::HangBefore, Fault::HangAfter] {
                let folder = tempfile::tempdir().unwrap();
                let store = folder.path().join("store.sqlite");
                let crowd = process(motley(), &store).await;
                let batch = begun(&crowd).await;
                let faults = std::iter::repeat_n(Fault::Nothing, nth).chain([hang]);
                crowd.company.at(platform).fail_next(faults);
                let stuck = tokio::time::timeout(Duration::from_secs(9), crowd.work(&batch)).await;
                assert!(stuck.is_err(), "the write that hangs must be reached");
                let at = format!("{hang:?} of write {nth} on {platform}");
                goes_on_to(&expected, crowd, &store, &batch, &at).await;
                points += 1;
            }
        }
    }
    assert!(points >= 30, "only {points} points were tried");
}

/// Goes on as another process, and demands the undisturbed end.
async fn goes_on_to(expected: &World, crowd: Crowd, store: &Path, batch: &RunId, at: &str) {
    let Crowd {
        company, journal, ..
    } = crowd;
    drop(journal);
    let crowd = process(company, store).await;
    let mut state = crowd.work(batch).await.unwrap();
    if state != RunState::Done {
        // What was lost and looked for twice is sent again by the next command.
        state = crowd.work(batch).await.unwrap();
    }
    let results = crowd.results(batch).await;
    assert_eq!(state, RunState::Done, "{at}: {results:#?}");
    assert_eq!(world(&crowd.company).await, *expected, "{at}");
    let left = crowd.journal.unfinished_batches().await.unwrap();
    assert_eq!(left, [], "{at}");
    let again = crowd.plan(list()).await;
    assert_eq!(again.plan.steps, 0, "{at}");
}

#[tokio::test(start_paused = true)]
async fn lost_answers_are_settled_within_the_batch() {
    let (expected, counts) = undisturbed().await;
    for (platform, count) in &counts {
        for nth in 0..*count {
            for lost in [Fault::LostBefore, Fault::LostAfter] {
                let folder = tempfile::tempdir().unwrap();
                let store = folder.path().join("store.sqlite");
                let crowd = process(motley(), &store).await;
                let batch = begun(&crowd).await;
                let faults = std::iter::repeat_n(Fault::Nothing, nth).chain([lost]);
                crowd.company.at(platform).fail_next(faults);
                crowd.work(&batch).await.unwrap();
                let at = format!("{lost:?} of write {nth} on {platform}");
                goes_on_to(&expected, crowd, &store, &batch, &at).await;
            }
        }
    }
}

/// Tells a batch to end after so many steps have come to a state.
#[derive(Debug)]
struct Ends {
    left: Mutex<usize>,
    halt: CancellationToken,
}

impl Watch for Ends {
    fn step(&self, _step: &Step, _state: State) {
        let mut left = self.left.lock().unwrap();
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.halt.cancel();
        }
    }

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {
        let mut left = self.left.lock().unwrap();
        if *left == usize::MAX {
            *left = 0;
            self.halt.cancel();
        }
    }
}

async fn work_until(crowd: &Crowd, batch: &RunId, left: usize) -> Result<RunState, FlowError> {
    let organisation: Organisation = crowd.organisation();
    let ends = Ends {
        left: Mutex::new(left),
        halt: organisation.halt.clone(),
    };
    organisation.work(batch, None, &ends).await
}

#[tokio::test(start_paused = true)]
async fn told_to_end_at_any_step_nothing_is_cut_off_and_the_next_command_loses_nobody() {
    let (expected, _) = undisturbed().await;
    for left in (1..50).chain([usize::MAX]) {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.sqlite");
        let crowd = process(motley(), &store).await;
        let batch = begun(&crowd).await;
        match work_until(&crowd, &batch, left).await {
            Ok(state) => assert_eq!(state, RunState::Done, "{left}"),
            Err(FlowError::Halted) => {}
            Err(error) => panic!("{left}: {error:?}"),
        }
        for one in crowd.results(&batch).await {
            let steps = one.report.iter().flat_map(|report| &report.steps);
            for step in steps {
                let state = step.state;
                assert!(
                    !matches!(state, State::Started | State::Unsure),
                    "{left}: {step:?}"
                );
            }
        }
        let unfinished = crowd.journal.batch_is_at_work(&batch).await.unwrap();
        assert!(!unfinished, "whoever was told to end lets go");
        let at = format!("told to end after {left}");
        goes_on_to(&expected, crowd, &store, &batch, &at).await;
    }
}

fn many_newcomers(people: usize) -> Vec<Asked> {
    rows((0..people).map(|number| {
        person(number, &["messenger", "edo"]).section("calls", &[("unit", &["Центр"])], None)
    }))
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_breaks_is_tried_for_a_few_people_and_all_others_go_on() {
    let crowd = Crowd::of(three_platforms()).await;
    let made = crowd.plan(many_newcomers(100)).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    crowd.at("edo").take_tries();
    let edo = crowd.company.at("edo");
    edo.set_down(Some(ErrorKind::Unavailable));
    let listings = Some(std::sync::Arc::clone(made.drafting.listings()));
    let organisation = crowd.organisation();
    let worked = organisation.work(&batch, listings, &kadry_flow::Unwatched);
    assert_eq!(worked.await.unwrap(), RunState::Partial);
    let tries = crowd.at("edo").take_tries();
    assert!(tries <= 8, "{tries} calls to a platform that is down");
    assert_eq!(crowd.company.at("messenger").rows().len(), 100);
    assert_eq!(crowd.company.at("calls").rows().len(), 100);
    // Still down: one look at it is enough to know.
    assert_eq!(crowd.work(&batch).await.unwrap(), RunState::Partial);
    let tries = crowd.at("edo").take_tries();
    assert!(tries <= 8, "{tries} calls to a platform that is still down");
    edo.set_down(None);
    assert_eq!(crowd.work(&batch).await.unwrap(), RunState::Done);
    assert_eq!(edo.rows().len(), 100);
    let verdicts = crowd.verdicts(&batch).await;
    assert!(verdicts.values().all(|one| *one == Verdict::Created));
    assert_eq!(crowd.company.at("messenger").rows().len(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_down_when_the_batch_is_worked_sets_nobody_aside() {
    let crowd = Crowd::of(three_platforms()).await;
    let made = crowd.plan(many_newcomers(12)).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    for name in ["messenger", "calls", "edo"] {
        crowd
            .company
            .at(name)
            .set_down(Some(ErrorKind::Unavailable));
    }
    assert_eq!(crowd.work(&batch).await.unwrap(), RunState::Partial);
    let verdicts = crowd.verdicts(&batch).await;
    assert!(
        verdicts.values().all(|one| *one == Verdict::Waiting),
        "{verdicts:?}"
    );
    assert_eq!(crowd.journal.unfinished_batches().await.unwrap().len(), 1);
    for name in ["messenger", "calls", "edo"] {
        crowd.company.at(name).set_down(None);
    }
    assert_eq!(crowd.work(&batch).await.unwrap(), RunState::Done);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_was_silent_when_it_was_planned_is_left_to_the_next_plan() {
    let crowd = Crowd::of(three_platforms()).await;
    crowd
        .company
        .at("edo")
        .set_down(Some(ErrorKind::Unavailable));
    let made = crowd.plan(many_newcomers(3)).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    crowd.company.at("edo").set_down(None);
    assert_eq!(crowd.work(&batch).await.unwrap(), RunState::Partial);
    assert_eq!(crowd.company.at("messenger").rows().len(), 3);
    assert_eq!(crowd.company.at("edo").rows().len(), 0);
    let came = crowd.import(many_newcomers(3)).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Done);
    assert_eq!(crowd.company.at("edo").rows().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn whom_a_platform_refuses_fails_by_name_and_nobody_else_does() {
    let crowd = Crowd::of(three_platforms()).await;
    let refusals = [Fault::Nothing, Fault::Refused(ErrorKind::Invalid)];
    crowd.company.at("calls").fail_next(refusals);
    let came = crowd.import(many_newcomers(6)).await.unwrap().unwrap();
    assert_eq!(came.state, RunState::Partial);
    let results = crowd.results(&came.batch).await;
    let failed: Vec<_> = results
        .iter()
        .filter(|one| one.result == Verdict::Failed)
        .collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].fault.as_ref().unwrap().1.kind, ErrorKind::Invalid);
    let left = crowd.journal.unfinished_batches().await.unwrap();
    assert_eq!(left, [], "nobody is reminded of what no command can do");
    let again = crowd.import(many_newcomers(6)).await.unwrap().unwrap();
    assert_eq!(again.state, RunState::Done);
}

#[tokio::test(start_paused = true)]
async fn a_guard_that_says_no_at_the_end_leaves_no_run_open() {
    let crowd = Crowd::of(three_platforms()).await;
    let made = crowd.plan(many_newcomers(8)).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    // As soon as they are there, somebody makes an administrator of one of them.
    let organisation = crowd.organisation();
    let meddler = Meddler(&crowd);
    organisation.work(&batch, None, &meddler).await.unwrap();
    let results = crowd.results(&batch).await;
    let of = |who: &str| results.iter().find(|one| one.person == who).unwrap();
    let report = of(&email(3)).report.as_ref().unwrap();
    assert_eq!(report.state, RunState::Partial);
    assert!(!report.verified);
    assert_eq!(of(&email(4)).result, Verdict::Created);
    let left = crowd.journal.unfinished_batches().await.unwrap();
    assert_eq!(left, []);
}

struct Meddler<'a>(&'a Crowd);

impl std::fmt::Debug for Meddler<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meddler")
    }
}

impl Watch for Meddler<'_> {
    fn step(&self, step: &Step, state: State) {
        let creates = matches!(step.action, Action::Create { .. });
        let is_theirs = step.provider.as_str() == "messenger" && step.person == email(3);
        if creates && is_theirs && state == State::Done {
            self.0
                .edit("messenger", &email(3), |row| row.administrator = true);
        }
    }

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {}
}

#[tokio::test(start_paused = true)]
async fn people_with_an_unfinished_run_come_first_to_its_end_and_count_within_the_limits_of_all() {
    let mut company = three_platforms();
    company.limits.set(
        Brake::Suspend,
        kadry_flow::plan::Window::Day,
        kadry_flow::plan::Most::People(3),
    );
    for number in 0..5 {
        company.person("messenger", &email(number), Access::Open, &[]);
    }
    let crowd = Crowd::of(company).await;
    let messenger = crowd.company.at("messenger");
    // The first one's close is lost on the way, and nobody waits for it.
    messenger.fail_next([Fault::HangBefore]);
    let organisation = crowd.organisation();
    let mut intent = company::offboard(&email(0)).0;
    if let kadry_flow::intent::Flow::Offboard(offboard) = &mut intent.flow {
        offboard.on = vec![ProviderId::new("messenger")];
    }
    let purpose = kadry_flow::Purpose::CarryOut;
    let prepared = organisation
        .prepare(&intent, purpose, &kadry_flow::Unwatched)
        .await
        .unwrap();
    let killed = organisation.carry_out(prepared, &kadry_flow::Unwatched);
    assert!(
        tokio::time::timeout(Duration::from_secs(5), killed)
            .await
            .is_err()
    );
    let surplus = crowd.surplus(Vec::new()).await;
    let on = [ProviderId::new("messenger")];
    let asked: Vec<Asked> = surplus
        .iter()
        .map(|one| crate::crowd::goes(one, &on))
        .collect();
    let mut all = vec![row(1, company::Asked(intent))];
    all.extend(asked);
    let head = crate::crowd::allowing(crowd.head(), Brake::Suspend, 5);
    let drafting = crowd
        .drafting(kadry_flow::many::Counted::MayNotShrink)
        .await;
    let made = crowd.plan_with(drafting, all, &head).await;
    let batch = crowd.begin(&made).await.unwrap().unwrap();
    crowd.work(&batch).await.unwrap();
    assert!(
        messenger
            .rows()
            .iter()
            .all(|row| row.access == Access::Suspended)
    );
    assert!(crowd.journal.all_unfinished().await.unwrap().is_empty());
    let is_email = |row: &Row| row.fields.contains_key(&FieldName::Email);
    assert!(messenger.rows().iter().all(is_email));
}
