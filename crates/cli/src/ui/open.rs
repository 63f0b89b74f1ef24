//! What a run has not done, why, and the command that goes on.

use kadry_core::{Action, ProviderId, RunState, Stage, State};
use kadry_flow::plan::{Remark, Said};
use kadry_flow::report::{Outcome, Report, StepReport};

use super::branches;
use super::plan::stays_closed;
use super::report::left_undone;
use super::steps::short;
use super::table::Sheet;
use super::time::local;
use crate::error::{guard_of, is_permanent, reason, step_error};
use crate::words::Words;

/// What goes on where a command stopped.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Again<'a> {
    /// The same command.
    Command(&'a str),
    /// Going on with the run; where that does nothing more, the command that began it, if the journal knows it.
    Run(Option<&'a str>),
}

/// Writes what is not done, why, and the command that goes on; nothing when all is done and proven.
pub(crate) fn write(sheet: &mut Sheet, words: &Words, report: &Report, again: Again<'_>) {
    let is_listed = list(sheet, words, report);
    if !is_listed && report.outcome() != Outcome::Partial {
        return;
    }
    if !is_listed {
        sheet.verbatim("");
    }
    if !goes_on(report) {
        return;
    }
    let command = match (again, &report.run) {
        (Again::Run(began), Some(_)) if !resumes(report) => {
            // Who is asked has the command that answers; what a run does not try again takes a new plan.
            if is_asked_anew(report) {
                anew(sheet, words, began);
            }
            return;
        }
        // The same command would look away from what only a person can tell.
        (Again::Command(_), Some(_)) if is_only_asked(report) => return,
        (Again::Run(_), Some(run)) => resume(words, run.as_str()),
        (Again::Run(_), None) => return,
        (Again::Command(command), _) => command.to_owned(),
    };
    let goes_on = match report.run {
        _ if wants_mending(report) => "report-mend-again",
        Some(_) => "report-again",
        None => "report-again-later",
    };
    sheet.text(0, &words.say(goes_on));
    sheet.verbatim(&format!("  {command}"));
}

/// Writes the command that goes on with a run that is told from the journal; nothing where none does.
pub(crate) fn next(sheet: &mut Sheet, words: &Words, report: &Report, began: Option<&str>) {
    let Some(run) = &report.run else { return };
    if report.state == RunState::Superseded {
        return;
    }
    if resumes(report) || report.state == RunState::Running {
        sheet.text(0, &words.say("open-next"));
        sheet.verbatim(&format!("  {}", resume(words, run.as_str())));
    } else if report.state == RunState::Partial && !is_only_asked(report) {
        anew(sheet, words, began);
    }
}

/// Says that only a new plan goes on, and which command makes it.
pub(crate) fn anew(sheet: &mut Sheet, words: &Words, began: Option<&str>) {
    sheet.text(0, &words.say("report-anew"));
    if let Some(command) = began {
        sheet.verbatim(&format!("  {command}"));
    }
}

/// The command that goes on with a run.
fn resume(words: &Words, run: &str) -> String {
    format!("kadry runs resume {run}{}", words.options())
}

/// Reports whether going on with the run may do more than it did.
fn resumes(report: &Report) -> bool {
    let waits = |state| {
        matches!(
            state,
            State::Waiting | State::Deferred | State::Started | State::Unsure
        )
    };
    !is_asked_anew(report) && report.steps.iter().any(|step| waits(step.state))
}

/// Reports whether all that is open waits for what a person finds.
fn is_only_asked(report: &Report) -> bool {
    let mut open = report.steps.iter().filter(|step| is_open(step.state));
    let left_out = |remark: &Remark| is_left_out(&remark.what);
    open.clone().next().is_some()
        && open.all(|step| step.state == State::Parked)
        && !report.remarks.iter().any(left_out)
}

/// Reports whether only a new plan does the rest: something was refused, or more is to be done than was approved.
fn is_asked_anew(report: &Report) -> bool {
    let failed = |step: &StepReport| step.state == State::Failed;
    let more = |remark: &Remark| remark.what == Said::MoreThanApproved;
    report.steps.iter().any(failed) || report.remarks.iter().any(more)
}

/// Writes what is not done, and why, and how to answer what is asked. Returns whether there is anything.
pub(crate) fn list(sheet: &mut Sheet, words: &Words, report: &Report) -> bool {
    let is_listed = listed(sheet, words, report);
    questions(sheet, words, report);
    is_listed
}

/// Writes what is not done, and why. Returns whether there is anything.
pub(crate) fn listed(sheet: &mut Sheet, words: &Words, report: &Report) -> bool {
    let steps = report.steps.iter().filter(|step| is_open(step.state));
    let steps = steps.map(|step| (&step.step.provider, why_open(words, report, step)));
    let mut open: Vec<(&ProviderId, String)> = steps.chain(unseen(words, report)).collect();
    if open.is_empty() {
        return false;
    }
    sheet.verbatim("");
    // The lines of one platform stay in the order of its steps.
    open.sort_by_key(|(provider, _)| *provider);
    sheet.heading(&words.say("report-open"));
    let lines = open.into_iter();
    sheet.pairs(2, lines.map(|(provider, why)| (provider.to_string(), why)));
    true
}

/// Writes the commands that answer what kadry cannot tell.
fn questions(sheet: &mut Sheet, words: &Words, report: &Report) {
    let Some(run) = &report.run else { return };
    let steps = report.steps.iter();
    let parked: Vec<u32> = steps
        .filter(|step| step.state == State::Parked)
        .map(|step| step.step.seq)
        .collect();
    if parked.is_empty() {
        return;
    }
    sheet.text(0, &words.say("open-settle"));
    for step in parked {
        for found in ["done", "undone"] {
            let options = words.options();
            sheet.verbatim(&format!(
                "  kadry runs settle {run} {step} {found}{options}"
            ));
        }
    }
    sheet.text(0, &words.say("open-settled-then"));
    sheet.verbatim(&format!("  {}", resume(words, run.as_str())));
}

/// Reports whether the same command may do more: it cannot where all that is open is what no repetition does.
pub(crate) fn goes_on(report: &Report) -> bool {
    let mut left_out = report
        .remarks
        .iter()
        .filter(|one| is_left_out(&one.what))
        .peekable();
    let open = report.steps.iter().any(|step| is_open(step.state));
    open || !report.verified
        || left_out.peek().is_none()
        || left_out.any(|one| is_mended(&one.what))
}

/// Reports whether something stays undone until somebody mends what stands in its way.
fn wants_mending(report: &Report) -> bool {
    let steps = report.steps.iter().filter(|step| is_open(step.state));
    let mut errors = steps.filter_map(|step| step.error.as_ref());
    errors.any(|error| is_permanent(error.kind))
        || !report.refused.is_empty()
        || report.remarks.iter().any(|remark| is_mended(&remark.what))
}

/// Reports whether the same command does what was left out once a right is given.
fn is_mended(said: &Said) -> bool {
    if let Said::CannotRemove { reason } | Said::CannotHandOver { reason, .. } = said {
        return reason.lacks_a_right();
    }
    matches!(
        said,
        Said::CannotClose { .. } | Said::CannotTake { .. } | Said::CannotRead { hidden: false, .. }
    )
}

/// Reports whether a platform was left out of what was asked, because it or our rights there do not allow it.
pub(crate) fn is_left_out(said: &Said) -> bool {
    if let Said::NotTakenBack { step, .. } = said {
        return matches!(step.action, Action::Native { .. });
    }
    matches!(
        said,
        Said::CannotClose { .. }
            | Said::CannotRemove { .. }
            | Said::CannotHandOver { .. }
            | Said::CannotRead { .. }
            | Said::CannotTake { .. }
            | Said::StaysClosed { needed: true }
            | Said::MadeLater
            | Said::NotRemoved { .. }
            | Said::StaysWhereItIs { .. }
            | Said::LeftUndone { .. }
            | Said::MoreThanApproved
    )
}

/// Lists the platforms for which no step was planned: they could not be read, their door cannot be closed, or a guard says no.
pub(crate) fn unseen<'a>(
    words: &Words,
    report: &'a Report,
) -> impl Iterator<Item = (&'a ProviderId, String)> {
    let guards = report.refused.iter().filter_map(|refused| {
        let provider = refused.provider.as_ref()?;
        Some((provider, guard_of(words, &refused.guard, &report.person)))
    });
    let passed_over = report.remarks.iter().filter_map(|remark| {
        let refused = match &remark.what {
            Said::CannotClose { reason } => Some(("open-cannot-close", reason)),
            Said::CannotRemove { reason } => Some(("open-cannot-remove", reason)),
            Said::CannotHandOver { reason, .. } => Some(("open-cannot-hand-over", reason)),
            Said::CannotRead { reason, hidden, .. } => Some(match hidden {
                true => ("open-cannot-read-hidden", reason),
                false => ("open-cannot-read", reason),
            }),
            Said::NobodyThere
            | Said::NoKey
            | Said::Silent { .. }
            | Said::MailGoesOut
            | Said::NothingToHandOver { .. }
            | Said::NotWritten { .. }
            | Said::Late { .. }
            | Said::NoWelcome { .. }
            | Said::Keeps { .. }
            | Said::ComesBack { .. }
            | Said::Resembles { .. }
            | Said::Outvoted { .. }
            | Said::Consequence { .. }
            | Said::Possible { .. }
            | Said::NotRead { .. }
            | Said::TidiedLater { .. }
            | Said::NotTakenBack { .. }
            | Said::LeftElsewhere { .. }
            | Said::NotLimited { .. }
            | Said::StaysClosed { needed: false }
            | Said::StaysOpen
            | Said::Beyond { .. }
            | Said::GoesAlong { .. }
            | Said::Stays { .. }
            | Said::NoTree
            | Said::Unlisted { .. }
            | Said::NotEmpty { .. }
            | Said::NoExternalIds { .. } => None,
            Said::NotRemoved { .. } | Said::StaysWhereItIs { .. } => {
                return Some((&remark.provider, branches::said(words, &remark.what)));
            }
            Said::LeftUndone { .. } => {
                return Some((&remark.provider, left_undone(words, remark)));
            }
            Said::MadeLater => return Some((&remark.provider, words.say("note-made-later"))),
            Said::StaysClosed { needed: true } => {
                let said = stays_closed(words, &report.person, &remark.provider);
                return Some((&remark.provider, said));
            }
            Said::CannotTake {
                kind,
                names,
                reason: why,
            } => {
                let variables = [
                    ("kind", words.kind(kind).into()),
                    ("names", names.join(", ").into()),
                    ("why", reason(words, why).into()),
                ];
                let said = words.say_with("open-cannot-take", &variables);
                return Some((&remark.provider, said));
            }
            Said::MoreThanApproved => {
                let said = words.say("open-more-than-approved");
                return Some((&remark.provider, said));
            }
        };
        if let Some((key, why)) = refused {
            let why = [("why", reason(words, why).into())];
            return Some((&remark.provider, words.say_with(key, &why)));
        }
        let Said::Silent { error } = &remark.what else {
            return None;
        };
        let planned = |step: &StepReport| step.step.provider == remark.provider;
        if report.steps.iter().any(planned) {
            return None;
        }
        let text = words.say_with(
            "open-silent",
            &[("detail", step_error(words, error).into())],
        );
        Some((&remark.provider, text))
    });
    passed_over.chain(guards)
}

