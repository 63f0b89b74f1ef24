//! Why a flow did not begin, or could not go on.

use std::sync::Arc;

use kadry_core::{Error, ProviderId, RunState, State};
use kadry_journal::{JournalError, RunId};

use crate::many::PlanFileError;
use crate::plan::Refused;

/// Why a flow did not begin, or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// Guards said no; nothing was written.
    #[error("a guard says no")]
    Refused(Vec<Refused>),
    /// Every platform was read, and nobody there is this person.
    #[error("no platform knows this person")]
    KnownNowhere,
    /// Nobody is this person on the one platform that was asked; others may know them.
    #[error("{provider} does not know this person")]
    NobodyThere {
        /// Which platform.
        provider: ProviderId,
        /// The person as the operator typed them.
        who: String,
    },
    /// The platform without which nothing can be done cannot be read.
    #[error("{provider} cannot be read")]
    Unread {
        /// Which platform.
        provider: ProviderId,
        /// What it said.
        source: Arc<Error>,
    },
    /// A record that the operator named cannot be read.
    #[error("the record on {provider} cannot be read")]
    NoSuchRecord {
        /// Which platform.
        provider: ProviderId,
        /// What it said; none when it answered that there is none.
        source: Option<Error>,
    },
    /// Nothing of the run is open.
    #[error("run {run} is {state}: nothing of it is open")]
    Ended {
        /// The run.
        run: RunId,
        /// Where it stands.
        state: RunState,
        /// The run that took over.
        by: Option<RunId>,
    },
    /// A later run of the same person is open, and goes first.
    #[error("run {later} of the same person is open and began later")]
    LaterFirst {
        /// That run.
        later: RunId,
    },
    /// The run was approved for another tenant of a platform than the one that we stand in.
    #[error("run {run} was approved for {was} on {provider}, which is {now} now")]
    AnotherTenant {
        /// The run.
        run: RunId,
        /// On which platform.
        provider: ProviderId,
        /// For which tenant.
        was: String,
        /// In which we stand.
        now: String,
    },
    /// The run may still do something, so that it cannot be taken back yet.
    #[error("run {run} is still open")]
    StillOpen {
        /// The run.
        run: RunId,
    },
    /// A later run of the same person has done something on the same platform: it is taken back first.
    #[error("run {later} of the same person has done something there since")]
    LaterDid {
        /// That run.
        later: RunId,
    },
    /// A request may still take effect, so that nobody can say yet what became of it.
    #[error("a request of run {run} may still take effect")]
    MayStillLand {
        /// The run.
        run: RunId,
        /// Until when, in milliseconds since the Unix epoch.
        until_ms: i64,
    },
    /// The run did nothing that could be taken back.
    #[error("run {run} has done nothing")]
    NothingDone {
        /// The run.
        run: RunId,
    },
    /// The run has no such step.
    #[error("run {run} has no step {seq}")]
    NoSuchStep {
        /// The run.
        run: RunId,
        /// The number that was given.
        seq: u32,
    },
    /// It is known what became of the step.
    #[error("step {seq} of run {run} is {state}")]
    NotInDoubt {
        /// The run.
        run: RunId,
        /// The step.
        seq: u32,
        /// Where it stands.
        state: State,
    },
    /// The command was told to stop. What is written down is true, and another command goes on.
    #[error("stopped before the end")]
    Halted,
    /// The journal failed: what cannot be written down is not done.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The file of a plan cannot be used.
    #[error(transparent)]
    PlanFile(#[from] PlanFileError),
    /// A plan cannot be written as JSON: our own fault.
    #[error("a plan cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}
