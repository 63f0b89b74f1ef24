//! Chats: list, create, read, edit, archive.

use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, answer, data, no_content};
use crate::pachca::ask::Ask;
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{Chat, ChatRole, Workspace};

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
            chat.thread.is_none()
                && (if public { chat.public } else { mine })
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

/// Lists all conversations and channels of the company, the closed ones too; for its owner alone.
pub(super) fn company(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["activity", "limit", "cursor"])?;
    let activity = params
        .get("activity")
        .map(|_| params.one_of("activity", &["active", "archived"]))
        .transpose()?;
    let archived = activity.map(|which| which == 1);
    let chats = workspace
        .chats
        .values()
        .filter(|chat| chat.thread.is_none() && !chat.personal)
        .filter(|chat| archived.is_none_or(|archived| chat.archived == archived))
        .map(|chat| (Key::of(chat.id), chat))
        .collect();
    let page = page::turn(params, Order::Descending, chats)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|chat| workspace.show_chat(chat)),
    ))
}

pub(super) fn create(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let mut body = ask.body(&["chat"])?;
    let known = ["name", "member_ids", "group_tag_ids", "channel", "public"];
    let fields = body.inside("chat", &known)?;
    let name = fields.text("name", 255)?.unwrap_or_default();
    let name = sound_name(&name)?;
    let (channel, public) = (fields.flag("channel")?, fields.flag("public")?);
    let members = fields.ids("member_ids")?.unwrap_or_default();
    let tags = fields.ids("group_tag_ids")?.unwrap_or_default();
    // What becomes of unknown tags is not documented, and no 404 is declared.
    if let Some(unknown) = tags.iter().find(|tag| !workspace.tags.contains_key(tag)) {
        let unknown = unknown.to_string();
        return Err(Failure::unprocessable(
            "group_tag_ids",
            unknown,
            "not_found",
        ));
    }
    // Whoever is unknown, suspended or deleted is left out, and the request goes on.
    let (members, missing): (Vec<i64>, Vec<i64>) =
        members.into_iter().partition(|id| workspace.is_active(*id));

    let me = workspace.me();
    let chat_id = workspace.add_chat(name, me);
    if let Some(chat) = workspace.chats.get_mut(&chat_id) {
        chat.channel = channel.unwrap_or_default();
        chat.public = public.unwrap_or_default();
    }
    for user_id in members {
        workspace.join_by_hand(chat_id, user_id);
    }
    for tag_id in tags {
        workspace.attach_tag(chat_id, tag_id);
    }
    let shown = workspace.show_chat(workspace.chat(chat_id)?);
    let meta = json!({ "not_found_member_ids": missing });
    Ok(answer(
        StatusCode::CREATED,
        &json!({ "data": shown, "meta": meta }),
    ))
}

fn sound_name(name: &str) -> Result<&str, Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::unprocessable("name", Value::Null, "blank"));
    }
    Ok(name)
}

pub(super) fn edit(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let chat_id = ask.id("id")?;
    let chat = workspace.readable_chat(chat_id)?;
    workspace.check_changeable(chat, "update?")?;
    // An open chat is everybody's to edit, a closed one only for those who manage it.
    if !chat.public {
        workspace.check_rules(chat_id, "update?")?;
    }
    let mut body = ask.body(&["chat"])?;
    let fields = body.inside("chat", &["name", "public"])?;
    let name = fields.text("name", 255)?;
    let name = name.as_deref().map(sound_name).transpose()?;
    let public = fields.flag("public")?;
    if let Some(chat) = workspace.chats.get_mut(&chat_id) {
        chat.name = name.map_or_else(|| chat.name.clone(), str::to_owned);
        chat.public = public.unwrap_or(chat.public);
    }
    let chat = workspace.chat(chat_id)?;
    Ok(data(StatusCode::OK, &workspace.show_chat(chat)))
}

pub(super) fn archive(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let chat_id = may_archive(workspace, ask, "archive?")?;
    if workspace.chat(chat_id)?.archived {
        return Err(Failure::not_authorized("Chat", chat_id, "archive?"));
    }
    workspace.archive(chat_id);
    Ok(no_content())
}

/// Brings a chat back, without the guests and the tags that it had. One that is not archived stays as it is.
pub(super) fn unarchive(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let chat_id = may_archive(workspace, ask, "unarchive?")?;
    if let Some(chat) = workspace.chats.get_mut(&chat_id) {
        chat.archived = false;
    }
    Ok(no_content())
}

/// Returns the chat, if it is a conversation or a channel that the token's owner manages. Only 403 and 404 are declared.
fn may_archive(workspace: &Workspace, ask: &Ask, query: &str) -> Result<i64, Failure> {
    ask.bare()?;
    let chat_id = ask.id("id")?;
    let chat = workspace.readable_chat(chat_id)?;
    if chat.personal || chat.thread.is_some() {
        return Err(Failure::not_authorized("Chat", chat_id, query));
    }
    workspace.check_rules(chat_id, query)?;
    Ok(chat_id)
}

impl Workspace {
    /// Returns a chat that exists.
    pub(super) fn chat(&self, chat_id: i64) -> Result<&Chat, Failure> {
        self.chats.get(&chat_id).ok_or_else(Failure::not_found)
    }

    /// Returns a chat that the token's owner can read; one that is closed to them is forbidden, not missing.
    pub(super) fn readable_chat(&self, chat_id: i64) -> Result<&Chat, Failure> {
        let chat = self.chat(chat_id)?;
        if self.can_read(chat) {
            Ok(chat)
        } else {
            Err(Failure::not_authorized("Chat", chat_id, "show?"))
        }
    }

    /// Reports whether the token's owner can read a chat. Whoever reads a message reads its thread.
    pub(super) fn can_read(&self, chat: &Chat) -> bool {
        let open = |chat: &Chat| chat.public || chat.members.contains_key(&self.me());
        open(chat) || self.root_of(chat).is_some_and(open)
    }

    /// Returns the chat whose message a thread was started on.
    pub(super) fn root_of(&self, chat: &Chat) -> Option<&Chat> {
        let thread = self.threads.get(&chat.thread?)?;
        self.chats.get(&thread.message_chat_id?)
    }

    /// Checks that the token's owner manages a chat.
    pub(super) fn check_rules(&self, chat_id: i64, query: &str) -> Result<(), Failure> {
        let role = self.chat_role(chat_id, self.me());
        if role.is_some_and(ChatRole::rules) {
            Ok(())
        } else {
            Err(Failure::not_authorized("Chat", chat_id, query))
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
