//! The vendor's own Python SDK, as it is published, works on the emulated messenger.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::future::pending;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use kadry_emulator::{Clock, Emulator, Options, serve};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

/// 2026-11-21 10:00 UTC.
const START_MS: i64 = 1_795_255_200_000;

/// The SDK and all that it needs, each by its exact version and content.
const WANTED: &str = include_str!("requirements.txt");

/// Where `.ci/prepare-sdk` puts it: beside everything else that is built.
fn place() -> PathBuf {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR"));
    own.parent().unwrap().join("pachca-sdk")
}

/// Returns the Python that has the SDK. A test that cannot be tried must not look like one that holds.
fn python() -> PathBuf {
    let installed = fs::read_to_string(place().join("requirements.txt")).unwrap_or_default();
    let python = place().join("bin/python");
    assert!(
        installed == WANTED && python.exists(),
        "Pachca's Python SDK is not in {}, or not the one that is wanted: .ci/prepare-sdk installs it there (it needs Python \
         3.11 or newer, which .ci/prepare installs as well)",
        place().display()
    );
    python
}

/// Serves the emulator on a port of this machine.
async fn served(options: Options) -> (Emulator, SocketAddr) {
    let emulator = Emulator::new(options, Clock::starting_at(START_MS));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, emulator.clone(), pending()));
    (emulator, address)
}

/// Runs a script of this folder against the emulator, and demands that it ends well.
async fn run(emulator: &Emulator, address: SocketAddr, script: &str, arguments: &[&str]) {
    let exports = emulator.exports();
    let token = exports
        .into_iter()
        .find(|(name, _)| *name == "PACHCA_TOKEN");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
    let mut command = Command::new(python());
    command
        // Neither what this machine has set for Python nor what its user has installed; and nothing is written beside the script.
        .args(["-E", "-s", "-B"])
        .arg(folder.join(script))
        .args(arguments)
        .env(
            "PACHCA_URL",
            format!("http://{address}/pachca/api/shared/v1"),
        )
        .env("PACHCA_TOKEN", token.unwrap().1);
    for proxy in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(proxy);
    }
    let ended = spawn_blocking(move || command.output()).await.unwrap();
    let ended = ended.unwrap();
    assert!(
        ended.status.success(),
        "{script} has failed:\n{}{}",
        String::from_utf8_lossy(&ended.stdout),
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_works_and_nothing_undocumented_passes_unseen() {
    let (emulator, address) = served(Options {
        people: 120,
        ..Options::default()
    })
    .await;
    run(&emulator, address, "every_method.py", &[]).await;
    let log = emulator.log();
    let violations: BTreeSet<String> = log
        .into_iter()
        .filter_map(|entry| entry.violation)
        .map(|violation| violation.replace(|c: char| c.is_ascii_digit(), ""))
        .collect();
    // The SDK posts avatars, and has methods that are newer than the documents.
    assert_eq!(
        violations.into_iter().collect::<Vec<_>>(),
        [
            "POST of an avatar, which is documented as PUT",
            "no call DELETE /chats//avatar",
            "no call POST /chats//avatar",
            "no call PUT /chats//unread",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_breaks_on_two_answers_as_they_are() {
    let (emulator, address) = served(Options::default()).await;
    run(&emulator, address, "known_crashes.py", &["faithful"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_survives_the_answers_that_are_made_for_it() {
    let options = Options {
        sdk_answers: true,
        ..Options::default()
    };
    let (emulator, address) = served(options).await;
    run(&emulator, address, "known_crashes.py", &["sdk-answers"]).await;
}
