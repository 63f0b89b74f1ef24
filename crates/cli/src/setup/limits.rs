//! `[limits]`: how many people one run, one day and one month may concern.

use std::fmt;

use super::document::{self, Node};
use super::mistake::{Mistake, Wanted};

/// The kinds of changes that are counted.
const COUNTED: [&str; 7] = [
    "create",
    "update",
    "grant",
    "revoke",
    "suspend",
    "reactivate",
    "remove",
];

/// The windows in which they are counted.
const WINDOWS: [&str; 3] = ["run", "day", "month"];

/// One number of people that is not to be passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Which kind of change is counted.
    counted: String,
    /// In which window.
    window: String,
    /// How many people, or which part of all of them.
    ceiling: String,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} = {}", self.counted, self.window, self.ceiling)
    }
}

/// Checks the table, so that a mistake in it is found when it is made.
///
/// # Errors
///
/// The first mistake in it.
pub(crate) fn check(node: Node<'_>) -> Result<(), Mistake> {
    read(node).map(drop)
}

/// Reads the table.
///
/// # Errors
///
/// The first mistake in it.
pub(crate) fn read(node: Node<'_>) -> Result<Vec<Limit>, Mistake> {
    let mut limits = Vec::new();
    for (key, value) in document::table(node)? {
        if !COUNTED.contains(&key.get_ref().as_ref()) {
            return Err(Mistake::unknown_key(&key, COUNTED));
        }
        for (window, ceiling) in document::table(value)? {
            if !WINDOWS.contains(&window.get_ref().as_ref()) {
                return Err(Mistake::unknown_key(&window, WINDOWS));
            }
            limits.push(Limit {
                counted: key.get_ref().to_string(),
                window: window.get_ref().to_string(),
                ceiling: read_ceiling(ceiling)?,
            });
        }
    }
    Ok(limits)
}

/// A number of people, or a percentage of all such as `"15%"`.
fn read_ceiling(node: Node<'_>) -> Result<String, Mistake> {
    let wrong = Mistake::wrong(&node, Wanted::Ceiling);
    let percent = |text: &str| {
        let number = text.strip_suffix('%')?.trim().parse::<u8>().ok()?;
        (number <= 100).then(|| format!("{number}%"))
    };
    let read = match node.get_ref().as_str() {
        Some(text) => percent(text),
        None => document::read::<i64>(node)
            .ok()
            .filter(|number| *number >= 0)
            .map(|number| number.to_string()),
    };
    read.ok_or(wrong)
}
