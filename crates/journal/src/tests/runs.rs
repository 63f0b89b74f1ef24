use kadry_core::{Effect, Error, ErrorKind, Event, IllegalEvent, RunState, State};
use serde_json::json;

use super::*;
use crate::{Note, StepError};

#[tokio::test(start_paused = true)]
async fn a_run_is_told_as_it_happened() {
    let journal = memory().await;
    let person = anna(&journal).await;
    journal
        .claim(&person, &[provider("messenger"), provider("calls")], false)
        .await
        .unwrap();
    let sought = Step {
        target: Target::Sought(vec![email("anna@example.test")]),
        ..close(2, "calls")
    };
    let steps = [close(1, "messenger"), sought];
    let run = journal.begin(&offboard(&person), &steps).await.unwrap();

    let error = Error::new(ErrorKind::Unavailable, "timed out")
        .with_effect(Effect::Unknown)
        .with("reason", "powers-still-attached")
        .with("request.id", "7f3a")
        .with_retry_after_ms(Some(1_500))
        .during("set_access");
    let lost = Note {
        error: Some((&error).into()),
        ..Note::default()
    };
    let found = Note {
        record: Some(record_of("1042")),
        ..Note::default()
    };
    let nothing = Note::default();
    for (seq, event, note, state) in [
        (1, Event::Started, &nothing, State::Started),
        (2, Event::Started, &nothing, State::Started),
        (1, Event::Lost, &lost, State::Unsure),
        (
            2,
            Event::Failed(ErrorKind::Forbidden),
            &nothing,
            State::Failed,
        ),
        (1, Event::FoundDone, &found, State::Done),
    ] {
        assert_eq!(journal.record(&run, seq, event, note).await.unwrap(), state);
    }
    journal
        .finish(&run, RunState::Partial, &json!({ "verified": false }))
        .await
        .unwrap();

    let story = journal.story(run.as_str()).await.unwrap();
    assert_eq!(story.run.state, RunState::Partial);
    assert_eq!(
        (story.run.done, story.run.failed, story.run.open),
        (1, 1, 0)
    );
    assert_eq!(
        (story.run.started_ms, story.run.ended_ms),
        (NOW_MS, Some(NOW_MS))
    );
    assert_eq!(story.person, person);
    assert_eq!(story.intent, json!({ "now": true }));
    assert_eq!(story.ending, Some(json!({ "verified": false })));

    let [first, second] = story.steps.as_slice() else {
        unreachable!("two steps were begun");
    };
    assert_eq!((&first.step, first.state), (&steps[0], State::Done));
    assert_eq!((&second.step, second.state), (&steps[1], State::Failed));
    assert_eq!(first.record(), Some(&record_of("1042")));
    assert_eq!(first.error(), None);
    assert_eq!(first.events[1].note, lost);
    let told = first.events[1].note.error.as_ref().unwrap();
    assert_eq!(told.about("reason"), Some("powers-still-attached"));
    assert_eq!(told.about("request.id"), Some("7f3a"));
    assert_eq!(
        (told.about("fields"), told.retry_after_ms),
        (None, Some(1_500))
    );
    let numbers = |at: usize| story.steps[at].events.iter().map(|row| row.seq);
    assert_eq!(numbers(0).collect::<Vec<_>>(), [1, 3, 5]);
    assert_eq!(numbers(1).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn an_error_that_was_written_without_a_context_is_still_read() {
    let written = r#"{"kind":"conflict","message":"no","effect":"none"}"#;
    let error: StepError = serde_json::from_str(written).unwrap();
    assert_eq!(
        (error.context.as_slice(), error.retry_after_ms),
        (&[][..], None)
    );
    assert_eq!(serde_json::to_string(&error).unwrap(), written);
}

#[tokio::test]
async fn a_step_that_is_sought_begins_deferred() {
    let journal = memory().await;
    let (person, _) = begun(&journal, "messenger", 1).await;
    let sought = Step {
        target: Target::Sought(vec![email("anna@example.test")]),
        ..close(1, "messenger")
    };
    let run = journal
        .begin(&offboard(&person), &[sought, close(2, "messenger")])
        .await
        .unwrap();
    let story = journal.story(run.as_str()).await.unwrap();
    let states: Vec<_> = story.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [State::Deferred, State::Waiting]);
    assert_eq!(story.run.open, 2);
}

#[tokio::test]
async fn an_illegal_event_is_refused_and_changes_nothing() {
    let journal = memory().await;
    let (_, run) = begun(&journal, "messenger", 1).await;
    journal
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();
    let before = journal.story(run.as_str()).await.unwrap();
    for event in [
        Event::Started,
        Event::FoundDone,
        Event::Skipped,
        Event::Superseded,
    ] {
        let refused = journal.record(&run, 1, event, &Note::default()).await;
        assert!(matches!(
            refused,
            Err(JournalError::Illegal(IllegalEvent { state: State::Started, event: told })) if told == event
        ));
    }
    assert_eq!(journal.story(run.as_str()).await.unwrap(), before);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let journal = memory().await;
    let (_, run) = begun(&journal, "messenger", 1).await;
    let nowhere = RunId::new("nowhere");
    let refused = [
        journal
            .record(&run, 2, Event::Started, &Note::default())
            .await
            .map(drop),
        journal
            .record(&nowhere, 1, Event::Started, &Note::default())
            .await
            .map(drop),
        journal.finish(&nowhere, RunState::Done, &json!(null)).await,
        journal.supersede(&nowhere, None).await,
        journal.supersede(&run, Some(&nowhere)).await,
        journal.story("nowhere").await.map(drop),
        journal.story("").await.map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(JournalError::NotFound)));
    }
}

