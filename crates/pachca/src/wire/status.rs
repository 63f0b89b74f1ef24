//! The line under a name that says how somebody is.

use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(crate) struct UserStatus {
    pub(crate) emoji: String,
    pub(crate) title: String,
    /// When it ends; null for one that stays until it is taken.
    pub(crate) expires_at: Option<String>,
}

/// The body of `PUT /users/{id}/status`.
#[derive(Debug, Serialize)]
pub(crate) struct NewStatus<'a> {
    pub(crate) status: StatusFields<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct StatusFields<'a> {
    pub(crate) emoji: &'a str,
    pub(crate) title: &'a str,
}
