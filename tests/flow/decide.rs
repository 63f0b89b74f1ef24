//! What a person decides about a run: what became of a step that cannot be told, and that a run ends here.

use kadry_core::memory::{Fault, capable};
use kadry_core::{Access, Event, RunState, State, Support};
use kadry_flow::report::Outcome;
use kadry_flow::{FlowError, Found, abandon, settle};
use kadry_journal::RunId;

use crate::company::{Company, arrival, newcomer, onboard};
use crate::office::Office;

fn that_cannot_look_for_messages() -> Company {
    let mut capability = capable();
    capability.was_notified = Support::no("scope-missing");
    Company::new(&[("messenger", capability)])
}

/// An arrival whose welcome is lost where nobody can look for it.
async fn with_a_welcome_in_doubt() -> (Office, RunId) {
    let office = Office::of(that_cannot_look_for_messages()).await;
    let welcome = onboard("anna@example.test").section("messenger", &[], Some("Привет!"));
    office
        .company
        .at("messenger")
        .fail_next([Fault::Nothing, Fault::LostAfter]);
    let report = office.command(&welcome).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    let run = office.last().await;
    assert_eq!(office.states(&run).await, [State::Done, State::Parked]);
    (office, run)
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_told_waits_for_a_person_and_is_never_sent_by_itself() {
    let (office, run) = with_a_welcome_in_doubt().await;
    let report = office.resume(&run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    assert_eq!(office.writes("messenger"), ["create", "notify"]);
    assert_eq!(office.states(&run).await, [State::Done, State::Parked]);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_somebody_says_is_done_is_not_sent_and_the_run_ends_well() {
    let (office, run) = with_a_welcome_in_doubt().await;
    let story = settle(&office.journal, run.as_str(), 2, Found::Done, "olga", None)
        .await
        .unwrap();
    let last = story.steps[1].events.last().unwrap();
    assert_eq!(
        (last.event, last.note.said_by.as_deref()),
        (Event::FoundDone, Some("olga"))
    );
    let report = office.resume(&run).await.unwrap();
    assert_eq!(
        (report.outcome(), report.state),
        (Outcome::Done, RunState::Done)
    );
    assert_eq!(office.company.at("messenger").notices().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_somebody_says_is_not_done_is_sent_once_more() {
    let (office, run) = with_a_welcome_in_doubt().await;
    let found = Found::Undone;
    settle(&office.journal, run.as_str(), 2, found, "olga", None)
        .await
        .unwrap();
    let report = office.resume(&run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Done);
    assert_eq!(office.writes("messenger"), ["create", "notify", "notify"]);
}

#[tokio::test(start_paused = true)]
async fn of_several_that_look_like_it_the_one_that_is_left_is_the_one_that_somebody_says_was_made()
{
    let office = Office::of(newcomer()).await;
    let run = office
        .interrupted(&arrival(), "messenger", 0, Fault::HangAfter)
        .await;
    let messenger = office.company.at("messenger");
    let twin = office
        .company
        .person("messenger", "anna@example.test", Access::Open, &[]);
    let stopped = office.resume(&run).await;
    assert!(matches!(stopped, Err(FlowError::Refused(_))), "{stopped:?}");
    assert_eq!(office.states(&run).await[0], State::Parked);
    messenger.edit(|rows| rows.retain(|row| row.id != twin));
    settle(&office.journal, run.as_str(), 1, Found::Done, "olga", None)
        .await
        .unwrap();
    let report = office.resume(&run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Done, "{report:#?}");
    assert_eq!(messenger.notices().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_what_is_in_doubt_is_settled_and_only_once() {
    let (office, run) = with_a_welcome_in_doubt().await;
    let settled = async |seq| {
        settle(
            &office.journal,
            run.as_str(),
            seq,
            Found::Done,
            "olga",
            None,
        )
        .await
    };
    assert!(matches!(
        settled(1).await,
        Err(FlowError::NotInDoubt {
            state: State::Done,
            ..
        })
    ));
    assert!(matches!(
        settled(7).await,
        Err(FlowError::NoSuchStep { seq: 7, .. })
    ));
    assert!(settled(2).await.is_ok());
    assert!(matches!(
        settled(2).await,
        Err(FlowError::NotInDoubt { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_ended_for_good_does_nothing_more() {
    let office = Office::of(newcomer()).await;
    let run = office
        .interrupted(&arrival(), "messenger", 1, Fault::HangBefore)
        .await;
    let too_soon = abandon(&office.journal, run.as_str(), "olga", None).await;
    assert!(matches!(too_soon, Err(FlowError::MayStillLand { .. })));
    tokio::time::sleep(std::time::Duration::from_secs(180)).await;
    let story = abandon(
        &office.journal,
        run.as_str(),
        "olga",
        Some("hired elsewhere"),
    )
    .await
    .unwrap();
    assert_eq!(story.run.state, RunState::Superseded);
    let last = story.steps[1].events.last().unwrap();
    assert_eq!(last.note.reason.as_deref(), Some("hired elsewhere"));
    let before = office.writes("messenger");
    let refused = office.resume(&run).await;
    assert!(matches!(refused, Err(FlowError::Ended { by: None, .. })));
    assert_eq!(office.writes("messenger"), before);
    assert!(office.journal.all_unfinished().await.unwrap().is_empty());
    let again = abandon(
        &office.journal,
        run.as_str(),
        "olga",
        Some("hired elsewhere"),
    )
    .await;
    assert!(matches!(again, Err(FlowError::Ended { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_ended_for_good_asks_nothing_any_more() {
    let (office, run) = with_a_welcome_in_doubt().await;
    let story = abandon(&office.journal, run.as_str(), "olga", None)
        .await
        .unwrap();
    let states: Vec<State> = story.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [State::Done, State::Superseded]);
}
