//! Why a part of a batch is not begun: what stands in the way of one person stops nobody else.

use kadry_journal::JournalError;

use super::lockout::Turn;
use super::{Planned, Why};
use crate::error::FlowError;

/// Why a part is not begun.
pub(super) enum NotBegun {
    /// It waits for the next command.
    Waits,
    /// It is put off until this turn.
    Later(Turn, Box<Planned>),
    /// It never will be.
    Never(Why),
    /// Our own fault, or that we are told to end.
    Fault(FlowError),
}

impl<E: Into<FlowError>> From<E> for NotBegun {
    fn from(error: E) -> Self {
        match error.into() {
            FlowError::Refused(refused) => Self::Never(Why::Guards(refused)),
            FlowError::KnownNowhere
            | FlowError::NobodyThere { .. }
            | FlowError::NoSuchRecord { source: None, .. } => Self::Never(Why::Moved(Vec::new())),
            FlowError::Journal(JournalError::TwoPeople) => Self::Never(Why::TwoPeople),
            FlowError::NoSuchRecord { .. }
            | FlowError::Unread { .. }
            | FlowError::Journal(JournalError::Claimed { .. } | JournalError::TakenOver) => {
                Self::Waits
            }
            error @ (FlowError::Ended { .. }
            | FlowError::LaterFirst { .. }
            | FlowError::AnotherTenant { .. }
            | FlowError::StillOpen { .. }
            | FlowError::LaterDid { .. }
            | FlowError::MayStillLand { .. }
            | FlowError::NothingDone { .. }
            | FlowError::NoSuchStep { .. }
            | FlowError::NotInDoubt { .. }
            | FlowError::Halted
            | FlowError::Journal(_)
            | FlowError::PlanFile(_)
            | FlowError::Json(_)) => Self::Fault(error),
        }
    }
}
