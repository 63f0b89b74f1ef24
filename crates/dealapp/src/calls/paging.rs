//! Numbered pages.

use kadry_core::{Cursor, Error, ErrorKind, Result};

use crate::wire::document::Listing;

/// Which page is asked for, and the first id of the page before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) number: u64,
    before: Option<String>,
}

impl Place {
    /// Returns the first page.
    pub(super) const fn first() -> Self {
        Self {
            number: 1,
            before: None,
        }
    }

    /// Reads a cursor of ours.
    pub(super) fn read(from: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = from else {
            return Ok(Self::first());
        };
        let parts = cursor.as_str().split_once(':');
        let number = parts.and_then(|(number, _)| number.parse().ok());
        match (number, parts) {
            (Some(number), Some((_, before))) => Ok(Self {
                number,
                before: Some(before.to_owned()),
            }),
            (None, _) | (_, None) => Err(Error::new(
                ErrorKind::Invalid,
                "the cursor is not one of this platform",
            )),
        }
    }

    /// Returns the cursor of this page.
    pub(super) fn cursor(&self) -> Cursor {
        let before = self.before.as_deref().unwrap_or_default();
        Cursor::new(format!("{}:{before}", self.number))
    }

    /// Reports whether the page that came is the one before it: an installation that pays no heed to the number would never end.
    pub(super) fn repeats<A>(&self, listing: &Listing<A>) -> bool {
        let first = listing.data.first().map(|row| row.id.as_str());
        first.is_some() && first == self.before.as_deref()
    }

    /// Returns the next page. The number of pages is taken from each answer, since rows come and go; without it an empty page ends.
    pub(super) fn next<A>(&self, listing: &Listing<A>) -> Option<Self> {
        let first = listing.data.first()?;
        let pages = listing.meta.total_pages.filter(|pages| *pages > 0);
        pages.is_none_or(|pages| self.number < pages).then(|| Self {
            number: self.number.saturating_add(1),
            before: Some(first.id.clone()),
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;
    use crate::wire::organisation::Named;

    fn listing(json: &str) -> Listing<Named> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_cursor_reads_back() {
        let place = Place::first()
            .next(&listing(r#"{"data": [{"id": "a:b"}]}"#))
            .unwrap();
        assert_eq!(place.cursor(), Cursor::new("2:a:b"));
        assert_eq!(Place::read(Some(&place.cursor())).unwrap(), place);
        for text in ["", "2", "two:a"] {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_number_of_pages_ends_the_list_in_either_spelling() {
        for json in [
            r#"{"data": [{"id": "a"}], "meta": {"page": 1, "total-pages": 1}}"#,
            r#"{"data": [{"id": "a"}], "meta": {"total_pages": "1"}}"#,
            r#"{"data": [], "meta": null}"#,
        ] {
            assert_eq!(Place::first().next(&listing(json)), None, "{json}");
        }
    }

    #[test]
    fn a_page_that_comes_again_is_recognised() {
        let page = listing(r#"{"data": [{"id": "a"}]}"#);
        let second = Place::first().next(&page).unwrap();
        assert!(!Place::first().repeats(&page));
        assert!(second.repeats(&page));
        assert!(!second.repeats(&listing(r#"{"data": []}"#)));
    }
}
