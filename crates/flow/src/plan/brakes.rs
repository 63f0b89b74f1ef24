//! How many people a run, a day and a month may concern. Pure: the journal counts, and this says what may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kadry_core::{Brake, ProviderId, Step};
use serde::{Deserialize, Serialize};

/// In which time people are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// One run.
    Run,
    /// The last 24 hours.
    Day,
    /// The last 30 days.
    Month,
}

impl Window {
    /// Every window, the shortest first.
    pub const ALL: [Self; 3] = [Self::Run, Self::Day, Self::Month];

    /// Returns the window that a word names.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|window| window.as_str() == word)
    }

    /// Returns the word that the configuration uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// How long it is, in milliseconds; none for a run, however long that is.
    pub(crate) const fn length_ms(self) -> Option<i64> {
        const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
        match self {
            Self::Run => None,
            Self::Day => Some(DAY_MS),
            Self::Month => Some(30 * DAY_MS),
        }
    }
}

/// How many people may be concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Most {
    /// So many.
    People(u32),
    /// So many of each hundred who were there when all were last counted.
    Percent(u8),
}

impl fmt::Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::People(people) => people.fmt(f),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// The limits of an organisation. What is not set has the numbers that are there without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits(BTreeMap<(Brake, Window), Most>);

impl Limits {
    /// Sets one limit.
    pub fn set(&mut self, brake: Brake, window: Window, most: Most) {
        self.0.insert((brake, window), most);
    }

    /// Returns how many people a kind of change may concern in a window; none where there is no limit.
    #[must_use]
    pub fn most(&self, brake: Brake, window: Window) -> Option<Most> {
        let set = self.0.get(&(brake, window)).copied();
        set.or_else(|| unset(brake, window).map(Most::People))
    }

    /// Returns how many people may be concerned, of so many who were there when all were last counted. Without a count the number holds
    /// that is there without the part; none where there is no limit then.
    pub(crate) fn people(&self, brake: Brake, window: Window, heads: Option<u32>) -> Option<u32> {
        match (self.most(brake, window)?, heads) {
            (Most::People(people), _) => Some(people),
            (Most::Percent(percent), Some(heads)) => {
                let part = u64::from(heads) * u64::from(percent) / 100;
                Some(u32::try_from(part).unwrap_or(u32::MAX).max(FEWEST))
            }
            (Most::Percent(_), None) => unset(brake, window),
        }
    }
}

/// A part of all people is never less than so many.
const FEWEST: u32 = 3;

/// The limits without a word of the configuration. Nothing limits who is let in.
const fn unset(brake: Brake, window: Window) -> Option<u32> {
    let [run, day, month] = match brake {
        Brake::Suspend | Brake::Reactivate | Brake::Revoke => [10, 20, 60],
        Brake::Remove => [3, 5, 20],
        Brake::Create | Brake::Update | Brake::Grant => return None,
    };
    Some(match window {
        Window::Run => run,
        Window::Day => day,
        Window::Month => month,
    })
}

/// What a plan changes: the kinds, by platform.
pub(crate) fn kinds(steps: &[Step]) -> BTreeMap<&ProviderId, BTreeSet<Brake>> {
    let mut kinds: BTreeMap<&ProviderId, BTreeSet<Brake>> = BTreeMap::new();
    for step in steps {
        let known = kinds.entry(&step.provider).or_default();
        known.extend(step.brakes());
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_limits_who_is_shut_out_and_never_who_is_let_in() {
        let mut limits = Limits::default();
        let suspend =
            |limits: &Limits| Window::ALL.map(|window| limits.most(Brake::Suspend, window));
        let people = |number| Some(Most::People(number));
        assert_eq!(suspend(&limits), [people(10), people(20), people(60)]);
        assert_eq!(limits.most(Brake::Remove, Window::Run), people(3));
        for brake in [Brake::Create, Brake::Update, Brake::Grant] {
            assert_eq!(limits.most(brake, Window::Month), None);
        }
        limits.set(Brake::Suspend, Window::Day, Most::Percent(15));
        let of = |heads| limits.people(Brake::Suspend, Window::Day, heads);
        assert_eq!(
            [None, Some(4), Some(200)].map(of),
            [Some(20), Some(3), Some(30)]
        );
        assert_eq!(
            suspend(&limits),
            [people(10), Some(Most::Percent(15)), people(60)]
        );
    }
}
