//! A tag, which groups people and brings them into chats.

use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(crate) struct GroupTag {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// The body of `POST /group_tags`.
#[derive(Debug, Serialize)]
pub(crate) struct NewTag<'a> {
    pub(crate) group_tag: TagName<'a>,
}

#[derive(Debug, Serialize)]
pub(crate) struct TagName<'a> {
    pub(crate) name: &'a str,
}
