//! Text with delimiters, split as strictly as a roster needs it.
//!
//! What other readers let pass is refused here: a cell in quotes that never ends, text after a closing quote. A quote inside a cell
//! that does not begin with one is just a quote, as in `ООО "Ромашка"`.

use std::borrow::Cow;

use super::fault::RosterError;
use super::grid::{Cell, Mark, Record};
use super::text::spot;

/// The delimiters that are tried.
pub(super) const DELIMITERS: [u8; 4] = [b';', b'\t', b',', b'|'];

/// A text and the delimiter that splits it.
#[derive(Debug)]
pub(super) struct Text {
    text: String,
    delimiter: u8,
}

impl Text {
    /// Returns the text, split by a delimiter.
    pub(super) const fn new(text: String, delimiter: u8) -> Self {
        Self { text, delimiter }
    }

    /// Returns the same text, split by another delimiter.
    pub(super) fn with(self, delimiter: u8) -> Self {
        Self { delimiter, ..self }
    }

    /// Returns the delimiter that a first line such as `sep=;` names; spreadsheets write it.
    pub(super) fn named_delimiter(&self) -> Option<u8> {
        let line = self
            .text
            .lines()
            .next()?
            .trim_end_matches('\r')
            .trim_matches('"');
        let name = line
            .get(..4)
            .filter(|name| name.eq_ignore_ascii_case("sep="))?;
        match line.as_bytes().get(name.len()..)? {
            [delimiter] => Some(*delimiter).filter(|named| DELIMITERS.contains(named)),
            _ => None,
        }
    }

    pub(super) const fn start(&self) -> Mark {
        Mark { at: 0, line: 1 }
    }

    pub(super) fn split(&self, from: Mark) -> Split<'_> {
        Split {
            text: &self.text,
            delimiter: self.delimiter,
            at: from.at,
            line: from.line,
        }
    }
}

/// The records of a text.
#[derive(Debug)]
pub(super) struct Split<'a> {
    text: &'a str,
    delimiter: u8,
    at: usize,
    line: u32,
}

/// What stands behind a cell.
enum Behind {
    Delimiter,
    LineEnd,
    Nothing,
}

impl<'a> Split<'a> {
    pub(super) const fn mark(&self) -> Mark {
        Mark {
            at: self.at,
            line: self.line,
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Steps over the delimiter or line end at the place.
    fn step(&mut self) -> Option<Behind> {
        match self.byte(self.at) {
            None => return Some(Behind::Nothing),
            Some(byte) if byte == self.delimiter => {
                self.at += 1;
                return Some(Behind::Delimiter);
            }
            Some(b'\n') => self.at += 1,
            Some(b'\r') if self.byte(self.at + 1) == Some(b'\n') => self.at += 2,
            Some(b'\r') => self.at += 1,
            Some(_) => return None,
        }
        self.line += 1;
        Some(Behind::LineEnd)
    }

    fn bare(&mut self) -> Cell<'a> {
        let start = self.at;
        let bytes = self.text.as_bytes().get(start..).unwrap_or_default();
        let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\n' | b'\r');
        self.at += bytes.iter().position(ends).unwrap_or(bytes.len());
        match self.text.get(start..self.at) {
            Some("") | None => Cell::Empty,
            Some(text) => Cell::Text(Cow::Borrowed(text)),
        }
    }

    fn quoted(&mut self) -> Result<Cell<'a>, RosterError> {
        let opening = self.at;
        let mut from = opening + 1;
        let mut whole = String::new();
        loop {
            let rest = self.text.get(from..).unwrap_or_default();
            let Some(length) = rest.find('"') else {
                return Err(RosterError::CutInQuotes(spot(self.text, opening)));
            };
            let part = rest.get(..length).unwrap_or_default();
            self.line += line_ends(part);
            self.at = from + length + 1;
            if self.byte(self.at) != Some(b'"') {
                return Ok(Cell::Text(if whole.is_empty() {
                    Cow::Borrowed(part)
                } else {
                    Cow::Owned(whole + part)
                }));
            }
            whole.push_str(part);
            whole.push('"');
            from = self.at + 1;
        }
    }
}

fn line_ends(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends = (0..bytes.len()).filter(|at| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    u32::try_from(ends.count()).unwrap_or(u32::MAX)
}

impl<'a> Iterator for Split<'a> {
    type Item = Result<Record<'a>, RosterError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let line = self.line;
        let mut cells = Vec::with_capacity(8);
        loop {
            let cell = if self.byte(self.at) == Some(b'"') {
                self.quoted()
            } else {
                Ok(self.bare())
            };
            match cell {
                Ok(cell) => cells.push(cell),
                Err(fault) => {
                    self.at = self.text.len();
                    return Some(Err(fault));
                }
            }
            match self.step() {
                Some(Behind::Delimiter) => {}
                Some(end) => {
                    let ended = matches!(end, Behind::LineEnd);
                    return Some(Ok(Record { line, cells, ended }));
                }
                None => {
                    let at = spot(self.text, self.at);
                    self.at = self.text.len();
                    return Some(Err(RosterError::BadQuote(at)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let text = Text::new(text.to_owned(), b';');
        let records = text.split(text.start()).map(|record| match record {
            Ok(record) => {
                let cells = record.cells.iter().map(|cell| {
                    if let Cell::Text(text) = cell {
                        text.to_string()
                    } else {
                        format!("{cell:?}")
                    }
                });
                let cells: Vec<_> = cells.collect();
                format!(
                    "{}{} {}",
                    record.line,
                    if record.ended { "" } else { "!" },
                    cells.join("|")
                )
            }
            Err(fault) => format!("{fault:?}"),
        });
        records.collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn records_end_with_any_line_end_and_tell_where_they_began() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("a;b{end}\"c{end}{end}d\";e{end};{end}f");
            let inner = format!("{end}{end}");
            assert_eq!(
                told(&text),
                format!("1 a|b / 2 c{inner}d|e / 5 Empty|Empty / 6! f")
            );
        }
    }

    #[test]
    fn quotes_hold_delimiters_and_quotes() {
        assert_eq!(
            told("\"a;\"\"b\"\"\";ООО \"Р\";\"\"\n"),
            "1 a;\"b\"|ООО \"Р\"|"
        );
    }

    #[test]
    fn broken_quotes_are_refused_with_their_place() {
        assert_eq!(
            told("a\nb;\"c\nd\n"),
            "1 a / CutInQuotes(Spot { line: 2, column: 3 })"
        );
        assert_eq!(
            told("a\n\"b\" c;d\n"),
            "1 a / BadQuote(Spot { line: 2, column: 4 })"
        );
    }

    #[test]
    fn a_first_line_may_name_the_delimiter() {
        for (line, named) in [
            ("sep=;\r\na", Some(b';')),
            ("SEP=,\na", Some(b',')),
            ("sep=x", None),
            ("а;б", None),
        ] {
            assert_eq!(
                Text::new(line.to_owned(), b';').named_delimiter(),
                named,
                "{line}"
            );
        }
    }
}
