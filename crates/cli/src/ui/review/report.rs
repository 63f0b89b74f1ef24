//! The report of a review: what is known of it as a whole, and then everybody.

use std::io;

use kadry_flow::review::Verdict;
use kadry_tables::write::html::{Fact, Outcome, Page, Tone};

use super::{Whole, document, row, say};
use crate::commands::Session;
use crate::error::{Exit, Failure, of_platform};
use crate::ui::report_file::{ReportFile, fact};
use crate::words::Words;

/// Writes a review into the report, if one is asked for.
///
/// # Repeats
///
/// The file is replaced.
///
/// # Errors
///
/// A [`Failure`] with exit code 3 when it cannot be written.
pub(super) async fn write(session: &Session, whole: &Whole<'_>, exit: Exit) -> Result<(), Failure> {
    let words = &session.screen.words;
    let Some(file) = &session.report else {
        return Ok(());
    };
    let lost = |cause: io::Error| file.lost(words, "report-file-lost", &cause);
    let Some(format) = file.format() else {
        let document = document::of(words, whole, exit).map_err(lost)?;
        return file.copy(document).await.map_err(lost);
    };
    let page = page(words, file, whole, exit);
    let columns = row::columns(words);
    let mut rows = file.begin(words, format, page, &columns).map_err(lost)?;
    let written = whole.each(|one| {
        let mut cells = row::rows(words, one).into_iter();
        cells.try_for_each(|cells| rows.row(&cells))
    });
    written.map_err(lost)?;
    rows.finish().await.map_err(lost)
}

/// What stands at the head: for whom, when, by whom, what was read, and how many there are of what.
fn page(words: &Words, file: &ReportFile, whole: &Whole<'_>, exit: Exit) -> Page {
    let mut page = file.of_review(words, exit);
    page.result = Some(outcome(words, whole, exit));
    let none = words.say("page-reason-none");
    let about = whole.about;
    let source = match &about.file {
        Some(name) => words.say_with("review-source-file", &[("file", name.as_str().into())]),
        None => words.say("review-source-journal"),
    };
    let mut facts = vec![
        fact(words, "page-actor", &about.actor),
        fact(
            words,
            "page-reason",
            about.reason.as_deref().unwrap_or(&none),
        ),
        fact(words, "review-source", &source),
    ];
    let hash = about.sha256.as_deref();
    facts.extend(hash.map(|hash| fact(words, "list-source", hash)));
    facts.push(fact(words, "review-read", &read(words, whole)));
    if !whole.unread.is_empty() {
        facts.push(fact(words, "review-not-read", &unread(words, whole)));
    }
    let hidden = whole.hidden.lines(words).into_iter();
    let hidden = hidden.map(|(id, said)| format!("{id}: {said}"));
    let hidden = hidden.collect::<Vec<_>>().join("\n");
    if !hidden.is_empty() {
        facts.push(fact(words, "review-hidden-from-us", &hidden));
    }
    if whole.filter.narrows() {
        facts.push(fact(words, "review-narrowed", &narrowed(words, whole)));
    }
    facts.extend(counts(words, whole));
    facts.push(fact(words, "review-signed", &"_".repeat(40)));
    page.facts.extend(facts);
    page
}

fn outcome(words: &Words, whole: &Whole<'_>, exit: Exit) -> Outcome {
    let (key, tone) = match (exit, whole.tally.differ()) {
        (Exit::Partial, _) => ("review-result-partial", Tone::Bad),
        (_, 0) => ("review-result-clean", Tone::Good),
        (_, _) => ("review-result-differs", Tone::Warning),
    };
    Outcome {
        tone,
        text: words.say(key),
        items: Vec::new(),
    }
}

fn read(words: &Words, whole: &Whole<'_>) -> String {
    let line = |(id, people): &(kadry_core::ProviderId, usize)| {
        let people = [("people", (*people).into())];
        format!("{id}: {}", words.say_with("review-people", &people))
    };
    whole.read.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn unread(words: &Words, whole: &Whole<'_>) -> String {
    let unread = whole.unread.iter();
    let lines = unread.map(|(id, error)| format!("{id}: {}", of_platform(words, error)));
    lines.collect::<Vec<_>>().join("\n")
}

fn narrowed(words: &Words, whole: &Whole<'_>) -> String {
    let filter = whole.filter;
    let all = [
        (filter.beyond, "review-narrowed-beyond"),
        (filter.lacks, "review-narrowed-lacks"),
        (filter.rights, "review-narrowed-rights"),
    ];
    let asked = all.into_iter().filter(|(is, _)| *is);
    let asked = asked.map(|(_, key)| words.say(key));
    asked.collect::<Vec<_>>().join("\n")
}

/// Says how many people there are of what; the kinds of which there is nobody are left out, but for differences and rights.
fn counts(words: &Words, whole: &Whole<'_>) -> Vec<Fact> {
    let tally = whole.tally;
    let mut facts = vec![fact(words, "list-people", &tally.people.to_string())];
    for verdict in Verdict::ALL {
        let people = tally.of(verdict);
        let is_told = matches!(verdict, Verdict::Differs | Verdict::Unaccounted);
        if people > 0 || is_told {
            facts.push(Fact {
                label: say::verdict(words, verdict),
                value: people.to_string(),
            });
        }
    }
    facts.extend([
        fact(
            words,
            "review-administrators",
            &tally.administrators.to_string(),
        ),
        fact(words, "review-signers", &tally.signers.to_string()),
    ]);
    facts
}
