//! Where a process ends, and ending it there.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::poll_immediate;
use kadry_core::{ProviderId, State, Step};
use kadry_flow::Watch;

use super::Play;
use crate::approved::Guarded;
use crate::command::carried_out;
use crate::scenario::LATENCY_MS;
use crate::support::world::World;

/// How often it is looked whether the moment has come.
const PACE: Duration = Duration::from_millis(1);

/// A moment relative to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// The event is written, and nothing follows.
    Written,
    /// What it announces has left.
    OnItsWay,
    /// What it announces has been answered, and nothing of that is written.
    Answered,
}

/// Where a process ends.
#[derive(Clone, Debug)]
pub(super) enum Point {
    /// The run is written down, and nothing of it is begun.
    Begun,
    /// At an event of one lane.
    Event {
        provider: ProviderId,
        /// The number of the event in its lane, from 0.
        number: usize,
        state: State,
        moment: Moment,
    },
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun => f.write_str("begun"),
            Self::Event {
                provider,
                number,
                state,
                moment,
            } => write!(f, "event {number} on {provider} ({state}), {moment:?}"),
        }
    }
}

/// The events of each lane, in order.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<BTreeMap<ProviderId, Vec<State>>>);

impl Seen {
    /// Tells the story once, and notes its events.
    pub(super) async fn run(&self, play: &Play<'_>) {
        let watch = Noting {
            guarded: Guarded { world: &play.world },
            seen: self,
        };
        let reaches = play.reaches().await;
        carried_out(&play.world, &play.store(), reaches, &play.told(), &watch).await;
    }

    /// Lists all points of the story.
    pub(super) fn points(&self) -> Vec<Point> {
        let lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut points = vec![Point::Begun];
        for (provider, events) in lanes.iter() {
            for (number, state) in events.iter().copied().enumerate() {
                let moments: &[Moment] = if state == State::Started {
                    &[Moment::Written, Moment::OnItsWay, Moment::Answered]
                } else {
                    &[Moment::Written]
                };
                points.extend(moments.iter().map(|moment| Point::Event {
                    provider: provider.clone(),
                    number,
                    state,
                    moment: *moment,
                }));
            }
        }
        points
    }
}

#[derive(Debug)]
struct Noting<'a> {
    guarded: Guarded<'a>,
    seen: &'a Seen,
}

impl Watch for Noting<'_> {
    fn step(&self, step: &Step, state: State) {
        self.guarded.step(step, state);
        let mut lanes = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.entry(step.provider.clone()).or_default().push(state);
    }

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {}
}

/// What a process ends with.
struct Crash;

/// Ends the process at an event, or notes that the event has come.
#[derive(Debug)]
struct Ending<'a> {
    guarded: Guarded<'a>,
    point: &'a Point,
    events: AtomicUsize,
    /// How many writes the platforms had got when the event came; more than there can be until then.
    writes: AtomicUsize,
}

impl Ending<'_> {
    /// Reports whether the event has come, and its request has arrived.
    fn has_left(&self, world: &World) -> bool {
        let before = self.writes.load(Ordering::Relaxed);
        before != usize::MAX && self.arrived(world) > before
    }

    fn arrived(&self, world: &World) -> usize {
        let Point::Event { provider, .. } = self.point else {
            return 0;
        };
        let log = world.emulator.log();
        let is_there = |kind: &str| {
            world.settings["providers"][provider.as_str()]["kind"].as_str() == Some(kind)
        };
        let writes = log.iter().filter(|entry| World::is_write(entry));
        writes.filter(|entry| is_there(entry.platform)).count()
    }
}

impl Watch for Ending<'_> {
    fn step(&self, step: &Step, state: State) {
        self.guarded.step(step, state);
        let Point::Event {
            provider,
            number,
            state: due,
            moment,
        } = self.point
        else {
            return;
        };
        if step.provider != *provider || self.events.fetch_add(1, Ordering::Relaxed) != *number {
            return;
        }
        assert_eq!(state, *due, "the story goes another way");
        if *moment == Moment::Written {
            resume_unwind(Box::new(Crash));
        }
        let writes = self.arrived(self.guarded.world);
        self.writes.store(writes, Ordering::Relaxed);
    }

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {}
}

/// Gives the command of a story, and ends its process at a point.
pub(super) async fn killed_at(play: &Play<'_>, point: &Point) {
    let watch = Ending {
        guarded: Guarded { world: &play.world },
        point,
        events: AtomicUsize::new(0),
        writes: AtomicUsize::new(usize::MAX),
    };
    let reader = play.journal(1 << 40).await;
    let (store, reaches, told) = (play.store(), play.reaches().await, play.told());
    let command = carried_out(&play.world, &store, reaches, &told, &watch);
    let mut command = pin!(AssertUnwindSafe(command).catch_unwind());
    loop {
        match poll_immediate(command.as_mut()).await {
            None => {}
            Some(Err(panic)) if panic.is::<Crash>() => return,
            Some(Err(panic)) => resume_unwind(panic),
            Some(Ok(ended)) => panic!("the point is not reached: {ended:?}"),
        }
        let has_come = match point {
            Point::Begun => !reader.runs(1).await.unwrap().is_empty(),
            Point::Event { .. } => watch.has_left(&play.world),
        };
        if has_come {
            break;
        }
        tokio::time::sleep(PACE).await;
    }
    if matches!(
        point,
        Point::Event {
            moment: Moment::Answered,
            ..
        }
    ) {
        // The answer comes, and the process does not get to it any more.
        tokio::time::sleep(Duration::from_millis(2 * LATENCY_MS)).await;
    }
}
