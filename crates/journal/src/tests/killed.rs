//! A process that is killed while it records: what was acknowledged is there, and the person is free.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use kadry_core::Event;
use tempfile::tempdir;

use super::*;
use crate::Note;

const FOLDER: &str = "KADRY_TEST_VICTIM_FOLDER";
const STEPS: u32 = 20_000;

/// Does nothing unless the test below starts it in a process of its own.
#[tokio::test]
async fn victim() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let journal = open(&folder.join("kadry.sqlite")).await;
    let (_, run) = begun(&journal, "messenger", STEPS).await;
    let mut acknowledged: File = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("acknowledged"))
        .unwrap();
    for seq in 1..=STEPS {
        journal
            .record(&run, seq, Event::Started, &Note::default())
            .await
            .unwrap();
        acknowledged.write_all(b".").unwrap();
    }
    // Only if the test is slower than twenty thousand commits.
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_and_the_person_is_free() {
    let folder = tempdir().unwrap();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::killed::victim"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let acknowledged =
        || fs::metadata(folder.path().join("acknowledged")).map_or(0, |file| file.len());
    while acknowledged() < 100 {
        assert_eq!(victim.try_wait().unwrap(), None, "the victim died early");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    let path = folder.path().join("kadry.sqlite");
    let journal = open(&path).await;
    let person = anna(&journal).await;
    let messenger = [provider("messenger")];
    let Err(JournalError::Claimed { pid, .. }) = journal.claim(&person, &messenger, false).await
    else {
        unreachable!("the victim lives");
    };
    assert_eq!(pid, victim.id());

    victim.kill().unwrap();
    victim.wait().unwrap();
    journal.claim(&person, &messenger, false).await.unwrap();
    let [story] = journal
        .unfinished(&person)
        .await
        .unwrap()
        .try_into()
        .unwrap();
    let recorded: usize = story.steps.iter().map(|step| step.events.len()).sum();
    let acknowledged = usize::try_from(acknowledged()).unwrap();
    assert!(
        (acknowledged..=acknowledged + 1).contains(&recorded),
        "{acknowledged} were acknowledged and {recorded} are there"
    );
}