#[tokio::test]
async fn a_run_is_found_by_the_beginning_of_its_id() {
    let journal = memory().await;
    let (person, first) = begun(&journal, "messenger", 1).await;
    // Sixteen first characters exist, so one of seventeen runs shares its first one with another.
    for _ in 0..16 {
        journal.begin(&offboard(&person), &[]).await.unwrap();
    }
    let ids: Vec<_> = journal
        .runs(100)
        .await
        .unwrap()
        .into_iter()
        .map(|run| run.id)
        .collect();
    assert_eq!(ids.len(), 17);
    let shared = ids
        .iter()
        .map(|id| &id.as_str()[..1])
        .find(|start| {
            ids.iter()
                .filter(|id| id.as_str().starts_with(start))
                .count()
                > 1
        })
        .unwrap();
    assert!(matches!(
        journal.story(shared).await,
        Err(JournalError::Ambiguous)
    ));
    let story = journal
        .story(&first.as_str()[..8].to_uppercase())
        .await
        .unwrap();
    assert_eq!(story.run.id, first);
}

#[tokio::test]
async fn runs_are_listed_newest_first_and_unfinished_ones_oldest_first() {
    let journal = memory().await;
    let (anna, first) = begun(&journal, "messenger", 1).await;
    let second = journal.begin(&offboard(&anna), &[]).await.unwrap();
    let boris = journal.remember(&[external_id("2")]).await.unwrap();
    let third = journal.begin(&offboard(&boris), &[]).await.unwrap();
    journal
        .finish(&second, RunState::Done, &json!(null))
        .await
        .unwrap();
    let fourth = journal.begin(&offboard(&anna), &[]).await.unwrap();

    let ids = |runs: Vec<crate::RunSummary>| runs.into_iter().map(|run| run.id).collect::<Vec<_>>();
    assert_eq!(
        ids(journal.runs(3).await.unwrap()),
        [&fourth, &third, &second].map(Clone::clone)
    );
    assert_eq!(
        ids(journal.runs_of(&anna, 2).await.unwrap()),
        [&fourth, &second].map(Clone::clone)
    );
    assert_eq!(
        ids(journal.all_unfinished().await.unwrap()),
        [&first, &third, &fourth].map(Clone::clone)
    );
    let stories = journal.unfinished(&anna).await.unwrap();
    assert_eq!(
        ids(stories.into_iter().map(|story| story.run).collect()),
        [first, fourth]
    );
}

