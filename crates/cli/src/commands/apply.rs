//! Carrying out a plan that was saved.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use kadry_flow::many::{Counted, Drafting, Head, PlanFile, PlanWriter};
use kadry_flow::observe::Listings;
use kadry_flow::{FlowError, Organisation};

use super::many::{self, Made};
use super::{Session, flow};
use crate::error::{Exit, Failure, has_moved, of_flow, of_plan_file};
use crate::ui::many::Tally;
use crate::ui::progress::Bulk;

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
    /// As [`apply`], and whatever is wrong with the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let path = self.file.display().to_string();
        let unusable = |error| of_plan_file(words, &error, &path);
        // Before anything is opened: a file that is no plan needs no platform.
        let saved = PlanFile::open(&self.file).map_err(unusable)?;
        let on: Vec<String> = saved.head.on.iter().map(ToString::to_string).collect();
        let setup = session.open(session.purpose(), Some(&on)).await?;
        setup.config.on(Some(&on), words)?;
        flow::greet(session, &setup.organisation).await?;
        apply(session, &setup.organisation, &saved, &path, self.skip_moved).await
    }
}

/// Applies a plan that was saved.
///
/// # Errors
///
/// A plan that was edited meanwhile, people of whom something has changed since, and as [`many::go_on`].
async fn apply(
    session: &Session,
    organisation: &Organisation,
    saved: &PlanFile,
    path: &str,
    skip_moved: bool,
) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let unusable = |error| of_plan_file(words, &error, path);
    let failed = |error: FlowError| of_flow(words, &error, &saved.head.about);
    let watch = Bulk::begin(&session.screen);
    let purpose = session.flow_purpose();
    let mut drafting = if saved.people <= many::FEW {
        Drafting::over(organisation, Arc::new(Listings::default()), purpose)
    } else {
        let counted = Counted::NotAtAll;
        let begun = Drafting::begin(organisation, &saved.head.on, purpose, counted, &watch).await;
        begun.map_err(failed)?
    };
    let place = many::scratch(session)?.join("plan.json");
    let head = Head {
        actor: crate::setup::actor(&session.global),
        reason: session.global.reason.clone().or(saved.head.reason.clone()),
        ..saved.head.clone()
    };
    session.reports_on(&head);
    let mut writer = PlanWriter::begin(&place, &head).map_err(unusable)?;
    let moved = drafting
        .hold_against(saved, &mut writer)
        .await
        .map_err(failed)?;
    let plan = writer.finish().map_err(unusable)?;
    drop(watch);
    if !moved.is_empty() && !skip_moved {
        return Err(has_moved(words, path, &moved));
    }
    let mut tally = Tally::of(&head.flow, &head.about, &drafting, words);
    for planned in plan.planned() {
        tally.add(&planned.map_err(unusable)?);
    }
    let made = Made {
        drafting,
        plan,
        tally,
    };
    many::go_on(session, organisation, &made, head).await
}
