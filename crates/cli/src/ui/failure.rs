//! A failure as the operator reads it: what went wrong, and what to do next.

use super::Screen;
use super::table::{Field, Sheet, Tint};
use crate::error::{Failure, VERBATIM};
use crate::words::Words;

/// Writes what went wrong and what to do next.
pub(crate) fn write(sheet: &mut Sheet, words: &Words, failure: &Failure) {
    for line in failure.message.lines() {
        match line.strip_prefix("- ") {
            Some(item) => sheet.list(0, [("-".to_owned(), Field::new(item, Tint::Bad))]),
            None => sheet.paragraph(0, line, Tint::Bad),
        }
    }
    if let Some(hint) = &failure.hint {
        let hint = words.say_with("hint", &[("hint", hint.as_str().into())]);
        advise(sheet, &hint);
    }
}

/// Writes what to do next, with commands on lines of their own where they could not be copied otherwise.
pub(crate) fn advise(sheet: &mut Sheet, hint: &str) {
    for line in hint.lines() {
        if line.starts_with(VERBATIM) {
            sheet.verbatim(line);
        } else {
            sheet.advice(line);
        }
    }
}

/// Tells a failure beside an answer that was printed already.
pub(crate) fn complain(screen: &Screen, failure: &Failure) {
    let mut sheet = screen.rest_sheet();
    write(&mut sheet, &screen.words, failure);
    screen.complain(&sheet);
}
