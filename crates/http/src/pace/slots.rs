//! Which requests are under way.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

use super::budgets::{Budgets, MARGIN};
use crate::ledger::Missed;

/// How often whoever waits for another process looks again.
const AGAIN: Duration = Duration::from_millis(4);

/// How long whoever has just had a turn steps back for another process that waits: longer than it takes that one to look again.
const COURTESY: Duration = Duration::from_millis(6);

/// After how many times the longest that a right is held whoever waits goes without one. It takes a holder that hangs and did not say
/// until when it has its own.
const PATIENCE: u32 = 2;

/// The requests of one credential that this process has under way, by the number of the right that each of them uses.
#[derive(Debug, Default)]
pub(super) struct Slots {
    taken: Mutex<BTreeSet<usize>>,
    freed: Notify,
}

/// The right to have one request under way.
pub(crate) struct Permit {
    number: usize,
    slots: Arc<Slots>,
    shared: Option<Box<dyn Send + Sync>>,
}

impl Slots {
    fn taken(&self) -> MutexGuard<'_, BTreeSet<usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn permit(self: &Arc<Self>, number: usize, shared: Option<Box<dyn Send + Sync>>) -> Permit {
        Permit {
            number,
            slots: Arc::clone(self),
            shared,
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // Other processes first: whoever wakes up here looks there.
        drop(self.shared.take());
        self.slots.taken().remove(&self.number);
        self.slots.freed.notify_waiters();
    }
}

/// What one look came to.
enum Look {
    Taken(Permit),
    /// This process has all of them itself.
    Full,
    /// Other processes have what is left, such as this one.
    Elsewhere(usize),
}

/// Those of one pace who wait for a right, in the order of their coming. Only the first of them looks.
#[derive(Debug)]
pub(super) struct Queue {
    line: &'static str,
    /// Where it is shown that somebody waits who comes first.
    first: String,
    most: usize,
    slots: Arc<Slots>,
    budgets: Budgets,
    turn: tokio::sync::Mutex<()>,
}

impl Queue {
    pub(super) fn new(line: &'static str, most: usize, budgets: Budgets) -> Self {
        Self {
            line,
            first: format!("{line}.first"),
            most: most.max(1),
            slots: budgets.slots(line),
            budgets,
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Waits until one more request may be under way, which is over after `longest`.
    pub(super) async fn slot(&self, longest: Duration) -> Permit {
        let _turn = self.turn.lock().await;
        let began = Instant::now();
        let patience = longest.saturating_add(MARGIN).saturating_mul(PATIENCE);
        let mut shown = None;
        let mut stepped_back = false;
        loop {
            // Before the look, so that what is given back during it is not overlooked.
            let freed = self.slots.freed.notified();
            if self.must_let_pass() && began.elapsed() <= patience {
                sleep(AGAIN).await;
                continue;
            }
            if !stepped_back && self.is_awaited(self.place()) {
                stepped_back = true;
                sleep(COURTESY).await;
            }
            match self.look(longest) {
                Look::Taken(permit) => return permit,
                Look::Full => {
                    freed.await;
                    stepped_back = shown.is_some();
                }
                Look::Elsewhere(number) if began.elapsed() > patience => {
                    self.budgets
                        .warn("others have all requests under way, for longer than any takes");
                    if self.slots.taken().insert(number) {
                        return self.slots.permit(number, None);
                    }
                }
                Look::Elsewhere(_) => {
                    shown = shown.or_else(|| self.budgets.ledger()?.wait(self.place()));
                    stepped_back = true;
                    timeout(AGAIN, freed).await.ok();
                }
            }
        }
    }

    /// Returns where it is shown that one like us waits.
    fn place(&self) -> &str {
        if self.budgets.come_first() {
            &self.first
        } else {
            self.line
        }
    }

    /// Reports whether somebody waits who comes before us.
    fn must_let_pass(&self) -> bool {
        !self.budgets.come_first() && self.is_awaited(&self.first)
    }

    fn is_awaited(&self, place: &str) -> bool {
        let ledger = self.budgets.ledger();
        ledger.is_some_and(|ledger| ledger.is_awaited(place))
    }

    /// Takes the first right that is free. While it looks nobody else in this process does, so that two do not pass each other.
    fn look(&self, longest: Duration) -> Look {
        let mut taken = self.slots.taken();
        let mut elsewhere = None;
        for number in 0..self.most {
            if taken.contains(&number) {
                continue;
            }
            match self.take(number, longest) {
                Ok(shared) => {
                    taken.insert(number);
                    return Look::Taken(self.slots.permit(number, shared));
                }
                Err(()) => elsewhere = Some(number),
            }
        }
        elsewhere.map_or(Look::Full, Look::Elsewhere)
    }

    /// Takes one right from the other processes, unless one of them has it.
    fn take(&self, number: usize, longest: Duration) -> Result<Option<Box<dyn Send + Sync>>, ()> {
        let Some(ledger) = self.budgets.ledger() else {
            return Ok(None);
        };
        match ledger.slot(self.line, number, self.budgets.term(longest)) {
            Ok(shared) => Ok(Some(shared)),
            Err(Missed::Busy) => Err(()),
            Err(Missed::Nowhere) => Ok(None),
            Err(Missed::Broken) => {
                self.budgets
                    .warn("requests under way are not counted together with other processes");
                Ok(None)
            }
        }
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
