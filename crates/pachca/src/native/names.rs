//! Names that people type, turned into the ids that the platform takes.

use std::collections::BTreeMap;

use futures::future::{try_join, try_join_all};
use kadry_core::{
    Email, Error, ErrorKind, MatchKey, NativeCall, Operation, Parameter, Result, Thing, every,
    fold, seek,
};
use serde_json::Value;

use super::row::{self, Names};
use super::{chats, tags};
use crate::Pachca;

pub(super) const TAG: Thing<'static> = Thing {
    kind: "tag",
    list: "pachca tags list --all",
};
pub(super) const CHAT: Thing<'static> = Thing {
    kind: "chat",
    list: "pachca chats list --all",
};

/// Says of an answer that nothing is there which tag or chat was asked for.
pub(super) fn missing(row: &Operation, call: &NativeCall, error: Error) -> Error {
    if error.kind() != ErrorKind::NotFound {
        return error;
    }
    let mut asked = row.parameters.iter().filter_map(|parameter| {
        let thing = match row::names(row, parameter, call) {
            Names::Tag => TAG,
            Names::Chat => CHAT,
            Names::Person | Names::Nothing => return None,
        };
        Some(thing.none(call.one(parameter.name)?, []))
    });
    match (asked.next(), asked.next()) {
        (Some(told), None) => told.from_source(error),
        (None, _) | (Some(_), Some(_)) => error,
    }
}

/// A chat that a name may mean.
#[derive(Debug)]
struct Named {
    name: String,
    archived: bool,
}

/// All chats that can be named, by id.
type Shelf = BTreeMap<i64, Named>;

impl Pachca {
    /// Returns the call with an id wherever somebody or something is named; of the same id given twice one stays.
    pub(super) async fn named(&self, row: &Operation, call: &NativeCall) -> Result<NativeCall> {
        let mut named = NativeCall::new(&call.operation);
        let mut shelf = None;
        for parameter in row.parameters {
            let texts = call.all(parameter.name);
            let kind = row::names(row, parameter, call);
            if kind == Names::Chat && shelf.is_none() && !texts.iter().all(|text| is_id(text)) {
                shelf = Some(self.shelf().await?);
            }
            let archived = row.verb == "unarchive";
            let values = texts.iter().map(|text| {
                let shelf = shelf.as_ref();
                async move {
                    match (kind, shelf) {
                        (Names::Person, _) if !is_id(text) => self.person(parameter, text).await,
                        (Names::Tag, _) if !is_id(text) => self.tag(text).await,
                        (Names::Tag, _) if row.writes() && row.noun != "tags" => {
                            self.known_tag(text).await
                        }
                        (Names::Chat, Some(shelf)) if !is_id(text) => chat(text, shelf, archived),
                        _ => Ok(text.clone()),
                    }
                }
            });
            for value in try_join_all(values).await? {
                if !named.all(parameter.name).contains(&value) {
                    named = named.with(parameter.name, value);
                }
            }
        }
        Ok(named)
    }

    async fn person(&self, parameter: &Parameter, text: &str) -> Result<String> {
        let email = Email::parse(text).map_err(|_| {
            let message = "somebody is named neither by id nor by e-mail";
            Error::new(ErrorKind::Invalid, message).with("argument", parameter.name)
        })?;
        let sighting = seek(self, &[MatchKey::Email(email)]).await?;
        let mut ids = sighting.matches.iter().map(|found| found.at.id.to_string());
        let wrong =
            |kind, message: &str| Error::new(kind, message).with("argument", parameter.name);
        match (ids.next(), ids.next()) {
            (Some(id), None) => Ok(id),
            (None, _) => Err(wrong(ErrorKind::NotFound, "nobody has this e-mail")),
            (Some(one), Some(other)) => {
                let message = "several people have this e-mail; say which one by the id";
                let ids = [one, other].into_iter().chain(ids);
                let ids = ids.collect::<Vec<_>>().join(", ");
                Err(wrong(ErrorKind::Conflict, message).with("ids", ids))
            }
        }
    }

