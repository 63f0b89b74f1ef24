//! How fast requests may leave.

mod budgets;
mod slots;
mod tally;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kadry_core::{Error, ErrorKind};
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use crate::retry::LONGEST_WAIT;
pub use budgets::{Budgets, Precedence};
use budgets::{Change, Count};
pub(crate) use slots::Permit;
use slots::Queue;
use tally::Tally;

/// How many keys a family may hold before those at rest are forgotten.
const KEYS_BEFORE_SWEEP: usize = 1_000;

/// What part of a documented limit is used.
const BELOW: f64 = 0.98;

/// Requests that a platform counts together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Family {
    /// What calls name it by.
    pub name: &'static str,
    /// How many requests a second may leave on average, for each key.
    pub per_second: f64,
    /// How many may leave at once after a rest. They are paid back: those that follow wait until the average is reached again.
    pub burst: u32,
    /// The stretch of time in which the platform counts; two bursts are further apart.
    pub within: Duration,
}

impl Family {
    /// Returns a family that stays a little below what a platform documents: so many requests within such a time.
    ///
    /// Clocks differ, and requests that left one after the other may arrive together.
    #[must_use]
    pub fn documented(name: &'static str, count: u32, within: Duration, burst: u32) -> Self {
        let per_second = f64::from(count) / within.as_secs_f64() * BELOW;
        Self {
            name,
            per_second,
            burst,
            within,
        }
    }

    /// Returns a family that leaves as fast as the operator says.
    #[must_use]
    pub fn of_operator(name: &'static str, per_second: f64, burst: u32) -> Self {
        let within = Duration::from_secs(1);
        Self {
            name,
            per_second,
            burst,
            within,
        }
    }
}

/// How fast one provider's requests may leave: how many requests of each family a second, and how many under way at once.
///
/// What is counted is shared by everything that uses the credential; see [`Budgets`]. After a 429 a family rests for as long as the
/// platform says, goes on at half its rate, and comes back to the whole of it bit by bit.
#[derive(Debug)]
pub struct Pace {
    families: BTreeMap<&'static str, Budget>,
    queue: Queue,
}

impl Pace {
    /// Returns a pace that shares its budgets with nobody; at least one request may always be under way.
    ///
    /// A call that names a family which is not here is held back by the number under way alone.
    #[must_use]
    pub fn new(families: Vec<Family>, max_in_flight: usize) -> Self {
        Budgets::alone().pace("alone", families, max_in_flight)
    }

    fn of(
        budgets: &Budgets,
        line: &'static str,
        families: Vec<Family>,
        max_in_flight: usize,
    ) -> Self {
        let budget = |family: Family| Budget {
            count: budgets.count(line, family.name),
            family,
            lines: Mutex::default(),
        };
        Self {
            families: families
                .into_iter()
                .map(|family| (family.name, budget(family)))
                .collect(),
            queue: Queue::new(line, max_in_flight, budgets.clone()),
        }
    }

    /// Waits until one more request of all these families may leave; it will be over after `longest`.
    pub(crate) async fn acquire(
        &self,
        families: &[(&'static str, String)],
        longest: Duration,
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
            turns.push(budget.turn(key).await);
            budget.spend(hash(key)).await?;
        }
        loop {
            let permit = self.slot(longest).await;
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

    /// Waits until one more request may be under way; it will be over after `longest`.
    pub(crate) async fn slot(&self, longest: Duration) -> Permit {
        self.queue.slot(longest).await
    }

    /// Holds every request of these families back for a while, because one that left at `left` was too many, and slows those down
    /// that come after.
    pub(crate) async fn slow_down(
        &self,
        families: &[(&'static str, String)],
        left: Instant,
        wait: Duration,
    ) {
        for (name, _) in families {
            if let Some(budget) = self.families.get(name) {
                budget.slow_down(left, wait).await;
            }
        }
    }
}

/// The budget of one family.
struct Budget {
    family: Family,
    count: Count,
    lines: Mutex<HashMap<String, Line>>,
}

/// The requests of one key, in the order of their coming. Only the first of them looks at the count, so that a thousand that wait do
/// not wake up together.
type Line = Arc<tokio::sync::Mutex<()>>;

impl Budget {
    /// Waits for the place at the head of a line.
    async fn turn(&self, key: &str) -> OwnedMutexGuard<()> {
        self.line(key).lock_owned().await
    }

    fn line(&self, key: &str) -> Line {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(key) {
            return Arc::clone(line);
        }
        if lines.len() >= KEYS_BEFORE_SWEEP {
            lines.retain(|_, line| Arc::strong_count(line) > 1);
        }
        Arc::clone(lines.entry(key.to_owned()).or_default())
    }

    /// Takes one request out of the budget, as soon as there is one. The place at the head of the line is ours.
    async fn spend(&self, key: u64) -> Result<(), Error> {
        loop {
            if let Some(end) = self.pause()? {
                tokio::time::sleep_until(end).await;
                continue;
            }
            let spent = self
                .count
                .change(|tally, now_ns| self.try_spend(tally, key, now_ns));
            match spent.await {
                Change::Made => return Ok(()),
                // Never governor's own waiting: it sleeps on a thread's timer, which a paused clock does not move.
                Change::NotYet(wait) | Change::NotYetButNoted(wait) => {
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    fn try_spend(&self, tally: &mut Tally, key: u64, now_ns: u64) -> Change {
        if !tally.held_for(now_ns).is_zero() {
            // Another process was told to wait; the next look finds that here.
            return Change::NotYet(Duration::ZERO);
        }
        if !self.count.come_first() {
            let first = tally.first_for(now_ns);
            if !first.is_zero() {
                return Change::NotYet(first);
            }
            return match tally.spend(&self.family, key, now_ns) {
                Ok(()) => Change::Made,
                Err(wait) => Change::NotYet(wait),
            };
        }
        tally.put_first(now_ns);
        match tally.spend(&self.family, key, now_ns) {
            Ok(()) => Change::Made,
            Err(wait) => Change::NotYetButNoted(wait),
        }
    }

    async fn slow_down(&self, left: Instant, wait: Duration) {
        let slowed = self.count.change(|tally, now_ns| {
            tally.slow_down(self.count.at_ns(left), wait, now_ns);
            Change::Made
        });
        slowed.await;
    }

    /// Returns the end of the pause that the platform asked for, if it is not over and short enough to be waited for.
    fn pause(&self) -> Result<Option<Instant>, Error> {
        let left = self.count.held_for();
        if left > LONGEST_WAIT {
            let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            return Err(Error::new(
                ErrorKind::RateLimited,
                "the platform asked for a long pause, and it is not over",
            )
            .with_retry_after_ms(Some(left_ms)));
        }
        Ok((!left.is_zero()).then(|| Instant::now() + left))
    }
}

/// Returns what stands for a key where it is counted. Keys are recipients, whose ids are nobody else's business.
fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys are recipients.
        f.debug_struct("Budget")
            .field("family", &self.family)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests;
