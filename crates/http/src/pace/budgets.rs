//! What is counted for one credential, in this process and with others.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kadry_core::Clock;
use tokio::time::{Instant, sleep};

use super::slots::Slots;
use super::tally::Tally;
use super::{Family, Pace};
use crate::ledger::{Ledger, Missed, Term};

/// How often a budget is tried again that another process has at hand, which takes it microseconds.
const TRIES: u32 = 15;

/// How long is waited in between.
const AGAIN: Duration = Duration::from_millis(2);

/// How much longer than its request a right is held at most.
pub(super) const MARGIN: Duration = Duration::from_secs(5);

/// Whose requests leave first where several processes use one credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// Everybody in the order of their coming.
    Usual,
    /// Before everybody who does not come first as well, who wait until half a second has passed without such a request.
    First,
}

/// What became of a tally that somebody wanted to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It was changed.
    Made,
    /// It was not: what was asked of it can be had after such a time.
    NotYet(Duration),
    /// The same, but others should know what else changed.
    NotYetButNoted(Duration),
}

impl Change {
    fn is_written(self) -> bool {
        match self {
            Self::Made | Self::NotYetButNoted(_) => true,
            Self::NotYet(_) => false,
        }
    }
}

/// The request budgets of one credential; copies share them.
///
/// Everything in this process that uses the credential has a [`Pace`] of the same budgets, and through a [`Ledger`] so have the other
/// processes. What cannot be counted with them is counted here: sharing never keeps a request from leaving.
#[derive(Clone)]
pub struct Budgets(Arc<Inner>);

struct Inner {
    ledger: Option<Arc<dyn Ledger>>,
    precedence: Precedence,
    /// The wall time at the start, in nanoseconds; from there on it is tokio's clock, finer than the milliseconds of a wall clock.
    epoch_ns: u64,
    started: Instant,
    tallies: Mutex<HashMap<String, Arc<Mutex<Tally>>>>,
    slots: Mutex<HashMap<&'static str, Arc<Slots>>>,
    warned: AtomicBool,
}

impl Budgets {
    /// Returns budgets that are this process's own.
    #[must_use]
    pub fn alone() -> Self {
        Self::counted(None, 0, Precedence::Usual)
    }

    /// Returns budgets that are counted together with other processes.
    #[must_use]
    pub fn shared(ledger: Arc<dyn Ledger>, clock: &Clock, precedence: Precedence) -> Self {
        let epoch_ms = u64::try_from(clock.now_ms()).unwrap_or(0);
        Self::counted(Some(ledger), epoch_ms.saturating_mul(1_000_000), precedence)
    }

    fn counted(ledger: Option<Arc<dyn Ledger>>, epoch_ns: u64, precedence: Precedence) -> Self {
        Self(Arc::new(Inner {
            ledger,
            precedence,
            epoch_ns,
            started: Instant::now(),
            tallies: Mutex::default(),
            slots: Mutex::default(),
            warned: AtomicBool::new(false),
        }))
    }

    /// Returns a pace on these budgets; at least one request may always be under way.
    ///
    /// Requests on one `line` count together, whoever's pace they leave by, each by the limits of its own pace. A call that names a
    /// family which is not here is held back by the number under way alone.
    #[must_use]
    pub fn pace(&self, line: &'static str, families: Vec<Family>, max_in_flight: usize) -> Pace {
        Pace::of(self, line, families, max_in_flight)
    }

    pub(super) fn ledger(&self) -> Option<&dyn Ledger> {
        self.0.ledger.as_deref()
    }

    /// Reports whether these requests leave before others.
    pub(super) fn come_first(&self) -> bool {
        self.0.precedence == Precedence::First
    }

    pub(super) fn slots(&self, line: &'static str) -> Arc<Slots> {
        Arc::clone(held(&self.0.slots).entry(line).or_default())
    }

