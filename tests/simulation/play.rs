//! Playing a scenario, with its troubles and without.

use std::time::Duration;

use kadry_emulator::Options;
use kadry_emulator::log::Entry;
use serde_json::Value;

use crate::command::{Ended, command};
use crate::oracle;
use crate::scenario::{Chapter, LATENCY_MS, Scenario, Trouble};
use crate::support::platforms::{PLATFORMS, Platform};
use crate::support::world::World;

/// How often a command is given, once nothing goes wrong any more, until it has to be done.
const PATIENCE: usize = 2;

/// After this long nothing is on its way any more that was sent before.
const EVERYTHING_HAS_ARRIVED: Duration = Duration::from_secs(40);

/// What a scenario left, and the way there.
#[derive(Debug, PartialEq)]
pub(crate) struct Ending {
    /// What each platform held after each chapter.
    holdings: Vec<Vec<Value>>,
    /// What each platform was asked.
    asked: Vec<Vec<Entry>>,
}

/// Demands that a scenario ends as it does without its troubles.
pub(crate) fn check(seed: u64) {
    let scenario = Scenario::drawn(seed);
    let expected = played(&scenario, &[]);
    let ending = disturbed(&scenario);
    for (number, (held, expected)) in ending.holdings.iter().zip(&expected.holdings).enumerate() {
        for ((held, expected), platform) in held.iter().zip(expected).zip(PLATFORMS) {
            assert!(
                held == expected,
                "after command {number}, {} differs:\n{}",
                platform.kind,
                difference(held, expected)
            );
        }
    }
}

/// Plays a scenario with its troubles.
pub(crate) fn disturbed(scenario: &Scenario) -> Ending {
    let troubles: Vec<&[Trouble]> = scenario
        .story
        .iter()
        .map(|chapter| chapter.troubles.as_slice())
        .collect();
    played(scenario, &troubles)
}

/// Plays a scenario; chapters without troubles go through at once.
fn played(scenario: &Scenario, troubles: &[&[Trouble]]) -> Ending {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(async {
            let play = Play::set_up(scenario);
            let mut holdings = Vec::new();
            for (number, chapter) in scenario.story.iter().enumerate() {
                let troubles = troubles.get(number).copied().unwrap_or_default();
                play.chapter(chapter, troubles).await;
                holdings.push(oracle::holdings(&play.world));
            }
            oracle::check(&play.world, scenario);
            let asked = PLATFORMS
                .iter()
                .map(|platform| asked(&play.world, platform));
            let asked = asked.collect();
            Ending { holdings, asked }
        })
}

/// Returns what one platform was asked. Lanes do not wait for each other, so that requests are numbered within theirs only.
fn asked(world: &World, platform: &Platform) -> Vec<Entry> {
    let mut log = world.log(platform);
    for (entry, seq) in log.iter_mut().zip(1..) {
        entry.seq = seq;
    }
    log
}

struct Play {
    world: World,
    folder: tempfile::TempDir,
}

impl Play {
    fn set_up(scenario: &Scenario) -> Self {
        let world = World::new(&Options {
            seed: scenario.seed,
            people: 6,
            // Requests take their time, so that a process can be killed while one is on its way.
            latency_ms: LATENCY_MS,
            // Seen live; a rotated token whose answer is lost is lost for good, and no program can mend that.
            identity_rotation: false,
            ..Options::default()
        });
        for (platform, record) in PLATFORMS.iter().zip(&scenario.there) {
            if let Some(record) = record {
                world.put(platform, record);
            }
        }
        Self {
            world,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    async fn chapter(&self, chapter: &Chapter, troubles: &[Trouble]) {
        for trouble in troubles {
            self.suffer(chapter, trouble).await;
        }
        self.until_done(chapter).await;
        tokio::time::sleep(EVERYTHING_HAS_ARRIVED).await;
        let before = self.world.emulator.log().len();
        let left = self.give(chapter, None).await.left();
        assert_eq!(left, None, "once more");
        let log = self.world.emulator.log();
        let writes: Vec<_> = log[before..]
            .iter()
            .filter(|entry| World::is_write(entry))
            .collect();
        assert!(writes.is_empty(), "once more, and it wrote: {writes:#?}");
    }

    /// Gives a command while everything goes wrong, and mends the world afterwards. What it leaves is not looked at.
    async fn suffer(&self, chapter: &Chapter, trouble: &Trouble) {
        for fault in &trouble.faults {
            self.world
                .emulator
                .fault(serde_json::from_value(fault.clone()).unwrap());
        }
        let line = self.world.line.clone();
        let cut = trouble.cut_off_after_ms.map(|moment_ms| {
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(moment_ms)).await;
                line.refuse(true);
            })
        });
        self.give(chapter, trouble.killed_after_ms).await;
        if let Some(cut) = cut {
            cut.abort();
        }
        self.world.line.refuse(false);
        self.world.emulator.clear_faults();
    }

    async fn until_done(&self, chapter: &Chapter) {
        let mut left = None;
        for _ in 0..PATIENCE {
            left = self.give(chapter, None).await.left();
            if left.is_none() {
                return;
            }
        }
        panic!("it does not get done: {}", left.unwrap_or_default());
    }

    async fn give(&self, chapter: &Chapter, killed_after_ms: Option<u64>) -> Ended {
        let store = self.folder.path().join("store.sqlite");
        // Every command mints ids of its own.
        let number = u64::try_from(self.world.emulator.log().len()).unwrap();
        command(&self.world, &store, &chapter.asked, number, killed_after_ms).await
    }
}

/// Shows the lines that differ.
fn difference(held: &Value, expected: &Value) -> String {
    let (held, expected) = (format!("{held:#}"), format!("{expected:#}"));
    let only_in = |sign: &str, one: &str, other: &str| -> Vec<String> {
        let others: Vec<&str> = other.lines().collect();
        let lines = one.lines().filter(|line| !others.contains(line));
        lines.map(|line| format!("{sign} {line}")).collect()
    };
    [
        only_in("+", &held, &expected),
        only_in("-", &expected, &held),
    ]
    .concat()
    .join("\n")
}
