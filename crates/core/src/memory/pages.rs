//! Lists in pages that are short on purpose.

use super::provider::Memory;
use crate::page::{Cursor, Page};

impl Memory {
    /// Rows on a page: few, so that everything that lists has to follow pages.
    pub(super) const PAGE: usize = 2;

    pub(super) fn page_of<T>(rows: Vec<T>, from: Option<&Cursor>) -> Page<T> {
        let start = Self::start_of(from);
        Page {
            next: Self::after(start, rows.len()),
            items: rows.into_iter().skip(start).take(Self::PAGE).collect(),
        }
    }

    pub(super) fn start_of(from: Option<&Cursor>) -> usize {
        from.and_then(|cursor| cursor.as_str().parse().ok())
            .unwrap_or(0)
    }

    pub(super) fn after(start: usize, rows: usize) -> Option<Cursor> {
        (start + Self::PAGE < rows).then(|| Cursor::new((start + Self::PAGE).to_string()))
    }
}
