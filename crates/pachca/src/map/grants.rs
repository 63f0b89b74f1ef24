//! What people hold and what can be granted.

use kadry_core::{Grant, KindName, Known, Offer, RemoteId};

use crate::wire::chat::Chat;
use crate::wire::property::Definition;
use crate::wire::tag::GroupTag;
use crate::wire::user::User;

pub(super) fn held_role(user: &User) -> Known<Vec<Grant>> {
    match user.role.as_deref() {
        Some(role) => Known::Value(vec![Grant::with_id(KindName::ROLE, role, role)]),
        None => Known::Hidden,
    }
}

pub(super) fn held_tags(user: &User) -> Known<Vec<Grant>> {
    match &user.list_tags {
        Some(names) => Known::Value(
            names
                .iter()
                .map(|name| Grant::named(KindName::TAG, name))
                .collect(),
        ),
        None => Known::Hidden,
    }
}

/// Returns what stands in the custom properties; one without a value is not held.
pub(super) fn held_properties(user: &User) -> Known<Vec<Grant>> {
    let Some(properties) = user.properties() else {
        return Known::Hidden;
    };
    let held = properties.iter().filter_map(|property| {
        let value = property.value.as_deref().map(str::trim)?;
        let id = property.id.to_string();
        let name = Some(property.name.as_str()).filter(|name| !name.is_empty());
        let grant = Grant::with_id(KindName::PROPERTY, id.as_str(), name.unwrap_or(&id));
        (!value.is_empty()).then(|| grant.holding(value))
    });
    Known::Value(held.collect())
}

/// Returns a role as something that can be granted.
pub(crate) fn offered_role(name: &str) -> Offer {
    plain_offer(RemoteId::new(name), name)
}

/// Returns a tag as something that can be granted.
pub(crate) fn offered_tag(tag: &GroupTag) -> Offer {
    plain_offer(RemoteId::new(tag.id.to_string()), &tag.name)
}

/// Returns a custom property as something that can hold a value.
pub(crate) fn offered_property(property: &Definition) -> Offer {
    plain_offer(RemoteId::new(property.id.to_string()), &property.name)
}

/// Returns a chat as something that can be granted, with the people in it and the tags that bring people in.
pub(crate) fn offered_chat(chat: &Chat) -> Offer {
    let id = |id: &i64| RemoteId::new(id.to_string());
    // Whoever made a chat stays in it, also while suspended and left out of the members.
    // https://dev.pachca.com/guides/tags and https://dev.pachca.com/api/errors, cannot_kick_owner. Checked 2026-11.
    let holders = |members: &Vec<i64>| {
        let unlisted = |owner: &&i64| !members.contains(owner);
        let owner = chat.owner_id.as_ref().filter(unlisted);
        members.iter().chain(owner).map(id).collect()
    };
    Offer {
        holders: chat.member_ids.as_ref().map(holders),
        owner: chat.owner_id.as_ref().map(id),
        through: chat.group_tag_ids.iter().map(id).collect(),
        ..plain_offer(id(&chat.id), &chat.name)
    }
}

fn plain_offer(id: RemoteId, name: &str) -> Offer {
    Offer {
        id,
        name: name.to_owned(),
        path: vec![name.to_owned()],
        holders: None,
        owner: None,
        through: Vec::new(),
    }
}
