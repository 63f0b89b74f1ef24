//! What becomes of a step, and of a run.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::ErrorKind;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Approved, not begun.
    Waiting,
    /// Approved by key; its platform was silent when the plan was made.
    Deferred,
    /// The request may have left.
    Started,
    /// The platform holds what was asked.
    Done,
    /// The platform refused; nothing changed.
    Failed,
    /// The request left and nobody knows what it did.
    Unsure,
    /// Looking did not settle it: a person looks, and says what they found.
    Parked,
    /// Not needed any more.
    Skipped,
    /// A later run took over.
    Superseded,
}

/// What happened to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The request is about to leave.
    Started,
    /// The platform says that it is done.
    Done,
    /// The platform refused, or the request never left, and it will not be tried again in this run.
    Failed(ErrorKind),
    /// The request did not take effect and the step may begin again later.
    Held,
    /// The answer was lost, or we crashed.
    Lost,
    /// Looking showed that it was done, or a person who looked says so.
    FoundDone,
    /// Looking showed that it was not done, or a person who looked says so.
    FoundUndone,
    /// Looking showed neither.
    Ambiguous,
    /// It is not needed any more.
    Skipped,
    /// A later run took over.
    Superseded,
}

/// An event that cannot follow a state: our own fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a step that is {state:?} cannot meet {event:?}")]
pub struct IllegalEvent {
    /// Where the step stood.
    pub state: State,
    /// What was said to have happened.
    pub event: Event,
}

impl State {
    /// Returns the state after `event`. Used live and for replay; there is no second copy of this table.
    ///
    /// # Errors
    ///
    /// [`IllegalEvent`] for anything that is not in the table.
    pub const fn on(self, event: Event) -> Result<Self, IllegalEvent> {
        Ok(match (self, event) {
            (Self::Waiting | Self::Deferred, Event::Started) => Self::Started,
            (Self::Started, Event::Done) | (Self::Unsure | Self::Parked, Event::FoundDone) => {
                Self::Done
            }
            (Self::Started | Self::Waiting | Self::Deferred, Event::Failed(_)) => Self::Failed,
            (Self::Started, Event::Held) | (Self::Unsure | Self::Parked, Event::FoundUndone) => {
                Self::Waiting
            }
            (Self::Started, Event::Lost) => Self::Unsure,
            (Self::Unsure, Event::Ambiguous) => Self::Parked,
            (Self::Waiting | Self::Deferred, Event::Skipped) => Self::Skipped,
            (Self::Waiting | Self::Deferred | Self::Unsure | Self::Parked, Event::Superseded) => {
                Self::Superseded
            }
            (state, event) => return Err(IllegalEvent { state, event }),
        })
    }

    /// Reports whether nothing more will happen to the step by itself.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Done | Self::Failed | Self::Parked | Self::Skipped | Self::Superseded => true,
            Self::Waiting | Self::Deferred | Self::Started | Self::Unsure => false,
        }
    }

    /// Returns the word that JSON and the journal use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Deferred => "deferred",
            Self::Started => "started",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unsure => "unsure",
            Self::Parked => "parked",
            Self::Skipped => "skipped",
            Self::Superseded => "superseded",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Steps are still open.
    Running,
    /// Everything asked for is done.
    Done,
    /// Something was done and something not.
    Partial,
    /// Nothing was done.
    Failed,
    /// A guard or brake said no; nothing was written.
    Refused,
    /// A later run took over.
    Superseded,
}

impl RunState {
    /// Returns the word that JSON and the journal use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Superseded => "superseded",
        }
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_step_is_looked_for_before_it_may_begin_again() {
        let after = [
            Event::Started,
            Event::Lost,
            Event::FoundUndone,
            Event::Started,
            Event::Done,
        ]
        .into_iter()
        .try_fold(State::Waiting, State::on);
        assert_eq!(after, Ok(State::Done));
        assert!(State::Unsure.on(Event::Started).is_err());
    }

    #[test]
    fn what_is_parked_waits_for_a_person_alone() {
        assert_eq!(State::Parked.on(Event::FoundDone), Ok(State::Done));
        assert_eq!(State::Parked.on(Event::FoundUndone), Ok(State::Waiting));
        assert_eq!(State::Parked.on(Event::Superseded), Ok(State::Superseded));
        for event in [
            Event::Started,
            Event::Done,
            Event::Ambiguous,
            Event::Skipped,
        ] {
            assert!(State::Parked.on(event).is_err());
        }
    }

    #[test]
    fn nothing_follows_a_final_state() {
        for state in [
            State::Done,
            State::Failed,
            State::Skipped,
            State::Superseded,
        ] {
            for event in [
                Event::Started,
                Event::Done,
                Event::Lost,
                Event::Superseded,
                Event::Skipped,
            ] {
                assert_eq!(state.on(event), Err(IllegalEvent { state, event }));
            }
        }
    }
}
