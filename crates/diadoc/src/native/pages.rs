//! One page after the other, with rows as they came.
//!
//! Nothing but a few numbers goes from page to page, so that a list of any length takes no more memory than a page of it. The platform
//! has no snapshot: that a row slipped over the edge of a page while they were read is an error, not a gap.

use kadry_core::{Cursor, Error, ErrorKind, NativeCall, Page, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::invalid;
use crate::calls::BoxApi;
use crate::calls::raw::List;

/// A place between two pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    page: u32,
    count: u32,
    /// How many rows came before it, if the list is read from its beginning.
    rows: Option<u64>,
    /// The most rows that any page said the list has.
    total: Option<u64>,
    /// The id of the last row before it.
    last: Option<String>,
}

/// Returns one page of a list.
pub(super) async fn page(
    api: &BoxApi,
    list: List,
    call: &NativeCall,
    from: Option<&Cursor>,
) -> Result<Page<Value>> {
    let place = match from {
        None => Place::first(call, list.most)?,
        Some(cursor) => serde_json::from_str(cursor.as_str())
            .map_err(|_| invalid("the cursor is not one of this platform"))?,
    };
    let (rows, total) = api.raw_page(list, place.page, place.count).await?;
    place.take(list, rows, total)
}

/// Refuses a page that no list has.
pub(super) fn check(call: &NativeCall, list: List) -> Result<()> {
    Place::first(call, list.most).map(drop)
}

impl Place {
    fn first(call: &NativeCall, most: u32) -> Result<Self> {
        let number = |name: &'static str, otherwise: u32, most: u32| {
            let given = call.number(name)?.map(u32::try_from);
            let number = given.unwrap_or(Ok(otherwise));
            number
                .ok()
                .filter(|number| (1..=most).contains(number))
                .ok_or_else(|| {
                    let message = "a number is out of its range";
                    Error::new(ErrorKind::Invalid, message)
                        .with("argument", name)
                        .with("most", most)
                })
        };
        let page = number("page", 1, u32::MAX)?;
        Ok(Self {
            page,
            count: number("count", most, most)?,
            rows: (page == 1).then_some(0),
            total: None,
            last: None,
        })
    }

    /// Returns the rows at this place and the place after them, if there is one.
    fn take(mut self, list: List, rows: Vec<Value>, total: Option<u64>) -> Result<Page<Value>> {
        let length = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let ids = || rows.iter().map(|row| list.id_of(row));
        let again = ids().any(|id| Some(id) == self.last.as_deref());
        self.total = self.total.max(total);
        self.rows = self.rows.map(|before| before.saturating_add(length));
        let read = match self.rows {
            Some(rows) => rows,
            // Where every page before it was full.
            None => u64::from(self.page - 1)
                .saturating_mul(u64::from(self.count))
                .saturating_add(length),
        };
        // A list that does not say how long it is ends with an empty page.
        let more = length > 0 && self.total.is_none_or(|total| read < total);
        let short = self.rows.is_some() && self.total.is_some_and(|total| total != read);
        if again || !more && short {
            return Err(changed());
        }
        self.page = self.page.saturating_add(1);
        self.last = rows.last().map(|row| list.id_of(row).to_owned());
        let next = more.then(|| serde_json::to_string(&self)).transpose();
        Ok(Page {
            items: rows,
            next: next.map_err(|_| changed())?.map(Cursor::new),
        })
    }
}

fn changed() -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the list changed while it was read; read it again",
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::calls::raw::DEPARTMENTS;

    /// The ids of each page, given the ids and the count that pages have.
    fn read(from: &str, pages: &[(&str, Option<u64>)]) -> Result<Vec<String>> {
        let call = NativeCall::new("departments list").with("page", from);
        let mut place = Place::first(&call, 100)?;
        let mut read = Vec::new();
        for (ids, total) in pages {
            let row = |id: char| json!({ "Id": id.to_string() });
            let page = place.take(DEPARTMENTS, ids.chars().map(row).collect(), *total)?;
            read.push(
                page.items
                    .iter()
                    .map(|row| DEPARTMENTS.id_of(row))
                    .collect(),
            );
            let Some(next) = page.next else { break };
            place = serde_json::from_str(next.as_str()).unwrap();
        }
        Ok(read)
    }

    #[test]
    fn a_list_ends_when_everything_was_read() {
        for (from, pages, expected) in [
            ("1", [("ab", Some(3)), ("c", Some(3))], &["ab", "c"][..]),
            ("1", [("ab", Some(2)), ("x", Some(2))], &["ab"]),
            ("1", [("ab", None), ("", None)], &["ab", ""]),
            ("1", [("ab", Some(2)), ("", None)], &["ab"]),
            ("1", [("", Some(0)), ("", None)], &[""]),
            // Somebody came meanwhile, at the end.
            ("1", [("ab", Some(3)), ("cd", Some(4))], &["ab", "cd"]),
            // Far behind the end there is nothing.
            ("9", [("", Some(3)), ("x", None)], &[""]),
        ] {
            assert_eq!(read(from, &pages).unwrap(), expected, "{pages:?}");
        }
    }

    #[test]
    fn rows_that_moved_between_two_pages_are_an_error() {
        for pages in [
            [("ab", Some(4)), ("bc", Some(5))],
            [("ab", Some(4)), ("d", Some(3))],
            [("ab", Some(4)), ("", Some(4))],
        ] {
            // The list goes on after its second page where it counts more; then it never ends with what it counted.
            let pages = [&pages[..], &[("", None)]].concat();
            let error = read("1", &pages).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{pages:?}");
        }
    }

    #[test]
    fn a_page_has_as_many_rows_as_the_platform_allows() {
        let first = |name: &str, value: &str| {
            Place::first(&NativeCall::new("employees list").with(name, value), 50)
        };
        assert_eq!(first("count", "50").unwrap().count, 50);
        assert_eq!(first("page", "3").unwrap().count, 50);
        for (name, value) in [
            ("count", "51"),
            ("count", "0"),
            ("page", "0"),
            ("page", "-1"),
        ] {
            let error = first(name, value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{name} {value}");
        }
    }
}
