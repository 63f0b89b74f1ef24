//! Plans that are kept: made now, read by somebody else, applied later.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kadry_flow::many::PlanFile;

use super::Session;
use super::import::Import;
use super::offboard::Offboard;
use super::onboard::Onboard;
use super::reconcile::Reconcile;
use super::transfer::Transfer;
use crate::error::{Exit, Failure, of_plan_file};
use crate::ui::many as page;

/// Make a plan without carrying it out, save it, or show one that was saved
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry plan offboard anna@example.test --save anna.json
  kadry plan import people.csv --role operator --save import.json
  kadry plan show import.json
  kadry apply import.json")]
pub(crate) struct Plan {
    /// Save the plan into this file, to be applied later
    #[arg(long, value_name = "FILE", global = true)]
    save: Option<PathBuf>,
    #[command(subcommand)]
    of: Of,
}

/// What is planned.
#[derive(Debug, Subcommand)]
enum Of {
    #[command(after_help = "Examples:
  kadry plan onboard anna.toml
  kadry plan onboard anna.toml --save anna.json")]
    Onboard(Box<Onboard>),
    #[command(after_help = "Examples:
  kadry plan offboard anna@example.test
  kadry plan offboard anna@example.test --save anna.json")]
    Offboard(Offboard),
    #[command(after_help = "Examples:
  kadry plan transfer anna@example.test --role seller
  kadry plan transfer anna@example.test --role seller --save anna.json")]
    Transfer(Transfer),
    #[command(after_help = "Examples:
  kadry plan import people.csv --role operator
  kadry plan import people.csv --role operator --save import.json")]
    Import(Box<Import>),
    #[command(after_help = "Examples:
  kadry plan reconcile staff.xlsx --role operator
  kadry plan reconcile staff.xlsx --role operator --suspend-surplus --save staff.json")]
    Reconcile(Box<Reconcile>),
    Show(Show),
}

/// Show everything that stands in a saved plan
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry plan show import.json
  kadry plan show import.json --report import.html")]
struct Show {
    /// The plan
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Plan {
    /// Returns where the plan goes.
    pub(crate) fn saves(&self) -> Option<&Path> {
        self.save.as_deref()
    }

    /// Returns the files that it reads and writes, apart from its report.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let read = match &self.of {
            Of::Onboard(_) | Of::Offboard(_) | Of::Transfer(_) => None,
            Of::Import(import) => Some(import.file()),
            Of::Reconcile(reconcile) => Some(reconcile.file()),
            Of::Show(show) => Some(show.file.as_path()),
        };
        read.into_iter().chain(self.saves())
    }

    /// Reports whether the plan may be one of many people.
    pub(super) const fn is_of_many(&self) -> bool {
        match self.of {
            Of::Onboard(_) | Of::Offboard(_) | Of::Transfer(_) => false,
            Of::Import(_) | Of::Reconcile(_) | Of::Show(_) => true,
        }
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As the command whose plan is made, and for a file that is not a plan.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        if let Some(path) = &self.save {
            has_folder(session, path)?;
        }
        match &self.of {
            Of::Onboard(onboard) => onboard.run(session).await,
            Of::Offboard(offboard) => offboard.run(session).await,
            Of::Transfer(transfer) => transfer.run(session).await,
            Of::Import(import) => import.run(session).await,
            Of::Reconcile(reconcile) => reconcile.run(session).await,
            Of::Show(show) => show.run(session).await,
        }
    }
}

/// Looks whether there is a folder for the plan, before anything is asked of a platform.
fn has_folder(session: &Session, path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    match folder.filter(|folder| !folder.is_dir()) {
        Some(folder) => {
            let folder = folder.display().to_string();
            let words = &session.screen.words;
            let said = words.say_with("report-file-no-folder", &[("folder", folder.into())]);
            Err(Failure::usage("plan_file", said, None))
        }
        None => Ok(()),
    }
}

impl Show {
    async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let path = self.file.display().to_string();
        let plan = PlanFile::open(&self.file);
        let plan = plan.map_err(|error| of_plan_file(words, &error, &path))?;
        page::whole(session, &plan, &self.file).await
    }
}
