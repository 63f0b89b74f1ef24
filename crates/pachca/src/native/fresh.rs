//! Whether something new is there of a thing whose name is not unique.

use std::collections::BTreeMap;

use kadry_core::Look;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The newest page of a list, as far as it shows whether something was made since.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Newest {
    /// The ids of those that are as the call wants them.
    pub(super) same: Vec<i64>,
    /// The newest id of all.
    pub(super) newest: Option<i64>,
    /// The oldest id of the page.
    pub(super) oldest: Option<i64>,
    /// Whether older ones follow.
    pub(super) more: bool,
    /// Whom the platform left out of those that are as the call wants them, where it left out somebody.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) without: BTreeMap<i64, Vec<String>>,
}

impl Newest {
    /// Returns what a page shows, which begins with the newest.
    pub(super) fn of(rows: &[Value], more: bool, is_same: impl Fn(&Value) -> bool) -> Self {
        let id = |row: &Value| row.get("id").and_then(Value::as_i64);
        Self {
            same: rows
                .iter()
                .filter(|row| is_same(row))
                .filter_map(id)
                .collect(),
            newest: rows.iter().filter_map(id).max(),
            oldest: rows.iter().filter_map(id).min(),
            more,
            without: BTreeMap::new(),
        }
    }
}

/// Returns the one that was made since, and whom the platform left out of it; none where several may be it.
pub(super) fn made(before: &Value, now: &Value) -> Option<(i64, Vec<String>)> {
    let newest = Newest::deserialize(before).ok()?.newest;
    let mut now = Newest::deserialize(now).ok()?;
    let is_new = |id: &&i64| newest.is_none_or(|newest| **id > newest);
    let mut new = now.same.iter().filter(is_new);
    let (id, None) = (*new.next()?, new.next()) else {
        return None;
    };
    Some((id, now.without.remove(&id).unwrap_or_default()))
}

/// Says whether one was made since. One that was not sent yet cannot be there, whatever looks like it.
pub(super) fn stands(before: Option<&Value>, now: &Value) -> Look {
    let Some(before) = before else {
        return Look::Absent;
    };
    let read = |value: &Value| Newest::deserialize(value).ok();
    let (Some(before), Some(now)) = (read(before), read(now)) else {
        return Look::CannotTell;
    };
    let is_new = |id: &&i64| before.newest.is_none_or(|newest| **id > newest);
    if now.same.iter().any(|id| is_new(&id)) {
        return Look::Found;
    }
    let is_whole = !now.more
        || before
            .newest
            .zip(now.oldest)
            .is_some_and(|(newest, oldest)| oldest <= newest);
    if is_whole {
        Look::Absent
    } else {
        Look::CannotTell
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(same: &[i64], newest: i64, oldest: i64, more: bool) -> Value {
        json!({"same": same, "newest": newest, "oldest": oldest, "more": more})
    }

    #[test]
    fn only_what_came_since_is_ours() {
        let before = page(&[7], 7, 1, false);
        assert_eq!(stands(Some(&before), &before), Look::Absent);
        assert_eq!(
            stands(Some(&before), &page(&[8, 7], 8, 1, false)),
            Look::Found
        );
        assert_eq!(stands(None, &page(&[8, 7], 8, 1, false)), Look::Absent);
        let empty = json!(Newest::default());
        assert_eq!(stands(Some(&empty), &page(&[1], 1, 1, false)), Look::Found);
    }

    #[test]
    fn a_page_that_does_not_reach_back_proves_nothing() {
        let before = page(&[], 7, 1, true);
        assert_eq!(
            stands(Some(&before), &page(&[], 90, 40, true)),
            Look::CannotTell
        );
        assert_eq!(stands(Some(&before), &page(&[], 50, 7, true)), Look::Absent);
        assert_eq!(stands(Some(&before), &Value::Null), Look::CannotTell);
    }

    #[test]
    fn a_page_is_boiled_down_to_its_ids() {
        let rows = [
            json!({"id": 9}),
            json!({"id": 7, "ours": true}),
            json!({"id": 4}),
        ];
        let newest = Newest::of(&rows, true, |row| row.get("ours").is_some());
        assert_eq!(json!(newest), page(&[7], 9, 4, true));
    }
}
