//! The page of a report, made from data.

use std::collections::BTreeSet;

use kadry_core::{ProviderId, RunState, Step, Target};
use kadry_flow::Prepared;
use kadry_flow::observe::Seen;
use kadry_flow::report::{Outcome as Came, Report, Sight, StepReport};
use kadry_tables::write::html::{Cell, Fact, Outcome, Page, Section, Table, Tone};

use super::when::{moment, near, now_ms, zone};
use super::{About, Ended};
use crate::error::{Exit, Failure, reason, step_error};
use crate::ui::open::{is_open, unseen};
use crate::ui::plan::{Note, notes};
use crate::ui::report::{left_as_it_is, residue, sighted, took};
use crate::ui::steps::{sentence, short};
use crate::ui::table::Tint;
use crate::words::Words;

/// Returns the page of a plan that is only shown.
pub(super) fn of_plan(words: &Words, about: &About, prepared: &Prepared) -> Page {
    let steps = &prepared.plan.steps;
    let (key, tone) = match (steps.is_empty(), prepared.snapshot.is_complete()) {
        (false, _) => ("page-result-plan", Tone::Plain),
        (true, true) => ("page-result-plan-empty", Tone::Good),
        (true, false) => ("page-result-plan-unseen", Tone::Bad),
    };
    let answers = |step: &Step| {
        let seen = prepared.snapshot.seen.get(&step.provider);
        matches!(seen, Some(Seen::Here(_)))
    };
    let lines = steps.iter().map(|step| Line {
        provider: &step.provider,
        cells: vec![
            sentence(words, step, answers(step)).into(),
            record(words, &step.target).into(),
        ],
    });
    let columns = ["column-step", "page-column-record"].map(|key| words.say(key));
    let idle = prepared.nothing_to_do();
    let mut sections = vec![steps_section(
        words,
        lines.collect(),
        &columns,
        "page-steps-none",
    )];
    if steps.is_empty() {
        // What is open before anything is done is no residue.
        sections.extend(open_section(words, &idle));
    }
    sections.extend(notes_section(words, &notes(words, prepared)));
    sections.extend(caveats_section(words, &idle));
    let mut page = page(words, about, Exit::Done, Some(now_ms()), sections);
    if let Some(asked) = about.asked.get() {
        page.title = titled(words, "page-title-plan", &asked.flow, &asked.person);
    }
    page.result = Some(outcome(words, key, tone));
    page
}

/// Returns the page of a run that has ended, or of a command that had nothing to do.
pub(super) fn of_run(words: &Words, about: &About, ended: &Ended<'_>, again: &str) -> Page {
    let report = ended.report;
    let mut page = of_story(words, about, ended, Some(now_ms()));
    if report.outcome() != Came::Done && report.outcome() != Came::Residue {
        page.facts.push(fact(words, "page-again", again));
    }
    page
}

/// Returns the page of a run as the journal tells it; with the moment at which it ended, if it has.
pub(super) fn of_story(
    words: &Words,
    about: &About,
    ended: &Ended<'_>,
    ended_ms: Option<i64>,
) -> Page {
    let report = ended.report;
    let began_ms = ended.began_ms.or(about.began_ms).unwrap_or_default();
    let lines = report.steps.iter().map(|step| Line {
        provider: &step.step.provider,
        cells: cells(words, report, step, began_ms),
    });
    let when = [("zone", zone(began_ms).into())];
    let mut columns = vec![
        words.say("column-step"),
        words.say("page-column-record"),
        words.say("column-state"),
        words.say_with("page-column-when", &when),
        words.say("page-column-took"),
    ];
    // A column that would be empty is left out, and its cells with it.
    if report
        .steps
        .iter()
        .any(|step| !fault(words, step).is_empty())
    {
        columns.push(words.say("page-column-fault"));
    }
    let none = if report.verified {
        "page-steps-none"
    } else {
        "page-steps-none-begun"
    };
    let mut sections = Vec::from_iter(doors_section(words, report));
    sections.push(steps_section(words, lines.collect(), &columns, none));
    sections.extend(undone_section(words, report));
    sections.extend(open_section(words, report));
    if ended.notes.is_empty() {
        // The notes of the plan tell it too.
        sections.extend(left_section(words, report));
    }
    sections.extend(caveats_section(words, report));
    sections.extend(notes_section(words, ended.notes));
    let mut page = page(words, about, ended.exit, ended_ms, sections);
    let (key, tone) = came(report);
    page.result = Some(outcome(words, key, tone));
    if let Some(run) = &report.run {
        page.facts.push(fact(words, "page-run", run.as_str()));
    }
    page
}