    async fn tag(&self, text: &str) -> Result<String> {
        let mut found = self.tags_named(text).await?;
        if found.is_empty() {
            // Nothing says that the filter ignores case. https://dev.pachca.com/api/group-tags/list Checked 2026-11.
            let list = &NativeCall::new("tags list");
            let all =
                every(|from| async move { self.turn(&tags::LIST, list, from.as_ref()).await });
            found = all.await?;
        }
        let same = |tag: &&Value| {
            let name = tag.get("name").and_then(Value::as_str);
            name.is_some_and(|name| fold(name) == fold(text))
        };
        let names = found.iter().filter_map(|tag| tag.get("name")?.as_str());
        only(TAG, text, found.iter().filter(same).filter_map(id), names)
    }

    /// Sees to it that a tag is there that a change names by its id: where one is only tied or untied, no look shows it.
    async fn known_tag(&self, id: &str) -> Result<String> {
        let tag = self.there(&format!("/group_tags/{id}")).await?;
        if tag.is_null() {
            return Err(TAG.none(id, []));
        }
        Ok(id.to_owned())
    }

    /// Returns every chat that can be named: the own ones and the open ones, archived ones included. No list shows both.
    async fn shelf(&self) -> Result<Shelf> {
        let list = NativeCall::new("chats list").with("archived", "true");
        let own = &list.clone().with("personal", "false");
        let open = &list.with("availability", "public");
        let all = |list| {
            every(move |from| async move { self.turn(&chats::LIST, list, from.as_ref()).await })
        };
        let (own, open) = try_join(all(own), all(open)).await?;
        let named = |chat: Value| {
            let text = |name: &str| chat.get(name).and_then(Value::as_str);
            let named = Named {
                name: text("name")?.to_owned(),
                archived: chat.get("archived") == Some(&Value::Bool(true)),
            };
            Some((id(&chat)?, named))
        };
        Ok(own.into_iter().chain(open).filter_map(named).collect())
    }
}

pub(super) fn is_id(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|id| id > 0)
}

fn id(row: &Value) -> Option<i64> {
    row.get("id").and_then(Value::as_i64)
}

/// Returns the chat with a name. One in the archive counts where no other one bears it, or where archived ones are what is asked for.
fn chat(text: &str, shelf: &Shelf, archived: bool) -> Result<String> {
    let name = fold(text);
    let bearing = |archived: bool| {
        let chats = shelf.iter();
        let chats = chats.filter(|(_, chat)| chat.archived == archived && fold(&chat.name) == name);
        chats.map(|(id, _)| *id).collect::<Vec<_>>()
    };
    let mut ids = bearing(archived);
    if ids.is_empty() {
        ids = bearing(!archived);
    }
    let names = shelf.values().map(|chat| chat.name.as_str());
    only(CHAT, text, ids, names)
}

/// Returns the one id that was found.
fn only<'a>(
    thing: Thing<'_>,
    typed: &str,
    ids: impl IntoIterator<Item = i64>,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<String> {
    let ids: Vec<i64> = ids.into_iter().collect();
    match ids.as_slice() {
        [id] => Ok(id.to_string()),
        [] => Err(thing.none(typed, names)),
        several => Err(thing.several(typed, several)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_chat_and_archived_ones_only_where_no_other_is_meant() {
        let named = |id, name: &str, archived| {
            let name = name.to_owned();
            (id, Named { name, archived })
        };
        let shelf: Shelf = [
            named(1, "Общий", false),
            named(2, "общий", true),
            named(3, "старый", true),
            named(4, "два", false),
            named(5, "два", false),
        ]
        .into();
        let of = |text: &str, archived| chat(text, &shelf, archived);
        assert_eq!(of(" ОБЩИЙ", false).unwrap(), "1");
        assert_eq!(of("общий", true).unwrap(), "2");
        assert_eq!(of("Старый", false).unwrap(), "3");
        let none = of("Стары", false).unwrap_err();
        assert_eq!(none.kind(), ErrorKind::NotFound);
        assert!(none.context().contains(&("near", "старый".to_owned())));
        let several = of("Два", false).unwrap_err();
        assert_eq!(several.kind(), ErrorKind::Conflict);
        assert!(several.context().contains(&("ids", "4, 5".to_owned())));
    }
}
