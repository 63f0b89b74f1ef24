//! What a request wants a person's record to be, read whole before anything is changed.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::Value;

use crate::pachca::answer::Failure;
use crate::pachca::ask::Fields;
use crate::pachca::directory::{Card, User};
use crate::pachca::state::{Role, Workspace, folded};

/// The fields that creating and editing have in common.
pub(super) const FIELDS: &[&str] = &[
    "email",
    "first_name",
    "last_name",
    "phone_number",
    "nickname",
    "department",
    "title",
    "role",
    "suspended",
    "list_tags",
    "custom_properties",
];

/// What is wanted of a record; what is absent stays as it is.
#[derive(Debug)]
pub(super) struct Wished {
    pub(super) email: Option<String>,
    pub(super) nickname: Option<String>,
    pub(super) role: Option<Role>,
    pub(super) suspended: Option<bool>,
    pub(super) tags: Option<Vec<String>>,
    texts: Vec<(&'static str, Option<String>)>,
    properties: Vec<(i64, String)>,
}

/// Whether the record is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    Creating,
    Editing,
}

impl Workspace {
    /// Reads what is wanted, as far as it can be judged without the record itself.
    pub(super) fn wished(&self, user: &Fields<'_>, purpose: For) -> Result<Wished, Failure> {
        let mut texts = Vec::new();
        for (name, most) in Card::TEXTS {
            // Absent is left alone, null clears.
            if user.get(name).is_some() {
                texts.push((name, user.text(name, most)?));
            }
        }
        Ok(Wished {
            email: email(user)?,
            nickname: user.text("nickname", 255)?.filter(|name| !name.is_empty()),
            role: role(user, purpose)?,
            suspended: user.flag("suspended")?,
            tags: tags(user)?,
            texts,
            properties: self.wished_properties(user)?,
        })
    }

    fn wished_properties(&self, user: &Fields<'_>) -> Result<Vec<(i64, String)>, Failure> {
        let Some(value) = user.present("custom_properties")? else {
            return Ok(Vec::new());
        };
        let wrong = || Failure::bad("custom_properties", value.to_string(), "invalid");
        let mut wished = Vec::new();
        for property in value.as_array().ok_or_else(wrong)? {
            let property = property.as_object().ok_or_else(wrong)?;
            user.wire
                .only_members(property, &["id", "value"], "custom_properties")?;
            let id = property
                .get("id")
                .and_then(Value::as_i64)
                .ok_or_else(wrong)?;
            let text = property
                .get("value")
                .and_then(Value::as_str)
                .ok_or_else(wrong)?;
            // How a property is made empty is not documented; here an empty text does it.
            if text.trim().is_empty() {
                user.wire
                    .undocumented("an empty value in `custom_properties`")?;
            }
            if !self.properties.iter().any(|known| known.id == id) {
                return Err(Failure::property_not_found(id));
            }
            if text.chars().count() > 768 {
                return Err(Failure::unprocessable(
                    "custom_properties",
                    text,
                    "too_long",
                ));
            }
            wished.push((id, text.to_owned()));
        }
        Ok(wished)
    }

    /// Checks that nobody else has the e-mail address. A suspended person still has it, a deleted one does not.
    pub(super) fn check_email_is_free(&self, email: &str, but: Option<i64>) -> Result<(), Failure> {
        match self.users.by_email(email) {
            Some(user) if Some(user.id) != but => Err(Failure::exists("email", email)),
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the ids of the tags of these names, creating those that are unknown.
    pub(super) fn tags_named(&mut self, names: &[String]) -> BTreeSet<i64> {
        names.iter().map(|name| self.tag_named(name)).collect()
    }
}

impl Wished {
    /// Writes down everything but e-mail, nickname and tags, which depend on other records.
    pub(super) fn write(self, user: &mut User) {
        for (name, text) in self.texts {
            if let Some(field) = user.card.text(name) {
                *field = text;
            }
        }
        if let Some(role) = self.role {
            user.role = role;
        }
        if let Some(suspended) = self.suspended {
            user.suspended = suspended;
        }
        for (id, value) in self.properties {
            if value.is_empty() {
                user.properties.remove(&id);
            } else {
                user.properties.insert(id, value);
            }
        }
    }
}

fn email(user: &Fields<'_>) -> Result<Option<String>, Failure> {
    let Some(email) = user.text("email", 255)? else {
        return Ok(None);
    };
    let email = email.trim();
    if email.is_empty() {
        return Err(Failure::unprocessable("email", email, "blank"));
    }
    let sound = email
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !sound || email.contains(char::is_whitespace) {
        return Err(Failure::unprocessable("email", email, "invalid"));
    }
    Ok(Some(email.to_owned()))
}

fn role(user: &Fields<'_>, purpose: For) -> Result<Option<Role>, Failure> {
    let Some(text) = user.text("role", usize::MAX)? else {
        return Ok(None);
    };
    match (Role::read(&text), purpose) {
        // Guests are made, nobody becomes one.
        (Some(Role::Guest), For::Editing) => Err(Failure::field(
            StatusCode::FORBIDDEN,
            "role",
            text,
            "not_authorized",
        )),
        (Some(role), _) => Ok(Some(role)),
        (None, For::Creating) => Err(Failure::unprocessable("role", text, "inclusion")),
        (None, For::Editing) => {
            user.wire.undocumented(format!("unknown role `{text}`"))?;
            Ok(None)
        }
    }
}

/// Reads the names of tags; a value that is no list of names is ignored, and the request goes on.
fn tags(user: &Fields<'_>) -> Result<Option<Vec<String>>, Failure> {
    let Some(value) = user.get("list_tags") else {
        return Ok(None);
    };
    let names: Option<Vec<String>> = value.as_array().and_then(|list| {
        list.iter()
            .map(|name| name.as_str().filter(|name| !name.trim().is_empty()))
            .map(|name| name.map(str::to_owned))
            .collect()
    });
    let Some(names) = names else {
        user.wire
            .undocumented("`list_tags` is no array of non-empty strings")?;
        return Ok(None);
    };
    for name in &names {
        check_tag_name(name, "list_tags")?;
    }
    Ok(Some(names))
}

/// Checks a tag's name by the rules of the platform.
pub(super) fn check_tag_name(name: &str, key: &str) -> Result<(), Failure> {
    let folded = folded(name);
    let code = if folded.is_empty() {
        "blank"
    } else if name.trim().chars().count() > 255 {
        "too_long"
    } else if folded == "here" || folded == "all" {
        "use_of_system_words"
    } else if folded.contains('@') {
        "invalid"
    } else {
        return Ok(());
    };
    Err(Failure::unprocessable(key, name, code))
}
