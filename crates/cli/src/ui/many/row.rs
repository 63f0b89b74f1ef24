//! The rows of a report: one for each of many, with a column for each platform.

use std::collections::BTreeSet;

use kadry_core::ProviderId;
use kadry_flow::many::{PersonResult, Planned, Verdict, foreseen};
use kadry_flow::report::{Report, StepReport};
use kadry_tables::write::html::{Cell, Tone};

use super::ending::{key, reason};
use super::tally::{answers, why};
use crate::ui::open::{is_open, unseen, why_open};
use crate::ui::plan::notes_of;
use crate::ui::report::{left_as_it_is, prefixed, residue};
use crate::ui::steps::{sentence, short};
use crate::ui::table::Tint;
use crate::words::Words;

/// Which platforms have a column.
pub(super) type Platforms = BTreeSet<ProviderId>;

/// How many letters a line of a column holds, about.
const NUMBER: u16 = 8;
const NAME: u16 = 30;
const WORD: u16 = 18;
const TEXT: u16 = 44;

/// Returns the columns of a plan.
pub(super) fn of_plan(words: &Words, platforms: &Platforms) -> Vec<(String, u16)> {
    columns(words, "list-planned", platforms).collect()
}

/// Returns the columns of a batch; one that would be empty is left out.
pub(super) fn of_batch(
    words: &Words,
    platforms: &Platforms,
    any_residue: bool,
) -> Vec<(String, u16)> {
    let open = any_residue.then(|| (words.say("list-open"), TEXT));
    columns(words, "list-verdict", platforms)
        .chain(open)
        .chain([(words.say("page-run"), WORD)])
        .collect()
}

fn columns(
    words: &Words,
    result: &str,
    platforms: &Platforms,
) -> impl Iterator<Item = (String, u16)> {
    let first = [
        (words.say("list-line"), NUMBER),
        (words.say("list-who"), NAME),
        (words.say(result), WORD),
        (words.say("page-column-why"), TEXT),
    ];
    let lanes = platforms.iter().map(|one| (one.to_string(), TEXT));
    first.into_iter().chain(lanes)
}

/// Returns what is planned for one of many.
pub(super) fn planned(words: &Words, planned: &Planned, platforms: &Platforms) -> Vec<Cell> {
    let verdict = foreseen(planned);
    let who = planned.who.person.as_str();
    let because = planned.who.why.as_ref().map(|one| why(words, one, who));
    let said = words.say(&format!("row-planned-{}", key(verdict)));
    let mut cells = first(planned.who.line, who, said, verdict, because);
    let notes = notes_of(words, &planned.who.remarks, who);
    cells.extend(platforms.iter().map(|provider| {
        let steps = planned.steps.iter();
        let steps = steps.filter(|step| step.provider == *provider);
        let mut lines: Vec<String> = steps
            .map(|step| sentence(words, step, answers(planned, step)))
            .collect();
        let mut tone = Tone::Plain;
        for note in notes.iter().filter(|note| note.provider == *provider) {
            lines.push(note.text.clone());
            if note.tint == Tint::Bad {
                tone = Tone::Warning;
            }
        }
        Cell::new(lines.join("\n"), tone)
    }));
    cells
}

/// Returns what became of one of many.
pub(super) fn ended(
    words: &Words,
    one: &PersonResult,
    platforms: &Platforms,
    any_residue: bool,
) -> Vec<Cell> {
    let said = words.say(&format!("row-{}", key(one.result)));
    let because = reason(words, one);
    let mut cells = first(one.line, &one.person, said, one.result, because);
    let report = one.report.as_ref();
    cells.extend(platforms.iter().map(|provider| {
        let lane = report.map(|report| lane(words, report, provider));
        lane.unwrap_or_default()
    }));
    if any_residue {
        let open = report.map(|report| open(words, report));
        cells.push(Cell::new(open.unwrap_or_default(), Tone::Warning));
    }
    let run = report.and_then(|report| report.run.as_ref());
    cells.push(run.map_or("", |run| run.as_str()).into());
    cells
}

fn first(
    line: Option<u32>,
    who: &str,
    said: String,
    verdict: Verdict,
    because: Option<String>,
) -> Vec<Cell> {
    let tone = match verdict {
        Verdict::Created | Verdict::Updated => Tone::Good,
        Verdict::Unchanged => Tone::Plain,
        Verdict::Refused | Verdict::Waiting | Verdict::Surplus => Tone::Warning,
        Verdict::Failed => Tone::Bad,
    };
    let line = line.map(|line| line.to_string());
    vec![
        line.unwrap_or_default().into(),
        who.into(),
        Cell::new(said, tone),
        because.unwrap_or_default().into(),
    ]
}

/// Says what was done on a platform, and what was not, and why.
fn lane(words: &Words, report: &Report, provider: &ProviderId) -> Cell {
    let is_here = |step: &&StepReport| step.step.provider == *provider;
    let steps = report.steps.iter().filter(is_here);
    let any_open = steps.clone().any(|step| is_open(step.state));
    let steps = steps.map(|step| told(words, report, step));
    let unseen = unseen(words, report).filter(|(on, _)| *on == provider);
    let unseen: Vec<String> = unseen.map(|(_, said)| said).collect();
    let tone = if any_open || !unseen.is_empty() {
        Tone::Bad
    } else {
        Tone::Plain
    };
    let stays = left_as_it_is(words, report).into_iter();
    let stays = stays.filter(|(on, _)| *on == provider);
    let lines = steps.chain(unseen).chain(stays.map(|(_, said)| said));
    Cell::new(lines.collect::<Vec<_>>().join("\n"), tone)
}

fn told(words: &Words, report: &Report, step: &StepReport) -> String {
    if is_open(step.state) {
        return why_open(words, report, step);
    }
    let variables = [
        ("step", short(words, &step.step).into()),
        ("state", words.say(&format!("state-{}", step.state)).into()),
    ];
    words.say_with("list-step", &variables)
}

/// Says what was seen still open or attached, and what to do about it.
fn open(words: &Words, report: &Report) -> String {
    let left = report.residue.iter().map(|left| {
        let (what, advice) = residue(words, left, report.verified);
        let variables = [("what", what.into()), ("advice", advice.into())];
        prefixed(
            words,
            &left.provider,
            &words.say_with("residue-line", &variables),
        )
    });
    left.collect::<Vec<_>>().join("\n")
}
