//! Bringing many people in.

use std::path::Path;

use clap::Args;

use super::allowing::Allowing;
use super::roster::{RosterFile, Task, Whole};
use super::{Session, many};
use crate::error::{Exit, Failure};
use crate::setup;

/// Bring in the people of a file, or bring their records into line with it
///
/// Every line is planned as if it were the only one, and every line is accounted for at the end. What is wrong with one line, or with
/// one platform, stops nothing else. People who are suspended stay out unless --reactivate is given; nobody is ever shut out.
#[derive(Debug, Args)]
#[command(after_help = setup::IMPORT_EXAMPLES)]
pub(crate) struct Import {
    #[command(flatten)]
    roster: RosterFile,
    #[command(flatten)]
    allowing: Allowing,
}

impl Import {
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
            flow: "import",
            whole: Whole::Some,
            surplus: many::Unknown::Stays,
            check: false,
            now: false,
        };
        self.roster.run(session, &self.allowing, task).await
    }
}
