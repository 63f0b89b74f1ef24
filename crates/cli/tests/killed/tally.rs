//! What a run of many points comes to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::point::Point;

/// The figures of each kind of point. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(Arc<Mutex<BTreeMap<String, Figures>>>);

/// How points of one kind came out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    tried: usize,
    /// The command was through before its point came.
    missed: usize,
    held: usize,
    /// The points that left steps for a person to decide.
    parked: Vec<String>,
    /// Requests that were sent once more than they would have been, each of which changes nothing the second time.
    repeated: BTreeMap<String, usize>,
}

/// How one point came out.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) killed: bool,
    /// The steps that were left for a person to decide.
    pub(crate) parked: Vec<String>,
    pub(crate) repeated: Vec<String>,
}

impl Tally {
    /// Counts a point that is about to be tried.
    pub(crate) fn tried(&self, kind: &str) {
        self.change(kind, |figures| figures.tried += 1);
    }

    /// Counts a point at which everything held.
    pub(crate) fn held(&self, point: &Point, outcome: &Outcome) {
        let steps = outcome.parked.join(", ");
        let parked = (!steps.is_empty()).then(|| format!("{point}: {steps}"));
        self.change(&point.way.kind(), |figures| {
            figures.held += 1;
            figures.missed += usize::from(!outcome.killed);
            figures.parked.extend(parked.clone());
            for repeated in &outcome.repeated {
                *figures.repeated.entry(repeated.clone()).or_default() += 1;
            }
        });
    }

    fn change(&self, kind: &str, change: impl FnOnce(&mut Figures)) {
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(kinds.entry(kind.to_owned()).or_default());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let head = ["killed at", "tried", "held", "not reached", "parked"];
        let [kind, rest @ ..] = head;
        write!(f, "{kind:<20}")?;
        rest.iter().try_for_each(|head| write!(f, "{head:>12}"))?;
        let mut repeated: BTreeMap<&str, usize> = BTreeMap::new();
        for (kind, figures) in &*kinds {
            let Figures {
                tried,
                missed,
                held,
                parked,
                ..
            } = figures;
            let parked = parked.len();
            write!(
                f,
                "\n{kind:<20}{tried:>12}{held:>12}{missed:>12}{parked:>12}"
            )?;
            for (request, times) in &figures.repeated {
                *repeated.entry(request).or_default() += times;
            }
        }
        for parked in kinds.values().flat_map(|figures| &figures.parked) {
            write!(f, "\nleft to a person, and then planned anew: {parked}")?;
        }
        for (request, times) in repeated {
            write!(
                f,
                "\nsent once more, to no effect: {request}, {times} times"
            )?;
        }
        Ok(())
    }
}
