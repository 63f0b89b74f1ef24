//! A chat and its members.

use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(crate) struct Chat {
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "super::nullable")]
    pub(crate) name: String,
    pub(crate) owner_id: Option<i64>,
    /// Active members only: a suspended person is left out although the membership is kept.
    pub(crate) member_ids: Option<Vec<i64>>,
    #[serde(default, deserialize_with = "super::nullable")]
    pub(crate) group_tag_ids: Vec<i64>,
    #[serde(default, deserialize_with = "super::nullable")]
    pub(crate) archived: bool,
    #[serde(default, deserialize_with = "super::nullable")]
    pub(crate) personal: bool,
}

/// The body of `POST /chats/{id}/members`, which has no wrapper.
#[derive(Debug, Serialize)]
pub(crate) struct NewMembers {
    pub(crate) member_ids: [i64; 1],
    pub(crate) silent: bool,
}
