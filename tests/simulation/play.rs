//! Playing a scenario, with its troubles and without.

use std::path::PathBuf;
use std::time::Duration;

use kadry_emulator::Options;
use kadry_emulator::dealapp::habits::Habits;
use kadry_emulator::log::Entry;
use kadry_flow::FlowError;
use kadry_flow::report::Report;
use serde_json::{Value, json};

use crate::approved::{self, Expected, Parked};
use crate::command::{Ended, Told, command, resumed};
use crate::compare::{beyond, difference};
use crate::furnish::furnish;
use crate::oracle;
use crate::scenario::{Asked, Chapter, LATENCY_MS, Scenario};
use crate::support::platforms::{PLATFORMS, Platform};
use crate::support::world::{Reach, World};
use crate::tally::Try;
use crate::trouble::{Class, Trouble};

/// How often a command is given, once nothing goes wrong any more, until it has to be done.
pub(crate) const PATIENCE: usize = 2;

/// After this long nothing is on its way any more that was sent before.
pub(crate) const EVERYTHING_HAS_ARRIVED: Duration = Duration::from_secs(40);

/// Where a store is made if there is such a place: nothing here has to outlive the power, and waiting for a disk takes longer than all
/// else.
const FAST: &str = "/dev/shm";

/// The members of a seed that end sessions.
const ENDS_SESSIONS: [&str; 2] = ["expire_sessions", "expire_tokens"];

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
    /// What befell each try, and what a person has to decide about since.
    pub(crate) tries: Vec<Try>,
}

