//! The token and what it opens.

use http::{HeaderMap, header};

use crate::pachca::answer::Failure;
use crate::pachca::state::{Role, Workspace};

/// What an administrator's personal token can have.
pub(super) const SCOPES: &[&str] = &[
    "users:read",
    "users:create",
    "users:update",
    "users:delete",
    "user_status:read",
    "user_status:write",
    "user_avatar:write",
    "group_tags:read",
    "group_tags:write",
    "chats:read",
    "chats:create",
    "chats:update",
    "chats:archive",
    "chats:leave",
    "chat_members:read",
    "chat_members:write",
    "messages:create",
    "messages:read",
    "messages:update",
    "messages:delete",
    "reactions:read",
    "reactions:write",
    "pins:write",
    "threads:read",
    "threads:create",
    "link_previews:write",
    "custom_properties:read",
    "profile:read",
    "profile_status:read",
    "profile_status:write",
    "profile_avatar:write",
    "search:users",
    "search:chats",
    "search:messages",
    "bots:read",
    "bots:write",
    "webhooks:events:read",
    "webhooks:events:delete",
];

/// The scopes that only an owner or administrator can use.
const FOR_ADMINS: &[&str] = &[
    "users:create",
    "users:update",
    "users:delete",
    "user_status:write",
    "user_avatar:write",
    "group_tags:write",
];

/// The scopes that only the owner's token can have.
pub(super) const FOR_OWNERS: &[&str] = &[
    "company_chats:read",
    "chat_exports:read",
    "chat_exports:write",
];

/// The scopes that a guest of several chats cannot use.
const NOT_FOR_GUESTS: &[&str] = &["chats:create", "chats:leave"];

/// How often the time of the last use is written down.
const LAST_USED_MS: i64 = 3_600_000;

/// The personal token of the service account.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) id: i64,
    pub(super) secret: String,
    pub(super) user_id: i64,
    pub(super) scopes: Vec<&'static str>,
    pub(super) created_ms: i64,
    pub(super) last_used_ms: Option<i64>,
}

impl Token {
    /// Returns the token as it may be shown.
    pub(super) fn masked(&self) -> String {
        let head = self.secret.get(..8).unwrap_or_default();
        let tail = self.secret.len().saturating_sub(4);
        format!("{head}...{}", self.secret.get(tail..).unwrap_or_default())
    }
}

impl Workspace {
    /// Checks the token of a request and that it opens what needs `scope`.
    pub(super) fn admit(
        &mut self,
        headers: &HeaderMap,
        scope: Option<&'static str>,
    ) -> Result<(), Failure> {
        let sent = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        if sent != Some(self.token.secret.as_str()) {
            return Err(Failure::invalid_token());
        }
        let owner = self.users.get(self.token.user_id);
        let Some(owner) = owner.filter(|user| !user.suspended && user.role != Role::Guest) else {
            return Err(Failure::forbidden("access_denied"));
        };
        if let Some(scope) = scope {
            if !self.token.scopes.contains(&scope) {
                return Err(Failure::insufficient_scope(scope));
            }
            let forbidden = owner.role != Role::Admin && FOR_ADMINS.contains(&scope)
                || owner.role.is_guest() && NOT_FOR_GUESTS.contains(&scope)
                || !owner.owner && FOR_OWNERS.contains(&scope);
            if forbidden {
                return Err(Failure::role_forbidden(scope));
            }
        }
        let now_ms = self.now_ms();
        if self
            .token
            .last_used_ms
            .is_none_or(|used| now_ms - used >= LAST_USED_MS)
        {
            self.token.last_used_ms = Some(now_ms);
        }
        Ok(())
    }

    /// Returns the id of the person whose token is used.
    pub(super) fn me(&self) -> i64 {
        self.token.user_id
    }
}
