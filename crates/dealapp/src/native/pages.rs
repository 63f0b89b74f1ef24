//! One page after the other, with rows as they came.
//!
//! Nothing but a few numbers goes from page to page, so that a list of any length takes no more memory than a page of it. What the
//! platform counts is held against what it showed: a row that slipped over the edge of a page is an error at the end, not a gap.

use std::collections::BTreeMap;

use kadry_core::{Cursor, Error, ErrorKind, Page, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::document::RawListing;

/// A place between two pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The page to ask for.
    pub(super) number: u64,
    /// How many rows came before it.
    rows: u64,
    /// How many rows the first page had.
    length: u64,
    /// The id of the last row before it.
    last: Option<String>,
    /// The most that was ever counted: a row that went away may have pulled another one onto a page that was read already.
    total: Option<u64>,
    /// What names in the filters turned out to be, so that they are looked up once.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) filters: BTreeMap<String, String>,
}

impl Place {
    /// Returns the place that a cursor names; without one, the beginning.
    pub(super) fn of(from: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = from else {
            return Ok(Self {
                number: 1,
                rows: 0,
                length: 0,
                last: None,
                total: None,
                filters: BTreeMap::new(),
            });
        };
        serde_json::from_str(cursor.as_str())
            .map_err(|_| Error::new(ErrorKind::Invalid, "the cursor is not one of this platform"))
    }

    /// Returns the rows of the page at this place and the place after it, if there is one.
    pub(super) fn take(mut self, listing: RawListing) -> Result<Page<Value>> {
        let RawListing {
            mut data,
            included,
            meta,
        } = listing;
        let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
        if self.number == 1 {
            self.length = length;
        }
        self.rows = self.rows.saturating_add(length);
        self.total = self.total.max(meta.total_count);
        // No pages at all are an empty list, or nothing that could be relied on.
        let pages = meta.total_pages.filter(|pages| *pages > 0);
        let announced = match (pages, self.total) {
            (Some(pages), _) => Some(self.number < pages),
            (None, Some(total)) => Some(self.rows < total),
            (None, None) => None,
        };
        let again = self.last.is_some() && data.iter().any(|row| id(row) == self.last.as_deref());
        let more = match announced {
            // An installation that counts nothing may pay no heed to the number either: then every page is the whole list.
            None if again && data.last().and_then(id) == self.last.as_deref() => {
                data.clear();
                false
            }
            _ if again => return Err(changed()),
            Some(true) if length == 0 => return Err(changed()),
            Some(false) if self.total.is_some_and(|total| total != self.rows) => {
                return Err(changed());
            }
            Some(more) => more,
            // It ends with a page that is shorter than the first.
            None => length > 0 && length >= self.length,
        };
        embed(&mut data, &included);
        self.number = self.number.saturating_add(1);
        self.last = data.last().and_then(id).map(str::to_owned);
        let next = more.then(|| serde_json::to_string(&self)).transpose();
        Ok(Page {
            items: data,
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

/// Returns the id of a row.
pub(super) fn id(row: &Value) -> Option<&str> {
    row.get("id").and_then(Value::as_str)
}

/// Puts the records that came along with a page where the rows refer to them, so that a row shows the name of its unit.
fn embed(rows: &mut [Value], included: &[Value]) {
    let name = |record: &Value| {
        let part = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
        Some((part("type")?, part("id")?))
    };
    let known: BTreeMap<_, &Value> = included
        .iter()
        .filter_map(|record| Some((name(record)?, record)))
        .collect();
    let relations = rows
        .iter_mut()
        .filter_map(|row| row.get_mut("relationships")?.as_object_mut())
        .flat_map(|relations| relations.values_mut());
    for reference in relations.filter_map(|relation| relation.get_mut("data")) {
        if let Some(record) = name(reference).and_then(|name| known.get(&name)) {
            *reference = (*record).clone();
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use serde_json::json;

    use super::*;

    /// The ids on each page, or what went wrong.
    fn read(pages: &[Value]) -> Result<Vec<String>> {
        let mut read = Vec::new();
        let mut from = None;
        for page in pages {
            let listing = serde_json::from_value(page.clone()).unwrap();
            let page = Place::of(from.as_ref())?.take(listing)?;
            read.push(page.items.iter().filter_map(id).collect());
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        Ok(read)
    }

    fn rows(ids: &str) -> Value {
        let row = |id: char| json!({ "id": id.to_string() });
        ids.chars().map(row).collect()
    }

    fn counted(ids: &str, pages: u64, total: u64) -> Value {
        json!({"data": rows(ids), "meta": {"total-pages": pages, "total-count": total}})
    }

    fn uncounted(ids: &str) -> Value {
        json!({ "data": rows(ids) })
    }

    #[test]
    fn a_list_ends_where_it_counts_or_with_a_shorter_page() {
        for (pages, expected) in [
            (vec![counted("", 0, 0)], vec![""]),
            (
                vec![counted("ab", 2, 3), counted("c", 2, 3)],
                vec!["ab", "c"],
            ),
            (
                vec![counted("ab", 2, 4), counted("cd", 3, 5), counted("e", 3, 5)],
                vec!["ab", "cd", "e"],
            ),
            (
                vec![uncounted("ab"), uncounted("c"), uncounted("x")],
                vec!["ab", "c"],
            ),
            (vec![uncounted("ab"), uncounted("")], vec!["ab", ""]),
            (vec![uncounted("ab"), uncounted("ab")], vec!["ab", ""]),
        ] {
            assert_eq!(read(&pages).unwrap(), expected, "{pages:?}");
        }
    }

    #[test]
    fn rows_that_went_missing_between_two_pages_are_an_error() {
        for pages in [
            // Somebody went away, and pulled another row onto a page that was read already.
            [counted("ab", 2, 4), counted("d", 2, 3), counted("", 0, 0)].as_slice(),
            &[counted("ab", 3, 6), counted("", 3, 6)],
            // Somebody came in front.
            &[counted("ab", 2, 3), counted("bc", 2, 4)],
            // The number is not heeded.
            &[counted("ab", 2, 4), counted("ab", 2, 4)],
            &[counted("ab", 1, 3)],
        ] {
            let shown = read(pages).map_err(|error| error.kind());
            assert_eq!(shown, Err(ErrorKind::Protocol), "{pages:?}");
        }
    }

    #[test]
    fn a_row_shows_what_came_along_with_its_page() {
        let listing = json!({
            "data": [{"id": "1", "relationships": {
                "unit": {"data": {"id": "u", "type": "units"}},
                "role": {"data": {"id": "u", "type": "roles"}},
                "level": {"data": null},
            }}],
            "included": [{"id": "u", "type": "units", "attributes": {"name": "Первая линия"}}],
        });
        let listing = serde_json::from_value(listing).unwrap();
        let page = Place::of(None).unwrap().take(listing).unwrap();
        let relations = &page.items[0]["relationships"];
        assert_eq!(
            relations["unit"]["data"]["attributes"]["name"],
            "Первая линия"
        );
        assert_eq!(
            relations["role"]["data"],
            json!({"id": "u", "type": "roles"})
        );
    }

    #[test]
    fn a_cursor_of_somebody_else_is_refused() {
        let error = Place::of(Some(&Cursor::new("2"))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}
