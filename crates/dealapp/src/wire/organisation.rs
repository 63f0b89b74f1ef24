//! Units and roles.

use kadry_core::Known;
use serde::{Deserialize, Serialize};

use super::read;

/// A record that is known by its name: a role, or anything that comes along as included.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Named {
    #[serde(default, deserialize_with = "read::text")]
    pub(crate) name: Option<String>,
}

/// A unit of the tree of departments.
#[derive(Debug, Deserialize)]
pub(crate) struct Unit {
    #[serde(default, deserialize_with = "read::text")]
    pub(crate) name: Option<String>,
    /// The vendor names `parent_id` without saying whether it is an attribute or a filter; a relation `parent` is read too. Checked 2026-11.
    #[serde(
        rename = "parent-id",
        alias = "parent_id",
        default = "hidden",
        deserialize_with = "read::shown"
    )]
    pub(crate) parent_id: Known<String>,
    #[serde(
        rename = "integration-uid",
        alias = "integration_uid",
        default = "hidden",
        deserialize_with = "read::shown"
    )]
    pub(crate) integration_uid: Known<String>,
}

const fn hidden() -> Known<String> {
    Known::Hidden
}

impl Default for Unit {
    fn default() -> Self {
        Self {
            name: None,
            parent_id: hidden(),
            integration_uid: hidden(),
        }
    }
}

/// The body that makes a unit. At the root there is no parent to send.
#[derive(Debug, Serialize)]
pub(crate) struct NewUnit<'a> {
    pub(crate) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent_id: Option<&'a str>,
}
