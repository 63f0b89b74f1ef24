//! Lists of any length: one table, row by row, for a spreadsheet or a browser.
//!
//! A [`Page`](super::html::Page) is held as a whole before it is written; a list is not. Whoever makes one says what it is about,
//! and then hands over the rows one by one. None of them is kept, so a hundred thousand people take no more memory than ten.
//!
//! | Form | What is in it | Where the rows go |
//! | --- | --- | --- |
//! | [`Format::Csv`] | the header and the rows | at once |
//! | [`Format::Html`] | everything | at once |
//! | [`Format::Xlsx`] | everything, what is not a row on a sheet of its own | into a file without a name, until the end |
//!
//! - **Nothing is a formula, and nothing is a number.** In a workbook every cell is text, and stays text when somebody edits it: an
//!   id keeps its zeros. CSV cannot say so; there a cell that looks like a formula begins with an apostrophe, and so does a number of
//!   a telephone that begins with a plus.
//! - **CSV begins with a byte order mark.** Without one, Excel takes UTF-8 for the code page of the machine, and Russian names for
//!   noise; what reads CSV by the book knows the mark. (What goes to standard output, [`csv`](super::csv()), has none.) Which
//!   [`Separator`] Excel expects depends on the machine, too. Lines end as RFC 4180 says, with CR and LF.
//! - **A file is whole when [`ListWriter::finish`] has said so.** Write beside the place where it belongs, and then rename.
//!
//! # Examples
//!
//! ```
//! use kadry_tables::write::html::{Cell, Tone};
//! use kadry_tables::write::list::{Column, Format, List, ListWriter};
//!
//! let list = List {
//!     lang: "en".to_owned(),
//!     title: "Who has left".to_owned(),
//!     columns: vec![Column::new("Person"), Column::new("Access")],
//!     ..List::default()
//! };
//! # let folder = tempfile::tempdir()?;
//! # let scratch = folder.path();
//! let mut writer = ListWriter::begin(Format::Html, list, scratch, Vec::new())?;
//! writer.row(&["Tom & Jerry".into(), Cell::new("open", Tone::Bad)])?;
//! let html = String::from_utf8(writer.finish()?)?;
//! assert!(html.contains("<td>Tom &#38; Jerry</td><td class=\"bad\">open</td>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod document;
mod guard;
mod lines;
mod sheets;
mod workbook;

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use self::document::Document;
use self::lines::Lines;
use self::workbook::Workbook;
use super::html::{Cell, Fact, Outcome};

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Lines of cells, for programs and simple spreadsheets.
    Csv,
    /// A workbook for Excel and its like.
    Xlsx,
    /// A page for a browser, complete in itself.
    Html,
}

/// What a list says beside its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The language of the texts, such as `ru`.
    pub lang: String,
    /// What the list is about.
    pub title: String,
    /// What came out, in one sentence.
    pub result: Option<Outcome>,
    /// What is to be known beside it.
    pub facts: Vec<Fact>,
    /// The columns; at least one.
    pub columns: Vec<Column>,
    /// What stands at the end, such as who made the list and when.
    pub footer: String,
    /// What stands between the cells of CSV.
    pub separator: Separator,
    /// The name of the sheet with the rows. What a workbook does not allow in a name is replaced, and a name too long is cut.
    pub sheet: String,
    /// The name of the sheet with everything else.
    pub about: String,
    /// When the list was made, in milliseconds since the Unix epoch, for the properties of a workbook. Without it they name the
    /// first day of 1980: the clock is never asked, so that the same list is the same file.
    pub made_ms: Option<i64>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// What stands in it.
    pub name: String,
    /// About how many letters a line of it should hold. Without it the name is the measure.
    pub letters: Option<u16>,
}

/// What stands between the cells of CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Separator {
    /// As programs expect it, and Excel where a number has a decimal point.
    #[default]
    Comma,
    /// As Excel expects it where a number has a decimal comma, as in Russia.
    Semicolon,
}

/// A list that is being written.
///
/// After an error nothing more can be written, and what is there is not whole.
pub struct ListWriter<W: Write + Send> {
    columns: usize,
    is_broken: bool,
    form: Form<W>,
}

