//! How long platforms may take to be read.

use std::time::Duration;

use crate::intent::Flow;
use crate::timing::Timing;

/// How long a look at thousands of things may take. A platform that hangs ends it much earlier, request by request.
const LOOKED_THROUGH: Duration = Duration::from_secs(30 * 60);

/// How long platforms may take to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// At the longest.
    pub(super) deadline: Duration,
    /// How long the first may take before the others are thought to hang; none waits for everybody.
    hurry: Option<Duration>,
    /// How long of it a platform may take to give any sign of life.
    lifeless: Duration,
    /// How long a door waits for the list of what will be hidden behind it.
    pub(super) glance: Duration,
    /// Whether it is read at once what can be read and taken later, when the door is closed.
    pub(super) holdings: bool,
}

impl Patience {
    /// Returns how long reading may take: little, when doors must close now.
    #[must_use]
    pub fn of(timing: &Timing, flow: &Flow) -> Self {
        let now = matches!(flow, Flow::Offboard(offboard) if offboard.now);
        let deadline_ms = if now {
            timing.observe_now_ms
        } else {
            timing.observe_ms
        };
        Self {
            deadline: Duration::from_millis(deadline_ms),
            hurry: now.then_some(Duration::from_millis(timing.hurry_ms)),
            lifeless: Duration::from_millis(timing.lifeless_ms),
            glance: Duration::from_millis(timing.glance_ms),
            holdings: true,
        }
        .with(flow)
    }

    /// Has all the time that the requests themselves are given, where one call may stand for thousands of changes and each is looked at.
    #[must_use]
    pub(crate) fn with(self, flow: &Flow) -> Self {
        if flow.is_native() {
            return Self {
                deadline: LOOKED_THROUGH,
                ..self
            };
        }
        self
    }

    /// Leaves for later what can be read and taken when the door is closed.
    #[must_use]
    pub const fn for_doors(self) -> Self {
        Self {
            holdings: false,
            ..self
        }
    }

    /// Returns how long reading may take when nobody waits at a door.
    #[must_use]
    pub const fn calm(timing: &Timing) -> Self {
        Self {
            deadline: Duration::from_millis(timing.observe_ms),
            hurry: None,
            lifeless: Duration::from_millis(timing.observe_ms),
            glance: Duration::from_millis(timing.glance_ms),
            holdings: true,
        }
    }

    /// Returns how long the rest may take now that a platform has answered: a hanging one must not keep the other doors open.
    pub(super) fn after_an_answer(self, took: Duration) -> Duration {
        let longer = |hurry: Duration| hurry.max(took.saturating_mul(2)).min(self.deadline);
        self.hurry.map_or(self.deadline, longer)
    }

    /// Returns how long a platform without a sign of life may take now that a first one was read whole. Where somebody is asked before a
    /// door closes, there is time to hear every guard.
    pub(super) fn after_the_first(self, took: Duration) -> Duration {
        let rest = self.after_an_answer(took);
        if self.holdings || self.hurry.is_none() {
            return rest;
        }
        self.lifeless.max(took.mul_f32(1.25)).min(rest)
    }
}
