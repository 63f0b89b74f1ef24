//! Playing a scenario, with its troubles and without.

use std::path::PathBuf;
use std::time::Duration;

use kadry_emulator::Options;
use kadry_emulator::log::Entry;
use serde_json::{Value, json};

use crate::command::{Ended, command};
use crate::scenario::{Asked, Chapter, EMAIL, LATENCY_MS, SUCCESSOR, Scenario, Trouble};
use crate::support::platforms::{PLATFORMS, Platform};
use crate::support::world::World;
use crate::{approved, oracle};

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
    /// The one platform that ends as it would have without troubles, if not all do: the door there must not close, and when that is
    /// noticed depends on them.
    guarded: Option<usize>,
}

/// Demands that a scenario ends as it does without its troubles.
pub(crate) fn check(seed: u64) {
    let scenario = Scenario::drawn(seed);
    let expected = played(&scenario, &[]);
    let ending = disturbed(&scenario);
    for (number, (held, expected)) in ending.holdings.iter().zip(&expected.holdings).enumerate() {
        for (place, platform) in PLATFORMS.iter().enumerate() {
            let (held, expected) = (&held[place], &expected[place]);
            assert!(
                held == expected || ending.guarded.is_some_and(|guarded| guarded != place),
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
            approved::check(&play.world, &play.store(), play.guarded.is_none()).await;
            let asked = PLATFORMS
                .iter()
                .map(|platform| asked(&play.world, platform));
            let asked = asked.collect();
            Ending {
                holdings,
                asked,
                guarded: play.guarded,
            }
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
    guarded: Option<usize>,
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
        furnish(&world, scenario);
        Self {
            guarded: oracle::guarded(&world, scenario),
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
        let ended = self.give(chapter, None).await;
        assert_eq!(ended.left(), None, "once more");
        let must_stay = self.guarded.is_some() && matches!(chapter.asked, Asked::Offboard { .. });
        assert_eq!(matches!(ended, Ended::Refused), must_stay, "{ended:?}");
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
        // What cannot all be done is never reported as done: only a command with nothing left to write shows that the rest is.
        for _ in 0..PATIENCE + usize::from(chapter.asked.is_too_much()) {
            left = self.give(chapter, None).await.left();
            if left.is_none() {
                return;
            }
        }
        panic!("it does not get done: {}", left.unwrap_or_default());
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store.sqlite")
    }

    async fn give(&self, chapter: &Chapter, killed_after_ms: Option<u64>) -> Ended {
        let store = self.store();
        // Every command mints ids of its own.
        let number = u64::try_from(self.world.emulator.log().len()).unwrap();
        command(&self.world, &store, chapter, number, killed_after_ms).await
    }
}

/// Puts the successor where there are chats, and what the person has there; lets nobody else sign, where that is so.
fn furnish(world: &World, scenario: &Scenario) {
    let has_chats = |platform: &&Platform| world.state(platform)["chats"].is_array();
    for platform in PLATFORMS.iter().filter(has_chats) {
        let state = world.state(platform);
        let mut records = platform.records(&state).into_iter();
        let is_there = records.any(|(_, email)| email == EMAIL);
        let mut users = vec![json!({
            "email": SUCCESSOR, "last_name": "Преемник", "first_name": "Борис",
        })];
        if is_there && scenario.shows {
            users.push(json!({
                "email": EMAIL, "status": { "emoji": "🏖️", "title": "В отпуске" },
                "custom_properties": { "Город": "Старск", "Табельный номер": "00017" },
            }));
        }
        let mut chats = Vec::new();
        if is_there && scenario.keeps {
            chats.push(json!({ "name": "Кружок", "public": true, "owner": EMAIL }));
            if !scenario.loses_sight() {
                chats.push(json!({ "name": "Смена", "admins": [EMAIL] }));
            }
        }
        let records = json!({ platform.kind: { "users": users, "chats": chats } });
        world.emulator.seed(&records).unwrap();
    }
    for platform in PLATFORMS.iter().filter(|_| scenario.alone) {
        let state = world.state(platform);
        let employees = state["employees"].as_array().into_iter().flatten();
        let logins = employees.filter_map(|employee| employee["login"].as_str());
        let others = logins.filter(|login| login.to_lowercase() != EMAIL);
        let idle: Vec<_> = others
            .map(|login| json!({ "login": login, "actions": [] }))
            .collect();
        if !idle.is_empty() {
            let records = json!({ platform.kind: { "employees": idle } });
            world.emulator.seed(&records).unwrap();
        }
    }
}

/// Shows the lines that differ.
fn difference(held: &Value, expected: &Value) -> String {
    let (held, expected) = (format!("{held:#}"), format!("{expected:#}"));
    let only_in = |sign: &str, one: &str, other: &str| -> Vec<String> {
        let mut others: Vec<&str> = other.lines().collect();
        let is_new = |line: &&str| match others.iter().position(|other| other == line) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        };
        let lines = one.lines().filter(is_new);
        lines.map(|line| format!("{sign} {line}")).collect()
    };
    [
        only_in("+", &held, &expected),
        only_in("-", &expected, &held),
    ]
    .concat()
    .join("\n")
}
