//! Bringing many people in.

use std::path::Path;

use clap::Args;
use kadry_flow::many::Head;

use super::allowing::Allowing;
use super::roster::{RosterFile, Whole};
use super::{Session, flow, many};
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
            .people(roster, &setup.config, actor.clone(), Whole::Some);
        let covered = people.covered(words)?;
        flow::greet(session, &setup.organisation).await?;
        many::told_of_file(session, &people);
        let job = many::Job {
            head: Head {
                flow: "import".to_owned(),
                about: people.name.clone(),
                source: Some(people.roster.sha256().to_owned()),
                on: covered,
                allow,
                actor,
                reason: session.global.reason.clone(),
            },
            lines: people.roster.len(),
            surplus: many::Unknown::Stays,
            shrunk: self.roster.shrunk,
            privileged: self.roster.privileged,
            check: false,
        };
        many::run(session, &setup.organisation, &job, &mut people.asked(words)).await
    }
}
