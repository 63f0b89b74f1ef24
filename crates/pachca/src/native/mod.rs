//! What only this platform has, as a table, and how each row of it is read, made, looked at and taken back.
//!
//! A row says most of it: its endpoint, and its arguments under the vendor's own names. What an argument is not in the path goes into
//! the query of a reading request and of a deletion, and into the body of any other change.

mod avatars;
mod chats;
mod check;
mod concerned;
mod endpoints;
mod fresh;
mod made;
mod members;
mod messages;
mod names;
mod nouns;
mod profile;
mod properties;
mod reactions;
mod renames;
mod row;
mod send;
mod statuses;
mod tags;
#[cfg(test)]
mod tests;
mod typed;
mod users;

use std::collections::BTreeMap;

use async_trait::async_trait;
use kadry_core::{
    Back, Cursor, Does, Effect, EmployeeRef, Error, ErrorKind, Look, Native, NativeCall, Operation,
    Page, Rest, Result, fold,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::endpoints::ENDPOINTS;
pub use self::nouns::NOUNS;
pub use self::typed::check;
use crate::Pachca;
use crate::calls::foreign_cursor;

/// The operations that only this platform has.
pub static OPERATIONS: &[Operation] = &[
    users::LIST,
    users::SHOW,
    users::FIND,
    users::SEARCH,
    tags::LIST,
    tags::SHOW,
    tags::USERS,
    tags::CREATE,
    tags::RENAME,
    tags::DELETE,
    chats::LIST,
    chats::SEARCH,
    chats::SHOW,
    chats::CREATE,
    chats::RENAME,
    chats::ARCHIVE,
    chats::UNARCHIVE,
    members::LIST,
    members::ADD,
    members::REMOVE,
    members::SET_ROLE,
    members::ADD_TAGS,
    members::REMOVE_TAGS,
    messages::LIST,
    messages::SHOW,
    messages::SEARCH,
    messages::SEND,
    reactions::LIST,
    reactions::ADD,
    reactions::REMOVE,
    statuses::SHOW,
    statuses::SET,
    statuses::CLEAR,
    avatars::SET,
    avatars::DELETE,
    profile::SHOW,
    profile::STATUS,
    profile::SET_STATUS,
    profile::CLEAR_STATUS,
    profile::SET_AVATAR,
    profile::DELETE_AVATAR,
    properties::LIST,
];

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Tag,
    Chat,
    Member,
    Message,
    Reaction,
    Status,
    Avatar,
}

impl Topic {
    /// Returns what a row changes.
    ///
    /// # Errors
    ///
    /// `Unsupported` for one that changes nothing.
    fn of(row: &Operation) -> Result<Self> {
        let topic = match (row.noun, row.verb) {
            _ if !row.writes() => None,
            ("tags", _) => Some(Self::Tag),
            ("chats", _) => Some(Self::Chat),
            ("members", _) => Some(Self::Member),
            ("messages", _) => Some(Self::Message),
            ("reactions", _) => Some(Self::Reaction),
            ("status", _) | ("profile", "set-status" | "clear-status") => Some(Self::Status),
            ("avatar", _) | ("profile", "set-avatar" | "delete-avatar") => Some(Self::Avatar),
            _ => None,
        };
        topic.ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "the operation changes nothing")
                .with("operation", row.name())
        })
    }
}

/// Where a list goes on, and the call with its names as ids, so that no page looks for them again.
#[derive(Debug, Deserialize, Serialize)]
struct Place {
    at: String,
    arguments: BTreeMap<String, Vec<String>>,
}

impl Place {
    fn read(cursor: &Cursor) -> Result<Self> {
        serde_json::from_str(cursor.as_str()).map_err(|_| foreign_cursor())
    }

    fn write(at: &Cursor, call: &NativeCall) -> Result<Cursor> {
        let place = Self {
            at: at.as_str().to_owned(),
            arguments: call.arguments.clone(),
        };
        let lost = |fault| {
            let message = "the place in the list cannot be written down";
            Error::new(ErrorKind::Protocol, message).from_source(fault)
        };
        Ok(Cursor::new(serde_json::to_string(&place).map_err(lost)?))
    }
}

