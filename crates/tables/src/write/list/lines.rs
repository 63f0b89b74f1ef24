//! CSV, for people who open it in a spreadsheet.

use std::io::{self, Write};

use csv::{ErrorKind, Terminator, Writer, WriterBuilder};

use super::List;
use crate::write::csv::harmless;
use crate::write::html::Cell;

/// Says that the text is UTF-8.
const MARK: &str = "\u{feff}";

pub(super) struct Lines<W: Write> {
    separator: char,
    writer: Writer<W>,
}

impl<W: Write> Lines<W> {
    pub(super) fn begin(list: &List, mut out: W) -> io::Result<Self> {
        out.write_all(MARK.as_bytes())?;
        let separator = list.separator.letter();
        let writer = WriterBuilder::new()
            .delimiter(u8::try_from(separator).unwrap_or(b','))
            .terminator(Terminator::CRLF)
            .from_writer(out);
        let mut lines = Self { separator, writer };
        lines.write(list.columns.iter().map(|column| column.name.as_str()))?;
        Ok(lines)
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.write(cells.iter().map(|cell| cell.text.as_str()))
    }

    fn write<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> io::Result<()> {
        for text in texts {
            let text = harmless(text, self.separator);
            self.writer.write_field(text.as_bytes()).map_err(told)?;
        }
        // Nothing more than the fields so far: it ends the line.
        self.writer.write_record(None::<&[u8]>).map_err(told)
    }

    pub(super) fn finish(self) -> io::Result<W> {
        let mut out = self
            .writer
            .into_inner()
            .map_err(|fault| fault.into_error())?;
        out.flush()?;
        Ok(out)
    }
}

/// Returns what the writer below answered, if that is what went wrong.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rest of them is one to us"
)]
fn told(error: csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        // The rows are of one length, and nothing is read here.
        _ => io::Error::other("a line that cannot be written"),
    }
}
