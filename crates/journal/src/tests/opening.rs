use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use kadry_core::{Event, State};
use rusqlite::Connection;
use tempfile::tempdir;

use super::*;
use crate::Note;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn only_we_can_read_a_store() {
    let folder = tempdir().unwrap();
    let state = folder.path().join("state").join("kadry");
    let path = state.join("romashka.sqlite");
    let journal = open(&path).await;
    anna(&journal).await;
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(state.parent().unwrap()), 0o700);
    for name in ["romashka.sqlite", "romashka.sqlite-wal"] {
        assert_eq!(mode(&state.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&state.join("romashka.sqlite.owners")), 0o700);
}

#[tokio::test]
async fn a_store_that_others_can_read_is_closed_to_them() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    drop(open(&path).await);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(&path).await);
    assert_eq!(mode(&path), 0o600);
}

#[tokio::test]
async fn a_store_is_new_once() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    assert!(try_open(&path).await.unwrap().fresh);
    assert!(!try_open(&path).await.unwrap().fresh);
}

#[tokio::test]
async fn a_file_that_is_something_else_is_left_as_it_is() {
    let folder = tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "Remember the milk.").unwrap();
    let other = folder.path().join("other.sqlite");
    Connection::open(&other)
        .unwrap()
        .execute_batch("create table milk (litres integer)")
        .unwrap();
    for path in [text, other] {
        let before = fs::read(&path).unwrap();
        let beside = fs::read_dir(folder.path()).unwrap().count();
        assert!(matches!(
            try_open(&path).await,
            Err(JournalError::NotAStore)
        ));
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), beside);
    }
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    drop(open(&path).await);
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert!(matches!(
        try_open(&path).await,
        Err(JournalError::Newer {
            found: 99,
            known: 7
        })
    ));
}

#[tokio::test]
async fn a_store_whose_pages_are_rubbish_is_damaged() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    drop(open(&path).await);
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(
        try_open(&path).await,
        Err(JournalError::Damaged { .. })
    ));
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_named() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [folder.path().to_owned(), file.join("kadry.sqlite")] {
        let Err(JournalError::Open { path, .. }) = try_open(&place).await else {
            unreachable!("there is no place for a store");
        };
        assert!(path.starts_with(folder.path()));
    }
}

#[tokio::test]
async fn what_was_recorded_is_in_the_files_already() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let journal = open(&path).await;
    let (person, run) = begun(&journal, "messenger", 1).await;
    journal
        .record(&run, 1, Event::Started, &Note::default())
        .await
        .unwrap();

    let elsewhere = folder.path().join("copy");
    fs::create_dir(&elsewhere).unwrap();
    for name in ["kadry.sqlite", "kadry.sqlite-wal"] {
        fs::copy(folder.path().join(name), elsewhere.join(name)).unwrap();
    }
    let copy = open(&elsewhere.join("kadry.sqlite")).await;
    let [story] = copy.unfinished(&person).await.unwrap().try_into().unwrap();
    assert_eq!((story.run.id, story.steps[0].state), (run, State::Started));
    // The owners were not copied: whoever held the person is dead here.
    copy.claim(&person, &[provider("messenger")], false)
        .await
        .unwrap();
}

#[tokio::test]
async fn many_may_open_a_new_store_at_once() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { try_open(&path).await })
        })
        .collect();
    let mut opened = Vec::new();
    for one in opening {
        opened.push(one.await.unwrap().unwrap());
    }
    assert_eq!(opened.iter().filter(|one| one.fresh).count(), 1);
}

#[tokio::test]
async fn the_dead_leave_nothing_behind() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let owners = folder.path().join("kadry.sqlite.owners");
    drop(open(&path).await);
    fs::write(owners.join("somebody-who-was-killed"), "").unwrap();
    let journal = open(&path).await;
    // The file that is locked while opening, and ours.
    assert_eq!(fs::read_dir(&owners).unwrap().count(), 2);
    let known: u32 = journal
        .store()
        .writer()
        .query_row("select count(*) from owner", (), |row| row.get(0))
        .unwrap();
    assert_eq!(known, 1);
}