enum Form<W: Write + Send> {
    Lines(Box<Lines<W>>),
    Document(Document<W>),
    Workbook(Box<Workbook<W>>),
}

impl Format {
    /// Returns the form that the ending of a name asks for, in letters of either size.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "html" => Some(Self::Html),
            _ => None,
        }
    }
}

impl Column {
    /// Returns a column that is as wide as its name asks for.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            letters: None,
        }
    }

    /// Returns a column that should hold about so many letters in a line.
    #[must_use]
    pub fn wide(name: impl Into<String>, letters: u16) -> Self {
        Self {
            name: name.into(),
            letters: Some(letters),
        }
    }

    /// Returns how many letters a line is to hold, within reason.
    fn letters(&self) -> u16 {
        let named = || u16::try_from(self.name.chars().count() + 3).unwrap_or(u16::MAX);
        self.letters
            .unwrap_or_else(|| named().clamp(10, 40))
            .clamp(4, 120)
    }
}

impl Separator {
    const fn letter(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
        }
    }
}

impl<W: Write + Send> ListWriter<W> {
    /// Begins a list.
    ///
    /// There is no need to buffer `out`. The folder is for the rows of a workbook until its end, in a file that has no name and
    /// that its owner alone can read; it goes however the process ends. The other forms have no use for it.
    ///
    /// # Errors
    ///
    /// What `out` answers or, for a workbook, the folder; [`io::ErrorKind::InvalidInput`] for a list without columns, with more
    /// columns than the form can hold, or made at a time that it cannot tell.
    pub fn begin(format: Format, list: List, scratch: &Path, out: W) -> io::Result<Self> {
        let columns = list.columns.len();
        if columns == 0 {
            return Err(invalid("a list has at least one column"));
        }
        let form = match format {
            Format::Csv => Form::Lines(Box::new(Lines::begin(&list, out)?)),
            Format::Html => Form::Document(Document::begin(list, out)?),
            Format::Xlsx => Form::Workbook(Box::new(Workbook::begin(list, scratch, out)?)),
        };
        Ok(Self {
            columns,
            is_broken: false,
            form,
        })
    }

    /// Writes a row.
    ///
    /// # Repeats
    ///
    /// The row is there twice.
    ///
    /// # Errors
    ///
    /// What the writer or the folder of a workbook answers; [`io::ErrorKind::InvalidInput`] for a row that has not as many cells as
    /// the list has columns; and an error after any other error.
    pub fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.unbroken()?;
        let written = if cells.len() == self.columns {
            match &mut self.form {
                Form::Lines(lines) => lines.row(cells),
                Form::Document(document) => document.row(cells),
                Form::Workbook(workbook) => workbook.row(cells),
            }
        } else {
            let (cells, columns) = (cells.len(), self.columns);
            Err(invalid(format!(
                "a row of {cells} cells in a list of {columns} columns"
            )))
        };
        self.is_broken = written.is_err();
        written
    }

    /// Ends the list, and gives back what it was written to, with nothing held back.
    ///
    /// # Errors
    ///
    /// What the writer or the folder of a workbook answers; and an error after any other error.
    pub fn finish(self) -> io::Result<W> {
        self.unbroken()?;
        match self.form {
            Form::Lines(lines) => lines.finish(),
            Form::Document(document) => document.finish(),
            Form::Workbook(workbook) => workbook.finish(),
        }
    }

    fn unbroken(&self) -> io::Result<()> {
        if self.is_broken {
            return Err(io::Error::other("the list broke off before"));
        }
        Ok(())
    }
}

impl<W: Write + Send> fmt::Debug for ListWriter<W> {
    /// Tells nothing of what is in the rows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self.form {
            Form::Lines(_) => Format::Csv,
            Form::Document(_) => Format::Html,
            Form::Workbook(_) => Format::Xlsx,
        };
        f.debug_struct("ListWriter")
            .field("format", &form)
            .field("columns", &self.columns)
            .field("is_broken", &self.is_broken)
            .finish_non_exhaustive()
    }
}

fn invalid(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what.into())
}

#[cfg(test)]
mod tests;
