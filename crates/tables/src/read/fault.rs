//! What can be wrong with a roster: with the file, and with one cell of it.
//!
//! The words here are for logs and tests. Sentences for people are made where the faults are shown.

use std::fmt;
use std::io;

use super::header::Meaning;

/// A column of a roster: where it stands and what stands above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The number of the column, from 1.
    pub number: u32,
    /// The text of its header, cleaned.
    pub header: String,
}

impl At {
    /// Returns the letters by which a spreadsheet names the column.
    #[must_use]
    pub fn letters(&self) -> String {
        let mut rest = self.number;
        let mut letters = Vec::new();
        while rest > 0 {
            rest -= 1;
            letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
            rest /= 26;
        }
        letters.iter().rev().collect()
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {} ({:?})", self.letters(), self.header)
    }
}

/// A place in a text file: lines and characters are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, character {}", self.line, self.column)
    }
}

/// What a file is that is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disguise {
    /// A web page; many programs name one `.xls`.
    Html,
    /// A web page with its parts in one file (`.mht`), which is often named `.xls`, too.
    Mht,
    /// The XML of Excel 2003.
    SpreadsheetXml,
    /// Some other XML.
    Xml,
    /// JSON.
    Json,
    /// A PDF.
    Pdf,
    /// A text document.
    Document,
    /// An archive that is no workbook.
    Archive,
    /// A workbook of Excel 4 or older.
    OldExcel,
    /// Something else that is neither text nor a workbook.
    Binary,
}

/// Why a text cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Garble {
    /// A character that stands for one that was lost.
    Lost,
    /// A control character, which no text has.
    Control,
    /// UTF-8 that was read as another encoding and saved once more.
    TwiceEncoded,
    /// Neither UTF-8, UTF-16 nor Windows-1251; CP866, KOI8-R and the Macintosh's encoding look like this.
    UnknownEncoding,
}

/// What is wrong with a roster as a whole; nothing of it is used.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Unreadable(#[source] io::Error),
    /// The file, or what it unpacks to, is too large.
    #[error("the file is larger than a roster may be")]
    TooLarge,
    /// The file is no table.
    #[error("the file is no table but {0:?}")]
    NotATable(Disguise),
    /// The workbook has a password.
    #[error("the workbook is protected by a password")]
    Password,
    /// The workbook is damaged or cut off.
    #[error("the workbook is damaged or cut off: {0}")]
    Damaged(String),
    /// The text ends inside a character.
    #[error("{0}: the file ends inside a character")]
    CutInCharacter(Spot),
    /// The text ends inside a cell in quotes, which begins here.
    #[error("{0}: the file ends inside a cell in quotes that begins here")]
    CutInQuotes(Spot),
    /// The last record has no line end and fewer cells than the header.
    #[error("line {line}: the file is cut off: {found} cells of {expected} and no line end")]
    CutInRecord {
        /// The line where the record begins.
        line: u32,
        /// The cells that are there.
        found: usize,
        /// The cells of the header.
        expected: usize,
    },
    /// The text holds a NUL byte.
    #[error("{0}: a NUL byte")]
    Nul(Spot),
    /// The text cannot be trusted.
    #[error("{at}: the text is spoiled: {how:?}")]
    Garbled {
        /// Where it shows first.
        at: Spot,
        /// How.
        how: Garble,
    },
    /// A cell begins with a quote and goes on after the closing one.
    #[error("{0}: text after the closing quote of a cell")]
    BadQuote(Spot),
    /// Two delimiters split the header equally well.
    #[error("both {0:?} and {1:?} may be the delimiter")]
    AmbiguousDelimiter(char, char),
    /// Nothing is in the file.
    #[error("nothing is in the file")]
    Blank,
    /// Nothing in the first lines is a header.
    #[error("no header is found in the first lines")]
    NoHeader,
    /// Two columns say that they hold the same.
    #[error("line {line}: {first} and {second} both hold {meaning}")]
    ColumnTwice {
        /// The line of the header.
        line: u32,
        /// What both hold.
        meaning: Meaning,
        /// The first.
        first: At,
        /// The second.
        second: At,
    },
    /// A header is almost, but not quite, one that is known, and no other column holds what it would.
    #[error("line {line}: {at} is not known; {meant:?} may be meant")]
    NearHeader {
        /// The line of the header.
        line: u32,
        /// The column.
        at: At,
        /// The header that is known, in the form in which headers are compared.
        meant: &'static str,
        /// What a column with that header holds.
        meaning: Meaning,
    },
    /// No column holds an e-mail address or an id.
    #[error("line {line}: no column holds an e-mail address or an id")]
    NoKeyColumn {
        /// The line of the header.
        line: u32,
    },
    /// No column holds names, or only one of the last and the first.
    #[error("line {line}: no column holds the names")]
    NoNameColumn {
        /// The line of the header.
        line: u32,
    },
    /// The columns are not those of the preset.
    #[error("line {line}: the columns are not those of the preset")]
    PresetColumns {
        /// The line of the header.
        line: u32,
        /// Those that are not there.
        missing: Vec<&'static str>,
        /// Those that should not be there.
        extra: Vec<At>,
    },
    /// Several sheets are rosters.
    #[error("several sheets are rosters: {0:?}")]
    SeveralSheets(Vec<String>),
    /// No sheet has this name.
    #[error("no sheet is named {asked:?}")]
    NoSuchSheet {
        /// The name that was asked for.
        asked: String,
        /// The sheets that there are.
        sheets: Vec<String>,
    },
    /// The header has nobody under it.
    #[error("nobody is in the file")]
    Nobody,
    /// Another header stands in the middle: two files were glued together.
    #[error("line {line}: another header begins here")]
    HeaderAgain {
        /// Its line.
        line: u32,
    },
    /// A line of the file says how many people there are, and there are not as many.
    #[error("line {line}: {said} people are announced, {read} are read")]
    TotalDiffers {
        /// The line.
        line: u32,
        /// The number that it says.
        said: u64,
        /// The number of people above it.
        read: u64,
    },
    /// First names stand in the column of last names and the other way round, in most rows.
    #[error("{last} and {first} seem to be swapped")]
    ColumnsSwapped {
        /// The column that should hold last names.
        last: At,
        /// The column that should hold first names.
        first: At,
    },
}

