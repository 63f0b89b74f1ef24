//! Pages and cursors.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::pachca::answer::Failure;
use crate::pachca::ask::{PAGE, Params};

/// Where a record stands in a list: what it is sorted by, then its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    at: i64,
    id: i64,
}

impl Key {
    /// Returns the key of a record in a list by id.
    pub(super) fn of(id: i64) -> Self {
        Self { at: 0, id }
    }

    /// Returns the key of a record in a list by something else.
    pub(super) fn by(at: i64, id: i64) -> Self {
        Self { at, id }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Way {
    #[serde(rename = "n")]
    Next,
    #[serde(rename = "p")]
    Prev,
}

/// A place beside a record; without a record, the beginning of an empty list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    key: Option<Key>,
    #[serde(rename = "_kd")]
    way: Way,
}

impl Cursor {
    fn read(text: &str) -> Result<Self, Failure> {
        BASE64_URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or_else(|| Failure::bad("cursor", text, "invalid"))
    }

    fn write(key: Option<Key>, way: Way) -> String {
        let json = json!({ "key": key, "_kd": way }).to_string();
        BASE64_URL_SAFE_NO_PAD.encode(json)
    }
}

/// One page of a list.
#[derive(Debug)]
pub(super) struct Page<T> {
    /// The records on it.
    pub(super) records: Vec<T>,
    meta: Meta,
}

#[derive(Debug)]
struct Meta {
    next: String,
    prev: String,
    has_next: bool,
    has_prev: bool,
}

impl<T> Page<T> {
    /// Returns the answer of a listing method.
    pub(super) fn listing(&self, show: impl Fn(&T) -> Value) -> Value {
        let data: Vec<Value> = self.records.iter().map(show).collect();
        let Meta {
            next,
            prev,
            has_next,
            has_prev,
        } = &self.meta;
        json!({ "data": data, "meta": { "paginate": {
            "next_page": next, "prev_page": prev, "has_next": has_next, "has_prev": has_prev,
        } } })
    }

    /// Returns the answer of a searching method, which has a total and no other sign of the end.
    pub(super) fn search(&self, total: usize, show: impl Fn(&T) -> Value) -> Value {
        let data: Vec<Value> = self.records.iter().map(show).collect();
        json!({ "data": data, "meta": { "total": total, "paginate": { "next_page": self.meta.next } } })
    }
}

/// Returns the page of `records`, in any order, that the query asks for.
pub(super) fn turn<T>(
    params: Params<'_>,
    order: Order,
    records: Vec<(Key, T)>,
) -> Result<Page<T>, Failure> {
    turn_by(PAGE, params, order, records)
}

/// Returns the page that the query asks for, of a list whose pages have `most` records unless it says otherwise.
pub(super) fn turn_by<T>(
    most: usize,
    params: Params<'_>,
    order: Order,
    mut records: Vec<(Key, T)>,
) -> Result<Page<T>, Failure> {
    let limit = params.limit(most)?;
    let cursor = params.get("cursor").map(Cursor::read).transpose()?;
    records.sort_by_key(|(key, _)| *key);
    if order == Order::Descending {
        records.reverse();
    }
    let after = |key: Key, anchor: Key| match order {
        Order::Ascending => key > anchor,
        Order::Descending => key < anchor,
    };
    let before = |key: Key, anchor: Key| key != anchor && !after(key, anchor);
    Ok(match cursor {
        None => forward(records, None, limit),
        Some(Cursor { key, way }) => match way {
            Way::Next => {
                records.retain(|(k, _)| key.is_none_or(|anchor| after(*k, anchor)));
                forward(records, Some(key), limit)
            }
            Way::Prev => {
                records.retain(|(k, _)| key.is_none_or(|anchor| before(*k, anchor)));
                backward(records, key, limit)
            }
        },
    })
}

/// Returns the first page of what lies ahead; `anchor` is absent on a request without cursor.
fn forward<T>(mut ahead: Vec<(Key, T)>, anchor: Option<Option<Key>>, limit: usize) -> Page<T> {
    let has_next = ahead.len() > limit;
    ahead.truncate(limit);
    let fallback = anchor.flatten();
    let meta = Meta {
        next: Cursor::write(ahead.last().map(|(k, _)| *k).or(fallback), Way::Next),
        prev: Cursor::write(ahead.first().map(|(k, _)| *k).or(fallback), Way::Prev),
        has_next,
        has_prev: anchor.is_some(),
    };
    Page {
        records: ahead.into_iter().map(|(_, record)| record).collect(),
        meta,
    }
}

/// Returns the page nearest to the anchor of what lies behind it.
fn backward<T>(mut behind: Vec<(Key, T)>, anchor: Option<Key>, limit: usize) -> Page<T> {
    let has_prev = !behind.is_empty() && behind.len() >= limit;
    let nearest = behind.split_off(behind.len().saturating_sub(limit));
    let meta = Meta {
        next: Cursor::write(nearest.last().map(|(k, _)| *k).or(anchor), Way::Next),
        prev: Cursor::write(nearest.first().map(|(k, _)| *k).or(anchor), Way::Prev),
        has_next: nearest.is_empty() && anchor.is_some(),
        has_prev,
    };
    Page {
        records: nearest.into_iter().map(|(_, record)| record).collect(),
        meta,
    }
}
