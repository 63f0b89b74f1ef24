//! People against their roles.

mod check;

use std::path::Path;

use clap::{Args, Subcommand};

use super::Session;
use crate::error::{Exit, Failure};

/// Hold everybody against their role
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry roles check staff.xlsx --report review.html
  kadry roles check --rights")]
pub(crate) struct Roles {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Check(Box<check::Check>),
}

impl Roles {
    /// Returns the file of people, if one is named.
    pub(super) fn file(&self) -> Option<&Path> {
        let What::Check(check) = &self.what;
        check.file()
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As [`check::Check::run`].
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let What::Check(check) = &self.what;
        check.run(session).await
    }
}