/// Returns the page of a command that did not do what it was asked.
pub(super) fn of_failure(words: &Words, about: &About, failure: &Failure) -> Page {
    let mut page = page(words, about, failure.exit, Some(now_ms()), Vec::new());
    page.result = Some(came_to_nothing(failure));
    if let Some(hint) = &failure.hint {
        page.facts.push(fact(words, "page-hint", hint));
    }
    page
}

/// Returns the page of a command about many people without what came out.
pub(super) fn of_many(
    words: &Words,
    about: &About,
    exit: Exit,
    ended_ms: Option<i64>,
    is_plan: bool,
) -> Page {
    let mut page = page(words, about, exit, ended_ms, Vec::new());
    if let Some(asked) = about.asked.get().filter(|_| is_plan) {
        page.title = titled(words, "page-title-plan", &asked.flow, &asked.person);
    }
    page
}

/// Says why a command did not do what it was asked, and for each reason a point of its own.
pub(crate) fn came_to_nothing(failure: &Failure) -> Outcome {
    let (items, text): (Vec<&str>, Vec<&str>) = failure
        .message
        .lines()
        .partition(|line| line.starts_with("- "));
    Outcome {
        tone: Tone::Bad,
        text: text.join("\n"),
        items: items
            .iter()
            .map(|item| item.trim_start_matches("- ").to_owned())
            .collect(),
    }
}

/// A step as a row of the table of its platform.
struct Line<'a> {
    provider: &'a ProviderId,
    cells: Vec<Cell>,
}

fn outcome(words: &Words, key: &str, tone: Tone) -> Outcome {
    Outcome {
        tone,
        text: words.say(key),
        items: Vec::new(),
    }
}

/// Which sentence says what came out, and in which tone.
fn came(report: &Report) -> (&'static str, Tone) {
    match report.outcome() {
        Came::Done if report.run.is_none() => ("page-result-idle", Tone::Good),
        Came::Done => ("page-result-done", Tone::Good),
        Came::Residue => ("page-result-residue", Tone::Warning),
        Came::Failed if report.state == RunState::Failed => ("page-result-failed", Tone::Bad),
        Came::Partial | Came::Failed if report.run.is_none() => ("page-result-unread", Tone::Bad),
        Came::Partial | Came::Failed => ("page-result-partial", Tone::Bad),
    }
}

