//! Messages: send and list.

use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, answer, data};
use crate::pachca::ask::{Ask, Fields};
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{ChatRole, Message, Thread, Workspace};

/// Where a message goes.
#[derive(Clone, Copy, Debug)]
enum To {
    Chat(i64),
    User(i64),
    Thread(Thread),
}

pub(super) fn send(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let mut body = ask.body(&["message", "link_preview"])?;
    body.flag("link_preview")?;
    let known = [
        "entity_type",
        "entity_id",
        "content",
        "files",
        "buttons",
        "parent_message_id",
        "display_name",
        "display_avatar_url",
        "skip_invite_mentions",
    ];
    let fields = body.inside("message", &known)?;
    let entity_id = fields
        .number("entity_id")?
        .ok_or_else(|| Failure::bad("entity_id", Value::Null, "required"))?;
    workspace.pace(entity_id)?;
    let to = workspace.recipient(&fields, entity_id)?;
    let content = fields.text("content", usize::MAX)?.unwrap_or_default();
    if content.trim().is_empty() {
        return Err(Failure::unprocessable("content", content, "blank"));
    }
    check_options(&fields)?;
    workspace.check_can_send(to)?;
    let parent_message_id = fields.number("parent_message_id")?;
    workspace.check_parent(parent_message_id, to)?;
    let buttons = buttons(&fields)?.unwrap_or_default();

    let me = workspace.me();
    let (chat_id, to_user) = match to {
        To::Chat(chat_id) => (chat_id, None),
        To::User(user_id) => (workspace.direct_chat(me, user_id), Some(user_id)),
        To::Thread(thread) => (thread.chat_id, None),
    };
    workspace.count_today(chat_id)?;
    if let To::Thread(thread) = to {
        // Whoever comments follows the thread from then on.
        workspace.join_by_hand(thread.chat_id, me);
    }
    let message = workspace.write_down(Message {
        to_user,
        chat_id,
        user_id: me,
        content,
        buttons,
        parent_message_id,
        ..Message::default()
    });
    let shown = workspace.show_message(&message);
    Ok(data(StatusCode::CREATED, &shown))
}

