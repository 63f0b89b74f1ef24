//! `[limits]`: how many people one run, one day and one month may concern.

use std::fmt;

use kadry_core::Brake;
use kadry_flow::plan::{Limits, Most, Window};

use super::document::{self, Node};
use super::mistake::{Mistake, Wanted};

/// One number of people that is not to be passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Which kind of change is counted.
    brake: Brake,
    /// In which window.
    window: Window,
    /// How many people, or which part of all of them.
    most: Most,
}

impl Limit {
    /// Reports whether it is a part of all people.
    pub(crate) const fn is_part(&self) -> bool {
        matches!(self.most, Most::Percent(_))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (brake, window) = (self.brake, self.window.as_str());
        write!(f, "{brake}.{window} = {}", self.most)
    }
}

/// Reads the table, so that a mistake in it is found when it is made.
///
/// # Errors
///
/// The first mistake in it.
pub(crate) fn read(node: Node<'_>) -> Result<Vec<Limit>, Mistake> {
    let mut limits = Vec::new();
    for (key, value) in document::table(node)? {
        let Some(brake) = Brake::named(key.get_ref()) else {
            return Err(Mistake::unknown_key(&key, Brake::ALL.map(Brake::as_str)));
        };
        for (name, most) in document::table(value)? {
            let Some(window) = Window::named(name.get_ref()) else {
                return Err(Mistake::unknown_key(&name, Window::ALL.map(Window::as_str)));
            };
            limits.push(Limit {
                brake,
                window,
                most: read_most(most)?,
            });
        }
    }
    Ok(limits)
}

/// Returns the limits that these are, beside those that hold without a word.
pub(crate) fn together(all: &[Limit]) -> Limits {
    let mut limits = Limits::default();
    for limit in all {
        limits.set(limit.brake, limit.window, limit.most);
    }
    limits
}

/// A number of people, or a percentage of all such as `"15%"`.
fn read_most(node: Node<'_>) -> Result<Most, Mistake> {
    let wrong = Mistake::wrong(&node, Wanted::Ceiling);
    let percent = |text: &str| {
        let number = text.strip_suffix('%')?.trim().parse::<u8>().ok()?;
        (number <= 100).then_some(Most::Percent(number))
    };
    let read = match node.get_ref().as_str() {
        Some(text) => percent(text),
        None => document::read::<i64>(node)
            .ok()
            .and_then(|number| u32::try_from(number).ok())
            .map(Most::People),
    };
    read.ok_or(wrong)
}
