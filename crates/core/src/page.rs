//! Lists arrive page by page; only this file loops.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Where the next page starts; opaque to everybody but the backend that made it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Returns a cursor.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text of the cursor.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows; may be empty in the middle of a list.
    pub items: Vec<T>,
    /// Where the next page starts; none at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Returns a page after which nothing comes.
    #[must_use]
    pub const fn last(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// Returns the rows of every page.
///
/// # Errors
///
/// As [`every_page`].
pub async fn every<T, F, Fut>(page: F) -> Result<Vec<T>>
where
    F: FnMut(Option<Cursor>) -> Fut,
    Fut: Future<Output = Result<Page<T>>>,
{
    let mut rows = Vec::new();
    every_page(page, |items| rows.extend(items)).await?;
    Ok(rows)
}

/// Gives the rows of every page away as they come, so that a long list is never held as a whole.
///
/// # Errors
///
/// The first error of a page, or `Protocol` when a cursor comes back a second time: such a list would never end.
pub async fn every_page<T, F, Fut>(mut page: F, mut take: impl FnMut(Vec<T>)) -> Result<()>
where
    F: FnMut(Option<Cursor>) -> Fut,
    Fut: Future<Output = Result<Page<T>>>,
{
    let mut seen = BTreeSet::new();
    let mut from = None;
    loop {
        let Page { items, next } = page(from).await?;
        take(items);
        let Some(next) = next else { return Ok(()) };
        if !seen.insert(next.clone()) {
            return Err(Error::new(
                ErrorKind::Protocol,
                "the list repeats a cursor and would never end",
            ));
        }
        from = Some(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pages_are_followed_over_an_empty_one_to_the_end() {
        let rows = every(|from| async move {
            Ok(match from.as_ref().map(Cursor::as_str) {
                None => Page {
                    items: vec![1, 2],
                    next: Some(Cursor::new("b")),
                },
                Some("b") => Page {
                    items: vec![],
                    next: Some(Cursor::new("c")),
                },
                Some(_) => Page::last(vec![3]),
            })
        })
        .await;
        assert_eq!(rows.ok(), Some(vec![1, 2, 3]));
    }

    #[tokio::test]
    async fn a_cursor_that_comes_back_is_a_fault_of_the_platform() {
        let rows = every(|_| async {
            Ok(Page {
                items: vec![1],
                next: Some(Cursor::new("again")),
            })
        })
        .await;
        assert_eq!(
            rows.err().map(|error| error.kind()),
            Some(ErrorKind::Protocol)
        );
    }
}
