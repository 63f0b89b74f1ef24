//! An employee, as read and as written.

use serde::{Deserialize, Serialize};

use super::property::{Property, PropertyValue};
use super::status::UserStatus;

/// An employee as the platform shows it. The door and the id must be there; the rest may be missing.
#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) suspended: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) department: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) invite_status: Option<String>,
    pub(crate) list_tags: Option<Vec<String>>,
    /// None where they are not shown.
    #[serde(default, deserialize_with = "super::shown")]
    pub(crate) custom_properties: Option<Option<Vec<Property>>>,
    /// None where it is not shown, and an inner none where there is none.
    #[serde(default, deserialize_with = "super::shown")]
    pub(crate) user_status: Option<Option<UserStatus>>,
    #[serde(default, deserialize_with = "super::nullable")]
    pub(crate) bot: bool,
}

impl User {
    /// Reports whether the invitation has been sent and not yet accepted.
    pub(crate) fn is_invited(&self) -> bool {
        self.invite_status.as_deref() == Some("sent")
    }

    /// Returns the custom properties, where they are shown.
    pub(crate) fn properties(&self) -> Option<&[Property]> {
        self.custom_properties.as_ref()?.as_deref()
    }
}

/// The body of `POST /users`.
#[derive(Debug, Serialize)]
pub(crate) struct NewUser<'a> {
    pub(crate) user: UserFields<'a>,
    /// A sibling of `user`: inside it the key would be ignored and the person would get a mail.
    pub(crate) skip_email_notify: bool,
}

/// The body of `PUT /users/{id}`.
#[derive(Debug, Serialize)]
pub(crate) struct UserEdit<'a> {
    pub(crate) user: UserFields<'a>,
}

/// The values of an employee that are written; what is none is left out and stays as it is.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct UserFields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) department: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<&'a str>,
    /// Replaces the whole set: an empty list takes every tag, none keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) list_tags: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custom_properties: Option<Vec<PropertyValue<'a>>>,
}

/// The body of the `PUT /users/{id}` that opens or closes the door, and nothing else.
///
/// The specification prints `default: false` for `suspended`, and clients made from it reopen a closed door with any edit. So the
/// key lives in a body of its own. <https://dev.pachca.com/api/users/update> Checked 2026-11.
#[derive(Debug, Serialize)]
pub(crate) struct DoorEdit {
    pub(crate) user: Door,
}

#[derive(Debug, Serialize)]
pub(crate) struct Door {
    pub(crate) suspended: bool,
}
