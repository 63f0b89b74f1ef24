//! Taking back what a command about many people did: one plan for everybody.

use std::path::Path;
use std::sync::Arc;

use kadry_flow::many::{Asked, Counted, Drafting, Head, PlanFileError, PlanWriter, Undoing};
use kadry_flow::observe::Listings;
use kadry_flow::{FlowError, Organisation};
use kadry_journal::BatchSummary;

use super::batch::{platforms, written};
use crate::commands::allowing::Allowing;
use crate::commands::many::{self, Made};
use crate::commands::{Session, flow};
use crate::error::{Exit, Failure, of_flow, of_plan_file};
use crate::setup;
use crate::ui::many::Tally;
use crate::ui::progress::Bulk;

/// Takes back what a batch did.
///
/// # Errors
///
/// A batch that is still open or did nothing; and those of every command about many people.
pub(super) async fn undo(
    session: &Session,
    batch: &BatchSummary,
    privileged: bool,
    allowing: &Allowing,
) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let allow = allowing.read(words)?;
    let on = platforms(session, batch)?;
    let setup = session.open(session.purpose(), Some(&on)).await?;
    let organisation = &setup.organisation;
    let failed = |error: FlowError| of_flow(words, &error, &batch.label);
    let (actor, reason) = (setup::actor(&session.global), session.global.reason.clone());
    let journal = &organisation.journal;
    let undoing = Undoing::of(journal, batch, &actor, reason.as_deref(), privileged);
    let mut undoing = undoing.map_err(failed)?;
    let first = undoing.next().await.map_err(failed)?;
    if first.is_empty() {
        let run = batch.id.clone();
        return Err(failed(FlowError::NothingDone { run }));
    }
    flow::greet(session, organisation).await?;
    let head = Head {
        flow: "undo".to_owned(),
        about: batch.id.to_string(),
        source: None,
        on: written(session, batch)?.head.on,
        allow,
        actor,
        reason,
        lines: None,
    };
    let drafting = begin(session, organisation, &head, batch.parts).await;
    let drafting = drafting.map_err(failed)?;
    let path = many::scratch(session)?.join("plan.json");
    let made = draft(session, drafting, &head, (first, undoing), &path).await?;
    many::go_on(session, organisation, &made, head).await
}

/// Reads everybody; where a few are to be looked at, each is looked at alone.
async fn begin(
    session: &Session,
    organisation: &Organisation,
    head: &Head,
    people: u32,
) -> Result<Drafting, FlowError> {
    let purpose = session.flow_purpose();
    if usize::try_from(people).is_ok_and(|people| people <= many::FEW) {
        let nobody = Arc::new(Listings::default());
        return Ok(Drafting::over(organisation, nobody, purpose));
    }
    let watch = Bulk::begin(&session.screen);
    let counted = Counted::NotAtAll;
    Drafting::begin(organisation, &head.on, purpose, counted, &watch).await
}

/// Writes the plan for everybody for whom something was done.
async fn draft(
    session: &Session,
    mut drafting: Drafting,
    head: &Head,
    (first, mut undoing): (Vec<Asked>, Undoing<'_>),
    path: &Path,
) -> Result<Made, Failure> {
    let words = &session.screen.words;
    let failed = |error: FlowError| of_flow(words, &error, &head.about);
    let unusable = |error: PlanFileError| of_plan_file(words, &error, &path.display().to_string());
    let mut writer = PlanWriter::begin(path, head).map_err(unusable)?;
    let mut tally = Tally::of(&head.flow, &head.about, &drafting, words);
    let mut asked = first;
    while !asked.is_empty() {
        for planned in drafting.plan(asked).await.map_err(failed)? {
            tally.add(&planned);
            writer.add(&planned).map_err(unusable)?;
        }
        asked = undoing.next().await.map_err(failed)?;
    }
    let plan = writer.finish().map_err(unusable)?;
    Ok(Made {
        drafting,
        plan,
        tally,
    })
}
