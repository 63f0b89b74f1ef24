//! Threads: comments on a message, or on nothing.

use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, answer, data};
use crate::pachca::ask::Ask;
use crate::pachca::moment;
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{Chat, Thread, Workspace};

pub(super) fn list(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&[
        "last_message_at_after",
        "last_message_at_before",
        "limit",
        "cursor",
    ])?;
    let after = params.moment("last_message_at_after")?;
    let before = params.moment("last_message_at_before")?;
    let me = workspace.me();
    let inside = |chat: &Chat| chat.members.contains_key(&me);
    let threads = workspace
        .threads
        .values()
        .filter_map(|thread| Some((thread, workspace.chats.get(&thread.chat_id)?)))
        // Threads of open chats that one has not joined are not listed.
        .filter(|(_, chat)| inside(chat) || workspace.root_of(chat).is_some_and(inside))
        .filter(|(_, chat)| after.is_none_or(|after| chat.last_message_ms >= after))
        .filter(|(_, chat)| before.is_none_or(|before| chat.last_message_ms <= before))
        .map(|(thread, chat)| (Key::by(chat.last_message_ms, thread.id), *thread))
        .collect();
    let page = page::turn(params, Order::Descending, threads)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|thread| workspace.show_thread(*thread)),
    ))
}

pub(super) fn show(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let thread = workspace.thread(ask.id("id")?)?;
    workspace.readable_chat(thread.chat_id)?;
    Ok(data(StatusCode::OK, &workspace.show_thread(thread)))
}

/// Starts a thread on a message. The one that is there already is shown instead.
pub(super) fn create(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let message_id = ask.id("id")?;
    let message = workspace.readable_message(message_id)?;
    if let Some(known) = message.thread {
        let thread = workspace.thread(known)?;
        return Ok(data(StatusCode::CREATED, &workspace.show_thread(thread)));
    }
    let chat = workspace.chat(message.chat_id)?;
    // A comment has no comments, and what is deleted or archived takes no new ones.
    if chat.thread.is_some() || chat.archived || message.deleted_ms.is_some() {
        return Err(Failure::not_authorized(
            "Message",
            message_id,
            "create_thread?",
        ));
    }
    let chat_id = chat.id;
    let thread = workspace.add_thread(Some((message_id, chat_id)));
    if let Some(message) = workspace.messages.get_mut(&message_id) {
        message.thread = Some(thread.id);
    }
    Ok(data(StatusCode::CREATED, &workspace.show_thread(thread)))
}

/// Starts a thread that belongs to no message.
pub(super) fn create_alone(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let thread = workspace.add_thread(None);
    Ok(data(StatusCode::CREATED, &workspace.show_thread(thread)))
}

impl Workspace {
    /// Returns a thread that exists.
    pub(super) fn thread(&self, thread_id: i64) -> Result<Thread, Failure> {
        let thread = self.threads.get(&thread_id).copied();
        thread.ok_or_else(Failure::not_found)
    }

    /// Adds a thread with a chat of its own, whose only member is the token's owner.
    fn add_thread(&mut self, on: Option<(i64, i64)>) -> Thread {
        self.ids.thread += 1;
        self.ids.thread_chat += 1;
        let thread = Thread {
            id: self.ids.thread,
            chat_id: self.ids.thread_chat,
            message_id: on.map(|(message_id, _)| message_id),
            message_chat_id: on.map(|(_, chat_id)| chat_id),
        };
        let mut chat = Chat::new(thread.chat_id, "", self.me(), self.now_ms());
        chat.thread = Some(thread.id);
        self.chats.insert(chat.id, chat);
        self.threads.insert(thread.id, thread);
        thread
    }

    /// Returns a thread as the API shows it.
    pub(super) fn show_thread(&self, thread: Thread) -> Value {
        let chat = self.chats.get(&thread.chat_id);
        json!({
            "id": thread.id,
            "chat_id": thread.chat_id,
            "message_id": thread.message_id,
            "message_chat_id": thread.message_chat_id,
            "updated_at": chat.map(|chat| moment::write(chat.last_message_ms)),
        })
    }
}
