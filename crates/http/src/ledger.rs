//! Where several processes count what they send with one credential.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the budgets of one credential are counted together by all processes that use it.
///
/// Everything here returns at once, and nothing of it is worth an error: whoever misses goes on with what it counts by itself. What
/// is written may be lost at any time, and then costs nothing but a refusal by the platform.
pub trait Ledger: fmt::Debug + Send + Sync {
    /// Lets `change` read what is written about a budget while nobody else does, and writes what it returns in its place. The text
    /// is empty for a budget of which nothing is known; what cannot be read is empty too.
    ///
    /// # Errors
    ///
    /// [`Missed`] when the change was not made, or made and not written.
    fn change(
        &self,
        budget: &str,
        change: &mut dyn FnMut(&str) -> Option<String>,
    ) -> Result<(), Missed>;

    /// Takes the right to one of the requests that may be under way at once, by its number; it is given back on drop, and when the
    /// process ends, however it ends.
    ///
    /// # Errors
    ///
    /// [`Missed::Busy`] while another has it whose term is not over.
    fn slot(&self, line: &str, number: usize, term: Term) -> Result<Box<dyn Send + Sync>, Missed>;

    /// Shows to others, until it is dropped, that somebody waits for such a right. None where that cannot be shown.
    fn wait(&self, line: &str) -> Option<Box<dyn Send + Sync>>;

    /// Reports whether somebody shows that they wait.
    fn is_awaited(&self, line: &str) -> bool;
}

/// How long a right is held at most, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// When it is taken.
    pub from_ms: u64,
    /// When its request is over, whatever becomes of it. A process that hangs keeps nobody out for longer.
    pub until_ms: u64,
}

/// Why a ledger did not do what it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// Another process is at it; the next look may find it free.
    Busy,
    /// It cannot be read or written.
    Broken,
    /// There is no place for it yet, and nobody to count with.
    Nowhere,
}

/// Until when a right is held, and what tells whether it still is.
#[derive(Debug)]
struct Holder {
    until_ms: u64,
    life: Arc<()>,
}

/// A ledger that is forgotten when the process ends, for tests and demonstrations. Copies are one ledger.
#[derive(Clone, Debug, Default)]
pub struct Slate {
    written: Arc<Mutex<HashMap<String, String>>>,
    held: Arc<Mutex<HashMap<(String, usize), Holder>>>,
    waiting: Arc<Mutex<HashMap<String, Arc<()>>>>,
}

impl Ledger for Slate {
    fn change(
        &self,
        budget: &str,
        change: &mut dyn FnMut(&str) -> Option<String>,
    ) -> Result<(), Missed> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let text = written.entry(budget.to_owned()).or_default();
        if let Some(changed) = change(text) {
            *text = changed;
        }
        Ok(())
    }

    fn slot(&self, line: &str, number: usize, term: Term) -> Result<Box<dyn Send + Sync>, Missed> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (line.to_owned(), number);
        if let Some(holder) = held.get(&key)
            && Arc::strong_count(&holder.life) > 1
            && holder.until_ms > term.from_ms
        {
            return Err(Missed::Busy);
        }
        let life = Arc::new(());
        let holder = Holder {
            until_ms: term.until_ms,
            life: Arc::clone(&life),
        };
        held.insert(key, holder);
        Ok(Box::new(life))
    }

    fn wait(&self, line: &str) -> Option<Box<dyn Send + Sync>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Box::new(Arc::clone(
            waiting.entry(line.to_owned()).or_default(),
        )))
    }

    fn is_awaited(&self, line: &str) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = waiting.get(line);
        waits.is_some_and(|waits| Arc::strong_count(waits) > 1)
    }
}
