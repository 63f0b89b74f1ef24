//! Bringing platforms into line with a file that names everybody.

use std::path::Path;

use clap::Args;

use super::allowing::Allowing;
use super::roster::{RosterFile, Task, Whole};
use super::{Session, many};
use crate::error::{Exit, Failure};

/// Bring platforms into line with a file that names everybody, and find who is not in it
///
/// As import, and besides: whoever has access and is not in the file is listed, and with --suspend-surplus shut out as offboard does
/// it, within the limits. With --check nothing is written, and the command ends with 4 if anything differs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry reconcile staff.csv --role operator --check
  kadry reconcile staff.xlsx --role operator --suspend-surplus --plan-only
  kadry reconcile staff.xlsx --role operator --suspend-surplus --allow suspend=40 --reason 'branch closed'
  kadry reconcile staff.xlsx --role operator --suspend-surplus --now --yes --reason 'audit'")]
pub(crate) struct Reconcile {
    #[command(flatten)]
    roster: RosterFile,
    /// Only say what differs: write nothing, and end with 4 if anything does
    #[arg(long, conflicts_with = "suspend_surplus")]
    check: bool,
    /// Shut out whoever has access and is not in the file
    #[arg(long)]
    suspend_surplus: bool,
    /// Close their doors before anything is tidied; with --yes nothing behind them is read before
    #[arg(long, requires = "suspend_surplus")]
    now: bool,
    #[command(flatten)]
    allowing: Allowing,
}

impl Reconcile {
    /// Returns the file of people.
    pub(super) fn file(&self) -> &Path {
        &self.roster.file
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As [`RosterFile::run`].
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let task = Task {
            flow: "reconcile",
            whole: Whole::All,
            surplus: if self.suspend_surplus {
                many::Unknown::Leaves
            } else {
                many::Unknown::IsTold
            },
            check: self.check,
            now: self.now,
        };
        self.roster.run(session, &self.allowing, task).await
    }
}
