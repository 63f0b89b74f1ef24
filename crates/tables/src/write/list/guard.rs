//! What goes wrong in the library that writes workbooks, as errors of input and output.

use std::io::{self, Write};

use rust_xlsxwriter::XlsxError;

use crate::guard::fenced;

/// Does something with a workbook, and makes whatever goes wrong an error of input and output.
///
/// Whoever gets an error lets the workbook alone from then on: a panic may have left it half changed.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> io::Result<T> {
    match fenced(work) {
        Some(done) => done.map_err(told),
        // What the panic itself says may hold a text of a row.
        None => Err(io::Error::other(
            "the rows of the workbook cannot be kept, perhaps for want of space",
        )),
    }
}

/// Returns what was answered below the library, if that is what went wrong.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rest of them is one to us"
)]
fn told(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error,
        XlsxError::ZipError(error) => error.into(),
        XlsxError::RowColumnLimitError => super::invalid("more columns than a sheet can hold"),
        XlsxError::DateTimeRangeError(_) => super::invalid("a time that a workbook cannot tell"),
        other => io::Error::other(other),
    }
}

/// A place that tells of its first error, and then swallows what still comes.
///
/// The library below writes on when it is dropped, and complains on the error stream of the process when it cannot.
pub(super) struct Once<W> {
    out: W,
    is_lost: bool,
}

impl<W: Write> Once<W> {
    pub(super) const fn new(out: W) -> Self {
        Self {
            out,
            is_lost: false,
        }
    }

    /// Returns the place, when nothing went wrong.
    pub(super) fn into_inner(self) -> W {
        self.out
    }

    fn kept<T>(&mut self, answer: io::Result<T>) -> io::Result<T> {
        // An interrupted call is only repeated.
        self.is_lost = matches!(&answer, Err(error) if error.kind() != io::ErrorKind::Interrupted);
        answer
    }
}

impl<W: Write> Write for Once<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_lost {
            return Ok(bytes.len());
        }
        let answer = match self.out.write(bytes) {
            Ok(0) if !bytes.is_empty() => Err(io::ErrorKind::WriteZero.into()),
            answer => answer,
        };
        self.kept(answer)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_lost {
            return Ok(());
        }
        let answer = self.out.flush();
        self.kept(answer)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;
    use crate::is_guarded;

    #[test]
    fn a_panic_of_the_library_is_an_error_that_a_hook_can_know() {
        assert!(!is_guarded());
        let failed = guarded(|| {
            assert!(is_guarded());
            None::<()>.ok_or_else(|| std::panic::resume_unwind(Box::new("full")))
        });
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::Other);
        assert!(!is_guarded());
    }

    #[test]
    fn a_place_complains_once() {
        let mut nothing = [0; 1];
        let mut place = Once::new(&mut nothing[..]);
        assert!(place.write_all(b"ab").is_err());
        assert!(place.write_all(b"ab").is_ok() && place.flush().is_ok());
    }

    #[test]
    fn what_lies_below_is_told_as_it_is() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let failed = guarded(|| Err::<(), _>(XlsxError::IoError(full())));
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
