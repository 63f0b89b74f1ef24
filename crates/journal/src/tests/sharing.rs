use std::sync::atomic::Ordering;
use std::time::Duration;

use kadry_core::{Event, State};
use tempfile::tempdir;
use tokio::task::JoinSet;

use super::*;
use crate::Note;

#[tokio::test]
async fn fifty_records_at_once_share_commits() {
    let folder = tempdir().unwrap();
    let journal = open(&folder.path().join("kadry.sqlite")).await;
    let (_, run) = begun(&journal, "messenger", 50).await;
    let before = journal.store().commits.load(Ordering::Relaxed);
    let mut lanes = JoinSet::new();
    for seq in 1..=50 {
        let (journal, run) = (journal.clone(), run.clone());
        lanes.spawn(async move {
            journal
                .record(&run, seq, Event::Started, &Note::default())
                .await
        });
    }
    let states = lanes.join_all().await;
    assert!(
        states
            .into_iter()
            .all(|state| state.is_ok_and(|state| state == State::Started))
    );
    let commits = journal.store().commits.load(Ordering::Relaxed) - before;
    assert!(commits < 50, "{commits} commits");

    let story = journal.story(run.as_str()).await.unwrap();
    let mut numbers: Vec<_> = story
        .steps
        .iter()
        .flat_map(|step| &step.events)
        .map(|row| row.seq)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_record_that_is_refused_disturbs_no_other_of_its_commit() {
    let journal = memory().await;
    let (_, run) = begun(&journal, "messenger", 3).await;
    let note = Note::default();
    let (first, second, third) = tokio::join!(
        journal.record(&run, 1, Event::Started, &note),
        journal.record(&run, 2, Event::Done, &note),
        journal.record(&run, 3, Event::Started, &note),
    );
    assert!(first.is_ok() && third.is_ok());
    assert!(matches!(second, Err(JournalError::Illegal(_))));
    let story = journal.story(run.as_str()).await.unwrap();
    let states: Vec<_> = story.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [State::Started, State::Waiting, State::Started]);
}

#[tokio::test]
async fn a_full_disk_is_told_and_the_store_goes_on_when_there_is_room() {
    let folder = tempdir().unwrap();
    let journal = open(&folder.path().join("kadry.sqlite")).await;
    let (person, run) = begun(&journal, "messenger", 1).await;
    let limit = |pages: u32| {
        let db = journal.store().writer();
        db.pragma_update(None, "max_page_count", pages).unwrap();
    };
    limit(1);
    let large = NewRun {
        intent: "x".repeat(1 << 20).into(),
        ..offboard(&person)
    };
    assert!(matches!(
        journal.begin(&large, &[]).await,
        Err(JournalError::Full)
    ));
    limit(1 << 20);
    journal
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();
    assert_eq!(journal.runs(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_read_does_not_wait_for_a_write() {
    let folder = tempdir().unwrap();
    let journal = open(&folder.path().join("kadry.sqlite")).await;
    let (_, run) = begun(&journal, "messenger", 1).await;
    let (end, ends) = std::sync::mpsc::channel();
    let store = journal.store().clone();
    let write = tokio::spawn(async move {
        let work = move |_: &rusqlite::Connection| Ok(ends.recv().is_ok());
        store.write(work).await
    });
    tokio::task::yield_now().await;
    let read = tokio::time::timeout(Duration::from_secs(20), journal.story(run.as_str()));
    assert_eq!(read.await.unwrap().unwrap().run.id, run);
    assert!(!write.is_finished());
    end.send(()).unwrap();
    assert!(write.await.unwrap().unwrap());
}

#[tokio::test]
async fn a_read_that_fails_disturbs_none_beside_it() {
    let journal = memory().await;
    let (_, run) = begun(&journal, "messenger", 1).await;
    let nobody = journal.store().read(|db| {
        let missing = db.query_row("select 1 from nothing", (), |row| row.get::<_, u32>(0));
        Ok(missing?)
    });
    let (before, failed, after) = tokio::join!(
        journal.story(run.as_str()),
        nobody,
        journal.story(run.as_str())
    );
    assert!(failed.is_err());
    assert_eq!(before.unwrap(), after.unwrap());
}

#[tokio::test]
async fn work_that_panics_stops_its_own_caller_and_not_the_store() {
    let journal = memory().await;
    let broken = journal
        .store()
        .write(|_| -> Result<(), JournalError> { unreachable!("on purpose") })
        .await;
    assert!(matches!(broken, Err(JournalError::Stopped)));
    // Its leader may still be on its way out, and takes down with it whoever comes meanwhile.
    while let Err(error) = journal.remember(&[external_id("2")]).await {
        assert!(matches!(error, JournalError::Stopped));
        tokio::task::yield_now().await;
    }
}

/// Runs eight lanes of fifty calls each over virtual time, and returns what happened when.
fn eight_lanes() -> (Vec<(i64, u32)>, i64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let folder = tempdir().unwrap();
        let clock = Clock::starting_at(NOW_MS);
        let path = folder.path().join("kadry.sqlite");
        let opened = Journal::open(&path, clock.clone(), Random::seeded(7)).await;
        let journal = opened.unwrap().journal;
        let (_, run) = begun(&journal, "messenger", 400).await;
        let mut lanes = JoinSet::new();
        for lane in 0..8 {
            let (journal, run) = (journal.clone(), run.clone());
            lanes.spawn(async move {
                for call in 1..=50 {
                    let seq = lane * 50 + call;
                    for event in [Event::Started, Event::Done] {
                        journal
                            .record(&run, seq, event, &Note::default())
                            .await
                            .unwrap();
                        tokio::time::sleep(Duration::from_millis(100 + u64::from(lane))).await;
                    }
                }
            });
        }
        lanes.join_all().await;
        let story = journal.story(run.as_str()).await.unwrap();
        let trace = story
            .steps
            .iter()
            .flat_map(|step| step.events.iter().map(|row| (row.at_ms, step.step.seq)))
            .collect();
        (trace, clock.now_ms() - NOW_MS)
    })
}

#[test]
fn a_paused_clock_waits_for_the_store() {
    let (trace, took_ms) = eight_lanes();
    assert_eq!(trace.len(), 800);
    // Fifty calls of two waits each in the slowest lane, and not a millisecond for the disk.
    assert_eq!(took_ms, 100 * 107);
    assert_eq!(eight_lanes(), (trace, took_ms));
}