#[tokio::test]
async fn a_store_is_counted_and_looked_through() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let journal = open(&path).await;
    let empty = journal.census().await.unwrap();
    assert_eq!((empty.people, empty.runs, empty.first_ms), (0, 0, None));
    begun(&journal, "messenger", 1).await;
    let census = journal.census().await.unwrap();
    assert_eq!((census.people, census.runs), (1, 1));
    assert!(census.first_ms.unwrap() >= NOW_MS);
    journal.look_through().await.unwrap();
}

#[tokio::test]
async fn a_store_with_a_spoilt_page_is_damaged() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let journal = open(&path).await;
    for number in 0..200 {
        let keys = [external_id(&format!("{number}"))];
        journal.remember(&keys).await.unwrap();
    }
    drop(journal);
    // The last commit may still hold the store open, and then its log would hide what is spoilt in the file.
    let db = Connection::open(&path).unwrap();
    let busy: i64 = db
        .query_row("pragma wal_checkpoint(truncate)", (), |row| row.get(0))
        .unwrap();
    assert_eq!(busy, 0);
    drop(db);
    let mut bytes = fs::read(&path).unwrap();
    let last_page = bytes.len() - 4096;
    bytes[last_page..].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let journal = open(&path).await;
    let looked = journal.look_through().await;
    assert!(
        matches!(looked, Err(JournalError::Damaged { .. })),
        "{looked:?}"
    );
}

#[tokio::test]
async fn an_opening_that_fails_leaves_nothing_of_a_new_store() {
    for hindrance in ["kadry.sqlite.owners", "kadry.sqlite-wal"] {
        let folder = tempdir().unwrap();
        let path = folder.path().join("kadry.sqlite");
        let hindrance = folder.path().join(hindrance);
        if hindrance.extension().is_some_and(|end| end == "owners") {
            fs::write(&hindrance, "in the way").unwrap();
        } else {
            fs::create_dir(&hindrance).unwrap();
        }
        assert!(try_open(&path).await.is_err(), "{hindrance:?}");
        let left = fs::read_dir(folder.path()).unwrap();
        let left: Vec<_> = left.map(|file| file.unwrap().path()).collect();
        assert_eq!(left, [hindrance]);
    }
}

#[tokio::test]
async fn folders_that_were_made_for_a_store_go_with_it() {
    let folder = tempdir().unwrap();
    let deep = folder.path().join("a").join("b");
    // A name that fits, with an ending for its owners that does not.
    let path = deep.join("k".repeat(250));
    assert!(try_open(&path).await.is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_store_that_is_there_outlives_an_opening_that_fails() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let journal = open(&path).await;
    anna(&journal).await;
    drop(journal);
    let owners = folder.path().join("kadry.sqlite.owners");
    fs::remove_dir_all(&owners).unwrap();
    fs::write(&owners, "in the way").unwrap();
    assert!(try_open(&path).await.is_err());
    fs::remove_file(&owners).unwrap();
    assert_eq!(open(&path).await.census().await.unwrap().people, 1);
}

#[test]
fn a_rehearsal_tells_what_an_opening_would_meet_and_leaves_nothing() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "Remember the milk.").unwrap();
    for (place, is_usable) in [
        ("kadry.sqlite", true),
        ("a/b/kadry.sqlite", true),
        ("file/kadry.sqlite", false),
        ("file/a/kadry.sqlite", false),
        ("file", false),
        (".", false),
    ] {
        let rehearsed = crate::rehearse(&folder.path().join(place));
        assert_eq!(rehearsed.is_ok(), is_usable, "{place}: {rehearsed:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // Nothing can be made here, whoever asks.
    let nowhere = crate::rehearse(Path::new("/proc/kadry/kadry.sqlite"));
    assert!(nowhere.is_err(), "{nowhere:?}");
}

#[tokio::test]
async fn a_store_that_is_there_passes_a_rehearsal_also_while_it_is_used() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    let journal = open(&path).await;
    crate::rehearse(&path).unwrap();
    anna(&journal).await;
    drop(journal);
    crate::rehearse(&path).unwrap();
}

#[tokio::test]
async fn a_store_whose_number_was_wiped_is_damaged_and_stays() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("kadry.sqlite");
    drop(open(&path).await);
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 0)
        .unwrap();
    let opened = try_open(&path).await;
    assert!(
        matches!(opened, Err(JournalError::Damaged { .. })),
        "{opened:?}"
    );
    assert!(path.metadata().unwrap().len() > 4096);
}
