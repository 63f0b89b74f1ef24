//! What became of several people whom one operation named.

use kadry_flow::intent::Intent;
use kadry_flow::report::Report;
use kadry_flow::told;
use kadry_journal::RunStory;

use crate::commands::{Session, flow};
use crate::error::{Exit, Failure};
use crate::ui::json::{self, Part};
use crate::ui::open::{self, Again};
use crate::ui::plan::Note;
use crate::ui::report_file::{self, lament};
use crate::ui::{failure, report};

/// What became of one of them.
#[derive(Debug)]
pub(super) struct Ended {
    who: String,
    flow: &'static str,
    /// None where nothing was begun.
    report: Option<Report>,
    notes: Vec<Note>,
    began_ms: Option<i64>,
    exit: Exit,
}

impl Ended {
    /// Returns what a report tells.
    pub(super) fn told(intent: &Intent, report: Report, notes: Vec<Note>) -> Self {
        Self {
            exit: Exit::from(report.outcome()),
            report: Some(report),
            notes,
            ..Self::not_begun(intent, Exit::Failed)
        }
    }

    /// Returns what the journal tells of a run that was cut short.
    pub(super) fn cut_short(intent: &Intent, story: &RunStory, exit: Exit) -> Self {
        Self {
            began_ms: Some(story.run.started_ms),
            exit,
            ..Self::told(intent, told(story), Vec::new())
        }
    }

    /// Returns that nothing was begun.
    pub(super) fn not_begun(intent: &Intent, exit: Exit) -> Self {
        Self {
            who: intent.who.to_string(),
            flow: intent.flow.name(),
            report: None,
            notes: Vec::new(),
            began_ms: None,
            exit,
        }
    }
}

/// Tells what became of everybody, and what went wrong beside their steps.
///
/// # Errors
///
/// That failure, with how the whole command ends, and an answer that cannot be printed.
pub(super) fn tell(
    session: &Session,
    label: &str,
    all: &[Ended],
    fault: Option<Failure>,
) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let mut exit = worst(all.iter().map(|one| one.exit));
    let fault = fault.map(|fault| with_not_begun(session, fault, all));
    if all.iter().all(|one| one.report.is_none())
        && let Some(fault) = fault
    {
        return Err(Failure { exit, ..fault });
    }
    let document = |exit: Exit| {
        let part = |one: &Ended| Part {
            who: one.who.clone(),
            run: one
                .report
                .as_ref()
                .map(|report| json::Run::ended(words, report, one.exit)),
            exit: one.exit,
        };
        let flow = all.first().map_or("", |one| one.flow);
        let parts = all.iter().map(part).collect();
        json::Run::together(flow, label, parts, exit)
    };
    if let Err(lost) = keep(session, all, &document(exit), exit) {
        if exit == Exit::Done {
            exit = lost.exit;
        }
        lament(screen, &lost);
    }
    if screen.is_json() {
        screen
            .document(&document(exit))
            .map_err(|unprintable| after(unprintable, exit))?;
        if let Some(fault) = fault {
            let mut sheet = screen.rest_sheet();
            failure::write(&mut sheet, words, &fault);
            screen.complain(&sheet);
        }
        return Ok(exit);
    }
    print(session, all).map_err(|unprintable| after(unprintable, exit))?;
    match fault {
        Some(fault) => Err(Failure { exit, ..fault }),
        None => Ok(exit),
    }
}

/// What was done is done, whoever hears of it.
fn after(unprintable: Failure, exit: Exit) -> Failure {
    Failure {
        exit: if exit == Exit::Done {
            Exit::Partial
        } else {
            exit
        },
        ..unprintable
    }
}

fn print(session: &Session, all: &[Ended]) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let (mut sheet, mut rest) = (screen.data_sheet(), screen.rest_sheet());
    let again = flow::again(session);
    for one in all {
        let Some(report) = &one.report else { continue };
        sheet.gap();
        if one.exit == Exit::Done {
            report::write_short(&mut sheet, words, report);
        } else {
            report::write(&mut sheet, words, report);
            open::write(&mut rest, words, report, Again::Command(&again));
        }
    }
    screen.data(&sheet)?;
    if !rest.as_str().is_empty() {
        screen.complain(&rest);
    }
    Ok(())
}

/// Writes the report that `--report` asks for.
fn keep(session: &Session, all: &[Ended], document: &json::Run, exit: Exit) -> Result<(), Failure> {
    let Some(file) = &session.report else {
        return Ok(());
    };
    let told = all.iter().filter_map(|one| {
        Some(report_file::Ended {
            report: one.report.as_ref()?,
            notes: &one.notes,
            began_ms: one.began_ms,
            exit,
        })
    });
    let told: Vec<_> = told.collect();
    file.ended_together(&session.screen.words, document, &told)
}

/// Says of whom nothing was begun.
fn with_not_begun(session: &Session, fault: Failure, all: &[Ended]) -> Failure {
    let left = all.iter().filter(|one| one.report.is_none());
    let people: Vec<&str> = left.map(|one| one.who.as_str()).collect();
    if people.is_empty() {
        return fault;
    }
    let words = &session.screen.words;
    let people = [("people", people.join(", ").into())];
    let mut fault = fault.then(&words.say("native-again"), &flow::again(session));
    fault.message = format!(
        "{} {}",
        fault.message,
        words.say_with("native-not-begun", &people)
    );
    fault
}

/// How it ended for all together: what was done for some and not for others is done in part.
fn worst(exits: impl Iterator<Item = Exit>) -> Exit {
    let exits: Vec<Exit> = exits.collect();
    let is_fine = |exit: &Exit| matches!(exit, Exit::Done | Exit::Residue);
    match exits.as_slice() {
        [] => Exit::Done,
        all if all.contains(&Exit::Bug) => Exit::Bug,
        [first, rest @ ..] if rest.iter().all(|exit| exit == first) => *first,
        all if all.iter().all(is_fine) => Exit::Residue,
        [..] => Exit::Partial,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_for_some_is_done_in_part() {
        let of = |exits: &[Exit]| worst(exits.iter().copied());
        assert_eq!(of(&[Exit::Done, Exit::Done]), Exit::Done);
        assert_eq!(of(&[Exit::Failed, Exit::Failed]), Exit::Failed);
        assert_eq!(of(&[Exit::Done, Exit::Failed]), Exit::Partial);
        assert_eq!(of(&[Exit::Done, Exit::Residue]), Exit::Residue);
        assert_eq!(of(&[Exit::Failed, Exit::Bug]), Exit::Bug);
    }
}
