//! A command about many people, as the operator sees it: the plan of all in few lines, and what became of everybody.

mod document;
mod ending;
mod tally;

use std::path::Path;

use kadry_flow::many::PlanFile;

use super::table::{Sheet, Tint};
use crate::commands::Session;
use crate::error::{Exit, Failure, of_plan_file};

pub(crate) use ending::{ended, nothing_to_do};
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

/// Tells a plan that is only shown or saved.
///
/// # Errors
///
/// An answer that cannot be printed.
pub(crate) fn planned(
    session: &Session,
    plan: &PlanFile,
    tally: &Tally,
    saved: Option<&Path>,
    exit: Exit,
) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    if screen.is_json() {
        return document::print(screen, document::planned(words, plan, exit));
    }
    let mut sheet = screen.data_sheet();
    tally.write(&mut sheet, words);
    screen.data(&sheet)?;
    if let Some(path) = saved {
        self::saved(session, path, &plan.written.plan_hash);
    }
    Ok(())
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
pub(crate) fn whole(session: &Session, plan: &PlanFile, path: &Path) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    if screen.is_json() {
        document::print(screen, document::planned(words, plan, Exit::Done))?;
        return Ok(Exit::Done);
    }
    let mut tally = Tally::of_plan(plan);
    let unusable = |error| of_plan_file(words, &error, &path.display().to_string());
    for planned in plan.planned() {
        tally.add(&planned.map_err(unusable)?);
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