/// Reports whether something is left to do for a step.
pub(crate) const fn is_open(state: State) -> bool {
    match state {
        State::Done | State::Skipped | State::Superseded => false,
        State::Waiting
        | State::Deferred
        | State::Started
        | State::Failed
        | State::Unsure
        | State::Parked => true,
    }
}

/// Says which step is not done, and why.
pub(crate) fn why_open(words: &Words, report: &Report, step: &StepReport) -> String {
    let late = |remark: &Remark| {
        remark.provider == step.step.provider && matches!(remark.what, Said::Late { .. })
    };
    let why = match &step.error {
        // What the error says of the next run is not true of a step that nobody looks for any more.
        Some(error) if step.state != State::Parked => step_error(words, error),
        _ if step.state == State::Deferred && report.remarks.iter().any(late) => {
            words.say("open-late")
        }
        _ if step.state == State::Waiting && step.step.stage == Stage::Remove => {
            words.say("open-waiting-remove")
        }
        _ if step.state == State::Waiting && !is_held_up(report, step) => {
            words.say("open-waiting-free")
        }
        _ => words.say(&format!("open-{}", step.state)),
    };
    let why = match (&report.run, step.state, step.retry_at_ms) {
        (Some(_), State::Parked, _) => format!("{why} {}", question(words, step)),
        (Some(_), State::Waiting, Some(at_ms)) => {
            let at = [("at", local(at_ms).into())];
            format!("{why} {}", words.say_with("open-not-before", &at))
        }
        (_, _, _) => why,
    };
    words.say_with(
        "open-line",
        &[
            ("step", short(words, &step.step).into()),
            ("why", why.into()),
        ],
    )
}

/// Reports whether a step before this one on its platform is not done.
fn is_held_up(report: &Report, step: &StepReport) -> bool {
    let mut lane = report.steps.iter().filter(|other| {
        other.step.provider == step.step.provider && other.step.seq < step.step.seq
    });
    lane.any(|other| is_open(other.state))
}

/// Asks what kadry cannot tell.
fn question(words: &Words, step: &StepReport) -> String {
    let record = step.record.as_ref().map_or("", |record| record.as_str());
    let key = match (&step.step.action, &step.record) {
        (Action::Create { .. }, None) => "question-create-several".to_owned(),
        (action, _) => format!("question-{}", action.name().replace('_', "-")),
    };
    let message = step.step.action.notice();
    let message = message.map_or("", |notice| notice.text.as_str());
    words
        .try_say(
            &key,
            &[("record", record.into()), ("message", message.into())],
        )
        .unwrap_or_else(|| words.say("question-any"))
}

#[cfg(test)]
mod tests;
