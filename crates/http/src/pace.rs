//! How fast requests may leave.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use kadry_core::{Error, ErrorKind};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::retry::LONGEST_WAIT;

/// Rates outside these bounds are brought within them, so that a mistaken one makes us slow and not fast.
const RATES_PER_SECOND: (f64, f64) = (0.001, 100_000.0);

/// How many keys a family may hold before those at rest are forgotten.
const KEYS_BEFORE_SWEEP: usize = 1_000;

/// Requests that a platform counts together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Family {
    /// What calls name it by.
    pub name: &'static str,
    /// How many requests a second may leave on average, for each key.
    pub per_second: f64,
    /// How many may leave at once after a rest.
    pub burst: u32,
}

/// The request budgets of one credential: how many requests of each family a second, and how many under way at once.
///
/// Everything that uses the credential shares one.
#[derive(Debug)]
pub struct Pace {
    families: BTreeMap<&'static str, Budget>,
    slots: Arc<Semaphore>,
}

/// The right to have one request under way.
#[derive(Debug)]
pub(crate) struct Permit {
    _slot: OwnedSemaphorePermit,
}

impl Pace {
    /// Returns a pace with these budgets; at least one request may always be under way.
    ///
    /// A call that names a family which is not here is held back by the number under way alone.
    #[must_use]
    pub fn new(families: Vec<Family>, max_in_flight: usize) -> Self {
        let started = Instant::now();
        Self {
            families: families
                .into_iter()
                .map(|family| (family.name, Budget::new(family, started)))
                .collect(),
            slots: Arc::new(Semaphore::new(
                max_in_flight.clamp(1, Semaphore::MAX_PERMITS),
            )),
        }
    }

