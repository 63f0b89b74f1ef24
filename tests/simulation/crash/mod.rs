//! The process ends at each event of each story on each platform, is resumed, and the same command is given again.
//!
//! An undisturbed run says which events there are. Then the story is told once for each of four moments of each event: when nothing
//! is begun yet, just after the event was written, when the request is on its way, and when its answer has come and nothing of it is
//! written. The process is gone then with all that it held; what had left takes effect nevertheless.

mod point;
mod stories;

use std::panic::{AssertUnwindSafe, catch_unwind};

use kadry_core::Random;
use kadry_emulator::Options;
use kadry_emulator::log::Entry;
use kadry_journal::Journal;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use self::point::{Seen, killed_at};
use self::stories::{STORIES, Story};
use crate::approved::{self, Expected};
use crate::asked::actions_of;
use crate::command::{Told, command, resumed};
use crate::compare::difference;
use crate::furnish::furnish;
use crate::oracle;
use crate::play::{EVERYTHING_HAS_ARRIVED, PATIENCE, folder};
use crate::said;
use crate::scenario::{Chapter, LATENCY_MS, SUCCESSOR, Scenario, place_of};
use crate::support::platforms::{Newcomer, PLATFORMS};
use crate::support::world::{Reach, World};

/// Returns a trial for each story on each platform by itself, and on all together.
pub(crate) fn trials() -> Vec<Trial> {
    let alone = (0..PLATFORMS.len()).map(|place| (PLATFORMS[place].kind, vec![place]));
    let together = [("all", (0..PLATFORMS.len()).collect())];
    let grounds: Vec<(&str, Vec<usize>)> = alone.chain(together).collect();
    let trial = |(story, (ground, places)): (&'static Story, (&str, Vec<usize>))| {
        Trial::test(
            format!("crash::{}::{ground}", story.name.replace(' ', "_")),
            move || check(&story.told_on(&places)),
        )
    };
    let each = STORIES.iter().flat_map(|story| {
        let grounds = grounds.clone().into_iter();
        grounds.map(move |ground| (story, ground))
    });
    each.map(trial).collect()
}

/// What is left of a story.
struct Left {
    holdings: Vec<Value>,
    log: Vec<Entry>,
}