/// The page with all that is the same however a command ended.
fn page(
    words: &Words,
    about: &About,
    exit: Exit,
    ended_ms: Option<i64>,
    sections: Vec<Section>,
) -> Page {
    let made = [
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("at", moment(now_ms()).into()),
    ];
    let asked = about.asked.get();
    let title = match asked {
        Some(asked) => titled(words, "page-title", &asked.flow, &asked.person),
        None => words.say("page-title-unknown"),
    };
    let mut facts = Vec::new();
    if let Some(organisation) = about.organisation.get() {
        facts.push(fact(words, "page-organisation", organisation));
    }
    if let Some(asked) = asked {
        let flow = words.say_with("flow", &[("flow", asked.flow.as_str().into())]);
        let none = words.say("page-reason-none");
        let about_whom = if asked.is_file {
            "page-file"
        } else {
            "page-person"
        };
        facts.extend([
            fact(words, "page-flow", &flow),
            fact(words, about_whom, &asked.person),
            fact(words, "page-actor", &asked.actor),
            fact(
                words,
                "page-reason",
                asked.reason.as_deref().unwrap_or(&none),
            ),
        ]);
    }
    let code = exit.code();
    let meaning = words.say(&format!("exit-{code}"));
    let exit = words.say_with(
        "page-exit-text",
        &[
            ("code", code.to_string().into()),
            ("meaning", meaning.into()),
        ],
    );
    let began = about.began_ms;
    facts.extend(began.map(|began_ms| fact(words, "page-began", &moment(began_ms))));
    facts.extend(ended_ms.map(|ended_ms| fact(words, "page-ended", &moment(ended_ms))));
    facts.extend([
        fact(words, "page-command", &about.typed),
        fact(words, "page-exit", &exit),
    ]);
    Page {
        lang: words.lang().code().to_owned(),
        title,
        result: None,
        facts,
        sections,
        footer: words.say_with("page-footer", &made),
    }
}

fn titled(words: &Words, key: &str, flow: &str, person: &str) -> String {
    words.say_with(key, &[("flow", flow.into()), ("person", person.into())])
}

/// Returns something to know, under a name.
pub(crate) fn fact(words: &Words, key: &str, value: &str) -> Fact {
    Fact {
        label: words.say(key),
        value: value.to_owned(),
    }
}

/// A table for each platform, in the order in which the platforms are met.
fn steps_section(words: &Words, lines: Vec<Line<'_>>, columns: &[String], none: &str) -> Section {
    let mut tables: Vec<Table> = Vec::new();
    for Line { provider, cells } in lines {
        let title = Some(provider.to_string());
        match tables.iter_mut().find(|table| table.title == title) {
            Some(table) => table.rows.push(cells),
            None => tables.push(Table {
                title,
                columns: columns.to_vec(),
                rows: vec![cells],
            }),
        }
    }
    let paragraphs = if tables.is_empty() {
        vec![words.say(none)]
    } else {
        Vec::new()
    };
    Section {
        heading: words.say("page-steps"),
        paragraphs,
        tables,
    }
}

fn cells(words: &Words, run: &Report, report: &StepReport, run_began_ms: i64) -> Vec<Cell> {
    let what = match report.step.target {
        // Its sentence tells of the wait that is over now.
        Target::Sought(_) => short(words, &report.step),
        Target::Nobody | Target::Known(_) | Target::CreatedBy(_) => {
            sentence(words, &report.step, true)
        }
    };
    let made = match &report.step.target {
        Target::CreatedBy(seq) => run.steps.iter().find(|step| step.step.seq == *seq),
        Target::Nobody | Target::Known(_) | Target::Sought(_) => None,
    };
    let known = report.record.as_ref();
    let record = match known.or_else(|| made?.record.as_ref()) {
        Some(record) => record.to_string(),
        None => record(words, &report.step.target),
    };
    let when = report.started_ms.map(|after| {
        let at_ms = run_began_ms.saturating_add(after);
        near(at_ms, run_began_ms)
    });
    let tone = if is_open(report.state) {
        Tone::Bad
    } else {
        Tone::Good
    };
    vec![
        what.into(),
        record.into(),
        Cell::new(words.say(&format!("state-{}", report.state)), tone),
        when.unwrap_or_default().into(),
        report
            .took_ms
            .map(|ms| took(words, ms))
            .unwrap_or_default()
            .into(),
        fault(words, report).into(),
    ]
}

/// Why a step is not done; nothing when it is.
fn fault(words: &Words, report: &StepReport) -> String {
    match &report.error {
        Some(error) => step_error(words, error),
        None if is_open(report.state) => words
            .try_say(&format!("open-{}", report.state), &[])
            .unwrap_or_default(),
        None => String::new(),
    }
}