/// What is wrong in one row; the row is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// The column, unless it is the row as a whole.
    pub column: Option<At>,
    /// What it is.
    pub what: Fault,
}

impl fmt::Display for CellFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "{column}: {}", self.what),
            None => self.what.fmt(f),
        }
    }
}

/// What is wrong with a cell or a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Neither an e-mail address nor an id is given.
    #[error("neither an e-mail address nor an id is given")]
    NoKey,
    /// The last or the first name is missing.
    #[error("the last or the first name is missing")]
    NoName,
    /// More cells than the header has: perhaps a delimiter stands in a cell without quotes.
    #[error("{found} cells where the header has {expected}")]
    TooManyCells {
        /// The cells that are there.
        found: usize,
        /// The cells of the header.
        expected: usize,
    },
    /// Fewer cells than the header has: perhaps a line end stands in a cell without quotes.
    #[error("{found} cells where the header has {expected}")]
    TooFewCells {
        /// The cells that are there.
        found: usize,
        /// The cells of the header.
        expected: usize,
    },
    /// A value in a column without a header, where a delimiter without quotes would have put it.
    #[error("a value in a column without a header")]
    Unheaded,
    /// The file ends in this cell without a line end: the cell may be cut off.
    #[error("the file ends here without a line end")]
    PerhapsCut,
    /// The same key stands in a row above.
    #[error("the same as in line {line}, {column}")]
    SameAs {
        /// The line above.
        line: u32,
        /// The column there.
        column: At,
    },
    /// An error that a spreadsheet left, such as `#REF!`.
    #[error("an error of the spreadsheet: {0}")]
    ErrorValue(String),
    /// A formula without a value.
    #[error("a formula without a value")]
    Formula,
    /// Part of a merged cell: what it holds belongs to several rows.
    #[error("part of a merged cell")]
    Merged,
    /// True or false where text belongs.
    #[error("true or false")]
    Boolean,
    /// A date where text belongs.
    #[error("a date")]
    DateHere,
    /// A word by which a program says that it has no value, such as `NULL`.
    #[error("no value but {0:?}")]
    Placeholder(String),
    /// Question marks where letters were.
    #[error("letters were lost")]
    LettersLost,
    /// A number in scientific notation.
    #[error("a number in scientific notation")]
    Scientific,
    /// A number with a fraction, or negative, where an id or a phone number belongs.
    #[error("a number that is not whole")]
    NotWhole,
    /// More digits than a spreadsheet keeps.
    #[error("more digits than a spreadsheet keeps")]
    DigitsLost,
    /// Other ids have leading zeros; this one may have lost its own.
    #[error("leading zeros may have been lost")]
    ZerosLost,
    /// The id is a number and the workbook does not tell how it is shown; saved as `.xlsx` it would.
    #[error("how the number is shown cannot be seen, so leading zeros may be lost")]
    FormatUnseen,
    /// The spreadsheet shows the number as something else.
    #[error("the spreadsheet shows the number as something else")]
    ShownOtherwise,
    /// Characters that an id does not have.
    #[error("no id")]
    NotAnId,
    /// No e-mail address.
    #[error("no e-mail address")]
    NotAnEmail,
    /// Several values in one cell.
    #[error("several values")]
    Several,
    /// A link or a display name around an e-mail address.
    #[error("more than the bare address")]
    Decorated,
    /// A space inside an e-mail address.
    #[error("a space inside")]
    SpaceInside,
    /// Letters of two alphabets where there should be one.
    #[error("letters of two alphabets")]
    MixedAlphabets,
    /// No phone number.
    #[error("no phone number")]
    NotAPhone,
    /// No date, or one that can be read in two ways.
    #[error("no date that can be read in one way only")]
    NotADate,
    /// A character that no name has.
    #[error("{0:?} in a name")]
    NotInAName(char),
    /// Initials instead of names.
    #[error("initials instead of names")]
    Initials,
    /// One word where last and first name belong.
    #[error("one word instead of last and first name")]
    OneWord,
    /// More words than a name can be told from.
    #[error("more words than a name can be told from")]
    ManyWords,
    /// The first name stands before the last name.
    #[error("the names stand in another order")]
    SwappedNames,
    /// Last and first name cannot be told apart.
    #[error("last and first name cannot be told apart")]
    OrderUnknown,
    /// A patronymic where another name belongs.
    #[error("a patronymic")]
    Patronymic,
    /// The full name is another one than the single names.
    #[error("the full name differs from the single names")]
    NamesDiffer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (number, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")] {
            let at = At {
                number,
                header: String::new(),
            };
            assert_eq!(at.letters(), letters);
        }
    }
}
