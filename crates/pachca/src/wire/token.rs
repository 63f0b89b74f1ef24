//! What a token says about itself.

use std::collections::BTreeSet;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct TokenInfo {
    pub(crate) user_id: i64,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) created_at: Option<String>,
    /// The lifetime in seconds; null for a token that does not end.
    pub(crate) expires_in: Option<i64>,
}
