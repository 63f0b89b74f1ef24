//! A fence around libraries that panic where they should fail.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Reports whether a panic on this thread, at this moment, is caught and becomes an error.
///
/// The library that writes workbooks panics when the folder for its rows is full, and the one that reads them may on a damaged file. A
/// panic hook that ends the process, or that says something to people, asks here first.
#[must_use]
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

/// Does something, and returns nothing if it panics.
pub(crate) fn fenced<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = IS_GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(before);
    done.ok()
}
