//! One message that was sent: read, edit, delete, pin, and who has read it.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, answer, data, no_content};
use crate::pachca::ask::Ask;
use crate::pachca::messages::{buttons, check_options};
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{ChatRole, Message, Workspace};

/// The most people on a page of readers.
const READERS: usize = 300;

pub(super) fn show(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let message = workspace.readable_message(ask.id("id")?)?;
    Ok(data(StatusCode::OK, &workspace.show_message(message)))
}

pub(super) fn edit(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let message_id = ask.id("id")?;
    let message = workspace.readable_message(message_id)?;
    let archived = workspace.chat(message.chat_id)?.archived;
    // Only one's own. Whether a message of an archived chat can be edited is not documented; like sending, it cannot.
    if message.user_id != workspace.me() || message.deleted_ms.is_some() || archived {
        return Err(Failure::not_authorized("Message", message_id, "update?"));
    }
    let mut body = ask.body(&["message"])?;
    let known = [
        "content",
        "files",
        "buttons",
        "display_name",
        "display_avatar_url",
    ];
    let fields = body.inside("message", &known)?;
    let content = fields.text("content", usize::MAX)?;
    if let Some(content) = content.as_deref().filter(|text| text.trim().is_empty()) {
        return Err(Failure::unprocessable("content", content, "blank"));
    }
    check_options(&fields)?;
    let buttons = buttons(&fields)?;
    let now_ms = workspace.now_ms();
    if let Some(message) = workspace.messages.get_mut(&message_id) {
        message.content = content.unwrap_or_else(|| message.content.clone());
        message.buttons = buttons.unwrap_or_else(|| message.buttons.clone());
        message.changed_ms = Some(now_ms);
    }
    let message = workspace.readable_message(message_id)?;
    Ok(data(StatusCode::OK, &workspace.show_message(message)))
}

/// Deletes a message. It is still shown by its id, without content; doing it again is as good.
pub(super) fn delete(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let message_id = ask.id("id")?;
    let message = workspace.readable_message(message_id)?;
    let chat = workspace.chat(message.chat_id)?;
    let me = workspace.me();
    let role = workspace.chat_role(chat.id, me);
    // In a direct chat both are editors.
    let edits = chat.personal || !matches!(role, Some(ChatRole::Member) | None);
    if message.user_id != me && !edits {
        return Err(Failure::not_authorized("Message", message_id, "destroy?"));
    }
    let (chat_id, now_ms) = (chat.id, workspace.now_ms());
    if let Some(message) = workspace.messages.get_mut(&message_id) {
        message.deleted_ms = message.deleted_ms.or(Some(now_ms));
        message.content.clear();
        message.buttons = Value::Null;
        message.reactions.clear();
    }
    if let Some(chat) = workspace.chats.get_mut(&chat_id) {
        chat.pinned.remove(&message_id);
    }
    Ok(no_content())
}

pub(super) fn pin(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let (chat_id, message_id) = may_pin(workspace, ask)?;
    let message = workspace.readable_message(message_id)?;
    let wrong = if message.deleted_ms.is_some() {
        Some("message_deleted")
    } else {
        let chat = workspace.chat(chat_id)?;
        chat.thread.map(|_| "thread_message")
    };
    if let Some(code) = wrong {
        return Err(Failure::unprocessable("base", Value::Null, code));
    }
    if let Some(chat) = workspace.chats.get_mut(&chat_id) {
        chat.pinned.insert(message_id);
    }
    Ok(no_content())
}

pub(super) fn unpin(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let (chat_id, message_id) = may_pin(workspace, ask)?;
    let chat = workspace.chats.get_mut(&chat_id);
    if chat.is_some_and(|chat| chat.pinned.remove(&message_id)) {
        Ok(no_content())
    } else {
        Err(Failure::not_found())
    }
}

/// Returns the chat and the message, if the token's owner is in that chat.
fn may_pin(workspace: &Workspace, ask: &Ask) -> Result<(i64, i64), Failure> {
    ask.bare()?;
    let message_id = ask.id("id")?;
    let chat_id = workspace.readable_message(message_id)?.chat_id;
    if workspace.chat_role(chat_id, workspace.me()).is_none() {
        return Err(Failure::not_authorized("Message", message_id, "pin?"));
    }
    Ok((chat_id, message_id))
}

/// Lists who has read a message. Nobody looks at a screen here: whoever wrote later or reacted has read it.
pub(super) fn readers(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["limit", "cursor"])?;
    let message = workspace.readable_message(ask.id("id")?)?;
    let later = workspace.messages.values();
    let later = later.filter(|other| other.chat_id == message.chat_id && other.id > message.id);
    let readers: BTreeSet<i64> = later
        .map(|other| other.user_id)
        .chain(message.reactions.iter().map(|reaction| reaction.user_id))
        .filter(|reader| *reader != message.user_id)
        .collect();
    let readers = readers.into_iter().map(|id| (Key::of(id), id)).collect();
    let page = page::turn_by(READERS, params, Order::Ascending, readers)?;
    Ok(answer(StatusCode::OK, &page.listing(|id| json!(id))))
}

/// Refuses previews of links: only a bot that was made for them may give them, and this is no bot's token.
pub(super) fn unfurl(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let message_id = ask.id("id")?;
    workspace.readable_message(message_id)?;
    ask.body(&["link_previews"])?;
    Err(Failure::not_authorized("Message", message_id, "unfurl?"))
}

impl Workspace {
    /// Returns a message of a chat that the token's owner can read.
    pub(super) fn readable_message(&self, message_id: i64) -> Result<&Message, Failure> {
        let message = self.messages.get(&message_id);
        let message = message.ok_or_else(Failure::not_found)?;
        self.readable_chat(message.chat_id)?;
        Ok(message)
    }
}
