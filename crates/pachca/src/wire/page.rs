//! One page of a list.

use kadry_core::{Error, ErrorKind, Result};
use serde::Deserialize;

/// The largest page that the lists allow. It is always sent: a default may change.
pub(crate) const LIMIT: u32 = 50;

/// The rows of one page and what is said about the next one.
#[derive(Debug, Deserialize)]
pub(crate) struct Listing<T> {
    pub(crate) data: Vec<T>,
    meta: Option<Meta>,
}

#[derive(Debug, Deserialize)]
struct Meta {
    /// How many rows a search has on all its pages.
    total: Option<u64>,
    paginate: Option<Paginate>,
}

#[derive(Debug, Deserialize)]
struct Paginate {
    next_page: Option<String>,
    has_next: Option<bool>,
}

impl<T> Listing<T> {
    /// Returns the vendor's cursor of the next page; none at the end.
    ///
    /// Pages may be short or empty in the middle of a list, so `has_next` decides where it is given. Search-type answers do not
    /// have it; there an empty page is the end.
    /// <https://dev.pachca.com/api/pagination> Checked 2026-11.
    ///
    /// # Errors
    ///
    /// `Protocol` when there must be a next page and its cursor is missing, or when rows come without a word on what follows them: a
    /// list cut short would make people look absent.
    pub(crate) fn next(&self) -> Result<Option<&str>> {
        let Some(paginate) = self.meta.as_ref().and_then(|meta| meta.paginate.as_ref()) else {
            return if self.data.is_empty() {
                Ok(None)
            } else {
                Err(Error::new(
                    ErrorKind::Protocol,
                    "the list does not say whether it goes on",
                ))
            };
        };
        if !paginate.has_next.unwrap_or(!self.data.is_empty()) {
            return Ok(None);
        }
        match paginate.next_page.as_deref() {
            Some(cursor) if !cursor.is_empty() => Ok(Some(cursor)),
            Some(_) | None => Err(Error::new(
                ErrorKind::Protocol,
                "the list goes on, but the cursor of its next page is missing",
            )),
        }
    }

    /// Returns the vendor's cursor of the next page of a search; none at the end.
    ///
    /// `GET /users` with a `query` is documented both as a listing and as a search. So `has_next` decides where it is given, and
    /// else the first page is the only one if it holds as many rows as there are; the documents do not say that `total` is right
    /// later on, so after that the empty page is the end. <https://dev.pachca.com/api/pagination> Checked 2026-11.
    ///
    /// # Errors
    ///
    /// As [`Listing::next`].
    pub(crate) fn next_found(&self, first: bool) -> Result<Option<&str>> {
        let meta = self.meta.as_ref();
        let paginate = meta.and_then(|meta| meta.paginate.as_ref());
        let told = paginate.is_some_and(|paginate| paginate.has_next.is_some());
        let rows = u64::try_from(self.data.len()).unwrap_or(u64::MAX);
        let all = meta
            .and_then(|meta| meta.total)
            .is_some_and(|total| total <= rows);
        if first && !told && all {
            return Ok(None);
        }
        self.next()
    }
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    reason = "a fixture that does not parse is a failed test"
)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listing(value: serde_json::Value) -> Listing<i64> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn has_next_decides_even_over_an_empty_page() {
        let middle = json!({"data": [], "meta": {"paginate": {"next_page": "n", "prev_page": "p", "has_next": true, "has_prev": true}}});
        assert_eq!(listing(middle).next().unwrap(), Some("n"));
        let last = json!({"data": [1], "meta": {"paginate": {"next_page": "n", "prev_page": "p", "has_next": false, "has_prev": true}}});
        assert_eq!(listing(last).next().unwrap(), None);
    }

    #[test]
    fn without_has_next_the_empty_page_is_the_end() {
        let full = json!({"data": [1], "meta": {"total": 1, "paginate": {"next_page": "n"}}});
        assert_eq!(listing(full).next().unwrap(), Some("n"));
        let empty = json!({"data": [], "meta": {"total": 1, "paginate": {"next_page": "n"}}});
        assert_eq!(listing(empty).next().unwrap(), None);
    }

    #[test]
    fn the_total_ends_a_search_on_its_first_page_unless_has_next_says_otherwise() {
        let whole = json!({"data": [1], "meta": {"total": 1, "paginate": {"next_page": "n"}}});
        assert_eq!(listing(whole.clone()).next_found(true).unwrap(), None);
        assert_eq!(listing(whole).next_found(false).unwrap(), Some("n"));
        let part = json!({"data": [1], "meta": {"total": 2, "paginate": {"next_page": "n"}}});
        assert_eq!(listing(part).next_found(true).unwrap(), Some("n"));
        let untold = json!({"data": [1], "meta": {"paginate": {"next_page": "n"}}});
        assert_eq!(listing(untold).next_found(true).unwrap(), Some("n"));
        let odd = json!({"data": [], "meta": {"total": 2, "paginate": {"next_page": "n"}}});
        assert_eq!(listing(odd).next_found(true).unwrap(), None);
        let told = json!({"data": [1], "meta": {"total": 1, "paginate": {"next_page": "n", "has_next": true}}});
        assert_eq!(listing(told).next_found(true).unwrap(), Some("n"));
        let last =
            json!({"data": [1], "meta": {"paginate": {"next_page": "n", "has_next": false}}});
        assert_eq!(listing(last).next_found(false).unwrap(), None);
    }

    #[test]
    fn a_list_that_goes_on_without_a_cursor_is_a_fault() {
        let cut = json!({"data": [1], "meta": {"paginate": {"has_next": true}}});
        assert_eq!(listing(cut).next().unwrap_err().kind(), ErrorKind::Protocol);
    }

    #[test]
    fn a_page_with_rows_says_whether_it_is_the_last() {
        for cut in [
            json!({"data": [1]}),
            json!({"data": [1], "meta": null}),
            json!({"data": [1], "meta": {"total": 1}}),
        ] {
            let fault = listing(cut).next().unwrap_err();
            assert_eq!(fault.kind(), ErrorKind::Protocol);
        }
        assert_eq!(listing(json!({"data": []})).next().unwrap(), None);
    }
}
