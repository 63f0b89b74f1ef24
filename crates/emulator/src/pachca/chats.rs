//! Chats: list and read.

use http::StatusCode;

use crate::pachca::answer::{Answered, Failure, answer, data};
use crate::pachca::ask::Ask;
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{Chat, Workspace};

pub(super) fn list(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&[
        "availability",
        "archived",
        "personal",
        "last_message_at_after",
        "last_message_at_before",
        "sort",
        "order",
        "limit",
        "cursor",
    ])?;
    let public = params.one_of("availability", &["is_member", "public"])? == 1;
    let archived = params.flag("archived")?.unwrap_or_default();
    let personal = params.flag("personal")?;
    let after = params.moment("last_message_at_after")?;
    let before = params.moment("last_message_at_before")?;
    let by_message = params.one_of("sort", &["id", "last_message_at"])? == 1;
    let order = match params.one_of("order", &["desc", "asc"])? {
        0 => Order::Descending,
        _ => Order::Ascending,
    };
    let me = workspace.me();
    let chats = workspace
        .chats
        .values()
        .filter(|chat| {
            let mine = chat.members.contains_key(&me);
            (if public { chat.public } else { mine })
                && (archived || !chat.archived)
                && personal.is_none_or(|personal| chat.personal == personal)
                && after.is_none_or(|after| chat.last_message_ms > after)
                && before.is_none_or(|before| chat.last_message_ms < before)
        })
        .map(|chat| {
            let key = if by_message {
                Key::by(chat.last_message_ms, chat.id)
            } else {
                Key::of(chat.id)
            };
            (key, chat)
        })
        .collect();
    let page = page::turn(params, order, chats)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|chat| workspace.show_chat(chat)),
    ))
}

pub(super) fn show(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let chat = workspace.readable_chat(ask.id("id")?)?;
    Ok(data(StatusCode::OK, &workspace.show_chat(chat)))
}

impl Workspace {
    /// Returns a chat that exists.
    pub(super) fn chat(&self, chat_id: i64) -> Result<&Chat, Failure> {
        self.chats.get(&chat_id).ok_or_else(Failure::not_found)
    }

    /// Returns a chat that the token's owner can read; one that is closed to them is forbidden, not missing.
    pub(super) fn readable_chat(&self, chat_id: i64) -> Result<&Chat, Failure> {
        let chat = self.chat(chat_id)?;
        if chat.public || chat.members.contains_key(&self.me()) {
            Ok(chat)
        } else {
            Err(Failure::not_authorized("Chat", chat_id, "show?"))
        }
    }

    /// Checks that members and tags of a chat can be changed at all.
    pub(super) fn check_changeable(&self, chat: &Chat, query: &str) -> Result<(), Failure> {
        if chat.personal {
            return Err(Failure::unprocessable(
                "base",
                chat.id.to_string(),
                "personal_chat",
            ));
        }
        if chat.archived {
            return Err(Failure::not_authorized("Chat", chat.id, query));
        }
        Ok(())
    }
}