/// Demands that a scenario ends as it does without its troubles, and returns what befell its tries.
pub(crate) fn check(seed: u64) -> Vec<Try> {
    let scenario = Scenario::drawn(seed);
    let readings = scenario.readings();
    let expected: Vec<Ending> = readings.iter().map(undisturbed).collect();
    let ending = disturbed(&scenario);
    let last = ending.holdings.len() - 1;
    for (number, held) in ending.holdings.iter().enumerate() {
        for (place, platform) in PLATFORMS.iter().enumerate() {
            if ending.guarded.is_some_and(|guarded| guarded != place) {
                continue;
            }
            let held = &held[place];
            let wrong = if expected.len() == 1 || number < last {
                difference(held, &expected[0].holdings[number][place])
            } else {
                let ends = expected.iter().filter_map(|ending| ending.holdings.last());
                let ends: Vec<&Value> = ends.map(|holdings| &holdings[place]).collect();
                beyond(held, &ends)
            };
            let kind = platform.kind;
            assert!(
                wrong.is_empty(),
                "after command {number}, {kind} differs:\n{wrong}"
            );
        }
    }
    ending.tries
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

/// Plays a scenario without them.
fn undisturbed(scenario: &Scenario) -> Ending {
    played(scenario, &[])
}

/// Plays a scenario; chapters without troubles go through at once.
fn played(scenario: &Scenario, troubles: &[&[Trouble]]) -> Ending {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(async {
            let mut play = Play::set_up(scenario);
            let mut holdings = Vec::new();
            for (number, chapter) in scenario.story.iter().enumerate() {
                let troubles = troubles.get(number).copied().unwrap_or_default();
                play.chapter(chapter, troubles).await;
                holdings.push(oracle::holdings(&play.world));
            }
            let is_odd = !troubles.is_empty() && scenario.is_at_odds();
            let readings = if is_odd {
                scenario.readings()
            } else {
                vec![scenario.clone()]
            };
            oracle::check(&play.world, &readings);
            // On platforms that the last command does not cover, what somebody else asked for stays open.
            let expected = Expected {
                all_end: play.guarded.is_none() && !is_odd,
                are_several: troubles
                    .iter()
                    .copied()
                    .flatten()
                    .any(|one| one.beside.is_some()),
            };
            let parked = approved::check(&play.world, &play.store(), expected).await;
            play.attribute(parked);
            let asked = PLATFORMS
                .iter()
                .map(|platform| asked(&play.world, platform));
            Ending {
                holdings,
                asked: asked.collect(),
                guarded: play.guarded,
                tries: play.tries,
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

/// Returns a folder for a store.
pub(crate) fn folder() -> tempfile::TempDir {
    let fast = tempfile::tempdir_in(FAST);
    fast.or_else(|_| tempfile::tempdir()).unwrap()
}

struct Play {
    world: World,
    guarded: Option<usize>,
    rotates: bool,
    /// Whether runs are resumed before the same command is given once more.
    resumes: bool,
    tries: Vec<Try>,
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
            dealapp: Habits {
                shared_tokens: !scenario.rotates,
                ..Habits::default()
            },
            ..Options::default()
        });
        furnish(&world, scenario);
        Self {
            guarded: oracle::guarded(&world, scenario),
            world,
            rotates: scenario.rotates,
            resumes: scenario.seed.is_multiple_of(2),
            tries: Vec::new(),
            folder: folder(),
        }
    }

    async fn chapter(&mut self, chapter: &Chapter, troubles: &[Trouble]) {
        for trouble in troubles {
            self.suffer(chapter, trouble).await;
        }
        self.until_done(chapter).await;
        tokio::time::sleep(EVERYTHING_HAS_ARRIVED).await;
        let before = self.world.emulator.log().len();
        let ended = self.give(chapter).await;
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
    async fn suffer(&mut self, chapter: &Chapter, trouble: &Trouble) {
        for fault in &trouble.faults {
            self.world
                .emulator
                .fault(serde_json::from_value(fault.clone()).unwrap());
        }
        let mut classes = trouble.classes.clone();
        classes.extend(self.rotates.then_some(Class::TokensRotate));
        self.tries.push(Try {
            began_ms: self.world.clock.now_ms(),
            classes,
            parked: Vec::new(),
        });
        tokio::select! {
            biased;
            () = self.work(chapter, trouble) => {}
            () = misfortunes(&self.world, trouble) => {}
        }
        self.world.line.refuse(false);
        self.world.emulator.clear_faults();
    }

    /// Lets all processes of a try come to their end.
    async fn work(&self, chapter: &Chapter, trouble: &Trouble) {
        let reaches = self.world.reaches().await;
        let told = self.told(chapter, trouble.killed_after_ms);
        let first = self.command(reaches.clone(), &told);
        let Some(beside) = &trouble.beside else {
            let ended = first.await;
            assert!(!matches!(ended, Ended::Met), "there is nobody to be met");
            return;
        };
        let other = Told {
            asked: beside.asked.as_ref().unwrap_or(&chapter.asked),
            unasked: beside.unasked,
            // Two processes mint ids of their own.
            number: told.number + (1 << 32),
            killed_after_ms: beside.killed_after_ms,
        };
        let second = async {
            tokio::time::sleep(Duration::from_millis(beside.begins_after_ms)).await;
            self.command(reaches, &other).await
        };
        drop(tokio::join!(first, second));
    }

    /// Gives the command until it is done, as an operator does, who may go on with what was approved before.
    async fn until_done(&self, chapter: &Chapter) {
        if self.resumes {
            let reaches = self.world.reaches().await;
            let number = self.told(chapter, None).number + (1 << 33);
            for came in resumed(&self.world, &self.store(), reaches, number).await {
                assert!(is_no_fault(&came), "resuming: {came:#?}");
            }
        }
        let mut left = None;
        // What cannot all be done is never reported as done: only a command with nothing left to write shows that the rest is.
        for _ in 0..PATIENCE + usize::from(chapter.asked.is_too_much()) {
            left = self.give(chapter).await.left();
            if left.is_none() {
                return;
            }
        }
        panic!("it does not get done: {}", left.unwrap_or_default());
    }

    async fn give(&self, chapter: &Chapter) -> Ended {
        let reaches = self.world.reaches().await;
        self.command(reaches, &self.told(chapter, None)).await
    }

    fn told<'a>(&self, chapter: &'a Chapter, killed_after_ms: Option<u64>) -> Told<'a> {
        Told {
            asked: &chapter.asked,
            unasked: chapter.unasked,
            // Every command mints ids of its own.
            number: u64::try_from(self.world.emulator.log().len()).unwrap(),
            killed_after_ms,
        }
    }

    async fn command(&self, reaches: Vec<Reach>, told: &Told<'_>) -> Ended {
        command(&self.world, &self.store(), reaches, told).await
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store.sqlite")
    }

    /// Holds each parked step against the try in which its run began.
    fn attribute(&mut self, parked: Vec<Parked>) {
        for step in parked {
            let mut tries = self.tries.iter_mut().rev();
            match tries.find(|one| one.began_ms <= step.run_began_ms) {
                Some(one) => one.parked.push(step),
                None => panic!("parked before anything went wrong: {step:?}"),
            }
        }
    }
}

/// What befalls a try at some moment. It never ends: the try does.
async fn misfortunes(world: &World, trouble: &Trouble) {
    let at = |moment_ms: Option<u64>| async move {
        match moment_ms {
            Some(moment_ms) => tokio::time::sleep(Duration::from_millis(moment_ms)).await,
            None => std::future::pending().await,
        }
    };
    let cut_off = async {
        at(trouble.cut_off_after_ms).await;
        world.line.refuse(true);
    };
    let sessions_end = async {
        at(trouble.sessions_end_after_ms).await;
        for platform in PLATFORMS {
            end_sessions(world, platform);
        }
    };
    tokio::join!(cut_off, sessions_end, std::future::pending::<()>());
}

fn end_sessions(world: &World, platform: &Platform) {
    for member in ENDS_SESSIONS {
        let records = json!({ platform.kind: { member: true } });
        // Refused where there is no such thing.
        world.emulator.seed(&records).ok();
    }
}

/// Reports whether going on came to what it may come to: a part is left to the same command or to a later run, and guards may say no.
fn is_no_fault(came: &Result<Report, FlowError>) -> bool {
    match came {
        Ok(_) => true,
        Err(error) => matches!(
            error,
            FlowError::Ended { .. }
                | FlowError::LaterFirst { .. }
                | FlowError::Refused(_)
                | FlowError::KnownNowhere
        ),
    }
}
