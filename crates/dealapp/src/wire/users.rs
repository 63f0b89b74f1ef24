//! Employees, which the vendor calls users.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read;

/// What a record shows.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct User {
    #[serde(default, deserialize_with = "read::text")]
    pub(crate) email: Option<String>,
    #[serde(
        default,
        rename = "last-name",
        alias = "last_name",
        deserialize_with = "read::text"
    )]
    pub(crate) last_name: Option<String>,
    /// The given name and the patronymic.
    #[serde(
        default,
        rename = "first-name",
        alias = "first_name",
        deserialize_with = "read::text"
    )]
    pub(crate) first_name: Option<String>,
    #[serde(
        default,
        rename = "phone-number",
        alias = "phone_number",
        deserialize_with = "read::text"
    )]
    pub(crate) phone_number: Option<String>,
    #[serde(
        default,
        rename = "integration-uid",
        alias = "integration_uid",
        deserialize_with = "read::text"
    )]
    pub(crate) integration_uid: Option<String>,
    #[serde(default, deserialize_with = "read::flag")]
    pub(crate) active: Option<bool>,
    #[serde(
        default,
        rename = "accepted-invitation",
        alias = "accepted_invitation",
        deserialize_with = "read::flag"
    )]
    pub(crate) accepted_invitation: Option<bool>,
    #[serde(
        default,
        rename = "collisions-on-create",
        alias = "collisions_on_create"
    )]
    collisions_on_create: Value,
}

impl User {
    /// Reports whether the platform found that the new record clashes with another one.
    ///
    /// The vendor shows the member as `{}` and does not say what fills it. Checked 2026-11.
    pub(crate) fn collides(&self) -> bool {
        match &self.collisions_on_create {
            Value::Null | Value::Bool(false) => false,
            Value::Object(members) => !members.is_empty(),
            Value::Array(rows) => !rows.is_empty(),
            Value::String(text) => !text.trim().is_empty(),
            Value::Bool(true) | Value::Number(_) => true,
        }
    }
}

/// The body of a write: the members that are asked for and no others.
#[derive(Debug, Default, Serialize)]
pub(crate) struct UserBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) integration_uid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) active: Option<bool>,
}
