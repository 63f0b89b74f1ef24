//! The file of many people: why it cannot be used, or a line of it.

use std::path::Path;

use kadry_tables::{At, CellFault, Disguise, Fault, Format, Garble, Meaning, RosterError, Spot};

use super::Failure;
use super::files::hint_to_read;
use super::system::with_path;
use crate::words::{Value, Words};

type Variables<'a> = Vec<(&'static str, Value<'a>)>;

/// Of a header so much is shown: some hold whole paragraphs.
const LONGEST_HEADER: usize = 40;

/// Says what is wrong with a file of many people.
pub(crate) fn of_roster(words: &Words, error: &RosterError, path: &Path) -> Failure {
    let (kind, key, mut variables) = told(words, error);
    variables.push(("path", path.display().to_string().into()));
    if let RosterError::Unreadable(cause) = error {
        let message = with_path(words, "file-unreadable", path, cause);
        return Failure::usage(kind, message, Some(hint_to_read(words, path, cause)));
    }
    let no_list = matches!(
        error,
        RosterError::NoHeader | RosterError::NotATable(Disguise::Json)
    );
    let hint = if no_list && Format::of(path).is_some() {
        "roster-one-person-hint".to_owned()
    } else {
        format!("{key}-hint")
    };
    let message = words.say_with(key, &variables);
    Failure::usage(kind, message, words.try_say(&hint, &variables))
}

/// What JSON calls it, the key of its sentence, and what the sentence names besides the file.
fn told<'a>(words: &Words, error: &'a RosterError) -> (&'static str, &'static str, Variables<'a>) {
    let at_line = |line: &u32| vec![("line", line.to_string().into())];
    match error {
        RosterError::Unreadable(_) => ("roster_unreadable", "file-unreadable", Vec::new()),
        RosterError::TooLarge => ("roster_too_large", "roster-too-large", Vec::new()),
        RosterError::NotATable(what) => (
            "roster_format",
            "roster-not-a-table",
            vec![("what", disguise(*what).into())],
        ),
        RosterError::Password => ("roster_password", "roster-password", Vec::new()),
        // Readers of workbooks say in their own words what they stumbled over, which helps nobody who has only the file.
        RosterError::Damaged(_) => ("roster_damaged", "roster-damaged", Vec::new()),
        RosterError::CutInCharacter(at) => {
            ("roster_cut_off", "roster-cut-in-character", at_spot(at))
        }
        RosterError::CutInQuotes(at) => ("roster_cut_off", "roster-cut-in-quotes", at_spot(at)),
        RosterError::CutInRecord {
            line,
            found,
            expected,
        } => {
            let mut variables = at_line(line);
            variables.extend(cells(*found, *expected));
            ("roster_cut_off", "roster-cut-in-record", variables)
        }
        RosterError::Nul(at) => ("roster_encoding", "roster-nul", at_spot(at)),
        RosterError::Garbled { at, how } => {
            let mut variables = at_spot(at);
            variables.push(("how", garble(*how).into()));
            ("roster_encoding", "roster-garbled", variables)
        }
        RosterError::BadQuote(at) => ("roster_quotes", "roster-bad-quote", at_spot(at)),
        RosterError::AmbiguousDelimiter(one, other) => (
            "roster_delimiter",
            "roster-ambiguous-delimiter",
            delimiters(words, *one, *other),
        ),
        RosterError::Blank => ("roster_empty", "roster-blank", Vec::new()),
        RosterError::Nobody => ("roster_empty", "roster-nobody", Vec::new()),
        RosterError::NoHeader => ("roster_header", "roster-no-header", Vec::new()),
        RosterError::ColumnTwice {
            line,
            meaning,
            first,
            second,
        } => {
            let mut variables = at_line(line);
            variables.extend([
                ("first", roster_column(words, first).into()),
                ("second", roster_column(words, second).into()),
                ("meaning", meaning.to_string().into()),
                ("header", header(words, *meaning).into()),
            ]);
            ("roster_header", "roster-column-twice", variables)
        }
        RosterError::NearHeader {
            line, at, meaning, ..
        } => {
            let mut variables = at_line(line);
            variables.extend([
                ("column", roster_column(words, at).into()),
                ("header", header(words, *meaning).into()),
            ]);
            ("roster_header", "roster-near-header", variables)
        }
        RosterError::NoKeyColumn { line } => {
            ("roster_header", "roster-no-key-column", at_line(line))
        }
        RosterError::NoNameColumn { line } => {
            ("roster_header", "roster-no-name-column", at_line(line))
        }
        RosterError::PresetColumns {
            line,
            missing,
            extra,
        } => {
            let mut variables = at_line(line);
            let beyond: Vec<String> = extra.iter().map(|at| roster_column(words, at)).collect();
            variables.extend([
                ("lacks", missing.len().into()),
                ("missing", quoted(words, missing).into()),
                ("exceeds", extra.len().into()),
                ("extra", beyond.join(", ").into()),
            ]);
            ("roster_header", "roster-preset-columns", variables)
        }
        RosterError::SeveralSheets(names) => {
            let first = names.first().map(String::as_str).unwrap_or_default();
            let variables = vec![
                ("names", quoted(words, names).into()),
                ("name", first.into()),
            ];
            ("roster_sheet", "roster-several-sheets", variables)
        }
        RosterError::NoSuchSheet { sheets, .. } if sheets.is_empty() => {
            ("roster_sheet", "roster-no-sheets", Vec::new())
        }
        RosterError::NoSuchSheet { asked, sheets } => {
            let variables = vec![
                ("asked", asked.as_str().into()),
                ("names", quoted(words, sheets).into()),
            ];
            ("roster_sheet", "roster-no-such-sheet", variables)
        }
        RosterError::HeaderAgain { line } => {
            ("roster_header", "roster-header-again", at_line(line))
        }
        RosterError::TotalDiffers { line, said, read } => {
            let mut variables = at_line(line);
            variables.extend([
                ("said", said.to_string().into()),
                ("read", read.to_string().into()),
            ]);
            ("roster_total", "roster-total-differs", variables)
        }
        RosterError::ColumnsSwapped { last, first } => {
            let variables = vec![
                ("last", roster_column(words, last).into()),
                ("first", roster_column(words, first).into()),
            ];
            ("roster_header", "roster-columns-swapped", variables)
        }
    }
}

