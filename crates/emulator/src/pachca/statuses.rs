//! The status of an employee, and of oneself.

use http::StatusCode;
use serde_json::Value;

use crate::pachca::answer::{Answered, Failure, answer, data, no_content};
use crate::pachca::ask::{Ask, Fields};
use crate::pachca::directory::Status;
use crate::pachca::emoji;
use crate::pachca::moment;
use crate::pachca::show::show_status;
use crate::pachca::state::Workspace;

pub(super) fn show(workspace: &mut Workspace, ask: &Ask) -> Answered {
    show_of(workspace, ask, ask.id("id")?)
}

pub(super) fn show_own(workspace: &mut Workspace, ask: &Ask) -> Answered {
    show_of(workspace, ask, workspace.me())
}

fn show_of(workspace: &Workspace, ask: &Ask, user_id: i64) -> Answered {
    ask.bare()?;
    let user = workspace.user(user_id)?;
    Ok(match workspace.current_status(user) {
        Some(status) => data(StatusCode::OK, &show_status(status)),
        // The vendor's Python SDK looks for `data` in whatever comes. pachca-sdk 1.6.1, checked 2026-11.
        None if workspace.sdk_answers => data(StatusCode::OK, &Value::Null),
        // The bare literal, without an envelope.
        None => answer(StatusCode::OK, &Value::Null),
    })
}

pub(super) fn set(workspace: &mut Workspace, ask: &Ask) -> Answered {
    set_of(workspace, ask, ask.id("id")?)
}

pub(super) fn set_own(workspace: &mut Workspace, ask: &Ask) -> Answered {
    set_of(workspace, ask, workspace.me())
}

fn set_of(workspace: &mut Workspace, ask: &Ask, user_id: i64) -> Answered {
    let user = workspace.user(user_id)?;
    let mut body = ask.body(&["status"])?;
    let known = ["emoji", "title", "expires_at", "is_away", "away_message"];
    let fields = body.inside("status", &known)?;
    let status = changed(workspace.current_status(user), &fields)?;
    let shown = show_status(&status);
    workspace
        .users
        .change(user_id, |user| user.status = Some(status));
    Ok(data(StatusCode::OK, &shown))
}

/// Returns a status with the sent fields overwritten; a new one needs an emoji and a title.
fn changed(old: Option<&Status>, fields: &Fields<'_>) -> Result<Status, Failure> {
    let emoji = fields
        .text("emoji", usize::MAX)?
        .or_else(|| old.map(|status| status.emoji.clone()))
        .ok_or_else(|| Failure::unprocessable("emoji", Value::Null, "blank"))?;
    if !emoji::is_one(&emoji) {
        return Err(Failure::unprocessable("emoji", emoji, "wrong_emoji"));
    }
    let title = fields
        .text("title", 50)?
        .or_else(|| old.map(|status| status.title.clone()))
        .filter(|title| !title.is_empty())
        .ok_or_else(|| Failure::unprocessable("title", Value::Null, "blank"))?;
    let expires_ms = match fields.text("expires_at", usize::MAX)? {
        None => old.and_then(|status| status.expires_ms),
        Some(text) => {
            Some(moment::read(&text).ok_or_else(|| Failure::bad("expires_at", text, "invalid"))?)
        }
    };
    Ok(Status {
        emoji,
        title,
        expires_ms,
        is_away: fields
            .flag("is_away")?
            .or_else(|| old.map(|status| status.is_away))
            .unwrap_or_default(),
        away_message: fields
            .text("away_message", 1_024)?
            .or_else(|| old.and_then(|status| status.away_message.clone())),
    })
}

pub(super) fn clear(workspace: &mut Workspace, ask: &Ask) -> Answered {
    clear_of(workspace, ask, ask.id("id")?)
}

pub(super) fn clear_own(workspace: &mut Workspace, ask: &Ask) -> Answered {
    clear_of(workspace, ask, workspace.me())
}

fn clear_of(workspace: &mut Workspace, ask: &Ask, user_id: i64) -> Answered {
    ask.bare()?;
    workspace.user(user_id)?;
    workspace.users.change(user_id, |user| user.status = None);
    Ok(no_content())
}
