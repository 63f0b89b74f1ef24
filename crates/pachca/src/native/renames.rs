//! New names for chats, one by one or many by a pattern.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::{MutexGuard, PoisonError};

use kadry_core::{Cursor, Error, ErrorKind, NativeCall, Result, every_page};
use regex::Regex;
use serde_json::Value;

use super::chats::{AVAILABILITY, LIST, LONGEST, RENAME, without_members};
use super::check::wrong;
use crate::Pachca;

/// What is found in a name, and what stands there instead.
#[derive(Debug)]
pub(super) struct Renaming {
    pattern: Regex,
    to: String,
}

impl Renaming {
    /// Returns a renaming.
    ///
    /// # Errors
    ///
    /// `Invalid` for a pattern that cannot be read, and for a group that it does not have: the expression would put nothing there.
    pub(super) fn new(pattern: &str, to: &str) -> Result<Self> {
        let unreadable = |fault: regex::Error| {
            wrong("the pattern is no regular expression", "pattern").from_source(fault)
        };
        let pattern = Regex::new(pattern).map_err(unreadable)?;
        if let Some(group) = unknown_group(&pattern, to)? {
            let message = "the new name asks for a group that the pattern does not have";
            return Err(wrong(message, "to").with("group", group));
        }
        Ok(Self {
            pattern,
            to: to.to_owned(),
        })
    }

    /// Returns the new name; none where the pattern does not fit.
    pub(super) fn of(&self, name: &str) -> Option<String> {
        let fits = self.pattern.is_match(name);
        fits.then(|| self.pattern.replace_all(name, &self.to).trim().to_owned())
    }
}

/// What a call to rename asks for.
#[derive(Debug)]
pub(super) enum Asked {
    /// One chat gets the name that is given.
    One,
    /// Every chat that a pattern fits gets a name made of its own.
    Fitting(Renaming),
}

impl Asked {
    /// Returns what is asked for.
    ///
    /// # Errors
    ///
    /// `Invalid` for arguments that do not go together, and those of [`Renaming::new`].
    pub(super) fn of(call: &NativeCall) -> Result<Self> {
        match (call.one("name"), call.one("pattern"), call.one("to")) {
            (Some(_), None, None)
                if call.all("id").len() == 1 && call.one(AVAILABILITY.name).is_none() =>
            {
                Ok(Self::One)
            }
            (None, Some(pattern), Some(to)) => Renaming::new(pattern, to).map(Self::Fitting),
            (_, pattern, _) => {
                let message = "a chat is renamed with --id and --name, or many of them with --pattern and --to";
                let name = if pattern.is_some() { "pattern" } else { "name" };
                Err(wrong(message, name))
            }
        }
    }
}

impl Pachca {
    /// Returns the single renames of a call: the one that it says, or one for each chat that its pattern fits.
    pub(super) async fn resolve_renames(&self, call: &NativeCall) -> Result<Vec<NativeCall>> {
        let renaming = match Asked::of(call)? {
            Asked::One => return Ok(vec![call.clone()]),
            Asked::Fitting(renaming) => renaming,
        };
        let mut list = NativeCall::new("chats list").with("personal", "false");
        if let Some(availability) = call.one(AVAILABILITY.name) {
            list = list.with(AVAILABILITY.name, availability);
        }
        let list = &list;
        let page =
            |from: Option<Cursor>| async move { self.turn(&LIST, list, from.as_ref()).await };
        let (mut renames, mut fault, mut fitting) = (Vec::new(), None, BTreeSet::new());
        let mut seen = Vec::new();
        every_page(page, |chats| {
            for chat in chats {
                match renamed(&renaming, call.all("id"), &chat) {
                    Ok(None) => {}
                    // Pages may slip, so a chat can come a second time.
                    Ok(Some(rename)) => {
                        let is_new = fitting.insert(rename.one("id").map(str::to_owned));
                        if is_new && rename.one("name") != name_of(&chat) {
                            renames.push(rename);
                            seen.push(without_members(chat));
                        }
                    }
                    Err(wrong) => fault = fault.take().or(Some(wrong)),
                }
            }
        })
        .await?;
        *self.just_listed() = seen;
        match fault {
            Some(fault) => Err(fault),
            None if fitting.is_empty() => {
                let message = "the pattern fits the name of no chat";
                Err(Error::new(ErrorKind::NotFound, message))
            }
            None => Ok(renames),
        }
    }
}

impl Pachca {
    fn just_listed(&self) -> MutexGuard<'_, Vec<Value>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the chats that many renames are about, from the list that they were found on or from a new one: a request for each of
    /// thousands would take longer than anybody waits. None for a few, and for other changes.
    pub(super) async fn look_at_renames(&self, calls: &[NativeCall]) -> Result<Option<Vec<Value>>> {
        let is_rename = |call: &NativeCall| call.operation == RENAME.name();
        if calls.len() < MANY || !calls.iter().all(is_rename) {
            return Ok(None);
        }
        let mut known = Known::default();
        known.add(mem::take(&mut *self.just_listed()));
        if !calls.iter().all(|call| known.has(call)) {
            known = Known::default();
            let own = NativeCall::new("chats list").with("personal", "false");
            let open = NativeCall::new("chats list").with(AVAILABILITY.name, "public");
            for list in [&own, &open] {
                if calls.iter().all(|call| known.has(call)) {
                    break;
                }
                let page = |from: Option<Cursor>| async move {
                    self.turn(&LIST, list, from.as_ref()).await
                };
                every_page(page, |chats| known.add(chats)).await?;
            }
        }
        let mut looks = Vec::with_capacity(calls.len());
        for call in calls {
            looks.push(match known.of(call) {
                Some(chat) => chat.clone(),
                // It was archived since, or is closed to us.
                None => self.look_at_chat(RENAME.verb, call).await?,
            });
        }
        Ok(Some(looks))
    }
}

