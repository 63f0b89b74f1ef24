//! Messages: send and list.

use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, answer, data};
use crate::pachca::ask::{Ask, Fields};
use crate::pachca::page::{self, Key, Order};
use crate::pachca::show::show_message;
use crate::pachca::state::{ChatRole, Message, Workspace};

/// Where a message goes.
#[derive(Clone, Copy, Debug)]
enum To {
    Chat(i64),
    User(i64),
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
    let to = recipient(&fields, entity_id)?;
    let content = fields.text("content", usize::MAX)?.unwrap_or_default();
    if content.trim().is_empty() {
        return Err(Failure::unprocessable("content", content, "blank"));
    }
    check_options(&fields)?;
    workspace.check_can_send(to)?;
    let parent_message_id = fields.number("parent_message_id")?;
    workspace.check_parent(parent_message_id, to)?;
    let buttons = fields.present("buttons")?.cloned().unwrap_or_default();

    let me = workspace.me();
    let (chat_id, to_user) = match to {
        To::Chat(chat_id) => (chat_id, None),
        To::User(user_id) => (workspace.direct_chat(me, user_id), Some(user_id)),
    };
    workspace.ids.message += 1;
    let message = Message {
        id: workspace.ids.message,
        to_user,
        chat_id,
        user_id: me,
        content,
        buttons,
        parent_message_id,
        created_ms: workspace.now_ms(),
    };
    let shown = show_message(&message);
    if let Some(chat) = workspace.chats.get_mut(&chat_id) {
        chat.last_message_ms = message.created_ms;
    }
    workspace.messages.insert(message.id, message);
    Ok(data(StatusCode::CREATED, &shown))
}

fn recipient(fields: &Fields<'_>, entity_id: i64) -> Result<To, Failure> {
    let entity_type = fields.text("entity_type", usize::MAX)?;
    let entity_type = entity_type.as_deref().unwrap_or("discussion");
    match entity_type.to_ascii_lowercase().as_str() {
        "discussion" => Ok(To::Chat(entity_id)),
        "user" => Ok(To::User(entity_id)),
        // Threads come with their endpoints; until then there is none to be found.
        "thread" => Err(Failure::not_found()),
        _ => Err(Failure::bad("entity_type", entity_type, "invalid")),
    }
}

/// Checks the options that only bots may use, or that need an upload first.
fn check_options(fields: &Fields<'_>) -> Result<(), Failure> {
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
        .filter(|message| message.chat_id == chat_id)
        .map(|message| (Key::of(message.id), message))
        .collect();
    let page = page::turn(params, order, messages)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|message| show_message(message)),
    ))
}

impl Workspace {
    fn check_can_send(&self, to: To) -> Result<(), Failure> {
        match to {
            To::User(user_id) if self.user(user_id)?.suspended => {
                Err(Failure::not_authorized("User", user_id, "send_message?"))
            }
            To::User(_) => Ok(()),
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
