//! A command about many people, as the operator sees it: the plan of all in few lines, and what became of everybody.

mod document;
mod ending;
mod report;
mod row;
mod story;
mod tally;

use std::path::Path;

use kadry_flow::many::PlanFile;

use self::report::Shown;
use super::failure;
use super::report_file::lament;
use super::table::{Sheet, Tint};
use crate::commands::Session;
use crate::error::{Exit, Failure, of_plan_file};

pub(crate) use ending::{ended, nothing_to_do};
pub(crate) use report::report;
pub(crate) use story::{Standing, document as told, tell};
pub(crate) use tally::Tally;

/// Shows the plan of all where its question is asked.
pub(crate) fn show(session: &Session, tally: &Tally) {
    if session.screen.is_json() {
        return;
    }
    let mut sheet = session.screen.rest_sheet();
    tally.write(&mut sheet, &session.screen.words);
    sheet.gap();
    if session.yes || tally.steps == 0 {
        session.screen.tell(&sheet);
    } else {
        // Nobody can agree to what they have not read, however quiet they want it.
        session.screen.complain(&sheet);
    }
}

/// Returns how a command ends that would end so if its report were kept.
fn worse(exit: Exit, kept: &Result<(), Failure>) -> Exit {
    match (exit, kept) {
        (Exit::Done | Exit::Residue | Exit::Drift, Err(lost)) => lost.exit,
        (
            Exit::Done
            | Exit::Residue
            | Exit::Drift
            | Exit::Failed
            | Exit::Usage
            | Exit::Partial
            | Exit::Refused
            | Exit::Bug,
            _,
        ) => exit,
    }
}

/// Tells a plan that is only shown or saved. `refused` says why it cannot be carried out.
///
/// # Errors
///
/// That it cannot, and an answer or a report that cannot be written.
pub(crate) async fn planned(
    session: &Session,
    plan: &PlanFile,
    tally: &Tally,
    exit: Exit,
    refused: Option<Failure>,
) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let shown = Shown {
        plan,
        tally,
        is_saved: false,
        exit,
        failure: refused.as_ref(),
    };
    let kept = report::of_plan(session, &shown).await;
    let exit = worse(exit, &kept);
    if let Err(lost) = &kept {
        lament(screen, lost);
    }
    if screen.is_json() {
        document::print(screen, document::planned(words, plan, exit))?;
        if let Some(failure) = &refused {
            failure::complain(screen, failure);
        }
        return Ok(exit);
    }
    let mut sheet = screen.data_sheet();
    tally.write(&mut sheet, words);
    screen.data(&sheet)?;
    if let Some(path) = &session.save {
        saved(session, path, &plan.written.plan_hash);
    }
    refused.map_or(Ok(exit), Err)
}

/// Shows a plan that cannot be carried out, and returns why.
pub(crate) async fn refused(
    session: &Session,
    plan: &PlanFile,
    tally: &Tally,
    why: Failure,
) -> Failure {
    show(session, tally);
    let shown = Shown {
        plan,
        tally,
        is_saved: false,
        exit: why.exit,
        failure: Some(&why),
    };
    // In JSON it says no more than the answer does.
    let is_table = session
        .report
        .as_ref()
        .is_some_and(|file| file.format().is_some());
    if is_table && let Err(lost) = report::of_plan(session, &shown).await {
        lament(&session.screen, &lost);
    }
    why
}

/// Says where a plan is saved.
pub(crate) fn saved(session: &Session, path: &Path, hash: &str) {
    let (screen, words) = (&session.screen, &session.screen.words);
    let path = path.display().to_string();
    let variables = [("path", path.into()), ("hash", hash.into())];
    let mut sheet = screen.rest_sheet();
    sheet.gap();
    sheet.paragraph(0, &words.say_with("plan-saved", &variables), Tint::Good);
    sheet.advice(&words.say_with("plan-saved-hint", &variables));
    screen.tell(&sheet);
}

/// Tells everything that stands in a plan.
///
/// # Errors
///
/// A plan that cannot be read any more, and an answer that cannot be printed.
pub(crate) async fn whole(
    session: &Session,
    plan: &PlanFile,
    path: &Path,
) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let mut tally = Tally::of_plan(plan);
    let unusable = |error| of_plan_file(words, &error, &path.display().to_string());
    for planned in plan.planned() {
        tally.add(&planned.map_err(unusable)?);
    }
    let shown = Shown {
        plan,
        tally: &tally,
        is_saved: true,
        exit: Exit::Done,
        failure: None,
    };
    report::of_plan(session, &shown).await?;
    if screen.is_json() {
        document::print(screen, document::planned(words, plan, Exit::Done))?;
        return Ok(Exit::Done);
    }
    let mut sheet = screen.data_sheet();
    tally.write_counts(&mut sheet, words);
    screen.data(&sheet)?;
    for planned in plan.planned() {
        let planned = planned.map_err(unusable)?;
        if planned.steps.is_empty() && planned.who.why.is_none() {
            continue;
        }
        let mut sheet: Sheet = screen.data_sheet();
        sheet.gap();
        tally::person(&mut sheet, words, &planned);
        screen.data(&sheet)?;
    }
    Ok(Exit::Done)
}
