//! The departments of the platforms: showing them, and bringing them to the shape of a file.

mod show;
mod sync;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kadry_core::ProviderId;

use super::Session;
use crate::error::{Exit, Failure};
use crate::setup::Config;
use crate::words::Words;

/// Show the departments of the platforms, or bring them to the shape of a file
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry departments show
  kadry departments sync departments.txt --plan-only
  kadry departments sync people.csv --on calls")]
pub(crate) struct Departments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show the tree of each platform that has departments, and how many people are in each
    #[command(after_help = "Examples:
  kadry departments show
  kadry departments show --on calls -o csv > departments.csv")]
    Show {
        /// Only on these platforms
        #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
        on: Option<Vec<String>>,
    },
    /// Make, rename and move departments so that they stand as in a file
    ///
    /// The file is an indented text (two blanks or a tab for each level, the id of your own system in square brackets at the end of a
    /// line), a table with the columns name or path, parent and id, or a list of people with a column of departments; names
    /// of one path stand with “ / ” between them. What is above is made first. A department is known by its id where the platform keeps
    /// one, else by its place, else by a name that exists once. What the file does not have stays and is named. Nobody is moved.
    #[command(after_help = "Examples:
  kadry departments sync departments.txt --plan-only
  kadry departments sync departments.csv --on calls,edo
  kadry departments sync people.xlsx --remove-empty")]
    Sync(Box<Sync>),
}

#[derive(Debug, Args)]
struct Sync {
    /// The departments: an indented text, a table, or a list of people with their departments
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The sheet of the workbook, if several could be meant
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
    /// Remove what the file does not have, where nobody and nothing is in it
    #[arg(long)]
    remove_empty: bool,
}

impl Departments {
    /// Reports whether the command writes; else it lists.
    pub(crate) const fn writes(&self) -> bool {
        matches!(self.what, What::Sync(_))
    }

    /// Returns the file that the command reads.
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.what {
            What::Sync(sync) => Some(&sync.file),
            What::Show { .. } => None,
        }
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the arguments, the file or the configuration, and those of every flow.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        match &self.what {
            What::Show { on } => show::run(session, on.as_deref()).await,
            What::Sync(sync) => sync.run(session).await,
        }
    }
}

/// Returns the platforms that have departments, each with the key by which a role names them.
///
/// # Errors
///
/// There is none among those that are named, or none at all.
fn covered(
    config: &Config,
    on: Option<&[String]>,
    words: &Words,
) -> Result<Vec<(ProviderId, &'static str)>, Failure> {
    let covered = config.with_departments(on, words)?;
    let asked = config.on(on, words)?;
    let lacks = |id: &&ProviderId| !covered.iter().any(|(known, _)| known == *id);
    let without: Vec<&str> = asked.iter().filter(lacks).map(ProviderId::as_str).collect();
    if covered.is_empty() || (on.is_some() && !without.is_empty()) {
        let names = without.join(", ");
        let message = words.say_with("departments-none-there", &[("names", names.into())]);
        return Err(Failure::usage("no_departments", message, None));
    }
    Ok(covered)
}
