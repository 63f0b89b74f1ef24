//! `[limits]`: how many people one run, one day and one month may concern.

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

/// Checks the table, so that a mistake in it is found when it is made.
///
/// # Errors
///
/// The first mistake in it.
pub(crate) fn check(node: Node<'_>) -> Result<(), Mistake> {
    for (key, value) in document::table(node)? {
        if !COUNTED.contains(&key.get_ref().as_ref()) {
            return Err(Mistake::unknown_key(&key, COUNTED));
        }
        for (window, ceiling) in document::table(value)? {
            if !WINDOWS.contains(&window.get_ref().as_ref()) {
                return Err(Mistake::unknown_key(&window, WINDOWS));
            }
            check_ceiling(ceiling)?;
        }
    }
    Ok(())
}

/// A number of people, or a percentage of all such as `"15%"`.
fn check_ceiling(node: Node<'_>) -> Result<(), Mistake> {
    let wrong = Mistake::wrong(&node, Wanted::Ceiling);
    let fits = match node.get_ref().as_str() {
        Some(text) => text
            .strip_suffix('%')
            .and_then(|number| number.trim().parse::<u8>().ok())
            .is_some_and(|percent| percent <= 100),
        None => document::read::<i64>(node).is_ok_and(|number| number >= 0),
    };
    if fits { Ok(()) } else { Err(wrong) }
}
