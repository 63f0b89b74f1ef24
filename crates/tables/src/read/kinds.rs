//! Which rows are people, and which are certainly none.

use kadry_core::{FieldName, fold};

use super::find::texts_of;
use super::grid::{Cell, Record};
use super::header::{Header, Meaning};
use super::hear::{hear, tokens};
use super::value::is_digits;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A person, or what nobody can be sure is none.
    Person,
    /// Nothing: an empty row, the header once more, a row that numbers the columns, a line to sign on.
    Nothing,
    /// A sum, with the number of people that it tells, if it tells one.
    Total(Option<u64>),
    /// Another header.
    Header,
}

/// Returns what a row is.
pub(super) fn kind(record: &Record<'_>, header: &Header) -> Kind {
    let Some(first) = record.cells.iter().position(|cell| !cell.is_blank()) else {
        return Kind::Nothing;
    };
    let Some(Cell::Text(_)) = record.cells.get(first) else {
        return if numbers_columns(record) {
            Kind::Nothing
        } else {
            Kind::Person
        };
    };
    let lead = record
        .cells
        .get(first)
        .and_then(Cell::text)
        .unwrap_or_default();
    // No header and no sum has an address, and hardly a person has none.
    if has(record, '@') {
        return Kind::Person;
    }
    if header.raw.iter().any(|raw| repeats(record, raw)) {
        return Kind::Nothing;
    }
    if let Some(kind) = total(&lead, record) {
        return kind;
    }
    if record
        .cells
        .iter()
        .filter_map(Cell::text)
        .any(|text| text.contains("___"))
        || numbers_columns(record)
    {
        return Kind::Nothing;
    }
    if is_header(record) {
        Kind::Header
    } else {
        Kind::Person
    }
}

fn has(record: &Record<'_>, wanted: char) -> bool {
    record
        .cells
        .iter()
        .any(|cell| matches!(cell, Cell::Text(text) if text.contains(wanted)))
}

fn repeats(record: &Record<'_>, raw: &[String]) -> bool {
    // Folding is slow, and the first cell of nearly every person already has another length.
    let texts = texts_of(record);
    let first = |texts: &[String]| {
        texts
            .iter()
            .find(|text| !text.is_empty())
            .map(|text| text.chars().count())
    };
    if first(&texts) != first(raw) {
        return false;
    }
    let longer = texts.len().max(raw.len());
    let at = |texts: &[String], at: usize| texts.get(at).map(|text| fold(text)).unwrap_or_default();
    (0..longer).all(|column| at(&texts, column) == at(raw, column))
}

/// Reports whether the cells count 1, 2, 3, as the row under a printed header does.
fn numbers_columns(record: &Record<'_>) -> bool {
    let mut expected = 0_u32;
    for cell in record.cells.iter().filter(|cell| !cell.is_blank()) {
        expected += 1;
        let counts = match cell {
            Cell::Number(number, _) => *number == f64::from(expected),
            Cell::Text(_) => cell.text().is_some_and(|text| text == expected.to_string()),
            Cell::Empty
            | Cell::Date(_)
            | Cell::NoDate
            | Cell::Bool(_)
            | Cell::Error(_)
            | Cell::Formula
            | Cell::Merged => false,
        };
        if !counts {
            return false;
        }
    }
    expected > 1
}

/// Returns the sum that a row tells.
fn total(lead: &str, record: &Record<'_>) -> Option<Kind> {
    let words = tokens(lead);
    let word = words.first()?;
    if !["итого", "всего", "total", "totals"].contains(&word.as_str()) {
        return None;
    }
    let numbers: Vec<u64> = words
        .iter()
        .filter(|word| is_digits(word))
        .filter_map(|word| word.parse().ok())
        .collect();
    match numbers.as_slice() {
        [said] => return Some(Kind::Total(Some(*said))),
        [] => {}
        _ => return Some(Kind::Total(None)),
    }
    // A number in another cell may be a sum of money, unless the words say that it counts people.
    let counts = words.iter().any(|word| {
        [
            "сотрудник",
            "человек",
            "работник",
            "people",
            "employee",
            "person",
            "staff",
        ]
        .iter()
        .any(|begins| word.starts_with(begins))
    });
    let others = record.cells.iter().filter(|cell| !cell.is_blank()).skip(1);
    let others: Vec<u64> = others.filter_map(whole).collect();
    match others.as_slice() {
        [said] if counts => Some(Kind::Total(Some(*said))),
        _ => Some(Kind::Total(None)),
    }
}

fn whole(cell: &Cell<'_>) -> Option<u64> {
    match cell {
        Cell::Number(number, _) => number.to_string().parse().ok(),
        Cell::Text(_) => cell.text()?.parse().ok(),
        Cell::Empty
        | Cell::Date(_)
        | Cell::NoDate
        | Cell::Bool(_)
        | Cell::Error(_)
        | Cell::Formula
        | Cell::Merged => None,
    }
}

/// Reports whether a row says what its columns hold. People have digits in their rows, headers do not.
fn is_header(record: &Record<'_>) -> bool {
    let digits = |cell: &Cell<'_>| match cell {
        Cell::Text(text) => text.bytes().any(|byte| byte.is_ascii_digit()),
        Cell::Number(..) | Cell::Date(_) => true,
        Cell::Empty
        | Cell::NoDate
        | Cell::Bool(_)
        | Cell::Error(_)
        | Cell::Formula
        | Cell::Merged => false,
    };
    if record.cells.iter().any(digits) {
        return false;
    }
    let texts: Vec<_> = record.cells.iter().filter_map(Cell::text).collect();
    let mut meanings: Vec<Meaning> = texts
        .iter()
        .filter_map(|text| hear(text))
        .map(|heard| heard.meaning)
        .collect();
    meanings.sort_unstable();
    meanings.dedup();
    let tells = meanings.iter().any(|meaning| {
        matches!(
            meaning,
            Meaning::FullName
                | Meaning::Field(FieldName::Email | FieldName::ExternalId | FieldName::LastName)
        )
    });
    meanings.len() > 1 && tells && meanings.len() * 2 >= texts.len()
}