fn check(scenario: &Scenario) -> Result<(), Failed> {
    let seen = Seen::default();
    let expected = in_time(async {
        let play = Play::set_up(scenario);
        play.tell_undisturbed(&seen).await;
        play.left()
    });
    let mut wrong = Vec::new();
    let points = seen.points();
    assert!(points.len() > 1, "nothing happens in this story");
    for point in points {
        let told = catch_unwind(AssertUnwindSafe(|| {
            in_time(async {
                let play = Play::set_up(scenario);
                killed_at(&play, &point).await;
                play.resume().await;
                play.tell_to_the_end().await;
                play.compare(&expected).await;
            });
        }));
        if let Err(panic) = told {
            wrong.push(format!("{point}: {}", said(panic.as_ref())));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{}\n\n{scenario:#?}", wrong.join("\n\n")).into())
    }
}

fn in_time<T>(story: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build();
    runtime.unwrap().block_on(story)
}

/// One telling of a story.
struct Play<'a> {
    scenario: &'a Scenario,
    chapter: &'a Chapter,
    world: World,
    folder: tempfile::TempDir,
}

impl<'a> Play<'a> {
    fn set_up(scenario: &'a Scenario) -> Self {
        let world = World::new(&Options {
            seed: scenario.seed,
            people: 6,
            latency_ms: LATENCY_MS,
            ..Options::default()
        });
        furnish(&world, scenario);
        for (platform, _) in PLATFORMS.iter().zip(&scenario.on).filter(|(_, on)| **on) {
            let state = world.state(platform);
            if !platform
                .records(&state)
                .iter()
                .any(|(_, email)| email == SUCCESSOR)
            {
                world.put(platform, &successor());
            }
        }
        Self {
            scenario,
            chapter: &scenario.story[0],
            world,
            folder: folder(),
        }
    }

    async fn reaches(&self) -> Vec<Reach> {
        let mut reaches = self.world.reaches().await;
        reaches.retain(|reach| self.scenario.on[place_of(reach.platform)]);
        reaches
    }

    fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("store.sqlite")
    }

    async fn journal(&self, number: u64) -> Journal {
        let random = Random::seeded(number);
        let opened = Journal::open(&self.store(), self.world.clock.clone(), random).await;
        opened.unwrap().journal
    }

    fn told(&self) -> Told<'a> {
        Told {
            asked: &self.chapter.asked,
            unasked: self.chapter.unasked,
            number: u64::try_from(self.world.emulator.log().len()).unwrap(),
            killed_after_ms: None,
        }
    }

    async fn give(&self) -> Option<String> {
        let reaches = self.reaches().await;
        command(&self.world, &self.store(), reaches, &self.told())
            .await
            .left()
    }

    /// Goes on with what was interrupted. The same command has nothing left to write then.
    async fn resume(&self) {
        let (reaches, number) = (self.reaches().await, self.told().number + (1 << 33));
        let came = resumed(&self.world, &self.store(), reaches, number).await;
        assert!(came.iter().all(Result::is_ok), "resuming: {came:#?}");
        let before = self.writes().len();
        self.give().await;
        let writes = &self.writes()[before..];
        assert!(writes.is_empty(), "left undone: {writes:#?} of {came:#?}");
    }

    async fn tell_undisturbed(&self, seen: &Seen) {
        seen.run(self).await;
        self.tell_to_the_end().await;
    }

    /// Gives the command until it is done, and once more, when nothing is left to write.
    async fn tell_to_the_end(&self) {
        let mut left = self.give().await;
        let more = PATIENCE + usize::from(self.chapter.asked.is_too_much());
        for _ in 1..more {
            if left.is_some() {
                left = self.give().await;
            }
        }
        assert_eq!(left, None, "it does not get done");
        tokio::time::sleep(EVERYTHING_HAS_ARRIVED).await;
        let before = self.writes().len();
        assert_eq!(self.give().await, None, "once more");
        let writes = &self.writes()[before..];
        assert!(writes.is_empty(), "once more, and it wrote: {writes:#?}");
    }

    fn writes(&self) -> Vec<Entry> {
        let mut log = self.world.emulator.log();
        log.retain(World::is_write);
        log
    }

    fn left(&self) -> Left {
        Left {
            holdings: oracle::holdings(&self.world),
            log: self.writes(),
        }
    }

    async fn compare(&self, expected: &Left) {
        let left = self.left();
        for (place, platform) in PLATFORMS.iter().enumerate() {
            let wrong = difference(&left.holdings[place], &expected.holdings[place]);
            assert!(wrong.is_empty(), "{} differs:\n{wrong}", platform.kind);
        }
        oracle::check(&self.world, std::slice::from_ref(self.scenario));
        let all = Expected {
            all_end: true,
            are_several: false,
        };
        let parked = approved::check(&self.world, &self.store(), all).await;
        assert!(
            parked.is_empty(),
            "a person has to decide about {parked:#?}"
        );
        assert_eq!(made(&left.log), made(&expected.log), "made or told twice");
        let (sent, due) = (left.log.len(), expected.log.len());
        assert!(
            sent <= due + 1,
            "{sent} writes, and undisturbed {due}: {:#?}",
            left.log
        );
    }
}

fn successor() -> Newcomer {
    Newcomer {
        email: SUCCESSOR.to_owned(),
        external_id: "E-18".to_owned(),
        last_name: "Преемник".to_owned(),
        first_name: "Борис".to_owned(),
        suspended: false,
        carries: true,
    }
}

/// Lists what was made and told: what must not be done a second time although the first time is as good.
fn made(log: &[Entry]) -> Vec<(&'static str, String)> {
    let is_done = |entry: &&Entry| entry.status.is_some_and(|status| status < 300);
    let makes = |entry: &&Entry| {
        let actions = actions_of(entry).iter();
        actions
            .clone()
            .any(|action| ["define", "create", "notify"].contains(action))
    };
    let made = log.iter().filter(is_done).filter(makes);
    let mut made: Vec<_> = made
        .map(|entry| (entry.platform, entry.path.clone()))
        .collect();
    made.sort_unstable();
    made
}
