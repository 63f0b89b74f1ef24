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
    /// have it, and `GET /users` with a `query` is documented as both; there an empty page is the end.
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
