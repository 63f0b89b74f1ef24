//! Between the platform's words and ours; asks nobody.

use std::collections::BTreeMap;

use kadry_core::{
    Access, Effect, Email, Employee, EmployeeRef, Error, ErrorKind, FieldName, Grant, KindName,
    Known, Marks, MatchKey, Offer, Profile, Reason, Refusal, RemoteId, Result, Review, Wish, fold,
    same_value,
};

use crate::wire::chat::Chat;
use crate::wire::tag::GroupTag;
use crate::wire::user::{User, UserFields};

/// The longest text of a field, in characters; a title has no documented limit.
/// <https://dev.pachca.com/api/users/create> Checked 2026-11.
const LONGEST: usize = 255;

/// The roles that have no tags: they are left out, and the answer is a success.
/// <https://dev.pachca.com/api/users/create> Checked 2026-11.
const GUESTS: [&str; 2] = ["multi_guest", "guest"];

/// Through whose eyes records are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer {
    /// The id of the token's owner.
    pub(crate) id: i64,
    /// Whether the owner is an administrator, who sees everybody's e-mail and phone.
    pub(crate) administrator: bool,
}

impl Viewer {
    /// Returns what a missing e-mail or phone means: the workspace may hide both from people who are not administrators.
    fn unshown(self, user: &User) -> Known<String> {
        if self.administrator || user.id == self.id {
            Known::Empty
        } else {
            Known::Hidden
        }
    }

    fn private(self, user: &User, text: Option<&str>) -> Known<String> {
        match Known::text(text) {
            Known::Value(text) => Known::Value(text),
            Known::Empty | Known::Hidden => self.unshown(user),
        }
    }

    /// Reports whether the e-mail of a person is hidden, so that it cannot be compared with one that is sought.
    pub(crate) fn cannot_compare(self, user: &User) -> bool {
        !user.bot && self.private(user, user.email.as_deref()) == Known::Hidden
    }
}

/// Returns the number that the platform uses for an id.
///
/// # Errors
///
/// `NotFound` for a text that the platform cannot have given as an id, so that nothing there has it.
pub(crate) fn number(id: &RemoteId) -> Result<i64> {
    id.as_str().parse().map_err(|_| {
        Error::new(ErrorKind::NotFound, "nothing on this platform has this id").with("id", id)
    })
}

/// Returns the record as kadry sees it.
pub(crate) fn employee(user: &User, viewer: Viewer) -> Employee {
    Employee {
        at: EmployeeRef {
            id: RemoteId::new(user.id.to_string()),
            settled: true,
            keys: keys(user),
        },
        profile: profile(user, viewer),
        access: if user.suspended {
            Access::Suspended
        } else {
            Access::Open
        },
        marks: marks(user),
        grants: BTreeMap::from([
            (KindName::ROLE, held_role(user)),
            (KindName::TAG, held_tags(user)),
        ]),
    }
}

/// Reports whether the record is a person with exactly this e-mail.
pub(crate) fn is_person_with(user: &User, email: &Email) -> bool {
    !user.bot
        && user
            .email
            .as_deref()
            .is_some_and(|text| Email::of_record(text) == *email)
}

fn keys(user: &User) -> Vec<MatchKey> {
    match Known::text(user.email.as_deref()) {
        Known::Value(email) => vec![MatchKey::Email(Email::of_record(&email))],
        Known::Empty | Known::Hidden => Vec::new(),
    }
}

fn profile(user: &User, viewer: Viewer) -> Profile {
    // The given name is null until the invited person has registered, whatever was stored; the family name is usually not filled
    // then either, so a null says nothing of it. <https://dev.pachca.com/api/users/get> Checked 2026-11.
    let name = |name: &Option<String>| match (name, user.is_invited()) {
        (None, true) => Known::Hidden,
        (name, _) => Known::text(name.as_deref()),
    };
    Profile::default()
        .with(
            FieldName::Email,
            viewer.private(user, user.email.as_deref()),
        )
        .with(FieldName::LastName, name(&user.last_name))
        .with(FieldName::FirstName, name(&user.first_name))
        .with(
            FieldName::Phone,
            viewer.private(user, user.phone_number.as_deref()),
        )
        .with(FieldName::Title, Known::text(user.title.as_deref()))
        .with(
            FieldName::Department,
            Known::text(user.department.as_deref()),
        )
}

