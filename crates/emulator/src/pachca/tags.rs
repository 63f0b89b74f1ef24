//! Tags: list, create, read, and who has one.

use http::StatusCode;
use serde_json::Value;

use crate::pachca::answer::{Answered, Failure, answer, data};
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
    let mut body = ask.body(&["group_tag"])?;
    let fields = body.inside("group_tag", &["name"])?;
    let name = fields.text("name", usize::MAX)?.unwrap_or_default();
    check_tag_name(&name, "name")?;
    if workspace.tag_by_name(&name).is_some() {
        return Err(Failure::exists("name", name));
    }
    let tag = workspace.tag_named(&name);
    Ok(data(StatusCode::CREATED, &workspace.show_tag(tag)))
}

pub(super) fn show(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let tag = known(workspace, ask)?;
    Ok(data(StatusCode::OK, &workspace.show_tag(tag)))
}

pub(super) fn users(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["limit", "cursor"])?;
    let tag = known(workspace, ask)?;
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