#[tokio::test]
async fn a_superseded_run_has_nothing_open_and_names_the_later_one() {
    let journal = memory().await;
    let (person, old) = begun(&journal, "messenger", 4).await;
    let note = Note::default();
    for (seq, event) in [
        (1, Event::Started),
        (1, Event::Done),
        (2, Event::Started),
        (2, Event::Lost),
        (3, Event::Started),
    ] {
        journal.record(&old, seq, event, &note).await.unwrap();
    }
    let later = journal.begin(&offboard(&person), &[]).await.unwrap();

    let refused = journal.supersede(&old, Some(&later)).await;
    assert!(matches!(
        refused,
        Err(JournalError::Illegal(IllegalEvent {
            state: State::Started,
            event: Event::Superseded
        }))
    ));
    assert_eq!(
        journal.story(old.as_str()).await.unwrap().steps[1].state,
        State::Unsure
    );

    journal.record(&old, 3, Event::Lost, &note).await.unwrap();
    for _ in 0..2 {
        journal.supersede(&old, Some(&later)).await.unwrap();
    }
    let story = journal.story(old.as_str()).await.unwrap();
    let states: Vec<_> = story.steps.iter().map(|step| step.state).collect();
    assert_eq!(
        states,
        [
            State::Done,
            State::Superseded,
            State::Superseded,
            State::Superseded
        ]
    );
    assert_eq!(story.run.state, RunState::Superseded);
    assert_eq!(story.run.superseded_by, Some(later.clone()));
    assert_eq!(
        story.steps[3].events.last().map(|row| row.event),
        Some(Event::Superseded)
    );

    let ended = journal.finish(&old, RunState::Done, &json!(null)).await;
    assert!(matches!(ended, Err(JournalError::TakenOver)));
    journal
        .finish(&later, RunState::Done, &json!(null))
        .await
        .unwrap();
    assert!(matches!(
        journal.supersede(&later, None).await,
        Err(JournalError::Ended)
    ));
}

#[tokio::test]
async fn a_run_does_not_end_over_a_started_step_but_may_be_put_off() {
    let journal = memory().await;
    let (_, run) = begun(&journal, "messenger", 1).await;
    journal
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();
    let ended = journal.finish(&run, RunState::Partial, &json!(null)).await;
    assert!(matches!(ended, Err(JournalError::Unsettled)));

    journal
        .finish(&run, RunState::Running, &json!({ "why": "put off" }))
        .await
        .unwrap();
    let story = journal.story(run.as_str()).await.unwrap();
    assert_eq!(
        (story.run.state, story.run.ended_ms),
        (RunState::Running, None)
    );
}

#[tokio::test]
async fn steps_with_one_number_are_refused_whole() {
    let journal = memory().await;
    let (person, _) = begun(&journal, "messenger", 1).await;
    let twice = [close(1, "messenger"), close(1, "messenger")];
    assert!(matches!(
        journal.begin(&offboard(&person), &twice).await,
        Err(JournalError::Sql(_))
    ));
    assert_eq!(journal.runs(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_door_that_another_run_has_begun_to_move_is_seen_however_many_runs_came_after() {
    let journal = memory().await;
    let (_, run) = begun(&journal, "messenger", 1).await;
    let (_, own) = begun(&journal, "calls", 1).await;
    let moved = async |on: &str, since_ms: i64, but: &RunId| {
        let moved = journal.doors_moved(&provider(on), since_ms, but).await;
        moved.unwrap()
    };
    assert!(!moved("messenger", NOW_MS, &own).await, "none has begun");
    journal
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();
    let later_ms = journal.now_ms() + 1;
    for _ in 0..300 {
        begun(&journal, "calls", 1).await;
    }
    assert!(moved("messenger", NOW_MS, &own).await);
    assert!(!moved("messenger", later_ms, &own).await, "before that");
    assert!(!moved("messenger", NOW_MS, &run).await, "its own");
    assert!(!moved("calls", NOW_MS, &own).await, "elsewhere");
}
