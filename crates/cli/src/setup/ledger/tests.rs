use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use kadry_core::{Clock, Random};
use kadry_http::{
    Anonymous, Budgets, Call, Client, Explained, Family, Precedence, Request, Response, Settings,
    Transport, TransportError, http,
};
use tempfile::TempDir;
use tokio::time::{Instant, timeout};

use super::*;

const TERM: Term = Term {
    from_ms: 1_000,
    until_ms: 31_000,
};

/// A store, and two processes that share what is beside it.
fn two() -> (TempDir, FileLedger, FileLedger) {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("romashka.sqlite");
    fs::write(&store, "").unwrap();
    let ledger = FileLedger::beside(&store, "kind", "anna@example.test");
    (folder, ledger.clone(), ledger)
}

fn read_by(ledger: &FileLedger) -> Result<String, Missed> {
    let mut seen = String::new();
    let look = &mut |text: &str| {
        text.clone_into(&mut seen);
        None
    };
    ledger.change("api.general", look).map(|()| seen)
}

fn write_by(ledger: &FileLedger, text: &str) -> Result<(), Missed> {
    ledger.change("api.general", &mut |_| Some(text.to_owned()))
}

#[test]
fn what_one_process_writes_another_reads_and_only_we_can() {
    let (folder, first, second) = two();
    write_by(&first, "a longer text").unwrap();
    write_by(&first, "short").unwrap();
    assert_eq!(read_by(&second).unwrap(), "short");
    drop(first.slot("api", 0, TERM).unwrap());
    drop(first.wait("api").unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&first.folder), 0o700);
    let budgets = folder.path().join("romashka.sqlite.budgets");
    assert_eq!(mode(&budgets), 0o700);
    for file in fs::read_dir(&first.folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
        assert!(!path.display().to_string().contains("anna"), "{path:?}");
    }
}

#[test]
fn each_credential_counts_for_itself() {
    let of = |credential| FileLedger::beside(Path::new("/s/a.sqlite"), "kind", credential).folder;
    assert_ne!(of("one"), of("other"));
    assert!(of("one").starts_with("/s/a.sqlite.budgets"));
}

