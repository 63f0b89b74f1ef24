//! The rows of a report to sign: one for each person and platform.

use kadry_flow::review::{Place, Reviewed, Verdict};
use kadry_tables::write::html::{Cell, Tone};

use super::say;
use crate::words::Words;

/// How many letters a line of a column holds, about.
const NUMBER: u16 = 6;
const NAME: u16 = 24;
const WORD: u16 = 14;
const TEXT: u16 = 28;

/// Returns the columns.
pub(super) fn columns(words: &Words) -> Vec<(String, u16)> {
    vec![
        (words.say("list-line"), NUMBER),
        (words.say("list-who"), NAME),
        (words.say("column-name"), NAME),
        (words.say("review-column-role"), WORD),
        (words.say("list-verdict"), WORD),
        (words.say("column-provider"), WORD),
        (words.say("column-record"), WORD),
        (words.say("column-access"), WORD),
        (words.say("review-column-beyond"), TEXT),
        (words.say("review-column-lacks"), TEXT),
        (words.say("review-column-besides"), TEXT),
        (words.say("review-column-rights"), WORD),
        (words.say("review-column-remarks"), TEXT),
    ]
}

/// Returns the rows of somebody; one where they are on no platform.
pub(super) fn rows(words: &Words, one: &Reviewed) -> Vec<Vec<Cell>> {
    if one.places.is_empty() {
        let mut cells = person(words, one);
        let why = say::why(words, &one.basis).unwrap_or_default();
        cells.extend((0..7).map(|_| Cell::default()));
        cells.push(why.into());
        return vec![cells];
    }
    let places = one.places.iter();
    places
        .map(|place| {
            let mut cells = person(words, one);
            cells.extend(on(words, one, place));
            cells
        })
        .collect()
}

fn person(words: &Words, one: &Reviewed) -> Vec<Cell> {
    let verdict = one.verdict();
    let tone = match verdict {
        Verdict::AsRole => Tone::Good,
        Verdict::NoAccess | Verdict::SetApart => Tone::Faint,
        Verdict::Differs | Verdict::Unsure => Tone::Warning,
        Verdict::Unaccounted => Tone::Bad,
    };
    let line = one.line.map(|line| line.to_string());
    vec![
        line.unwrap_or_default().into(),
        one.person.as_str().into(),
        one.name.as_str().into(),
        say::role(words, &one.basis).into(),
        Cell::new(say::verdict(words, verdict), tone),
    ]
}

fn on(words: &Words, one: &Reviewed, place: &Place) -> Vec<Cell> {
    let record = place.record.as_ref().map(ToString::to_string);
    let why = say::why(words, &one.basis).into_iter();
    let remarks: Vec<String> = why.chain(say::doubts(words, one, place)).collect();
    let has_rights = place.administers() || place.signs();
    let rights = say::rights(words, one, place).join("\n");
    vec![
        place.provider.as_str().into(),
        record.unwrap_or_default().into(),
        say::access(words, place).into(),
        toned(say::things(words, &place.beyond), Tone::Bad),
        toned(say::things(words, &place.lacks), Tone::Warning),
        toned(say::things(words, &place.besides), Tone::Faint),
        Cell::new(
            rights,
            if has_rights {
                Tone::Warning
            } else {
                Tone::Plain
            },
        ),
        toned(remarks.join("\n"), Tone::Warning),
    ]
}

/// Returns a cell that stands out if anything is in it.
fn toned(text: String, tone: Tone) -> Cell {
    let tone = if text.is_empty() { Tone::Plain } else { tone };
    Cell::new(text, tone)
}