/// From how many renames on the chats are read as a list: so many requests are as many as its pages where there are a thousand.
const MANY: usize = 20;

/// Chats by id.
#[derive(Debug, Default)]
struct Known(BTreeMap<i64, Value>);

impl Known {
    fn add(&mut self, chats: Vec<Value>) {
        for chat in chats {
            if let Some(id) = chat.get("id").and_then(Value::as_i64) {
                self.0.insert(id, without_members(chat));
            }
        }
    }

    fn of(&self, call: &NativeCall) -> Option<&Value> {
        self.0.get(&call.one("id")?.parse().ok()?)
    }

    fn has(&self, call: &NativeCall) -> bool {
        self.of(call).is_some()
    }
}

fn name_of(chat: &Value) -> Option<&str> {
    chat.get("name").and_then(Value::as_str)
}

/// Returns the rename of a chat that is meant and that the pattern fits.
fn renamed(renaming: &Renaming, only: &[String], chat: &Value) -> Result<Option<NativeCall>> {
    let id = chat
        .get("id")
        .and_then(Value::as_i64)
        .map(|id| id.to_string());
    let name = name_of(chat);
    let is_active = chat.get("archived").and_then(Value::as_bool) != Some(true);
    let (Some(id), Some(name), true) = (id, name, is_active) else {
        return Ok(None);
    };
    if !only.is_empty() && !only.contains(&id) {
        return Ok(None);
    }
    let Some(new) = renaming.of(name) else {
        return Ok(None);
    };
    if new.is_empty() || new.chars().count() > LONGEST {
        let message = "a chat would be left without a name, or with one that is too long";
        return Err(Error::new(ErrorKind::Invalid, message).with("chat.id", id));
    }
    let rename = NativeCall::new("chats rename")
        .with("id", id)
        .with("name", &new);
    Ok(Some(rename))
}

/// Returns a group that the new name asks for and the pattern does not have.
fn unknown_group(pattern: &Regex, to: &str) -> Result<Option<String>> {
    let asked = Regex::new(r"\$(?:(?<escaped>\$)|\{(?<braced>[^}]*)\}|(?<bare>[0-9A-Za-z_]+))")
        .map_err(|fault| {
            Error::new(ErrorKind::Unsupported, "groups cannot be read").from_source(fault)
        })?;
    let mut groups = asked
        .captures_iter(to)
        .filter_map(|found| found.name("braced").or_else(|| found.name("bare")))
        .map(|group| group.as_str().to_owned());
    let is_known = |group: &String| match group.parse::<usize>() {
        Ok(number) => number < pattern.captures_len(),
        Err(_) => pattern.capture_names().flatten().any(|name| name == group),
    };
    Ok(groups.find(|group| !is_known(group)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use serde_json::json;

    use super::*;

    fn new_name(pattern: &str, to: &str, name: &str) -> Option<String> {
        Renaming::new(pattern, to).unwrap().of(name)
    }

    #[test]
    fn groups_of_the_pattern_stand_in_the_new_name() {
        let new = |name: &str| Some(name.to_owned());
        assert_eq!(
            new_name("^(?:Заказчик|ЗАК) (.+)$", "Клиент $1", "Заказчик Ромашка"),
            new("Клиент Ромашка")
        );
        assert_eq!(
            new_name("^(?<who>.+) 2025$", "${who}_2026", "Ромашка 2025"),
            new("Ромашка_2026")
        );
        assert_eq!(
            new_name(" *\\(старый\\)", "", "Отдел (старый)"),
            new("Отдел")
        );
        assert_eq!(new_name("^", "$$1 ", "Цена"), new("$1 Цена"));
        assert_eq!(new_name("^Заказчик", "Клиент", "Общий"), None);
    }

    #[test]
    fn a_group_that_is_not_there_and_a_broken_pattern_are_refused() {
        for (pattern, to) in [
            ("(", ""),
            ("a", "$1"),
            ("(a)", "$1b"),
            ("(a)", "${2}"),
            ("(a)", "$name"),
            ("(a)", "${}"),
        ] {
            let fault = Renaming::new(pattern, to).unwrap_err();
            assert_eq!(fault.kind(), ErrorKind::Invalid, "{pattern} {to}");
        }
    }

    #[test]
    fn only_active_chats_that_are_meant_and_fit_are_renamed() {
        let renaming = Renaming::new("^Заказчик (.*)$", "Клиент $1").unwrap();
        let chat = |name: &str| json!({"id": 5, "name": name, "archived": false});
        let rename = |name: &str| {
            Some(
                NativeCall::new("chats rename")
                    .with("id", "5")
                    .with("name", name),
            )
        };
        let ours = chat("Заказчик Ромашка");
        assert_eq!(
            renamed(&renaming, &[], &ours).unwrap(),
            rename("Клиент Ромашка")
        );
        let five = ["5".to_owned()];
        assert_eq!(
            renamed(&renaming, &five, &ours).unwrap(),
            rename("Клиент Ромашка")
        );
        let six = ["6".to_owned()];
        assert_eq!(renamed(&renaming, &six, &ours).unwrap(), None);
        assert_eq!(renamed(&renaming, &[], &chat("Общий")).unwrap(), None);
        let archived = json!({"id": 5, "name": "Заказчик Ромашка", "archived": true});
        assert_eq!(renamed(&renaming, &[], &archived).unwrap(), None);
        let nothing = Renaming::new(".*", "").unwrap();
        assert!(renamed(&nothing, &[], &ours).is_err());
    }
}
