//! Reactions: the emoji under a message.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, answer, no_content};
use crate::pachca::ask::Ask;
use crate::pachca::emoji;
use crate::pachca::moment;
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{Message, Reaction, Workspace};

/// The most different reactions of one person to a message.
const MOST_OWN: usize = 20;
/// The most different reactions to a message.
const MOST_DIFFERENT: usize = 30;
/// The most reactions to a message.
const MOST: usize = 1_000;

pub(super) fn list(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["limit", "cursor"])?;
    let message = workspace.readable_message(ask.id("id")?)?;
    let reactions = message
        .reactions
        .iter()
        .map(|reaction| (Key::of(reaction.id), reaction))
        .collect();
    let page = page::turn(params, Order::Ascending, reactions)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|reaction| show(reaction)),
    ))
}

/// Adds a reaction. One that the person has added already is not added twice.
pub(super) fn add(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let message_id = ask.id("id")?;
    let message = workspace.readable_message(message_id)?;
    if message.deleted_ms.is_some() {
        return Err(Failure::unprocessable(
            "base",
            Value::Null,
            "message_deleted",
        ));
    }
    let body = ask.body(&["code", "name"])?;
    let code = body.text("code", usize::MAX)?;
    let code = code.ok_or_else(|| Failure::bad("code", Value::Null, "required"))?;
    if !emoji::is_one(&code) {
        return Err(Failure::unprocessable("code", code, "invalid"));
    }
    let name = body.text("name", 255)?;
    let me = workspace.me();
    let same = |known: &&Reaction| known.user_id == me && known.code == code;
    // Unlike everything else this answer has no envelope.
    if let Some(known) = message.reactions.iter().find(same) {
        return Ok(answer(StatusCode::CREATED, &show(known)));
    }
    check_room(message, me, &code)?;
    let reaction = Reaction {
        id: workspace.ids.reaction + 1,
        user_id: me,
        // What an emoji without a given name is called is not documented.
        name: name.unwrap_or_else(|| code.clone()),
        code,
        created_ms: workspace.now_ms(),
    };
    workspace.ids.reaction = reaction.id;
    let shown = show(&reaction);
    if let Some(message) = workspace.messages.get_mut(&message_id) {
        message.reactions.push(reaction);
    }
    Ok(answer(StatusCode::CREATED, &shown))
}

fn check_room(message: &Message, me: i64, code: &str) -> Result<(), Failure> {
    let all = &message.reactions;
    let own = all.iter().filter(|known| known.user_id == me).count();
    let different: BTreeSet<&str> = all.iter().map(|known| known.code.as_str()).collect();
    let full = if own >= MOST_OWN {
        "user_limit"
    } else if different.len() >= MOST_DIFFERENT && !different.contains(code) {
        "unique_limit"
    } else if all.len() >= MOST {
        "general_limit"
    } else {
        return Ok(());
    };
    Err(Failure::unprocessable("base", code, full))
}

/// Takes back a reaction of the token's owner.
pub(super) fn remove(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["code", "name"])?;
    let message_id = ask.id("id")?;
    let message = workspace.readable_message(message_id)?;
    let code = params
        .get("code")
        .ok_or_else(|| Failure::bad("code", Value::Null, "required"))?;
    let name = params.get("name");
    let me = workspace.me();
    let found = message.reactions.iter().find(|known| {
        known.user_id == me && known.code == code && name.is_none_or(|name| known.name == name)
    });
    let found = found.ok_or_else(Failure::not_found)?.id;
    if let Some(message) = workspace.messages.get_mut(&message_id) {
        message.reactions.retain(|known| known.id != found);
    }
    Ok(no_content())
}

/// Returns a reaction as the API shows it.
pub(super) fn show(reaction: &Reaction) -> Value {
    json!({
        "user_id": reaction.user_id,
        "created_at": moment::write(reaction.created_ms),
        "code": reaction.code,
        "name": reaction.name,
    })
}