#[test]
fn without_a_store_nothing_is_made() {
    let (folder, ledger, _) = two();
    fs::remove_file(folder.path().join("romashka.sqlite")).unwrap();
    assert_eq!(write_by(&ledger, "text"), Err(Missed::Nowhere));
    assert_eq!(ledger.slot("api", 0, TERM).err(), Some(Missed::Nowhere));
    assert!(ledger.wait("api").is_none() && !ledger.is_awaited("api"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_budget_that_another_process_has_at_hand_is_not_waited_for() {
    let (_folder, first, second) = two();
    let mut met = None;
    let meet = &mut |_: &str| {
        met = Some(write_by(&second, "other"));
        None
    };
    first.change("api.general", meet).unwrap();
    assert_eq!(met, Some(Err(Missed::Busy)));
}

#[test]
fn a_right_is_one_processes_until_it_is_given_back_or_overdue() {
    let (_folder, first, second) = two();
    let held = first.slot("api", 0, TERM).unwrap();
    let at = |from_ms| Term {
        from_ms,
        until_ms: from_ms + 30_000,
    };
    assert_eq!(second.slot("api", 0, at(30_999)).err(), Some(Missed::Busy));
    assert!(second.slot("api", 1, TERM).is_ok());
    assert!(second.slot("other", 0, TERM).is_ok());
    // The first look takes an overdue right away, and the next one takes its place.
    assert!(second.slot("api", 0, at(31_000)).is_err());
    let taken = second.slot("api", 0, at(31_000)).unwrap();
    drop(held);
    assert_eq!(first.slot("api", 0, at(31_000)).err(), Some(Missed::Busy));
    drop(taken);
    assert!(first.slot("api", 0, TERM).is_ok());
}

#[test]
fn who_waits_is_seen_until_they_have_stopped() {
    let (_folder, first, second) = two();
    assert!(!first.is_awaited("api"));
    let (one, other) = (second.wait("api").unwrap(), first.wait("api").unwrap());
    assert!(first.is_awaited("api") && second.is_awaited("api"));
    drop((one, other));
    assert!(!first.is_awaited("api"));
}

#[test]
fn a_place_that_cannot_be_used_is_missed_and_nothing_else() {
    let (_folder, ledger, _) = two();
    fs::create_dir_all(ledger.folder.parent().unwrap()).unwrap();
    fs::write(&ledger.folder, "in the way").unwrap();
    assert_eq!(write_by(&ledger, "text"), Err(Missed::Broken));
    assert_eq!(ledger.slot("api", 0, TERM).err(), Some(Missed::Broken));
}

/// A platform that takes a second for an answer and notes how many requests it had under way at once.
#[derive(Debug, Default)]
struct Slow {
    under_way: AtomicUsize,
    most: AtomicUsize,
    sent: AtomicUsize,
}

#[async_trait]
impl Transport for Slow {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        self.sent.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        Ok(http::Response::new("").into())
    }
}

/// Returns what one process sends with.
fn client(ledger: &FileLedger, platform: &Arc<Slow>, per_second: f64) -> Client {
    let clock = Clock::starting_at(1_000_000);
    let own = Budgets::shared(Arc::new(ledger.clone()), &clock, Precedence::Usual);
    let general = Family::of_operator("general", per_second, 4);
    let pace = Arc::new(own.pace("api", vec![general], 4));
    let settings = Settings {
        base: "https://api.example.test".parse().unwrap(),
        timeout: Duration::from_secs(30),
        retry_for: Duration::ZERO,
        insecure: false,
    };
    let carrier = Arc::<Slow>::clone(platform);
    let explain = |_: &_| Explained::default();
    Client::new(settings, carrier, pace, explain, clock, Random::seeded(1)).unwrap()
}

async fn send(client: &Client) {
    let call = Call::read("/people").family("general", "");
    client.send(call, &Anonymous).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn two_processes_share_four_requests_under_way() {
    let (_folder, first, second) = two();
    let platform = Arc::new(Slow::default());
    let clients = [first, second].map(|ledger| client(&ledger, &platform, 1_000.0));
    let began = Instant::now();
    join_all((0..40).map(|number| send(&clients[number % 2]))).await;
    assert_eq!(platform.most.load(Ordering::SeqCst), 4);
    let took = began.elapsed().as_secs_f64();
    assert!((10.0..10.5).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn two_processes_share_one_rate() {
    let (_folder, first, second) = two();
    let platform = Arc::new(Slow::default());
    let clients = [first, second].map(|ledger| client(&ledger, &platform, 2.0));
    let all = join_all((0..40).map(|number| send(&clients[number % 2])));
    // Four at once and, when they are paid back, two a second from then on.
    assert!(timeout(Duration::from_millis(4_990), all).await.is_err());
    assert_eq!(platform.sent.load(Ordering::SeqCst), 4 + 7);
}

#[tokio::test(start_paused = true)]
async fn a_damaged_budget_and_an_unwritable_one_stop_nobody() {
    let (_folder, ledger, _) = two();
    let damages = [
        "kadry budget 2\n1 9999999999999999999 9 9 8\nen",
        "kadry budget 2\n9999999999999999999 9999999999999999999 9 9 8\nend",
        "\u{0}",
        "kadry",
    ];
    let platform = Arc::new(Slow::default());
    let began = Instant::now();
    for damage in damages {
        write_by(&ledger, damage).unwrap();
        send(&client(&ledger, &platform, 0.001)).await;
    }
    fs::write(ledger.folder.join("api.general"), [0xff, 0xfe]).unwrap();
    send(&client(&ledger, &platform, 0.001)).await;
    fs::remove_dir_all(&ledger.folder).unwrap();
    fs::write(&ledger.folder, "in the way").unwrap();
    send(&client(&ledger, &platform, 0.001)).await;
    assert_eq!(began.elapsed().as_secs(), 6);
}
