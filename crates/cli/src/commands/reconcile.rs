//! Bringing platforms into line with a file that names everybody.

use std::path::Path;

use clap::Args;
use kadry_flow::many::Head;

use super::allowing::Allowing;
use super::roster::{RosterFile, Whole};
use super::{Session, flow, many};
use crate::error::{Exit, Failure};
use crate::setup;

/// Bring platforms into line with a file that names everybody, and find who is not in it
///
/// As import, and besides: whoever has access and is not in the file is listed, and with --suspend-surplus shut out as offboard does
/// it, within the limits. With --check nothing is written, and the command ends with 4 if anything differs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry reconcile staff.csv --role operator --check
  kadry reconcile staff.xlsx --role operator --suspend-surplus --plan-only
  kadry reconcile staff.xlsx --role operator --suspend-surplus --allow suspend=40 --reason 'branch closed'")]
pub(crate) struct Reconcile {
    #[command(flatten)]
    roster: RosterFile,
    /// Only say what differs: write nothing, and end with 4 if anything does
    #[arg(long, conflicts_with = "suspend_surplus")]
    check: bool,
    /// Shut out whoever has access and is not in the file
    #[arg(long)]
    suspend_surplus: bool,
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
    /// As [`many::run`], and whatever is wrong with the arguments, the file or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let allow = self.allowing.read(words)?;
        let roster = self.roster.open(words)?;
        let on = self.roster.on.as_deref();
        let setup = session.open(session.purpose(), on).await?;
        let actor = setup::actor(&session.global);
        let people = self
            .roster
            .people(roster, &setup.config, actor.clone(), Whole::All);
        let covered = people.covered(words)?;
        flow::greet(session, &setup.organisation).await?;
        many::told_of_file(session, &people);
        let job = many::Job {
            head: Head {
                flow: "reconcile".to_owned(),
                about: people.name.clone(),
                source: Some(people.roster.sha256().to_owned()),
                on: covered,
                allow,
                actor,
                reason: session.global.reason.clone(),
            },
            lines: people.roster.len(),
            surplus: if self.suspend_surplus {
                many::Unknown::Leaves
            } else {
                many::Unknown::IsTold
            },
            shrunk: self.roster.shrunk,
            privileged: self.roster.privileged,
            check: self.check,
        };
        many::run(session, &setup.organisation, &job, &mut people.asked(words)).await
    }
}
