//! What became of everybody, from the journal.

use std::collections::BTreeMap;

use kadry_core::RunState;
use kadry_flow::many::{PersonResult, PlanFile, Results, Verdict};
use kadry_journal::{BatchSummary, Journal, RunId};

use super::document;
use super::tally::{Tally, named, why};
use crate::commands::Session;
use crate::error::{Exit, Failure, of_flow, of_journal, step_error};
use crate::ui::failure;
use crate::ui::report::prefixed;
use crate::ui::table::{Field, Sheet, Tint};
use crate::words::Words;

/// So many of those who are not done are named.
const NAMED: usize = 50;

/// Tells that nothing had to be done for anybody.
///
/// # Errors
///
/// An answer that cannot be printed.
pub(crate) fn nothing_to_do(
    session: &Session,
    plan: &PlanFile,
    tally: &Tally,
) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let exit = match (tally.stopped(), tally.unchanged()) {
        (0, _) => Exit::Done,
        (_, 0) => Exit::Refused,
        (_, _) => Exit::Partial,
    };
    if screen.is_json() {
        document::print(screen, document::planned(words, plan, exit))?;
        return Ok(exit);
    }
    let mut sheet = screen.data_sheet();
    tally.write(&mut sheet, words);
    sheet.gap();
    let (key, tint) = if exit == Exit::Done {
        ("many-as-wanted", Tint::Good)
    } else {
        ("many-nothing-but", Tint::Warning)
    };
    sheet.paragraph(0, &words.say(key), tint);
    screen.data(&sheet)?;
    Ok(exit)
}

/// What became of everybody, added up.
#[derive(Debug, Default)]
struct Sum {
    people: BTreeMap<&'static str, usize>,
    not_done: Vec<String>,
    residue: usize,
    any_written: bool,
}

/// Tells what became of everybody in a batch. `cut_short` says why it did not come to its end.
///
/// # Errors
///
/// The errors of the journal, an answer that cannot be printed, and why it was cut short.
pub(crate) async fn ended(
    session: &Session,
    journal: &Journal,
    batch: &RunId,
    cut_short: Option<Failure>,
) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let failed = |error| of_journal(words, &error);
    let summary = journal.batch(batch.as_str()).await.map_err(failed)?;
    let Some(summary) = summary else {
        return cut_short.map_or(Ok(Exit::Done), Err);
    };
    let mut sum = Sum::default();
    let mut results = Results::of(journal, batch.clone());
    loop {
        let page = results.next().await;
        let page = page.map_err(|error| of_flow(words, &error, batch.as_str()))?;
        if page.is_empty() {
            break;
        }
        for one in &page {
            sum.add(words, one);
        }
    }
    let exit = match &cut_short {
        Some(failure) => failure.exit,
        None => sum.exit(summary.state),
    };
    if screen.is_json() {
        let written = document::ended(words, journal, &summary, exit).await?;
        document::print(screen, written)?;
        return match cut_short {
            None => Ok(exit),
            Some(failure) => {
                let mut sheet = screen.rest_sheet();
                failure::write(&mut sheet, words, &failure);
                screen.complain(&sheet);
                Ok(exit)
            }
        };
    }
    let mut sheet = screen.data_sheet();
    sum.write(&mut sheet, words, &summary);
    screen.data(&sheet)?;
    match cut_short {
        None => Ok(exit),
        Some(failure) => Err(failure),
    }
}

impl Sum {
    fn add(&mut self, words: &Words, one: &PersonResult) {
        let key = key(one.result);
        *self.people.entry(key).or_default() += 1;
        self.any_written |= matches!(one.result, Verdict::Created | Verdict::Updated);
        if let Some(report) = &one.report {
            let mut steps = report.steps.iter();
            self.any_written |= steps.any(|step| step.state == kadry_core::State::Done);
            self.residue += report.residue.len();
        }
        let is_told = matches!(
            one.result,
            Verdict::Refused | Verdict::Failed | Verdict::Waiting | Verdict::Surplus
        );
        if is_told && self.not_done.len() < NAMED {
            let named = named(words, one.line, &one.person);
            self.not_done.push(format!("{named}: {}", said(words, one)));
        }
    }

    fn count(&self, key: &str) -> usize {
        self.people.get(key).copied().unwrap_or_default()
    }

    /// How a batch ends: what was refused line by line leaves the rest done.
    fn exit(&self, state: RunState) -> Exit {
        match state {
            RunState::Done if self.residue > 0 => Exit::Residue,
            RunState::Done => Exit::Done,
            RunState::Failed if self.any_written => Exit::Partial,
            RunState::Failed if self.count("failed") + self.count("waiting") > 0 => Exit::Failed,
            RunState::Failed if self.count("unchanged") > 0 => Exit::Partial,
            RunState::Failed => Exit::Refused,
            RunState::Running | RunState::Partial | RunState::Refused | RunState::Superseded => {
                Exit::Partial
            }
        }
    }

    fn write(&self, sheet: &mut Sheet, words: &Words, batch: &BatchSummary) {
        let variables = [
            ("run", batch.id.as_str().into()),
            ("flow", batch.flow.as_str().into()),
            ("about", batch.label.as_str().into()),
            ("people", batch.parts.into()),
        ];
        sheet.heading(&words.say_with("many-ended", &variables));
        sheet.gap();
        let keys = [
            "created",
            "updated",
            "unchanged",
            "refused",
            "failed",
            "waiting",
            "surplus",
        ];
        let counts = keys.into_iter().filter(|key| self.count(key) > 0);
        sheet.pairs(
            2,
            counts.map(|key| {
                let name = words.say(&format!("many-result-{key}"));
                let tint = match key {
                    "failed" => Tint::Bad,
                    "refused" | "waiting" | "surplus" => Tint::Warning,
                    _ => Tint::Plain,
                };
                (name, Field::new(self.count(key).to_string(), tint))
            }),
        );
        if !self.not_done.is_empty() {
            sheet.gap();
            sheet.heading(&words.say("many-not-done"));
            for said in &self.not_done {
                sheet.paragraph(2, said, Tint::Plain);
            }
            let told = ["refused", "failed", "waiting", "surplus"];
            let all: usize = told.into_iter().map(|key| self.count(key)).sum();
            let more = all.saturating_sub(self.not_done.len());
            if more > 0 {
                sheet.text(2, &words.say_with("many-more", &[("people", more.into())]));
            }
        }
        if self.count("failed") + self.count("waiting") > 0 {
            sheet.gap();
            sheet.advice(&words.say_with("many-resume", &variables));
        }
    }
}

/// The word of a result.
pub(super) const fn key(result: Verdict) -> &'static str {
    match result {
        Verdict::Created => "created",
        Verdict::Updated => "updated",
        Verdict::Unchanged => "unchanged",
        Verdict::Refused => "refused",
        Verdict::Failed => "failed",
        Verdict::Waiting => "waiting",
        Verdict::Surplus => "surplus",
    }
}

/// Says why somebody is not done.
pub(super) fn said(words: &Words, one: &PersonResult) -> String {
    if let Some(reason) = &one.why {
        return why(words, reason, &one.person);
    }
    match &one.fault {
        Some((provider, error)) => prefixed(words, provider, &step_error(words, error)),
        None if one.result == Verdict::Waiting => words.say("many-why-waiting"),
        None => words.say("many-why-unproven"),
    }
}
