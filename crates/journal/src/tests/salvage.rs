use std::fs;

use kadry_core::{Event, RunState};
use rusqlite::Connection;
use tempfile::tempdir;

use super::*;
use crate::{Note, Salvage, salvage, salvageable};

const RUNS: u32 = 60;

/// A store with many runs, all of it in its file.
async fn filled(path: &Path) {
    let journal = open(path).await;
    for number in 0..RUNS {
        let person = journal
            .remember(&[external_id(&number.to_string())])
            .await
            .unwrap();
        let on = provider("messenger");
        journal.claim(&person, &[on], false).await.unwrap();
        let steps = [close(1, "messenger")];
        let run = journal.begin(&offboard(&person), &steps).await.unwrap();
        for event in [Event::Started, Event::Done] {
            journal
                .record(&run, 1, event, &Note::default())
                .await
                .unwrap();
        }
        let ending = serde_json::Value::Null;
        journal.finish(&run, RunState::Done, &ending).await.unwrap();
    }
    drop(journal);
    let db = Connection::open(path).unwrap();
    db.query_row("pragma wal_checkpoint(truncate)", (), |_| Ok(()))
        .unwrap();
}

/// Fills the last of the pages on which the rows of a table lie with rubbish.
fn spoil(path: &Path, table: &str) {
    let db = Connection::open(path).unwrap();
    let size: u32 = db
        .pragma_query_value(None, "page_size", |row| row.get(0))
        .unwrap();
    let root: u32 = db
        .query_row(
            "select rootpage from sqlite_schema where name = ?1",
            [table],
            |row| row.get(0),
        )
        .unwrap();
    drop(db);
    let mut bytes = fs::read(path).unwrap();
    let page = |number: u32| usize::try_from((number - 1) * size).unwrap();
    // The root of a table that does not fit on one page names its children, each in four bytes, from the end of the page.
    let root_at = page(root);
    let cells = u16::from_be_bytes([bytes[root_at + 3], bytes[root_at + 4]]);
    let is_inner = matches!(bytes[root_at], 2 | 5);
    assert!(is_inner && cells > 0, "{table} needs more than one page");
    let first = u16::from_be_bytes([bytes[root_at + 12], bytes[root_at + 13]]);
    let cell = root_at + usize::from(first);
    let child = u32::from_be_bytes(bytes[cell..cell + 4].try_into().unwrap());
    let child_at = page(child);
    let end = child_at + usize::try_from(size).unwrap();
    bytes[child_at..end].fill(0xa5);
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_bad_page_costs_the_rows_on_it_and_no_others() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    filled(&path).await;
    spoil(&path, "run");
    let found = salvageable(&path).await.unwrap();
    let lost = u64::from(RUNS) - found.runs;
    assert!((1..u64::from(RUNS) / 2).contains(&lost), "{found:?}");
    assert_eq!(found.people, u64::from(RUNS));
    assert_eq!((found.steps, found.events), (found.runs, 2 * found.runs));
}

#[tokio::test]
async fn what_is_saved_is_a_store_like_any_other_and_the_damaged_one_stays_as_it_is() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    filled(&path).await;
    spoil(&path, "step");
    let before = fs::read(&path).unwrap();
    let into = folder.path().join("saved.sqlite");
    let saved = salvage(&path, &into).await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(saved.runs, u64::from(RUNS));
    assert!(saved.steps < saved.runs, "{saved:?}");
    assert_eq!(saved.events, 2 * saved.steps);
    let journal = open(&into).await;
    journal.look_through().await.unwrap();
    assert_eq!(journal.runs(u32::MAX).await.unwrap().len(), 60);
    for run in journal.runs(u32::MAX).await.unwrap() {
        journal.story(run.id.as_str()).await.unwrap();
    }
    let again = salvage(&path, &into).await;
    assert!(matches!(again, Err(JournalError::Open { .. })), "{again:?}");
}

#[tokio::test]
async fn a_whole_store_loses_nothing_not_even_what_stands_in_its_log_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let journal = open(&path).await;
    begun(&journal, "messenger", 2).await;
    let found = salvageable(&path).await.unwrap();
    let all = Salvage {
        people: 1,
        links: 0,
        runs: 1,
        steps: 2,
        events: 0,
    };
    assert_eq!(found, all);
}

#[tokio::test]
async fn where_nothing_can_be_read_nothing_is_made() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    fs::write(&path, [0xa5; 8192]).unwrap();
    let into = folder.path().join("saved.sqlite");
    let saved = salvage(&path, &into).await;
    assert!(matches!(saved, Err(JournalError::NotAStore)), "{saved:?}");
    assert!(!into.exists());
}

/// What is found of a store after its file was changed like this.
async fn found_after(change: impl FnOnce(&mut Vec<u8>)) -> Result<Salvage, JournalError> {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    filled(&path).await;
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(&path, &bytes).unwrap();
    let found = salvageable(&path).await;
    assert_eq!(fs::read(&path).unwrap(), bytes, "the store stays as it is");
    found
}

#[tokio::test]
async fn what_was_cut_off_a_file_costs_no_more_than_what_stood_there() {
    let found = found_after(|bytes| bytes.truncate(bytes.len() - 4096)).await;
    let found = found.unwrap();
    assert!(found.runs >= u64::from(RUNS) / 2, "{found:?}");
}

#[tokio::test]
async fn without_the_page_that_says_where_the_tables_are_their_rows_are_found_all_the_same() {
    for spoiled in [100..108, 2000..2008, 0..4096] {
        let found = found_after(|bytes| bytes[spoiled.clone()].fill(0xa5)).await;
        let found = found.unwrap();
        assert_eq!(
            (found.people, found.runs),
            (u64::from(RUNS), u64::from(RUNS)),
            "{spoiled:?}"
        );
    }
}

#[tokio::test]
async fn nothing_is_no_rescue_and_another_file_is_no_store() {
    let found = found_after(|bytes| bytes[4096..].fill(0)).await;
    assert!(
        matches!(found, Err(JournalError::Damaged { .. })),
        "{found:?}"
    );
    let found = found_after(|bytes| *bytes = "hello world ".repeat(1000).into_bytes()).await;
    assert!(matches!(found, Err(JournalError::NotAStore)), "{found:?}");
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_not_read_as_one_of_ours() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    filled(&path).await;
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    db.query_row("pragma wal_checkpoint(truncate)", (), |_| Ok(()))
        .unwrap();
    drop(db);
    let found = salvageable(&path).await;
    assert!(
        matches!(found, Err(JournalError::Newer { .. })),
        "{found:?}"
    );
}
