//! The file of departments: why it cannot be used.

use std::path::Path;

use kadry_tables::{TreeError, TreeFault, TreeMistake};

use super::Failure;
use super::roster::of_roster;
use crate::words::{Value, Words};

/// How many wrong lines are told.
const TOLD: usize = 10;

/// Says what is wrong with a file of departments.
pub(crate) fn of_tree(words: &Words, error: &TreeError, path: &Path) -> Failure {
    let file = || path.display().to_string();
    match error {
        TreeError::File(error) => of_roster(words, error, path),
        TreeError::NoDepartments => Failure::usage(
            "departments_column",
            words.say_with("departments-no-column", &[("path", file().into())]),
            Some(words.say("departments-no-column-hint")),
        ),
        TreeError::Lines(faults) => {
            let mut told: Vec<String> = faults
                .iter()
                .take(TOLD)
                .map(|one| line(words, one))
                .collect();
            let more = faults.len().saturating_sub(TOLD);
            if more > 0 {
                told.push(words.say_with("departments-more-lines", &[("more", more.into())]));
            }
            let variables: [(&str, Value<'_>); 2] =
                [("path", file().into()), ("lines", told.join("; ").into())];
            Failure::usage(
                "departments_lines",
                words.say_with("departments-lines", &variables),
                Some(words.say("departments-lines-hint")),
            )
        }
    }
}

fn line(words: &Words, fault: &TreeFault) -> String {
    let (key, first, what) = match &fault.what {
        TreeMistake::Indent => ("departments-line-indent", 0, ""),
        TreeMistake::Jump => ("departments-line-jump", 0, ""),
        TreeMistake::Nameless => ("departments-line-nameless", 0, ""),
        TreeMistake::Twice { first } => ("departments-line-twice", *first, ""),
        TreeMistake::Spelling { first, other } => {
            ("departments-line-spelling", *first, other.as_str())
        }
        TreeMistake::IdTwice { first } => ("departments-line-id-twice", *first, ""),
        TreeMistake::UnknownParent(name) => ("departments-line-unknown-parent", 0, name.as_str()),
        TreeMistake::SeveralParents(name) => ("departments-line-several-parents", 0, name.as_str()),
        TreeMistake::Circle => ("departments-line-circle", 0, ""),
        TreeMistake::Cell => ("departments-line-cell", 0, ""),
    };
    let variables: [(&str, Value<'_>); 3] = [
        ("line", fault.line.to_string().into()),
        ("first", first.to_string().into()),
        ("what", what.into()),
    ];
    words.say_with(key, &variables)
}
