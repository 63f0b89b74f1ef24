//! What befell the tries of a whole run of the suite, and what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use crate::approved::Parked;
use crate::trouble::Class;

/// One try of a command while something went wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Try {
    pub(crate) began_ms: i64,
    pub(crate) classes: BTreeSet<Class>,
    pub(crate) parked: Vec<Parked>,
}

/// How many tries met a kind of fault, and how many of those left a step that a person has to decide about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Row {
    tries: u32,
    parked: u32,
}

impl Row {
    fn share(self) -> f64 {
        f64::from(self.parked) / f64::from(self.tries.max(1))
    }

    /// Reports whether there are more than chance explains.
    fn exceeds(self, bound: f64) -> bool {
        let tries = f64::from(self.tries);
        let chance = 1.0 + 4.0 * (tries * bound).sqrt();
        f64::from(self.parked) > tries * bound + chance
    }
}

/// The table of all tries so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    seeds: u32,
    rows: BTreeMap<Class, Row>,
    parked: BTreeMap<String, u32>,
}

impl Tally {
    /// Adds the tries of one seed.
    pub(crate) fn add(&mut self, tries: &[Try]) {
        self.seeds += 1;
        for one in tries {
            for class in &one.classes {
                let row = self.rows.entry(*class).or_default();
                row.tries += 1;
                row.parked += u32::from(!one.parked.is_empty());
            }
            for step in &one.parked {
                *self.parked.entry(step.what.clone()).or_default() += 1;
            }
        }
    }

    /// Lists the kinds of fault after which more is left to people than the documents say.
    pub(crate) fn exceeded(&self) -> Vec<&'static str> {
        let rows = self.rows.iter();
        let exceeded = rows.filter(|(class, row)| row.exceeds(class.bound()));
        exceeded.map(|(class, _)| class.name()).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = String::new();
        for (class, row) in &self.rows {
            let (name, share, bound) = (class.name(), row.share(), class.bound());
            writeln!(
                table,
                "{name:<18} {:>8} {:>8} {:>8.3}% {:>8.3}%",
                row.tries,
                row.parked,
                share * 100.0,
                bound * 100.0
            )?;
        }
        for (what, times) in &self.parked {
            writeln!(table, "{times:>8} times parked: {what}")?;
        }
        let (class, tries, parked) = ("class", "tries", "parked");
        writeln!(f, "{} seeds\n", self.seeds)?;
        writeln!(
            f,
            "{class:<18} {tries:>8} {parked:>8} {:>9} {:>9}",
            "share", "at most"
        )?;
        f.write_str(&table)
    }
}

/// The table of this process: all its trials write into it.
static TALLY: Mutex<Option<Tally>> = Mutex::new(None);

/// Adds the tries of one seed to the table of this process.
pub(crate) fn add(tries: &[Try]) {
    let mut tally = TALLY.lock().unwrap_or_else(PoisonError::into_inner);
    tally.get_or_insert_default().add(tries);
}

/// Returns the table of this process, if anything was tried.
pub(crate) fn take() -> Option<Tally> {
    let mut tally = TALLY.lock().unwrap_or_else(PoisonError::into_inner);
    tally.take()
}
