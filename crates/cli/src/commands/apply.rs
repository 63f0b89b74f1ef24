//! Carrying out a plan that was saved.

use std::path::{Path, PathBuf};

use clap::Args;
use kadry_flow::many::PlanFile;

use super::{Session, flow, many};
use crate::error::{Exit, Failure, of_plan_file};

/// Carry out a plan that was saved: exactly its steps, and only if nothing has moved since
///
/// Everybody in the plan is looked at once more. If anybody is not as they were, they are named and nothing is done; with --skip-moved
/// the others go on. A plan that was edited is refused.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry apply anna.json
  kadry apply import.json --skip-moved --reason 'approved by HR'")]
pub(crate) struct Apply {
    /// The plan
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Leave out whoever is not as they were, and carry out the rest
    #[arg(long)]
    skip_moved: bool,
}

impl Apply {
    /// Returns the file of the plan.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As [`many::apply`], and whatever is wrong with the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let path = self.file.display().to_string();
        let unusable = |error| of_plan_file(words, &error, &path);
        // Before anything is opened: a file that is no plan needs no platform.
        let head = PlanFile::open(&self.file).map_err(unusable)?.head;
        let on: Vec<String> = head.on.iter().map(ToString::to_string).collect();
        let setup = session.open(session.purpose(), Some(&on)).await?;
        setup.config.on(Some(&on), words)?;
        flow::greet(session, &setup.organisation).await?;
        many::apply(session, &setup.organisation, &self.file, self.skip_moved).await
    }
}
