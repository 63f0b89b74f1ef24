//! Whose turn it is among many. What was read of everybody does not tell who may be the last one to administer a platform or to sign
//! there: others go beside them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::work::BESIDE;
use crate::organisation::Prepared;
use crate::powers::{Powers, powerful};

/// Beside how many others a part begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Beside as many as there are: everything that is read of the person was read before.
    Many,
    /// Beside few, for whom the platforms are asked as well.
    Few,
    /// Beside nobody: each of several would take another for the one who stays.
    Alone,
}

/// In which order those come who are put off until nobody's requests stand before the look at them: those who administer or sign, those
/// whom an earlier run left open, and whoever of these administers or signs.
pub(super) const AFTER_MANY: [Turn; 3] = [Turn::Alone, Turn::Few, Turn::Alone];

/// So many may be looked at beside each other until the look takes longer than a door waits.
const FEW: usize = 12;

impl Turn {
    /// Returns how many begin at once of so many whose turn it is. Where they are many, a door does not wait for the look at it.
    pub(super) const fn how_many(self, people: usize) -> usize {
        match self {
            Self::Alone => 1,
            Self::Few if people <= FEW => FEW,
            Self::Few | Self::Many => BESIDE,
        }
    }
}

/// What is to be done for those who are put off, with the turn that they wait for.
#[derive(Debug)]
pub(super) struct PutOff<T>(Mutex<Vec<(Turn, T)>>);

impl<T> Default for PutOff<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> PutOff<T> {
    /// Puts somebody off until a turn.
    pub(super) fn until(&self, turn: Turn, what: T) {
        self.all().push((turn, what));
    }

    /// Takes those whose turn it is.
    pub(super) fn whose_turn(&self, turn: Turn) -> Vec<T> {
        let mut all = self.all();
        let these = all.extract_if(.., |(when, _)| *when == turn);
        these.map(|(_, what)| what).collect()
    }

    fn all(&self) -> MutexGuard<'_, Vec<(Turn, T)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reports whether somebody stops administering a platform or signing there, who may be the last to do so.
pub(super) fn may_be_the_last(prepared: &Prepared) -> bool {
    let powerful = powerful(&prepared.snapshot);
    let here = prepared.snapshot.here();
    let mut here = here.filter(|(id, _)| powerful.contains(id));
    here.any(|(id, here)| {
        let steps = prepared.plan.steps.iter();
        let steps = steps.filter(|step| step.provider == *id);
        Powers::lost_by(steps, here.provider.as_ref()).any()
    })
}
