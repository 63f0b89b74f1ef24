//! Tags: list, create, read, rename, delete, and who has one.

use http::StatusCode;
use serde_json::Value;

use crate::pachca::answer::{Answered, Failure, answer, data, no_content};
use crate::pachca::ask::Ask;
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{Workspace, folded};
use crate::pachca::wished::check_tag_name;

/// The most names that a list may be filtered by.
const MOST_NAMES: usize = 100;

pub(super) fn list(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["names", "names[]", "limit", "cursor"])?;
    let names: Vec<String> = params.all("names").into_iter().map(folded).collect();
    if names.len() > MOST_NAMES {
        return Err(Failure::bad("names", Value::Null, "too_long"));
    }
    let tags = workspace
        .tags
        .iter()
        // Whether the filter ignores case is not documented; uniqueness does.
        .filter(|(_, name)| names.is_empty() || names.contains(&folded(name)))
        .map(|(id, _)| (Key::of(*id), *id))
        .collect();
    let page = page::turn(params, Order::Ascending, tags)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|tag| workspace.show_tag(*tag)),
    ))
}

pub(super) fn create(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let name = wished_name(ask)?;
    if workspace.tag_by_name(&name).is_some() {
        return Err(Failure::exists("name", name));
    }
    let tag = workspace.tag_named(&name);
    Ok(data(StatusCode::CREATED, &workspace.show_tag(tag)))
}

fn wished_name(ask: &Ask) -> Result<String, Failure> {
    let mut body = ask.body(&["group_tag"])?;
    let fields = body.inside("group_tag", &["name"])?;
    let name = fields.text("name", usize::MAX)?.unwrap_or_default();
    check_tag_name(&name, "name")?;
    Ok(name)
}

/// Renames a tag. Whoever has it keeps it, and so do its chats.
pub(super) fn rename(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let tag = known(workspace, ask)?;
    let name = wished_name(ask)?;
    if workspace
        .tag_by_name(&name)
        .is_some_and(|other| other != tag)
    {
        return Err(Failure::exists("name", name));
    }
    workspace.tags.insert(tag, name.trim().to_owned());
    Ok(data(StatusCode::OK, &workspace.show_tag(tag)))
}

pub(super) fn delete(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let tag = known(workspace, ask)?;
    workspace.delete_tag(tag);
    Ok(no_content())
}

pub(super) fn show(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let tag = known(workspace, ask)?;
    Ok(data(StatusCode::OK, &workspace.show_tag(tag)))
}

pub(super) fn users(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["limit", "cursor"])?;
    let tag = known(workspace, ask)?;
    let me = workspace.user(workspace.me())?;
    if me.role.is_guest() {
        return Err(Failure::not_authorized("GroupTag", tag, "users?"));
    }
    // Suspended people and bots are listed though the tag's count leaves suspended people out.
    let users = workspace
        .users
        .values()
        .filter(|user| user.tags.contains(&tag))
        .map(|user| (Key::of(user.id), user))
        .collect();
    let page = page::turn(params, Order::Ascending, users)?;
    Ok(answer(
        StatusCode::OK,
        &page.listing(|user| workspace.show_user(user)),
    ))
}

fn known(workspace: &Workspace, ask: &Ask) -> Result<i64, Failure> {
    let tag = ask.id("id")?;
    if workspace.tags.contains_key(&tag) {
        Ok(tag)
    } else {
        Err(Failure::not_found())
    }
}
