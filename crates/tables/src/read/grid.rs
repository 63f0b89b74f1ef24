//! Cells in rows, wherever they come from.

use std::borrow::Cow;

use jiff::civil::Date;

use super::csv::{Split, Text};
use super::fault::RosterError;
use super::sheet::Sheet;
use super::text::{clean, is_invisible};

/// One cell, before anybody asks what it means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text, not yet cleaned.
    Text(Cow<'a, str>),
    /// A number of a spreadsheet.
    Number(f64, Shown),
    /// A date of a spreadsheet; its time of day is dropped.
    Date(Date),
    /// A time or a date that does not exist.
    NoDate,
    /// True or false.
    Bool(bool),
    /// An error, as the spreadsheet spells it.
    Error(String),
    /// A formula without a value.
    Formula,
    /// A part of a merged cell that is not its first.
    Merged,
}

/// How a spreadsheet shows a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is.
    Plain,
    /// With zeros before it, up to this many digits.
    Padded(usize),
    /// As something else.
    Otherwise,
    /// This kind of workbook does not tell.
    Unseen,
}

impl Cell<'_> {
    /// Reports whether nothing that could be seen is in the cell.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty | Self::Merged => true,
            Self::Text(text) => text
                .chars()
                .all(|char| char.is_whitespace() || is_invisible(char)),
            Self::Number(..)
            | Self::Date(_)
            | Self::NoDate
            | Self::Bool(_)
            | Self::Error(_)
            | Self::Formula => false,
        }
    }

    /// Returns the text of the cell, cleaned, if it is text.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(clean(text)).filter(|text| !text.is_empty()),
            Self::Empty
            | Self::Number(..)
            | Self::Date(_)
            | Self::NoDate
            | Self::Bool(_)
            | Self::Error(_)
            | Self::Formula
            | Self::Merged => None,
        }
    }
}

/// One row or record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record<'a> {
    /// The line of the text where it begins, or the row of the sheet, from 1.
    pub(super) line: u32,
    /// Its cells.
    pub(super) cells: Vec<Cell<'a>>,
    /// Whether something ended it; only the last record of a text may end with the file.
    pub(super) ended: bool,
}

/// Where a record stands, to begin reading there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The byte of the text, or the number of the row among those kept.
    pub(super) at: usize,
    /// The line of the text.
    pub(super) line: u32,
}

/// A whole table.
#[derive(Debug)]
pub(super) enum Grid {
    Text(Text),
    Sheet(Sheet),
}

impl Grid {
    /// Returns the first record's place.
    pub(super) const fn start(&self) -> Mark {
        match self {
            Self::Text(text) => text.start(),
            Self::Sheet(_) => Mark { at: 0, line: 1 },
        }
    }

    /// Returns the records from a place on.
    pub(super) fn records(&self, from: Mark) -> Records<'_> {
        match self {
            Self::Text(text) => Records::Text(text.split(from)),
            Self::Sheet(sheet) => Records::Sheet(sheet, from.at),
        }
    }

    /// Reports whether rows must have as many cells as the header: a spreadsheet simply leaves out what is empty.
    pub(super) const fn counts_cells(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// Returns the merged cell that begins here, as its last row and column, all counted from 0.
    pub(super) fn merged(&self, line: u32, column: usize) -> Option<(u32, usize)> {
        match self {
            Self::Text(_) => None,
            Self::Sheet(sheet) => sheet.merged(line, column),
        }
    }
}

/// The records of a table from some place on.
#[derive(Debug)]
pub(super) enum Records<'a> {
    Text(Split<'a>),
    Sheet(&'a Sheet, usize),
}

impl Records<'_> {
    /// Returns where the next record begins.
    pub(super) const fn mark(&self) -> Mark {
        match self {
            Self::Text(split) => split.mark(),
            Self::Sheet(_, at) => Mark { at: *at, line: 1 },
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, RosterError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Text(split) => split.next(),
            Self::Sheet(sheet, at) => {
                let record = sheet.row(*at)?;
                *at += 1;
                Some(Ok(record))
            }
        }
    }
}
