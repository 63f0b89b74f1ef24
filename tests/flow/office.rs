//! A company with its store, to which one command is given after another.

use std::time::Duration;

use kadry_core::memory::Fault;
use kadry_core::{Clock, State};
use kadry_flow::report::Report;
use kadry_flow::{FlowError, Purpose, Unwatched, undoing};
use kadry_journal::{Journal, RunId};

use crate::company::{Asked, Company, clock_and_random};

/// A company, its store, and the time that goes on from command to command.
pub(crate) struct Office {
    pub(crate) company: Company,
    pub(crate) journal: Journal,
    pub(crate) clock: Clock,
}

impl Office {
    pub(crate) async fn of(company: Company) -> Self {
        let (clock, random) = clock_and_random(1);
        let journal = Journal::in_memory(clock.clone(), random).await.unwrap();
        Self {
            company,
            journal,
            clock,
        }
    }

    /// Gives a command whose nth write on a platform hangs, and kills it there.
    pub(crate) async fn interrupted(
        &self,
        asked: &Asked,
        on: &str,
        nth: usize,
        hang: Fault,
    ) -> RunId {
        let faults = std::iter::repeat_n(Fault::Nothing, nth).chain([hang]);
        self.company.at(on).fail_next(faults);
        let command = tokio::time::timeout(Duration::from_secs(9), self.command(asked)).await;
        assert!(command.is_err(), "the write that hangs must be reached");
        self.last().await
    }

    pub(crate) async fn command(&self, asked: &Asked) -> Result<Report, FlowError> {
        self.command_for(asked, Purpose::CarryOut).await
    }

    pub(crate) async fn command_for(
        &self,
        asked: &Asked,
        purpose: Purpose,
    ) -> Result<Report, FlowError> {
        let organisation = self.company.organisation(self.journal.clone(), &self.clock);
        let intent = self.company.intent(asked);
        let prepared = organisation.prepare(&intent, purpose, &Unwatched).await?;
        organisation.carry_out(prepared, &Unwatched).await
    }

    pub(crate) async fn resume(&self, run: &RunId) -> Result<Report, FlowError> {
        let organisation = self.company.organisation(self.journal.clone(), &self.clock);
        organisation.resume(run.as_str(), &Unwatched).await
    }

    /// Goes on with a run while a platform is switched off.
    pub(crate) async fn resume_without(&self, run: &RunId, off: &str) -> Result<Report, FlowError> {
        let mut organisation = self.company.organisation(self.journal.clone(), &self.clock);
        let connects = &mut organisation.connects;
        connects.retain(|connect| connect.id().as_str() != off);
        organisation.resume(run.as_str(), &Unwatched).await
    }

    pub(crate) async fn last(&self) -> RunId {
        self.journal.runs(1).await.unwrap().remove(0).id
    }

    pub(crate) async fn states(&self, run: &RunId) -> Vec<State> {
        let story = self.journal.story(run.as_str()).await.unwrap();
        story.steps.iter().map(|step| step.state).collect()
    }

    pub(crate) fn writes(&self, on: &str) -> Vec<&'static str> {
        let writes = self.company.at(on).writes();
        writes.iter().map(|write| write.operation).collect()
    }

    pub(crate) async fn undo(&self, run: &RunId) -> Result<Report, FlowError> {
        let organisation = self.company.organisation(self.journal.clone(), &self.clock);
        let intent = undoing(&self.journal, run.as_str(), "tester", None, false).await?;
        let prepared = organisation
            .prepare(&intent, Purpose::CarryOut, &Unwatched)
            .await?;
        organisation.carry_out(prepared, &Unwatched).await
    }
}
