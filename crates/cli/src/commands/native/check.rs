//! Whether a value is what its argument is made of, before anything is sent.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io;

use jiff::Timestamp;

/// Why a value does not fit. Sentences are made of it where everything else is that is wrong with what was typed.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// It is no whole number.
    Number,
    /// It is no moment.
    Moment,
    /// It is no file that can be read.
    File(io::Error),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number => f.write_str("a whole number is needed"),
            Self::Moment => f.write_str("a moment is needed, as RFC 3339 spells it"),
            Self::File(fault) => fault.fmt(f),
        }
    }
}

impl Error for Unfit {}

/// A whole number.
///
/// # Errors
///
/// [`Unfit::Number`].
pub(super) fn number(typed: &str) -> Result<String, Unfit> {
    let number: i64 = typed.trim().parse().map_err(|_| Unfit::Number)?;
    Ok(number.to_string())
}

/// A moment with its offset.
///
/// # Errors
///
/// [`Unfit::Moment`].
pub(super) fn moment(typed: &str) -> Result<String, Unfit> {
    let typed = typed.trim();
    let moment: Result<Timestamp, _> = typed.parse();
    moment.map_err(|_| Unfit::Moment)?;
    Ok(typed.to_owned())
}

/// The place of a file that can be read, from the root: whoever goes on later may stand elsewhere.
///
/// # Errors
///
/// [`Unfit::File`].
pub(super) fn file(typed: &str) -> Result<String, Unfit> {
    let path = std::fs::canonicalize(typed).map_err(Unfit::File)?;
    let opened = File::open(&path).and_then(|file| file.metadata());
    if opened.map_err(Unfit::File)?.is_dir() {
        return Err(Unfit::File(io::ErrorKind::IsADirectory.into()));
    }
    let unreadable = || Unfit::File(io::ErrorKind::InvalidFilename.into());
    path.to_str().map(str::to_owned).ok_or_else(unreadable)
}
