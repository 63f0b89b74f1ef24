//! Between the platform's words and ours; asks nobody.

mod body;
mod grants;
mod review;
mod status;

use std::collections::BTreeMap;

use kadry_core::{
    Access, Email, Employee, EmployeeRef, Error, ErrorKind, FieldName, KindName, Known, Marks,
    MatchKey, Profile, RemoteId, Result,
};

pub(crate) use self::body::{check, mismatch, put, put_grants, refuse_tags_of_guests};
pub(crate) use self::grants::{offered_chat, offered_property, offered_role, offered_tag};
pub(crate) use self::review::review;
pub(crate) use self::status::{
    EMOJI_STYLE, LONGEST_TITLE, is_kept_status, is_one_emoji, parse as parse_status,
};
use crate::wire::user::User;

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

/// Returns the record as kadry sees it at this time.
pub(crate) fn employee(user: &User, viewer: Viewer, now_ms: i64) -> Employee {
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
            (KindName::ROLE, grants::held_role(user)),
            (KindName::TAG, grants::held_tags(user)),
            (KindName::PROPERTY, grants::held_properties(user)),
            (KindName::STATUS, status::held(user, now_ms)),
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

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    reason = "a fixture that does not parse is a failed test"
)]
mod tests;