    pub(super) fn count(&self, line: &str, family: &str) -> Count {
        let name = format!("{line}.{family}");
        let tally = Arc::clone(held(&self.0.tallies).entry(name.clone()).or_default());
        Count {
            budgets: self.clone(),
            name,
            tally,
        }
    }

    /// Returns for how long a right is taken whose request takes so long at most.
    pub(super) fn term(&self, longest: Duration) -> Term {
        let at_ms = |at: Instant| self.at_ns(at) / 1_000_000;
        let now = Instant::now();
        let until = now.checked_add(longest.saturating_add(MARGIN));
        Term {
            from_ms: at_ms(now),
            until_ms: until.map_or(u64::MAX, at_ms),
        }
    }

    /// Tells once that counting together does not work.
    pub(super) fn warn(&self, what: &'static str) {
        if !self.0.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!("{what}; going on with this process's own count");
        }
    }

    fn at_ns(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.0.started).as_nanos();
        let since_ns = u64::try_from(since).unwrap_or(u64::MAX);
        self.0.epoch_ns.saturating_add(since_ns)
    }
}

/// What one family of requests has used up, as this process knows it and as the ledger does.
pub(super) struct Count {
    budgets: Budgets,
    name: String,
    tally: Arc<Mutex<Tally>>,
}

impl Count {
    /// Changes the tally, after taking over what other processes have written; writes it when the change is made.
    pub(super) async fn change<F>(&self, change: F) -> Change
    where
        F: Fn(&mut Tally, u64) -> Change + Send + Sync,
    {
        if let Some(ledger) = self.budgets.ledger() {
            for _ in 0..TRIES {
                match self.change_in(ledger, &change) {
                    Ok(changed) => return changed,
                    Err(Missed::Busy) => sleep(AGAIN).await,
                    Err(Missed::Nowhere) => return self.change_alone(&change),
                    Err(Missed::Broken) => break,
                }
            }
            self.budgets
                .warn("requests are not counted together with other processes");
        }
        self.change_alone(&change)
    }

    fn change_alone(&self, change: &impl Fn(&mut Tally, u64) -> Change) -> Change {
        change(&mut held(&self.tally), self.now_ns())
    }

    fn change_in(
        &self,
        ledger: &dyn Ledger,
        change: &impl Fn(&mut Tally, u64) -> Change,
    ) -> Result<Change, Missed> {
        let mut changed = None;
        let written = ledger.change(&self.name, &mut |text| {
            let now_ns = self.now_ns();
            let mut tally = held(&self.tally);
            if let Some(theirs) = Tally::of_text(text, now_ns) {
                tally.merge(&theirs);
            } else if !text.is_empty() {
                self.budgets
                    .warn("what other processes counted is damaged, or our clock went back");
            }
            let done = *changed.insert(change(&mut tally, now_ns));
            done.is_written().then(|| tally.to_text(now_ns))
        });
        match (changed, written) {
            (Some(changed), Err(_)) => {
                self.budgets
                    .warn("other processes do not see what this one counts");
                Ok(changed)
            }
            (Some(changed), Ok(())) => Ok(changed),
            (None, Err(missed)) => Err(missed),
            (None, Ok(())) => Err(Missed::Broken),
        }
    }

    /// Returns for how much longer the platform wants nothing, as far as this process knows.
    pub(super) fn held_for(&self) -> Duration {
        held(&self.tally).held_for(self.now_ns())
    }

    /// Reports whether the requests that are counted here leave before others.
    pub(super) fn come_first(&self) -> bool {
        self.budgets.come_first()
    }

    /// Returns a moment as it is counted.
    pub(super) fn at_ns(&self, at: Instant) -> u64 {
        self.budgets.at_ns(at)
    }

    fn now_ns(&self) -> u64 {
        self.at_ns(Instant::now())
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Budgets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budgets")
            .field("ledger", &self.0.ledger)
            .finish_non_exhaustive()
    }
}