/// Says what is wrong with a line of it.
pub(crate) fn cell_fault(words: &Words, fault: &CellFault) -> String {
    let (key, variables) = told_of_cell(&fault.what);
    let said = words.say_with(key, &variables);
    begun(&match &fault.column {
        Some(at) => {
            let variables = [
                ("column", roster_column(words, at).into()),
                ("fault", said.into()),
            ];
            words.say_with("cell-at", &variables)
        }
        None => said,
    })
}

fn told_of_cell(fault: &Fault) -> (&'static str, Variables<'_>) {
    let said = |text: &str| vec![("said", text.to_owned().into())];
    match fault {
        Fault::NoKey => ("cell-no-key", Vec::new()),
        Fault::NoName => ("cell-no-name", Vec::new()),
        Fault::TooManyCells { found, expected } => {
            ("cell-too-many-cells", cells(*found, *expected))
        }
        Fault::TooFewCells { found, expected } => ("cell-too-few-cells", cells(*found, *expected)),
        Fault::Unheaded => ("cell-unheaded", Vec::new()),
        Fault::PerhapsCut => ("cell-perhaps-cut", Vec::new()),
        // Keys are compared within their column, so the other line has the value in the same one.
        Fault::SameAs { line, .. } => ("cell-same-as", vec![("line", line.to_string().into())]),
        Fault::ErrorValue(error) => ("cell-error-value", said(error)),
        Fault::Formula => ("cell-formula", Vec::new()),
        Fault::Merged => ("cell-merged", Vec::new()),
        Fault::Boolean => ("cell-boolean", Vec::new()),
        Fault::DateHere => ("cell-date-here", Vec::new()),
        Fault::Placeholder(word) => ("cell-placeholder", said(word)),
        Fault::LettersLost => ("cell-letters-lost", Vec::new()),
        Fault::Scientific => ("cell-scientific", Vec::new()),
        Fault::NotWhole => ("cell-not-whole", Vec::new()),
        Fault::DigitsLost => ("cell-digits-lost", Vec::new()),
        Fault::ZerosLost => ("cell-zeros-lost", Vec::new()),
        Fault::FormatUnseen => ("cell-format-unseen", Vec::new()),
        Fault::ShownOtherwise => ("cell-shown-otherwise", Vec::new()),
        Fault::NotAnId => ("cell-not-an-id", Vec::new()),
        Fault::NotAnEmail => ("cell-not-an-email", Vec::new()),
        Fault::Several => ("cell-several", Vec::new()),
        Fault::Decorated => ("cell-decorated", Vec::new()),
        Fault::SpaceInside => ("cell-space-inside", Vec::new()),
        Fault::MixedAlphabets => ("cell-mixed-alphabets", Vec::new()),
        Fault::NotAPhone => ("cell-not-a-phone", Vec::new()),
        Fault::NotADate => ("cell-not-a-date", Vec::new()),
        Fault::NotInAName(odd) => ("cell-not-in-a-name", said(odd.encode_utf8(&mut [0; 4]))),
        Fault::Initials => ("cell-initials", Vec::new()),
        Fault::OneWord => ("cell-one-word", Vec::new()),
        Fault::ManyWords => ("cell-many-words", Vec::new()),
        Fault::SwappedNames => ("cell-swapped-names", Vec::new()),
        Fault::OrderUnknown => ("cell-order-unknown", Vec::new()),
        Fault::Patronymic => ("cell-patronymic", Vec::new()),
        Fault::NamesDiffer => ("cell-names-differ", Vec::new()),
    }
}

