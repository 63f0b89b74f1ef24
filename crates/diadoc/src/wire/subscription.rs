//! E-mail subscriptions of one employee.

use serde::{Deserialize, Serialize};

use super::{flag, list};

/// Subscriptions, as read and as written; a write lists only what changes.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Subscriptions {
    #[serde(default, deserialize_with = "list")]
    pub(crate) subscriptions: Vec<Subscription>,
}

/// One subscription.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Subscription {
    pub(crate) id: String,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) is_subscribed: Option<bool>,
}

impl Subscription {
    /// Reports whether the mails go out.
    pub(crate) fn on(&self) -> bool {
        self.is_subscribed == Some(true)
    }
}