fn record(words: &Words, target: &Target) -> String {
    match target {
        Target::Known(who) => who.id.to_string(),
        Target::Sought(keys) => {
            let keys: BTreeSet<String> = keys.iter().map(ToString::to_string).collect();
            keys.into_iter().collect::<Vec<_>>().join(", ")
        }
        Target::Nobody | Target::CreatedBy(_) => words.say("page-column-record-new"),
    }
}

/// What was not done on platforms for which there is no step that could tell it.
fn undone_section(words: &Words, report: &Report) -> Option<Section> {
    let rows = unseen(words, report)
        .map(|(provider, why)| vec![provider.as_str().into(), Cell::new(why, Tone::Bad)]);
    tabled(
        words,
        "page-not-done",
        &["column-provider", "page-column-why"],
        rows.collect(),
    )
}

/// Whether the person can get in, as it was read last.
fn doors_section(words: &Words, report: &Report) -> Option<Section> {
    let rows = report.doors.iter().map(|door| {
        let (record, name) = match &door.sight {
            Sight::Record { id, name, .. } => (id.as_str(), name.as_str()),
            Sight::Unread | Sight::Nobody => ("", ""),
        };
        let (said, tint) = sighted(words, &door.sight, &report.flow);
        let tone = match tint {
            Tint::Good => Tone::Good,
            Tint::Bad => Tone::Bad,
            Tint::Plain | Tint::Strong | Tint::Warning | Tint::Faint => Tone::Plain,
        };
        vec![
            door.provider.as_str().into(),
            record.into(),
            name.into(),
            Cell::new(said, tone),
        ]
    });
    let columns = [
        "column-provider",
        "column-record",
        "column-name",
        "column-access",
    ];
    tabled(words, "page-doors", &columns, rows.collect())
}

fn open_section(words: &Words, report: &Report) -> Option<Section> {
    let rows = report.residue.iter().map(|left| {
        let (what, advice) = residue(words, left, report.verified);
        vec![
            left.provider.as_str().into(),
            Cell::new(what, Tone::Warning),
            advice.into(),
        ]
    });
    let columns = ["column-provider", "page-column-what", "page-column-advice"];
    let section = tabled(words, "page-open", &columns, rows.collect());
    let none = || Section {
        heading: words.say("page-open"),
        paragraphs: vec![words.say("report-no-residue")],
        ..Section::default()
    };
    let is_proven = report.flow == "offboard" && report.verified;
    section.or_else(|| is_proven.then(none))
}

fn left_section(words: &Words, report: &Report) -> Option<Section> {
    let left = left_as_it_is(words, report).into_iter();
    let rows = left.map(|(provider, what)| vec![provider.as_str().into(), what.into()]);
    let columns = ["column-provider", "page-column-what"];
    tabled(words, "page-not-taken-back", &columns, rows.collect())
}

fn caveats_section(words: &Words, report: &Report) -> Option<Section> {
    let rows = report.caveats.iter().map(|caveat| {
        vec![
            caveat.provider.as_str().into(),
            reason(words, &caveat.reason).into(),
        ]
    });
    let columns = ["column-provider", "page-column-what"];
    tabled(words, "page-caveats", &columns, rows.collect())
}

fn notes_section(words: &Words, notes: &[Note]) -> Option<Section> {
    let rows = notes
        .iter()
        .map(|note| vec![note.provider.as_str().into(), note.text.as_str().into()]);
    let columns = ["column-provider", "page-column-what"];
    tabled(words, "page-notes", &columns, rows.collect())
}

/// A section with one table; none without rows.
fn tabled(words: &Words, heading: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Option<Section> {
    let table = Table {
        title: None,
        columns: columns.iter().map(|key| words.say(key)).collect(),
        rows,
    };
    (!table.rows.is_empty()).then(|| Section {
        heading: words.say(heading),
        paragraphs: Vec::new(),
        tables: vec![table],
    })
}

#[cfg(test)]
mod tests;