/// Names a column of a file: the letters that a spreadsheet shows above it, and its header.
pub(crate) fn roster_column(words: &Words, at: &At) -> String {
    let letters = at.letters();
    if at.header.is_empty() {
        return words.say_with("roster-column-unnamed", &[("letters", letters.into())]);
    }
    let mut header: String = at.header.chars().take(LONGEST_HEADER).collect();
    if header.len() < at.header.len() {
        header.push('…');
    }
    let variables = [("letters", letters.into()), ("header", header.into())];
    words.say_with("roster-column", &variables)
}

/// Returns the header by which a column of this meaning is known.
fn header(words: &Words, meaning: Meaning) -> String {
    let meaning = meaning.to_string().replace('_', "-");
    words.say(&format!("roster-header-{meaning}"))
}

fn quoted(words: &Words, names: &[impl AsRef<str>]) -> String {
    let names = names
        .iter()
        .map(|name| words.say_with("roster-quoted", &[("name", name.as_ref().into())]));
    names.collect::<Vec<_>>().join(", ")
}

fn at_spot(at: &Spot) -> Variables<'static> {
    vec![
        ("line", at.line.to_string().into()),
        ("character", at.column.to_string().into()),
    ]
}

fn cells(found: usize, expected: usize) -> Variables<'static> {
    vec![
        ("found", found.to_string().into()),
        ("expected", expected.to_string().into()),
    ]
}

/// The two delimiters, one that can be typed before the tab.
fn delimiters(words: &Words, one: char, other: char) -> Variables<'static> {
    let (one, other) = if one == '\t' {
        (other, one)
    } else {
        (one, other)
    };
    let other = match other {
        '\t' => words.say("roster-tab"),
        _ => other.to_string(),
    };
    vec![("one", one.to_string().into()), ("other", other.into())]
}

const fn disguise(what: Disguise) -> &'static str {
    match what {
        Disguise::Html => "html",
        Disguise::Mht => "mht",
        Disguise::SpreadsheetXml => "spreadsheet-xml",
        Disguise::Xml => "xml",
        Disguise::Json => "json",
        Disguise::Pdf => "pdf",
        Disguise::Document => "document",
        Disguise::Archive => "archive",
        Disguise::OldExcel => "old-excel",
        Disguise::Binary => "binary",
    }
}

const fn garble(how: Garble) -> &'static str {
    match how {
        Garble::Lost => "lost",
        Garble::Control => "control",
        Garble::TwiceEncoded => "twice-encoded",
        Garble::UnknownEncoding => "unknown-encoding",
    }
}

/// Returns a sentence that begins with a capital letter.
fn begun(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;