fn marks(user: &User) -> Marks {
    Marks {
        administrator: is_administrator(user),
        signer: Known::Value(false),
        registered: match user.invite_status.as_deref() {
            Some("confirmed") => Known::Value(true),
            Some("sent") => Known::Value(false),
            Some(_) | None => Known::Hidden,
        },
        automaton: user.bot,
    }
}

/// Returns whether the record administers the workspace; its owner looks like any administrator.
pub(crate) fn is_administrator(user: &User) -> Known<bool> {
    match user.role.as_deref() {
        Some(role) => Known::Value(role == "admin"),
        None => Known::Hidden,
    }
}

fn held_role(user: &User) -> Known<Vec<Grant>> {
    match user.role.as_deref() {
        Some(role) => Known::Value(vec![Grant::with_id(KindName::ROLE, role, role)]),
        None => Known::Hidden,
    }
}

fn held_tags(user: &User) -> Known<Vec<Grant>> {
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

/// Returns a role as something that can be granted.
pub(crate) fn offered_role(name: &str) -> Offer {
    plain_offer(RemoteId::new(name), name)
}

/// Returns a tag as something that can be granted.
pub(crate) fn offered_tag(tag: &GroupTag) -> Offer {
    plain_offer(RemoteId::new(tag.id.to_string()), &tag.name)
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

/// Returns what the platform would keep of a wish. It has no patronymic and no employer's id.
pub(crate) fn review(wish: &Wish) -> Review {
    let mut review = Review::default();
    for (field, value) in &wish.fields {
        let value = value.trim();
        if value.is_empty() || matches!(field, FieldName::MiddleName | FieldName::ExternalId) {
            continue;
        }
        match refusal(*field, value) {
            Some(reason) => review.refused.push(Refusal {
                field: *field,
                reason,
            }),
            None => {
                review.stored.insert(*field, value.to_owned());
            }
        }
    }
    review
}

fn refusal(field: FieldName, value: &str) -> Option<Reason> {
    if field == FieldName::Email && Email::parse(value).is_err() {
        return Some(Reason::new("bad-email"));
    }
    let limited = field != FieldName::Title;
    (limited && value.chars().count() > LONGEST).then(|| Reason::about("too-long", "255"))
}

/// Sets one value of a body.
///
/// # Errors
///
/// `Unsupported` for a field that the platform does not have.
pub(crate) fn put<'a>(body: &mut UserFields<'a>, field: FieldName, value: &'a str) -> Result<()> {
    let place = match field {
        FieldName::Email => &mut body.email,
        FieldName::LastName => &mut body.last_name,
        FieldName::FirstName => &mut body.first_name,
        FieldName::Phone => &mut body.phone_number,
        FieldName::Title => &mut body.title,
        FieldName::Department => &mut body.department,
        FieldName::MiddleName | FieldName::ExternalId => {
            return Err(
                Error::new(ErrorKind::Unsupported, "the platform has no such field")
                    .with("field", field),
            );
        }
    };
    *place = Some(value);
    Ok(())
}

/// Sets the grants of one kind in a body; `held` is the whole set.
///
/// # Errors
///
/// `Unsupported` for a kind that is not written with the record, and for no role or several.
pub(crate) fn put_grants<'a>(
    body: &mut UserFields<'a>,
    kind: &KindName,
    held: impl Iterator<Item = &'a Grant>,
) -> Result<()> {
    let mut names = held.map(|grant| grant.name.as_str());
    let refused = |message: &str| Error::new(ErrorKind::Unsupported, message).with("kind", kind);
    if *kind == KindName::TAG {
        body.list_tags = Some(names.collect());
    } else if *kind == KindName::ROLE {
        let (Some(role), None) = (names.next(), names.next()) else {
            return Err(refused("everybody has exactly one role"));
        };
        body.role = Some(role);
    } else {
        return Err(refused(
            "grants of this kind are not written with the record",
        ));
    }
    Ok(())
}

