use std::collections::BTreeMap;
use std::fs;

use tempfile::tempdir;

use super::*;

async fn read(path: &Path) -> Journal {
    let (clock, random) = (Clock::starting_at(NOW_MS), Random::seeded(7));
    Journal::open_to_read(path, clock, random).await.unwrap()
}

/// Every file of a folder with what is in it.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let named = files.map(|file| {
        let name = file.file_name().into_string().unwrap();
        (name, fs::read(file.path()).unwrap_or_default())
    });
    named.collect()
}

/// Waits until whoever wrote last has closed the store, too, which takes the files beside it away.
async fn is_closed(path: &Path) {
    let beside = ["sqlite-wal", "sqlite-shm"].map(|end| path.with_extension(end));
    while beside.iter().any(|file| file.is_file()) {
        tokio::task::yield_now().await;
    }
}

/// Closes a store and leaves nothing but its file.
async fn closed(path: &Path) -> PersonId {
    let journal = open(path).await;
    let (person, _) = begun(&journal, "messenger", 1).await;
    drop(journal);
    is_closed(path).await;
    let db = rusqlite::Connection::open(path).unwrap();
    let busy: i64 = db
        .query_row("pragma wal_checkpoint(truncate)", (), |row| row.get(0))
        .unwrap();
    assert_eq!(busy, 0);
    person
}

/// Sees to it that the index of the log cannot be made, which is what a full disk and a folder of somebody else do.
fn hinder(path: &Path) {
    let mut index = path.as_os_str().to_owned();
    index.push("-shm");
    fs::create_dir(index).unwrap();
}

#[tokio::test]
async fn who_only_reads_leaves_everything_as_it_was() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let person = closed(&path).await;
    let before = contents(folder.path());
    let journal = read(&path).await;
    assert_eq!(journal.runs(10).await.unwrap().len(), 1);
    assert_eq!(journal.unfinished(&person).await.unwrap().len(), 1);
    journal.look_through().await.unwrap();
    let refused = journal.remember(&[external_id("2")]).await;
    assert!(refused.is_err(), "{refused:?}");
    drop(journal);
    is_closed(&path).await;
    assert!(before == contents(folder.path()), "{:?}", before.keys());
}

#[tokio::test]
async fn who_reads_sees_what_somebody_else_has_just_written() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let writer = open(&path).await;
    let reader = read(&path).await;
    begun(&writer, "messenger", 1).await;
    assert_eq!(reader.runs(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_store_is_read_where_nothing_can_be_made_beside_it() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    closed(&path).await;
    hinder(&path);
    assert_eq!(read(&path).await.runs(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_log_that_was_left_behind_is_read_as_well_where_nothing_can_be_made() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let journal = open(&path).await;
    begun(&journal, "messenger", 1).await;
    let copy = folder.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for name in ["kadry.sqlite", "kadry.sqlite-wal"] {
        fs::copy(folder.path().join(name), copy.join(name)).unwrap();
    }
    let path = copy.join("kadry.sqlite");
    hinder(&path);
    let before = contents(&copy);
    assert_eq!(read(&path).await.runs(10).await.unwrap().len(), 1);
    assert!(before == contents(&copy), "the log was touched");
}

#[tokio::test]
async fn an_empty_file_is_read_as_a_store_in_which_nothing_is() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    fs::write(&path, "").unwrap();
    assert!(read(&path).await.runs(10).await.unwrap().is_empty());
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
}

#[tokio::test]
async fn what_is_no_store_is_not_read_as_one() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "Remember the milk.").unwrap();
    let (clock, random) = (Clock::starting_at(NOW_MS), Random::seeded(7));
    let refused = Journal::open_to_read(&path, clock.clone(), random.clone()).await;
    assert!(
        matches!(refused, Err(JournalError::NotAStore)),
        "{refused:?}"
    );
    let missing = folder.path().join("missing");
    let refused = Journal::open_to_read(&missing, clock, random).await;
    assert!(
        matches!(refused, Err(JournalError::Open { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_is_open_is_found_without_looking_at_what_has_ended() {
    let journal = memory().await;
    for (question, indexes) in [
        (crate::read::all_open(), &["run_running", "step_open"][..]),
        (crate::read::all_asking(), &["step_parked"]),
    ] {
        let plan = journal
            .store()
            .read(move |db| {
                let mut select = db.prepare(&format!("explain query plan {question}"))?;
                let lines = select.query_map((), |row| row.get("detail"))?;
                Ok(lines.collect::<rusqlite::Result<Vec<String>>>()?)
            })
            .await
            .unwrap();
        let whole = |line: &&String| line.starts_with("SCAN") && !line.contains("INDEX");
        assert_eq!(plan.iter().find(whole), None, "{plan:#?}");
        for index in indexes {
            assert!(plan.iter().any(|line| line.contains(index)), "{plan:#?}");
        }
    }
}
