use kadry_core::{Event, RunState, State};
use serde_json::json;
use tempfile::tempdir;

use super::*;
use crate::Note;

#[tokio::test]
async fn a_person_belongs_to_the_first_until_it_is_gone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let first = open(&path).await;
    let (person, run) = begun(&first, "messenger", 1).await;

    let second = open(&path).await;
    let both = [provider("calls"), provider("messenger")];
    let refused = second.claim(&person, &both, false).await;
    let Err(JournalError::Claimed {
        run: told,
        pid,
        actor,
    }) = refused
    else {
        unreachable!("the first one lives");
    };
    assert_eq!(
        (told, pid, actor.as_deref()),
        (Some(run.clone()), std::process::id(), Some("operator"))
    );
    assert!(second.is_at_work(&run).await.unwrap());
    assert!(!first.is_at_work(&run).await.unwrap(), "it is itself");
    let (clock, random) = (Clock::starting_at(NOW_MS), Random::seeded(7));
    let reading = Journal::open_to_read(&path, clock, random).await.unwrap();
    assert!(reading.is_at_work(&run).await.unwrap());
    // All or none: the platform that was free was not taken either.
    first
        .claim(&person, &[provider("calls")], false)
        .await
        .unwrap();
    let refused = second.supersede(&run, None).await;
    assert!(matches!(refused, Err(JournalError::Claimed { .. })));

    drop(first);
    assert!(!second.is_at_work(&run).await.unwrap());
    assert!(!reading.is_at_work(&run).await.unwrap());
    second.claim(&person, &both, false).await.unwrap();
    second
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_platform_that_nobody_holds_is_free() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let first = open(&path).await;
    let (person, _) = begun(&first, "messenger", 1).await;
    let second = open(&path).await;
    second
        .claim(&person, &[provider("calls")], false)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_released_person_is_free() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let first = open(&path).await;
    let (person, run) = begun(&first, "messenger", 1).await;
    for _ in 0..2 {
        first.release(&person).await.unwrap();
    }
    let second = open(&path).await;
    second
        .claim(&person, &[provider("messenger")], false)
        .await
        .unwrap();
    second.release(&person).await.unwrap();
    let refused = first
        .record(&run, 1, Event::Started, &Note::default())
        .await;
    assert!(matches!(refused, Err(JournalError::TakenOver)));
}

#[tokio::test]
async fn whoever_is_taken_over_records_nothing_more() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let first = open(&path).await;
    let (person, run) = begun(&first, "messenger", 2).await;
    first
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();

    let second = open(&path).await;
    second
        .claim(&person, &[provider("messenger")], true)
        .await
        .unwrap();
    let refused = [
        first
            .record(&run, 1, Event::Done, &Note::default())
            .await
            .map(drop),
        first.finish(&run, RunState::Done, &json!(null)).await,
        first
            .begin(&offboard(&person), &[close(1, "messenger")])
            .await
            .map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(JournalError::TakenOver)));
    }
    let [story] = second
        .unfinished(&person)
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(story.steps[0].state, State::Started);

    second
        .record(&run, 1, Event::Lost, &Note::default())
        .await
        .unwrap();
    let later = second
        .begin(&offboard(&person), &[close(1, "messenger")])
        .await
        .unwrap();
    second.supersede(&run, Some(&later)).await.unwrap();
    // What the first one gives back is nobody's but its own.
    first.release(&person).await.unwrap();
    second
        .record(&later, 1, Event::Started, &Note::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn nothing_begins_without_a_claim() {
    let journal = memory().await;
    let person = anna(&journal).await;
    let refused = journal
        .begin(&offboard(&person), &[close(1, "messenger")])
        .await;
    assert!(matches!(refused, Err(JournalError::TakenOver)));
    assert_eq!(journal.runs(1).await.unwrap(), []);
}

#[tokio::test]
async fn every_handle_of_an_opening_is_the_same_owner() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let first = open(&path).await;
    let (person, run) = begun(&first, "messenger", 1).await;
    let handle = first.clone();
    drop(first);
    let second = open(&path).await;
    let refused = second.claim(&person, &[provider("messenger")], false).await;
    assert!(matches!(refused, Err(JournalError::Claimed { .. })));
    handle
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_store_under_another_name_has_the_same_owners() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let first = open(&path).await;
    let (person, _) = begun(&first, "messenger", 1).await;
    let other_name = folder.path().join("link.sqlite");
    std::os::unix::fs::symlink(&path, &other_name).unwrap();
    let second = open(&other_name).await;
    let refused = second.claim(&person, &[provider("messenger")], false).await;
    assert!(matches!(refused, Err(JournalError::Claimed { .. })));
}