/// Checks that no tags are given together with the role of a guest, to which the platform does not apply them.
///
/// # Errors
///
/// `Invalid` when they are.
pub(crate) fn refuse_tags_of_guests<'a>(
    body: &UserFields<'_>,
    mut roles: impl Iterator<Item = &'a Grant>,
) -> Result<()> {
    let tagged = body.list_tags.as_ref().is_some_and(|tags| !tags.is_empty());
    if tagged && roles.any(|role| GUESTS.contains(&role.name.as_str())) {
        return Err(Error::new(
            ErrorKind::Invalid,
            "guests have no tags: the platform would leave them out without a word",
        )
        .with("reason", "guests-have-no-tags"));
    }
    Ok(())
}

/// Checks that the platform stored what was sent.
///
/// # Errors
///
/// `Protocol` with the effect applied, which names the fields that differ.
pub(crate) fn check(sent: &UserFields<'_>, stored: &User, viewer: Viewer) -> Result<()> {
    let differing = differing(sent, stored, viewer);
    if differing.is_empty() {
        return Ok(());
    }
    Err(mismatch(&differing.join(", "), stored.id))
}

/// Returns the error of a write that the platform answered with something else than was sent.
pub(crate) fn mismatch(fields: &str, id: i64) -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the platform did not store what was sent",
    )
    .with_effect(Effect::Applied)
    .with("fields", fields)
    .with("employee.id", id)
}

fn differing(sent: &UserFields<'_>, stored: &User, viewer: Viewer) -> Vec<&'static str> {
    let shown = profile(stored, viewer);
    let texts = [
        (FieldName::Email, sent.email),
        (FieldName::LastName, sent.last_name),
        (FieldName::FirstName, sent.first_name),
        (FieldName::Phone, sent.phone_number),
        (FieldName::Department, sent.department),
        (FieldName::Title, sent.title),
    ];
    // The names of somebody who has not registered yet are not echoed reliably.
    // <https://dev.pachca.com/api/users/create> Checked 2026-11.
    let echoed = |field: FieldName| {
        !(stored.is_invited() && matches!(field, FieldName::FirstName | FieldName::LastName))
    };
    let mut names: Vec<&'static str> = texts
        .into_iter()
        .filter_map(|(field, text)| Some((field, text?)))
        .filter(|(field, text)| echoed(*field) && !is_kept(*field, text, shown.get(*field)))
        .map(|(field, _)| field.as_str())
        .collect();
    if sent.role.is_some() && stored.role.is_some() && sent.role != stored.role.as_deref() {
        names.push("role");
    }
    if let (Some(sent), Some(stored)) = (&sent.list_tags, &stored.list_tags)
        && !same_set(sent, stored)
    {
        names.push("tags");
    }
    names
}

fn is_kept(field: FieldName, sent: &str, stored: &Known<String>) -> bool {
    match stored {
        Known::Value(stored) => same_value(field, sent, stored),
        Known::Empty => sent.trim().is_empty(),
        Known::Hidden => true,
    }
}

/// Tags are one and the same whatever their case. <https://dev.pachca.com/guides/tags> Checked 2026-11.
fn same_set(sent: &[&str], stored: &[String]) -> bool {
    let folded = |names: &mut dyn Iterator<Item = &str>| -> std::collections::BTreeSet<String> {
        names.map(fold).collect()
    };
    folded(&mut sent.iter().copied()) == folded(&mut stored.iter().map(String::as_str))
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    reason = "a fixture that does not parse is a failed test"
)]
mod tests;
