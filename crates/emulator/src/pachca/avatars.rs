//! Pictures of people.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, data, no_content};
use crate::pachca::ask::Ask;
use crate::pachca::state::Workspace;

/// The most bytes of a picture that moves.
const MOST_MOVING: usize = 2 * 1024 * 1024;

pub(super) fn set(workspace: &mut Workspace, ask: &Ask) -> Answered {
    set_of(workspace, ask, ask.id("id")?)
}

pub(super) fn set_own(workspace: &mut Workspace, ask: &Ask) -> Answered {
    set_of(workspace, ask, workspace.me())
}

/// The documents know PUT alone; POST is what the vendor's own Python SDK sends.
// pachca-sdk 1.2.0 and 1.6.1. Checked 2026-11.
pub(super) fn set_by_post(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.wire.undocumented(POST)?;
    set(workspace, ask)
}

pub(super) fn set_own_by_post(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.wire.undocumented(POST)?;
    set_own(workspace, ask)
}

const POST: &str = "POST of an avatar, which is documented as PUT";

fn set_of(workspace: &mut Workspace, ask: &Ask, user_id: i64) -> Answered {
    check_may_change(workspace, user_id)?;
    let image = ask.part("image")?.filter(|image| !image.is_empty());
    let image = image.ok_or_else(|| Failure::unprocessable("image", Value::Null, "blank"))?;
    let extension =
        extension(image).ok_or_else(|| Failure::unprocessable("image", Value::Null, "invalid"))?;
    workspace.ids.avatar += 1;
    let file = workspace.ids.avatar;
    let image_url = format!("https://files.example.test/avatars/{user_id}/{file}.{extension}");
    let shown = json!({ "image_url": image_url });
    workspace
        .users
        .change(user_id, |user| user.image_url = Some(image_url));
    Ok(data(StatusCode::OK, &shown))
}

pub(super) fn clear(workspace: &mut Workspace, ask: &Ask) -> Answered {
    clear_of(workspace, ask, ask.id("id")?)
}

pub(super) fn clear_own(workspace: &mut Workspace, ask: &Ask) -> Answered {
    clear_of(workspace, ask, workspace.me())
}

fn clear_of(workspace: &mut Workspace, ask: &Ask, user_id: i64) -> Answered {
    ask.bare()?;
    check_may_change(workspace, user_id)?;
    workspace
        .users
        .change(user_id, |user| user.image_url = None);
    Ok(no_content())
}

/// The owner's picture is the owner's alone.
fn check_may_change(workspace: &Workspace, user_id: i64) -> Result<(), Failure> {
    if workspace.user(user_id)?.owner && user_id != workspace.me() {
        return Err(Failure::forbidden("owner_protected"));
    }
    Ok(())
}

/// Returns how the file of a picture ends. Clients send any name and type, so that its first bytes have to tell.
fn extension(image: &Bytes) -> Option<&'static str> {
    if image.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("png")
    } else if image.starts_with(b"\xff\xd8\xff") {
        Some("jpg")
    } else if image.starts_with(b"GIF87a") || image.starts_with(b"GIF89a") {
        let moves = image.windows(11).any(|bytes| bytes == b"NETSCAPE2.0");
        (!moves || image.len() <= MOST_MOVING).then_some("gif")
    } else {
        None
    }
}