/// Checks the options that only bots may use, or that need an upload first.
pub(super) fn check_options(fields: &Fields<'_>) -> Result<(), Failure> {
    for name in ["display_name", "display_avatar_url"] {
        if fields.text(name, 255)?.is_some() {
            return Err(Failure::field(
                StatusCode::FORBIDDEN,
                name,
                Value::Null,
                "not_authorized",
            ));
        }
    }
    fields.flag("skip_invite_mentions")?;
    match fields.present("files")? {
        // Nothing can have been uploaded, so no key is right.
        Some(files) if *files != json!([]) => {
            Err(Failure::unprocessable("files", Value::Null, "wrong_params"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Returns the buttons that are wanted: rows of them, each with a text.
pub(super) fn buttons(fields: &Fields<'_>) -> Result<Option<Value>, Failure> {
    let Some(value) = fields.present("buttons")? else {
        return Ok(None);
    };
    let wrong = || Failure::bad("buttons", value.to_string(), "invalid");
    let rows: Option<Vec<&Vec<Value>>> = value
        .as_array()
        .and_then(|rows| rows.iter().map(Value::as_array).collect());
    let rows = rows.ok_or_else(wrong)?;
    let all: usize = rows.iter().map(|row| row.len()).sum();
    if rows.len() > 32 || all > 100 || rows.iter().any(|row| row.len() > 8) {
        return Err(Failure::unprocessable("buttons", Value::Null, "too_long"));
    }
    for button in rows.into_iter().flatten() {
        let button = button.as_object().ok_or_else(wrong)?;
        fields
            .wire
            .only_members(button, &["text", "url", "data"], "buttons")?;
        let fits = |name: &str| {
            let text = button.get(name).and_then(Value::as_str);
            text.map(|text| text.chars().count() <= 255)
        };
        if fits("text").is_none() {
            return Err(wrong());
        }
        if fits("text") == Some(false) || fits("data") == Some(false) {
            return Err(Failure::unprocessable("buttons", Value::Null, "too_long"));
        }
    }
    Ok(Some(value.clone()))
}

pub(super) fn list(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["chat_id", "sort", "order", "limit", "cursor"])?;
    let chat_id = params
        .number("chat_id")?
        .ok_or_else(|| Failure::bad("chat_id", Value::Null, "required"))?;
    params.one_of("sort", &["id"])?;
    let order = match params.one_of("order", &["desc", "asc"])? {
        0 => Order::Descending,
        _ => Order::Ascending,
    };
    workspace.readable_chat(chat_id)?;
    let messages = workspace
        .messages
        .values()
        .filter(|message| message.chat_id == chat_id && message.deleted_ms.is_none())
        .map(|message| (Key::of(message.id), message))
        .collect();
    let page = page::turn(params, order, messages)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|message| workspace.show_message(message)),
    ))
}

impl Workspace {
    /// Adds a message that was written just now, and returns it with its id.
    pub(super) fn write_down(&mut self, message: Message) -> Message {
        self.ids.message += 1;
        let message = Message {
            id: self.ids.message,
            created_ms: self.now_ms(),
            ..message
        };
        if let Some(chat) = self.chats.get_mut(&message.chat_id) {
            chat.last_message_ms = message.created_ms;
        }
        self.messages.insert(message.id, message.clone());
        message
    }

    fn recipient(&self, fields: &Fields<'_>, entity_id: i64) -> Result<To, Failure> {
        let entity_type = fields.text("entity_type", usize::MAX)?;
        let entity_type = entity_type.as_deref().unwrap_or("discussion");
        match entity_type.to_ascii_lowercase().as_str() {
            "discussion" => Ok(To::Chat(entity_id)),
            "user" => Ok(To::User(entity_id)),
            "thread" => self.thread(entity_id).map(To::Thread),
            _ => Err(Failure::bad("entity_type", entity_type, "invalid")),
        }
    }

    fn check_can_send(&self, to: To) -> Result<(), Failure> {
        match to {
            To::User(user_id) if self.user(user_id)?.suspended => {
                Err(Failure::not_authorized("User", user_id, "send_message?"))
            }
            To::User(_) => Ok(()),
            // Whoever reads a message may comment on it, a mere subscriber of a channel too.
            To::Thread(thread) => {
                let chat = self.readable_chat(thread.chat_id)?;
                if self.root_of(chat).is_some_and(|root| root.archived) {
                    let chat_id = thread.chat_id;
                    return Err(Failure::not_authorized("Chat", chat_id, "send_message?"));
                }
                Ok(())
            }
            To::Chat(chat_id) => {
                let chat = self.readable_chat(chat_id)?;
                let may = match self.chat_role(chat_id, self.me()) {
                    Some(ChatRole::Owner | ChatRole::Admin | ChatRole::Editor) => true,
                    Some(ChatRole::Member) => !chat.channel,
                    None => false,
                };
                if may && !chat.archived {
                    Ok(())
                } else {
                    Err(Failure::not_authorized("Chat", chat_id, "send_message?"))
                }
            }
        }
    }

    /// Checks that a reply answers a message of the same chat.
    fn check_parent(&self, parent: Option<i64>, to: To) -> Result<(), Failure> {
        let Some(parent) = parent else {
            return Ok(());
        };
        let fits = self.messages.get(&parent).is_some_and(|message| match to {
            To::Chat(chat_id) => message.chat_id == chat_id,
            To::Thread(thread) => message.chat_id == thread.chat_id,
            To::User(user_id) => self.chats.get(&message.chat_id).is_some_and(|chat| {
                chat.personal
                    && chat.members.contains_key(&user_id)
                    && chat.members.contains_key(&self.me())
            }),
        });
        if fits {
            Ok(())
        } else {
            Err(Failure::unprocessable(
                "parent_message_id",
                parent.to_string(),
                "invalid",
            ))
        }
    }
}
