//! The file of many people: why it cannot be used, or a line of it.

use std::path::Path;

use kadry_tables::{CellFault, RosterError};

use super::Failure;
use crate::words::Words;

/// Says what is wrong with a file of many people.
pub(crate) fn of_roster(words: &Words, error: &RosterError, path: &Path) -> Failure {
    let variables = [
        ("path", path.display().to_string().into()),
        ("fault", error.to_string().into()),
    ];
    Failure::usage(
        "roster",
        words.say_with("roster-unusable", &variables),
        None,
    )
}

/// Says what is wrong with a line of it.
pub(crate) fn cell_fault(words: &Words, fault: &CellFault) -> String {
    words.say_with("roster-cell", &[("fault", fault.to_string().into())])
}
