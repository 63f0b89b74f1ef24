//! A message.

use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) user_id: Option<i64>,
    pub(crate) created_at: Option<String>,
    #[serde(default, deserialize_with = "super::nullable")]
    pub(crate) content: String,
}

/// The body of `POST /messages`.
#[derive(Debug, Serialize)]
pub(crate) struct NewMessage<'a> {
    pub(crate) message: MessageFields<'a>,
}

#[derive(Debug, Serialize)]
pub(crate) struct MessageFields<'a> {
    pub(crate) entity_type: &'static str,
    pub(crate) entity_id: i64,
    pub(crate) content: &'a str,
}