#[tokio::test(start_paused = true)]
async fn one_turn_on_a_platform_ends_before_the_next_begins_across_openings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let (first, second) = (open(&path).await, open(&path).await);
    let messenger = provider("messenger");
    for (one, other) in [(&first, &second), (&first, &first)] {
        let held = one.turn(&messenger).await.unwrap();
        let mut waits = Box::pin(other.turn(&messenger));
        let patience = std::time::Duration::from_secs(1);
        let early = tokio::time::timeout(patience, &mut waits).await;
        assert!(early.is_err(), "two had the turn");
        let elsewhere = other.turn(&provider("Почта/../calls")).await;
        assert!(elsewhere.is_ok(), "another platform has turns of its own");
        drop(held);
        assert!(waits.await.is_ok());
    }
}

#[tokio::test]
async fn a_turn_goes_on_although_another_process_opens_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let first = open(&path).await;
    let messenger = provider("messenger");
    drop(first.turn(&messenger).await.unwrap());
    let held = first.turn(&messenger).await.unwrap();
    // Opening buries what nobody holds, and the file is held.
    let second = open(&path).await;
    let waits = second.turn(&messenger);
    let patience = std::time::Duration::from_millis(200);
    assert!(tokio::time::timeout(patience, waits).await.is_err());
    drop(held);
    assert!(second.turn(&messenger).await.is_ok());
}

#[tokio::test]
async fn whoever_is_taken_is_told_of_as_they_are_then_and_never_from_the_living() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let first = open(&path).await;
    let (person, run) = begun(&first, "messenger", 1).await;
    let ended = first.begin(&offboard(&person), &[]).await.unwrap();
    first
        .finish(&ended, RunState::Done, &json!({}))
        .await
        .unwrap();
    let seen = ("calls", "one", record_of("7"));
    let seen = [(provider(seen.0), seen.1.to_owned(), seen.2)];
    first.see(&person, &seen).await.unwrap();

    let second = open(&path).await;
    let both = [provider("calls"), provider("messenger")];
    let keys = || vec![email("anna@example.test")];
    let refused = second.take(&person, &both, keys(), NOW_MS).await;
    assert!(matches!(refused, Err(JournalError::Claimed { .. })));
    drop(first);

    let taken = second.take(&person, &both, keys(), NOW_MS).await.unwrap();
    let known = taken.known.unwrap();
    assert_eq!(known.person.as_ref(), Some(&person));
    assert_eq!(known.links, second.links(&person).await.unwrap());
    assert_eq!(known.aliases, keys());
    let unfinished = second.unfinished(&person).await.unwrap();
    assert_eq!(unfinished[0].run.id, run);
    assert_eq!(taken.unfinished, unfinished);
    assert_eq!(taken.begun_since, second.runs_of(&person, 9).await.unwrap());
    second
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();

    let another = external_id("7");
    second
        .remember(std::slice::from_ref(&another))
        .await
        .unwrap();
    let keys = [keys(), vec![another]].concat();
    let taken = second.take(&person, &both, keys, i64::MAX).await.unwrap();
    assert!(matches!(taken.known, Err(JournalError::TwoPeople)));
    assert_eq!(taken.begun_since, [], "none was begun since");
}
