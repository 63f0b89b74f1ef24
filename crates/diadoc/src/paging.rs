//! Numbered pages as cursors.

use kadry_core::{Cursor, Error, ErrorKind, Result};

/// Where a walk over numbered pages stands.
///
/// The platform has no snapshot: somebody who registers or is deleted between two pages shifts the rows. A walk that notices it
/// starts again from the first page, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    again: bool,
    page: u32,
    collected: u64,
    total: Option<u64>,
    last: Option<String>,
}

impl Place {
    /// Returns the place of a cursor; without one, the first page.
    pub(crate) fn at(from: Option<&Cursor>) -> Result<Self> {
        let Some(from) = from else {
            return Ok(Self::first(false));
        };
        Self::parse(from.as_str()).ok_or_else(|| {
            Error::new(
                ErrorKind::Invalid,
                "the cursor was not made by this platform",
            )
        })
    }

    /// Returns the number of the page to read, from 1.
    pub(crate) const fn page(&self) -> u32 {
        self.page
    }

    /// Returns the cursor of the next page, given the ids of the rows of this one; none at the end.
    pub(crate) fn after(&self, ids: &[&str], total: Option<u64>) -> Option<Cursor> {
        let collected = self
            .collected
            .saturating_add(u64::try_from(ids.len()).unwrap_or(u64::MAX));
        if !self.again && self.slipped(ids, total) {
            return Some(Self::first(true).cursor());
        }
        if ids.is_empty() || total.is_some_and(|total| collected >= total) {
            return None;
        }
        let next = Self {
            again: self.again,
            page: self.page.saturating_add(1),
            collected,
            total,
            last: ids.last().map(|id| (*id).to_owned()),
        };
        Some(next.cursor())
    }

    const fn first(again: bool) -> Self {
        Self {
            again,
            page: 1,
            collected: 0,
            total: None,
            last: None,
        }
    }

    /// Reports whether rows have moved since the page before: the count changed, a row came again, or rows are missing at the end.
    fn slipped(&self, ids: &[&str], total: Option<u64>) -> bool {
        let counted_otherwise = self.page > 1 && total != self.total;
        let came_again = self.last.is_some() && ids.first().copied() == self.last.as_deref();
        let missing = ids.is_empty() && total.is_some_and(|total| self.collected < total);
        counted_otherwise || came_again || missing
    }

    fn cursor(&self) -> Cursor {
        let walk = u8::from(self.again);
        let total = self.total.map(|total| total.to_string());
        Cursor::new(format!(
            "{walk}/{}/{}/{}/{}",
            self.page,
            self.collected,
            total.as_deref().unwrap_or_default(),
            self.last.as_deref().unwrap_or_default(),
        ))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, '/');
        let mut next = || parts.next();
        Some(Self {
            again: next()? == "1",
            page: next()?.parse().ok()?,
            collected: next()?.parse().ok()?,
            total: match next()? {
                "" => None,
                total => Some(total.parse().ok()?),
            },
            last: Some(next()?)
                .filter(|last| !last.is_empty())
                .map(str::to_owned),
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn walk(from: Option<&Cursor>, ids: &[&str], total: u64) -> Option<Cursor> {
        Place::at(from).unwrap().after(ids, Some(total))
    }

    #[test]
    fn pages_are_counted_until_everybody_is_collected() {
        let second = walk(None, &["a", "b"], 3).unwrap();
        assert_eq!(Place::at(Some(&second)).unwrap().page(), 2);
        assert_eq!(walk(Some(&second), &["c"], 3), None);
    }

    #[test]
    fn an_empty_page_ends_a_list_that_does_not_say_how_long_it_is() {
        let second = Place::at(None).unwrap().after(&["a"], None).unwrap();
        assert_eq!(Place::at(Some(&second)).unwrap().after(&[], None), None);
        assert_eq!(walk(None, &[], 0), None);
    }

    #[test]
    fn a_list_that_slips_is_read_again_once() {
        let second = walk(None, &["a", "b"], 4).unwrap();
        for (ids, total) in [(&["c"][..], 3), (&["b", "c"][..], 4), (&[][..], 4)] {
            let again = walk(Some(&second), ids, total).unwrap();
            assert_eq!(Place::at(Some(&again)).unwrap(), Place::first(true));
            let beyond = walk(Some(&again), &["a", "b"], 4).unwrap();
            assert_eq!(walk(Some(&beyond), &[], 4), None);
        }
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for text in ["", "2", "0/x/2/2/a", "0/1/2"] {
            assert_eq!(
                Place::at(Some(&Cursor::new(text))).unwrap_err().kind(),
                ErrorKind::Invalid
            );
        }
    }
}
