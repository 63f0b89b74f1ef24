//! What a write may set on a user, and what makes the result invalid.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::errors::Complaints;
use super::records::{EMAIL_TAKEN, Records, User, folded, name_of};
use super::request::{Holds, Member, cast_flag, cast_text};
use super::session::digest;

/// The members that create documents. Everything else needs a second call.
pub(super) const CREATE: &[Member] = &[
    Member::new("email", Holds::Text, false),
    Member::new("unit_id", Holds::Id, false),
    Member::new("role_id", Holds::Id, false),
    Member::new("last_name", Holds::Text, false),
    Member::new("first_name", Holds::Text, true),
    Member::new("password", Holds::Text, false),
    Member::new("integration_uid", Holds::Text, true),
];

/// The members that update documents; `prefered_locale` is spelt so.
pub(super) const UPDATE: &[Member] = &[
    Member::new("email", Holds::Text, false),
    Member::new("last_name", Holds::Text, false),
    Member::new("first_name", Holds::Text, true),
    Member::new("active", Holds::Flag, false),
    Member::new("role_id", Holds::Id, false),
    Member::new("unit_id", Holds::Id, false),
    Member::new("level_id", Holds::Id, true),
    Member::new("avatar", Holds::Text, true),
    Member::new("phone_number", Holds::Text, true),
    Member::new("integration_uid", Holds::Text, true),
    Member::new("password", Holds::Text, false),
    Member::new("password_confirmation", Holds::Text, false),
    Member::new("prefered_locale", Holds::Text, false),
];

const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;
const LARGEST_AVATAR: usize = 1 << 20;

/// Sets what `body` holds of `members`; the rest of it is dropped without a word.
pub(super) fn assign(user: &mut User, body: &Map<String, Value>, members: &[Member]) -> Complaints {
    let mut complaints = Complaints::default();
    for member in members {
        if let Some(sent) = body.get(member.name) {
            set(user, member.name, sent, &mut complaints);
        }
    }
    if let Some(Some(confirmation)) = body.get("password_confirmation").and_then(cast_text)
        && let Some(Some(password)) = body.get("password").and_then(cast_text)
        && password != confirmation
    {
        complaints.add(
            "password_confirmation",
            "Password confirmation doesn't match Password",
        );
    }
    complaints
}

fn set(user: &mut User, name: &str, sent: &Value, complaints: &mut Complaints) {
    if name == "active" {
        match cast_flag(sent) {
            Some(active) => user.active = active,
            None => complaints.add("active", "Active is not included in the list"),
        }
        return;
    }
    let Some(text) = cast_text(sent) else { return };
    match name {
        "email" => user.email = folded(&text.unwrap_or_default()),
        "last_name" => user.last_name = text.unwrap_or_default(),
        "first_name" => user.first_name = text,
        "phone_number" => user.phone_number = text,
        "integration_uid" => user.integration_uid = text.filter(|uid| !uid.is_empty()),
        "unit_id" => user.unit = text.unwrap_or_default().to_lowercase(),
        "role_id" => user.role = text.unwrap_or_default().to_lowercase(),
        "level_id" => user.level = text.filter(|id| !id.is_empty()).map(|id| id.to_lowercase()),
        "prefered_locale" => set_locale(user, text.unwrap_or_default(), complaints),
        "password" => set_password(user, text.as_deref(), complaints),
        "avatar" => set_avatar(user, text.as_deref(), complaints),
        _ => {}
    }
}

fn set_locale(user: &mut User, locale: String, complaints: &mut Complaints) {
    if locale.len() == 2 && locale.bytes().all(|byte| byte.is_ascii_lowercase()) {
        user.locale = locale;
    } else {
        complaints.add(
            "prefered_locale",
            "Prefered locale is not included in the list",
        );
    }
}

/// Sets a password. Null is no password: nothing changes.
fn set_password(user: &mut User, password: Option<&str>, complaints: &mut Complaints) {
    let Some(password) = password else { return };
    let length = password.chars().count();
    if PASSWORD_LENGTH.contains(&length) {
        user.password = Some(digest(password));
        user.passwords_set += 1;
    } else if length < *PASSWORD_LENGTH.start() {
        complaints.add(
            "password",
            "Password is too short (minimum is 8 characters)",
        );
    } else {
        complaints.add(
            "password",
            "Password is too long (maximum is 128 characters)",
        );
    }
}

/// Stores a picture, sent as base64, with or without the head of a data URI.
fn set_avatar(user: &mut User, avatar: Option<&str>, complaints: &mut Complaints) {
    let Some(avatar) = avatar.filter(|avatar| !avatar.is_empty()) else {
        user.avatar_url = None;
        return;
    };
    let encoded = avatar
        .split_once(";base64,")
        .map_or(avatar, |(_, encoded)| encoded);
    let picture = STANDARD
        .decode(encoded)
        .ok()
        .filter(|bytes| bytes.len() <= LARGEST_AVATAR);
    let kind = picture.as_deref().and_then(picture_kind);
    if let (Some(picture), Some(kind)) = (picture, kind) {
        let print: String = Sha256::digest(&picture)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        user.avatar_url = Some(format!("https://avatars.example.test/{print}.{kind}"));
    } else {
        complaints.add("avatar", "Avatar is not a PNG or JPEG of at most 1 MB");
    }
}

fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("jpg")
    } else {
        None
    }
}

/// Adds what is wrong with `user` as it would be stored. Inactive users hold on to their e-mail and external id.
pub(super) fn validate(records: &Records, user: &User, complaints: &mut Complaints) {
    if user.email.is_empty() {
        complaints.add("email", "Email can't be blank");
    } else if !is_email(&user.email) {
        complaints.add("email", "Email is invalid");
    } else if records
        .users
        .by_email(&user.email)
        .is_some_and(|other| other.id != user.id)
    {
        complaints.add("email", EMAIL_TAKEN);
    }
    if user.last_name.trim().is_empty() {
        complaints.add("last_name", "Last name can't be blank");
    }
    if records.unit(&user.unit).is_none() {
        complaints.add("unit_id", "Unit must exist");
    }
    if name_of(&records.roles, &user.role).is_none() {
        complaints.add("role_id", "Role must exist");
    }
    if user
        .level
        .as_deref()
        .is_some_and(|level| name_of(&records.levels, level).is_none())
    {
        complaints.add("level_id", "Level must exist");
    }
    if let Some(uid) = &user.integration_uid
        && records
            .users
            .holder_of(uid)
            .is_some_and(|holder| holder != user.id)
    {
        complaints.add("integration_uid", "Integration uid is already used");
    }
}

/// Reports whether a text has the form that the library asks of an e-mail: one `@`, no blanks, both sides filled.
pub(super) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
    })
}
