//! What became of everybody, from the journal.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{ProviderId, RunState};
use kadry_flow::many::{PersonResult, PlanFile, Results, Verdict};
use kadry_flow::report::Caveat;
use kadry_journal::{BatchSummary, Journal, RunId};

use super::report::{self, Shown, Told};
use super::tally::{Tally, named, why};
use super::{document, worse};
use crate::commands::Session;
use crate::error::{Exit, Failure, of_flow, of_journal, reason as worded, step_error};
use crate::ui::failure;
use crate::ui::report::prefixed;
use crate::ui::report_file::lament;
use crate::ui::table::{Field, Sheet, Tint};
use crate::words::Words;

/// So many of those who are not done are named.
const NAMED: usize = 50;

/// The words of all results.
const KEYS: [&str; 7] = [
    "created",
    "updated",
    "unchanged",
    "refused",
    "failed",
    "waiting",
    "surplus",
];

/// Tells that nothing had to be done for anybody.
///
/// # Errors
///
/// An answer that cannot be printed.
pub(crate) async fn nothing_to_do(
    session: &Session,
    plan: &PlanFile,
    tally: &Tally,
) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let exit = match tally.stopped() {
        0 => Exit::Done,
        _ if tally.is_refused() => Exit::Refused,
        _ => Exit::Partial,
    };
    let is_all = exit == Exit::Done;
    let shown = Shown {
        plan,
        tally,
        is_saved: false,
        exit,
        failure: None,
    };
    let kept = report::of_plan(session, &shown).await;
    let exit = worse(exit, &kept);
    if let Err(lost) = &kept {
        lament(screen, lost);
    }
    if screen.is_json() {
        document::print(screen, document::planned(words, plan, exit))?;
        return Ok(exit);
    }
    let mut sheet = screen.data_sheet();
    tally.write(&mut sheet, words);
    sheet.gap();
    let (key, tint) = if is_all {
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
pub(super) struct Sum {
    people: BTreeMap<&'static str, usize>,
    not_done: Vec<String>,
    /// How many people there are of whom something is still open.
    pub(super) with_residue: usize,
    pub(super) any_written: bool,
    /// Whether nobody's run lacks its proof.
    pub(super) verified: bool,
    /// The platforms of which anything is said.
    pub(super) platforms: BTreeSet<ProviderId>,
    caveats: Vec<Caveat>,
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
    let sum = Sum::of(words, journal, &summary).await?;
    let exit = match &cut_short {
        Some(failure) => failure.exit,
        None => sum.exit(summary.state),
    };
    let told = Told {
        batch: &summary,
        sum: &sum,
        exit,
        failure: cut_short.as_ref(),
    };
    let kept = report::of_batch(session, journal, &told).await;
    let exit = worse(exit, &kept);
    let printed = if screen.is_json() {
        let written = document::ended(words, journal, &summary, exit).await?;
        document::print(screen, written)
    } else {
        let mut sheet = screen.data_sheet();
        sum.write(&mut sheet, words, &summary);
        screen.data(&sheet)
    };
    if let Err(lost) = &kept {
        lament(screen, lost);
    }
    printed?;
    match cut_short {
        None => Ok(exit),
        Some(failure) if screen.is_json() => {
            failure::complain(screen, &failure);
            Ok(exit)
        }
        Some(failure) => Err(failure),
    }
}

impl Sum {
    /// Adds up everybody in a batch.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub(super) async fn of(
        words: &Words,
        journal: &Journal,
        batch: &BatchSummary,
    ) -> Result<Self, Failure> {
        let mut sum = Self {
            verified: true,
            ..Self::default()
        };
        let mut results = Results::of(journal, batch.id.clone());
        loop {
            let page = results.next().await;
            let page = page.map_err(|error| of_flow(words, &error, batch.id.as_str()))?;
            if page.is_empty() {
                return Ok(sum);
            }
            for one in &page {
                sum.add(words, one);
            }
        }
    }

    /// Returns how many people there are of each result.
    pub(super) const fn people(&self) -> &BTreeMap<&'static str, usize> {
        &self.people
    }

    fn add(&mut self, words: &Words, one: &PersonResult) {
        let key = key(one.result);
        *self.people.entry(key).or_default() += 1;
        self.any_written |= matches!(one.result, Verdict::Created | Verdict::Updated);
        if let Some(report) = &one.report {
            let mut steps = report.steps.iter();
            self.any_written |= steps.any(|step| step.state == kadry_core::State::Done);
            self.with_residue += usize::from(!report.residue.is_empty());
            self.verified &= report.verified;
            let steps = report.steps.iter().map(|step| &step.step.provider);
            let remarks = report.remarks.iter().map(|remark| &remark.provider);
            for provider in steps.chain(remarks) {
                if !self.platforms.contains(provider) {
                    self.platforms.insert(provider.clone());
                }
            }
            for caveat in &report.caveats {
                if !self.caveats.contains(caveat) {
                    self.caveats.push(caveat.clone());
                }
            }
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

    /// Returns of which result how many people are.
    pub(super) fn counts(&self) -> Vec<(&'static str, usize)> {
        KEYS.map(|key| (key, self.count(key))).to_vec()
    }

    /// Reports whether anything is left that the same run may still do.
    pub(super) fn is_open(&self) -> bool {
        self.count("failed") + self.count("waiting") > 0
    }

    /// Returns what can never be shown, as sentences that begin with the platform's name.
    pub(super) fn caveats(&self, words: &Words) -> Vec<String> {
        let caveats = self.caveats.iter();
        caveats
            .map(|caveat| prefixed(words, &caveat.provider, &worded(words, &caveat.reason)))
            .collect()
    }

    /// How a batch ends: what was refused line by line leaves the rest done.
    pub(super) fn exit(&self, state: RunState) -> Exit {
        match state {
            RunState::Done if self.with_residue > 0 => Exit::Residue,
            RunState::Done => Exit::Done,
            RunState::Failed if self.any_written => Exit::Partial,
            RunState::Failed if self.is_open() => Exit::Failed,
            RunState::Failed if self.count("unchanged") > 0 => Exit::Partial,
            RunState::Failed => Exit::Refused,
            RunState::Running | RunState::Partial | RunState::Refused | RunState::Superseded => {
                Exit::Partial
            }
        }
    }

    /// Writes how many people there are of each result.
    pub(super) fn write_counts(&self, sheet: &mut Sheet, words: &Words) {
        let counts = KEYS.into_iter().filter(|key| self.count(key) > 0);
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
    }

    pub(super) fn write(&self, sheet: &mut Sheet, words: &Words, batch: &BatchSummary) {
        let variables = [
            ("run", batch.id.as_str().into()),
            ("flow", batch.flow.as_str().into()),
            ("about", batch.label.as_str().into()),
            ("people", batch.parts.into()),
        ];
        sheet.heading(&words.say_with("many-ended", &variables));
        sheet.gap();
        self.write_counts(sheet, words);
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
        if self.is_open() {
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

/// Says why somebody is not done; nothing where all is, and proven.
pub(super) fn reason(words: &Words, one: &PersonResult) -> Option<String> {
    let is_unproven = one.report.as_ref().is_some_and(|report| !report.verified);
    let is_told =
        one.why.is_some() || one.fault.is_some() || one.result == Verdict::Waiting || is_unproven;
    is_told.then(|| said(words, one))
}

/// Says why somebody is not done.
pub(super) fn said(words: &Words, one: &PersonResult) -> String {
    if let Some(reason) = &one.why {
        return why(words, reason, &one.person);
    }
    match &one.fault {
        Some((provider, error)) => prefixed(words, provider, &step_error(words, error)),
        None if one.result == Verdict::Waiting => words.say("many-why-waiting"),
        None if is_given_up(one) => words.say("many-why-superseded"),
        None => words.say("many-why-unproven"),
    }
}

/// Reports whether what was left of somebody's run is not carried out any more.
fn is_given_up(one: &PersonResult) -> bool {
    let report = one.report.as_ref();
    report.is_some_and(|report| report.state == RunState::Superseded)
}