    /// Waits until one more request of all these families may leave.
    pub(crate) async fn acquire(
        &self,
        families: &[(&'static str, String)],
    ) -> Result<Permit, Error> {
        let mut wanted: Vec<_> = families
            .iter()
            .filter_map(|(name, key)| Some((key.is_empty(), name, key, self.families.get(name)?)))
            .collect();
        // One order for all callers, so that two of them never wait for each other; and the shared budgets last, so that a
        // busy recipient holds up nobody else.
        wanted.sort_by_key(|(shared, name, key, _)| (*shared, *name, *key));
        wanted.dedup_by_key(|(_, name, key, _)| (*name, *key));

        let mut turns = Vec::with_capacity(wanted.len());
        for (_, _, key, budget) in &wanted {
            let turn = budget.line(key).turn().await;
            budget.spend(&turn).await?;
            turns.push(turn);
        }
        loop {
            let permit = self.slot().await?;
            let mut waits = Vec::with_capacity(wanted.len());
            for (_, _, _, budget) in &wanted {
                waits.push(budget.pause()?);
            }
            match waits.into_iter().flatten().max() {
                None => return Ok(permit),
                Some(end) => {
                    drop(permit);
                    tokio::time::sleep_until(end).await;
                }
            }
        }
    }

    /// Waits until one more request may be under way.
    pub(crate) async fn slot(&self) -> Result<Permit, Error> {
        match Arc::clone(&self.slots).acquire_owned().await {
            Ok(slot) => Ok(Permit { _slot: slot }),
            Err(closed) => {
                Err(Error::new(ErrorKind::Unavailable, "no request may leave").from_source(closed))
            }
        }
    }

    /// Holds every request of these families back for a while.
    pub(crate) fn slow_down(&self, families: &[(&'static str, String)], wait: Duration) {
        for (name, _) in families {
            if let Some(budget) = self.families.get(name) {
                budget.hold(wait);
            }
        }
    }
}

/// Time as governor counts it: from the making of the pace, on tokio's clock, so that a paused clock paces too.
#[derive(Clone, Debug)]
struct SinceStart(Instant);

impl GovernorClock for SinceStart {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, SinceStart, NoOpMiddleware<Nanos>>;

/// The budget of one family.
struct Budget {
    quota: Quota,
    clock: SinceStart,
    lines: Mutex<HashMap<String, Arc<Line>>>,
    held_until: Mutex<Instant>,
}

/// The requests of one key, in the order of their coming. Only the first of them looks at the limiter, so that a thousand that
/// wait do not wake up together.
struct Line {
    limiter: Limiter,
    door: Arc<tokio::sync::Mutex<()>>,
    spent_at: Mutex<Instant>,
}

/// The place at the head of a line.
struct Turn {
    line: Arc<Line>,
    _door: OwnedMutexGuard<()>,
}

impl Budget {
    fn new(family: Family, started: Instant) -> Self {
        Self {
            quota: quota(family),
            clock: SinceStart(started),
            lines: Mutex::default(),
            held_until: Mutex::new(started),
        }
    }

    fn line(&self, key: &str) -> Arc<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(key) {
            return Arc::clone(line);
        }
        if lines.len() >= KEYS_BEFORE_SWEEP {
            let rest = self.quota.burst_size_replenished_in();
            lines.retain(|_, line| Arc::strong_count(line) > 1 || line.rested_for() < rest);
        }
        let line = Arc::new(Line {
            limiter: RateLimiter::direct_with_clock(self.quota, self.clock.clone()),
            door: Arc::default(),
            spent_at: Mutex::new(Instant::now()),
        });
        lines.insert(key.to_owned(), Arc::clone(&line));
        line
    }

    /// Takes one request out of the budget, as soon as there is one.
    async fn spend(&self, turn: &Turn) -> Result<(), Error> {
        loop {
            if let Some(end) = self.pause()? {
                tokio::time::sleep_until(end).await;
                continue;
            }
            match turn.line.limiter.check() {
                Ok(()) => {
                    turn.line.mark_spent();
                    return Ok(());
                }
                // Never governor's own waiting: it sleeps on a thread's timer, which a paused clock does not move.
                Err(early) => tokio::time::sleep(early.wait_time_from(self.clock.now())).await,
            }
        }
    }

    fn hold(&self, wait: Duration) {
        let mut until = self
            .held_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(end) = Instant::now().checked_add(wait) {
            *until = end.max(*until);
        }
    }

    /// Returns the end of the pause that the platform asked for, if it is not over and short enough to be waited for.
    fn pause(&self) -> Result<Option<Instant>, Error> {
        let until = *self
            .held_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let left = until.saturating_duration_since(Instant::now());
        if left > LONGEST_WAIT {
            let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            return Err(Error::new(
                ErrorKind::RateLimited,
                "the platform asked for a long pause, and it is not over",
            )
            .with_retry_after_ms(Some(left_ms)));
        }
        Ok((!left.is_zero()).then_some(until))
    }
}

impl Line {
    async fn turn(self: Arc<Self>) -> Turn {
        Turn {
            _door: Arc::clone(&self.door).lock_owned().await,
            line: self,
        }
    }

    fn mark_spent(&self) {
        *self.spent_at.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn rested_for(&self) -> Duration {
        self.spent_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
    }
}

fn quota(family: Family) -> Quota {
    let (slowest, fastest) = RATES_PER_SECOND;
    // `max` first: it turns what is not a number into the slowest rate.
    let per_second = family.per_second.max(slowest).min(fastest);
    let burst = NonZeroU32::new(family.burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(Duration::from_secs_f64(per_second.recip()))
        .unwrap_or(Quota::per_second(NonZeroU32::MIN))
        .allow_burst(burst)
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys are recipients.
        f.debug_struct("Budget")
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use futures::future::{join_all, poll_immediate};

    use super::*;

    fn general(per_second: f64, burst: u32) -> Family {
        let name = "general";
        Family {
            name,
            per_second,
            burst,
        }
    }

    async fn leave(pace: &Pace, families: &[(&'static str, String)]) {
        drop(pace.acquire(families).await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn five_hundred_requests_at_five_a_second_take_ninety_nine_seconds() {
        let pace = Pace::new(vec![general(5.0, 5)], 4);
        let families = [("general", String::new())];
        let began = Instant::now();
        join_all((0..500).map(|_| leave(&pace, &families))).await;
        let took = began.elapsed().as_secs_f64();
        assert!((98.9..100.0).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_recipient_holds_up_nobody_else() {
        let to_each = Family {
            name: "recipient",
            per_second: 1.0,
            burst: 1,
        };
        let pace = Pace::new(vec![to_each, general(100.0, 100)], 100);
        let to = |who: &str| [("general", String::new()), ("recipient", who.to_owned())];
        let (busy, idle) = (to("1"), to("2"));
        let began = Instant::now();
        let flood = join_all((0..20).map(|_| leave(&pace, &busy)));
        let other = async {
            tokio::task::yield_now().await;
            leave(&pace, &idle).await;
            began.elapsed()
        };
        let (_, waited) = futures::join!(flood, other);
        assert!(waited < Duration::from_millis(50), "{waited:?}");
        assert!(began.elapsed() >= Duration::from_secs(19));
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_the_cap_are_under_way() {
        let pace = Pace::new(Vec::new(), 0);
        let first = pace
            .acquire(&[("unheard of", String::new())])
            .await
            .unwrap();
        assert!(poll_immediate(pin(pace.acquire(&[]))).await.is_none());
        drop(first);
        leave(&pace, &[]).await;
    }

    fn pin<F>(future: F) -> std::pin::Pin<Box<F>> {
        Box::pin(future)
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_back_the_whole_family_unless_it_is_too_long() {
        let pace = Pace::new(vec![general(5.0, 5)], 4);
        let families = [("general", String::new())];
        let began = Instant::now();
        pace.slow_down(&families, Duration::from_secs(20));
        pace.slow_down(&families, Duration::from_secs(3));
        leave(&pace, &families).await;
        assert_eq!(began.elapsed().as_secs(), 20);

        pace.slow_down(&families, Duration::from_secs(3_600));
        let error = pace.acquire(&families).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert_eq!(error.retry_after_ms(), Some(3_600_000));
        assert_eq!(began.elapsed().as_secs(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn keys_at_rest_are_forgotten() {
        let pace = Pace::new(vec![general(1.0, 1)], 4);
        let many = KEYS_BEFORE_SWEEP;
        for key in 0..many {
            leave(&pace, &[("general", key.to_string())]).await;
        }
        let kept = || pace.families["general"].lines.lock().unwrap().len();
        assert_eq!(kept(), many);
        tokio::time::advance(Duration::from_secs(2)).await;
        leave(&pace, &[("general", "one more".to_owned())]).await;
        assert_eq!(kept(), 1);
    }

    #[test]
    fn a_rate_that_is_none_makes_us_slow() {
        for rate in [0.0, -5.0, f64::NAN] {
            let period = quota(general(rate, 0)).replenish_interval();
            assert_eq!(period, Duration::from_secs(1_000));
        }
    }
}
