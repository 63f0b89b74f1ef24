//! The members and the tags of a chat, and leaving it.

use http::StatusCode;
use serde_json::Value;

use crate::pachca::answer::{Answered, Failure, answer, no_content};
use crate::pachca::ask::Ask;
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{ChatRole, Workspace};

pub(super) fn list(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["role", "limit", "cursor"])?;
    let roles = ["all", "owner", "admin", "editor", "member"];
    let role = params.one_of("role", &roles)?;
    let chat_id = ask.id("id")?;
    let mine_is_all = workspace.user(workspace.me())?.owner;
    let chat = if mine_is_all {
        workspace.chat(chat_id)?
    } else {
        workspace.readable_chat(chat_id)?
    };
    let members = chat
        .members
        .iter()
        .filter(|(_, membership)| role == 0 || roles[role] == membership.role.name())
        .filter_map(|(user_id, _)| workspace.users.get(*user_id))
        // Suspended people stay members, and are not shown.
        .filter(|user| !user.suspended)
        .map(|user| (Key::of(user.id), user))
        .collect();
    let page = page::turn(params, Order::Ascending, members)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|user| workspace.show_user(user)),
    ))
}

pub(super) fn add(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let chat_id = ask.id("id")?;
    let chat = workspace.readable_chat(chat_id)?;
    workspace.check_changeable(chat, "add_members?")?;
    let body = ask.body(&["member_ids", "silent"])?;
    body.flag("silent")?;
    let ids = body.ids("member_ids")?;
    let ids = ids.ok_or_else(|| Failure::bad("member_ids", Value::Null, "required"))?;
    let unknown: Vec<i64> = ids
        .iter()
        .copied()
        .filter(|id| !workspace.is_active(*id))
        .collect();
    if !unknown.is_empty() {
        return Err(Failure::ids_not_found("member_ids", &unknown));
    }
    for user_id in ids {
        workspace.join_by_hand(chat_id, user_id);
    }
    Ok(no_content())
}

pub(super) fn remove(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let chat_id = ask.id("id")?;
    let user_id = ask.id("user_id")?;
    let chat = workspace.readable_chat(chat_id)?;
    workspace.check_changeable(chat, "remove_member?")?;
    workspace.check_rules(chat_id, "remove_member?")?;
    let membership = chat.members.get(&user_id).ok_or_else(Failure::not_found)?;
    if membership.role == ChatRole::Owner {
        return Err(Failure::forbidden("cannot_kick_owner"));
    }
    // Whoever a tag holds stays, and the answer does not tell. Whether suspended people can be removed is not
    // documented; they can.
    if membership.via_tags.is_empty()
        && let Some(chat) = workspace.chats.get_mut(&chat_id)
    {
        chat.members.remove(&user_id);
    }
    Ok(no_content())
}

pub(super) fn set_role(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let (chat_id, user_id) = (ask.id("id")?, ask.id("user_id")?);
    let chat = workspace.readable_chat(chat_id)?;
    workspace.check_changeable(chat, "update_member?")?;
    workspace.check_rules(chat_id, "update_member?")?;
    let body = ask.body(&["role"])?;
    let text = body.text("role", usize::MAX)?;
    let text = text.ok_or_else(|| Failure::bad("role", Value::Null, "required"))?;
    let role = ChatRole::read(&text)
        .ok_or_else(|| Failure::unprocessable("role", text.as_str(), "inclusion"))?;
    let now = chat.members.get(&user_id).ok_or_else(Failure::not_found)?;
    if now.role == ChatRole::Owner {
        return Err(Failure::forbidden("owner_protected"));
    }
    if user_id == workspace.me() {
        return Err(Failure::forbidden("self_update"));
    }
    if role == ChatRole::Editor && !chat.channel {
        return Err(Failure::unprocessable("role", text, "not_applicable"));
    }
    if now.role == role {
        return Err(Failure::unprocessable("role", text, "already_assigned"));
    }
    let chat = workspace.chats.get_mut(&chat_id);
    if let Some(membership) = chat.and_then(|chat| chat.members.get_mut(&user_id)) {
        membership.role = role;
    }
    Ok(no_content())
}

/// Lets the token's owner out of a chat, archived or not.
pub(super) fn leave(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let chat_id = ask.id("id")?;
    let chat = workspace.readable_chat(chat_id)?;
    if chat.personal {
        let chat_id = chat_id.to_string();
        return Err(Failure::unprocessable("base", chat_id, "personal_chat"));
    }
    let me = workspace.me();
    // Whom a tag holds cannot go.
    let free = chat.members.get(&me).map(|own| own.via_tags.is_empty());
    if free != Some(true) {
        return Err(Failure::not_authorized("Chat", chat_id, "leave?"));
    }
    if let Some(chat) = workspace.chats.get_mut(&chat_id) {
        chat.members.remove(&me);
    }
    Ok(no_content())
}

/// Detaches a tag. The answer comes at once, and the people leave later.
pub(super) fn detach_tag(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let (chat_id, tag_id) = (ask.id("id")?, ask.id("tag_id")?);
    let chat = workspace.readable_chat(chat_id)?;
    workspace.check_changeable(chat, "remove_group_tag?")?;
    workspace.check_rules(chat_id, "remove_group_tag?")?;
    if !chat.tags.contains(&tag_id) {
        return Err(Failure::not_found());
    }
    workspace.detach_tag(chat_id, tag_id);
    Ok(no_content())
}

pub(super) fn attach_tags(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let chat_id = ask.id("id")?;
    let chat = workspace.readable_chat(chat_id)?;
    workspace.check_changeable(chat, "add_group_tags?")?;
    let body = ask.body(&["group_tag_ids"])?;
    let ids = body.ids("group_tag_ids")?;
    let ids = ids.ok_or_else(|| Failure::bad("group_tag_ids", Value::Null, "required"))?;
    let unknown: Vec<i64> = ids
        .iter()
        .copied()
        .filter(|id| !workspace.tags.contains_key(id))
        .collect();
    if !unknown.is_empty() {
        return Err(Failure::ids_not_found("group_tag_ids", &unknown));
    }
    for tag_id in ids {
        workspace.attach_tag(chat_id, tag_id);
    }
    Ok(no_content())
}