/// Returns one call for each value of an argument, which is given several times.
fn single(call: &NativeCall, name: &str) -> Vec<NativeCall> {
    let values = call.all(name);
    if values.is_empty() {
        return vec![call.clone()];
    }
    let mut calls: Vec<NativeCall> = Vec::new();
    for value in values {
        let mut one = call.clone();
        one.arguments
            .insert(name.to_owned(), vec![value.to_owned()]);
        if !calls.contains(&one) {
            calls.push(one);
        }
    }
    calls
}

impl Pachca {
    /// Returns one page of a list, of which the names in the call are ids.
    async fn listed(
        &self,
        row: &Operation,
        call: &NativeCall,
        from: Option<&Cursor>,
    ) -> Result<Page<Value>> {
        if *row != users::FIND {
            return self.turn(row, call, from).await;
        }
        let (sought, list) = users::Sought::of(call)?;
        let mut page = self.turn(&users::LIST, &list, from).await?;
        page.items.retain(|user| sought.fits(user));
        Ok(page)
    }
}

#[async_trait]
impl Native for Pachca {
    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    async fn read(&self, call: &NativeCall, from: Option<&Cursor>) -> Result<Page<Value>> {
        let row = row::of(call)?;
        let place = from.map(Place::read).transpose()?;
        let (at, call) = match place {
            None => (None, self.named(row, &check::checked(row, call)?).await?),
            Some(place) => {
                let call = NativeCall {
                    operation: call.operation.clone(),
                    arguments: place.arguments,
                };
                (Some(Cursor::new(place.at)), call)
            }
        };
        let missing = |error| names::missing(row, &call, error);
        match row.does {
            Does::Lists { .. } => {
                let page = self.listed(row, &call, at.as_ref()).await;
                let page = page.map_err(missing)?;
                let next = page.next.map(|next| Place::write(&next, &call));
                Ok(Page {
                    items: page.items,
                    next: next.transpose()?,
                })
            }
            Does::Shows => {
                let shown = self.shown(&send::path(row, &call)?).await;
                let shown = shown.map_err(missing)?;
                let rows = if shown.is_null() {
                    Vec::new()
                } else {
                    vec![shown]
                };
                Ok(Page::last(rows))
            }
            Does::Writes { .. } => {
                let message = "the operation changes something";
                Err(Error::new(ErrorKind::Unsupported, message).with("operation", row.name()))
            }
        }
    }

    async fn resolve(&self, call: &NativeCall) -> Result<Vec<NativeCall>> {
        let row = row::of(call)?;
        let topic = Topic::of(row)?;
        let call = self.named(row, &check::checked(row, call)?).await?;
        match topic {
            Topic::Tag => tags::resolve(row.verb, &call),
            Topic::Chat => self.resolve_chats(row.verb, &call).await,
            Topic::Member => Ok(members::resolve(row.verb, &call)),
            Topic::Message => messages::resolve(&call),
            Topic::Reaction => reactions::resolve(&call),
            Topic::Status => {
                statuses::refuse_past(&call, self.api.line.now_ms())?;
                statuses::resolve(&call)
            }
            Topic::Avatar => avatars::resolve(&call).await,
        }
    }

    async fn look(&self, call: &NativeCall) -> Result<Value> {
        let row = row::of(call)?;
        match Topic::of(row)? {
            Topic::Tag => self.look_at_tag(row.verb, call).await,
            Topic::Chat => self.look_at_chat(row.verb, call).await,
            Topic::Member => self.look_at_member(row.verb, call).await,
            Topic::Message => {
                let look = self.look_at_message(call).await;
                look.map_err(|error| names::missing(row, call, error))
            }
            Topic::Reaction => self.look_at_reaction(call).await,
            Topic::Status => self.look_at_status(call).await,
            Topic::Avatar => self.look_at_avatar(call).await,
        }
    }

    fn thing(&self, call: &NativeCall) -> String {
        thing(call)
    }

    async fn concerns(&self, call: &NativeCall) -> Result<Vec<EmployeeRef>> {
        let row = row::of(call)?;
        match (row.noun, row.verb) {
            ("tags", "delete") => self.people_of_tags(call.all("id")).await,
            ("members", "add-tags") => self.people_of_tags(call.all("group_tag_ids")).await,
            ("members", "remove-tags") => self.people_of_tags(call.all("tag_id")).await,
            ("chats", "create") => self.people_of_new_chat(call).await,
            ("chats", "archive") => self.guests_in(check::id(call, "id")?).await,
            _ => Ok(Vec::new()),
        }
    }

    fn stands(&self, call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
        stands(call, before, now)
    }

    async fn write(&self, call: &NativeCall) -> Result<Value> {
        let row = row::of(call)?;
        let topic = Topic::of(row)?;
        let call = &check::checked(row, call)?;
        check::one_change(row, call)?;
        let mut request = send::change(row, call)?;
        if call.one("image").is_some() {
            request = avatars::with_image(request, call).await?;
        }
        self.api.ahead.forget();
        let answer = self.put(row, request, call).await?;
        let tells = match topic {
            Topic::Tag | Topic::Status => !answer.is_null(),
            Topic::Chat => row.verb == "rename",
            Topic::Member | Topic::Message | Topic::Reaction | Topic::Avatar => false,
        };
        if tells && stands(call, None, &answer) != Look::Found {
            let message = "the platform did not store what was sent";
            return Err(Error::new(ErrorKind::Protocol, message)
                .with_effect(Effect::Applied)
                .with("operation", &call.operation));
        }
        Ok(answer)
    }

    fn back(&self, call: &NativeCall, before: &Value, after: &Value) -> Back {
        back(call, before, after)
    }

    fn refuses(&self, call: &NativeCall, now: &Value) -> Option<Error> {
        let row = row::of(call).ok()?;
        let id = call.one("id").unwrap_or_default();
        let is_missing = now.is_null() && row.verb != "create";
        match Topic::of(row).ok()? {
            Topic::Tag => is_missing.then(|| names::TAG.none(id, [])),
            Topic::Chat => is_missing.then(|| names::CHAT.none(id, [])),
            Topic::Member => members::refuses(row.verb, call, now),
            Topic::Message | Topic::Reaction | Topic::Status | Topic::Avatar => None,
        }
    }

    fn rest(&self, call: &NativeCall, before: &Value, after: &Value) -> Option<Rest> {
        (call.operation == chats::CREATE.name())
            .then(|| made::rest(call, before, after))
            .flatten()
    }

    async fn look_at_all(&self, calls: &[NativeCall]) -> Result<Option<Vec<Value>>> {
        self.look_at_renames(calls).await
    }
}

/// Returns what a single change is about. What changes who is in a chat is about the chat; names of tags are one whatever their case.
fn thing(call: &NativeCall) -> String {
    let parts = call.operation.split_once(' ').unwrap_or_default();
    match (parts, call.one("id"), call.one("name")) {
        (("tags", "create"), _, Some(name)) => format!("tag named {}", fold(name)),
        (("tags", _), Some(id), _) => format!("tag {id}"),
        (("chats" | "members", _), Some(id), _) => format!("chat {id}"),
        (("reactions", _), Some(id), _) => format!("message {id}"),
        (("profile", "set-status" | "clear-status"), ..) => "own status".to_owned(),
        (("profile", "set-avatar" | "delete-avatar"), ..) => "own avatar".to_owned(),
        _ => call.to_string(),
    }
}

/// Says whether what a single change leads to is there.
fn stands(call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
    let Ok(row) = row::of(call) else {
        return Look::CannotTell;
    };
    match Topic::of(row) {
        Ok(Topic::Tag) => tags::stands(row.verb, call, now),
        Ok(Topic::Chat) => chats::stands(row.verb, call, before, now),
        Ok(Topic::Member) => members::stands(row.verb, call, now),
        Ok(Topic::Message) => fresh::stands(before, now),
        Ok(Topic::Reaction) => reactions::stands(row.verb, now),
        Ok(Topic::Status) => statuses::stands(call, now),
        Ok(Topic::Avatar) => avatars::stands(call, before, now),
        Err(_) => Look::CannotTell,
    }
}

/// Returns what takes a single change back.
fn back(call: &NativeCall, before: &Value, after: &Value) -> Back {
    let Ok(row) = row::of(call) else {
        return Back::default();
    };
    match Topic::of(row) {
        Ok(Topic::Tag) => tags::back(row.verb, call, before, after).into(),
        Ok(Topic::Chat) => chats::back(row.verb, call, before, after),
        Ok(Topic::Member) => members::back(row.verb, call, before),
        Ok(Topic::Reaction) => reactions::back(row.verb, call, before).into(),
        Ok(Topic::Status) => statuses::back(call, before, after),
        Ok(Topic::Avatar) => avatars::back(call, before).into(),
        // A message that was sent has been read.
        Ok(Topic::Message) | Err(_) => Back::default(),
    }
}
