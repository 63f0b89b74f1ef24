//! The documented frequency limits.

use http::Method;

use crate::limits::{Family, Rate};
use crate::pachca::MOUNT;
use crate::pachca::answer::Failure;
use crate::pachca::state::Workspace;

/// How fast messages may go to one recipient.
const PER_RECIPIENT: Rate = Rate {
    count: 4,
    per_ms: 1_000,
};

/// The documented limits; accounting is per token.
pub(super) fn limits() -> Vec<Family> {
    let family = |name, covers, count, per_ms| Family {
        name,
        covers,
        credential: "authorization",
        rate: Some(Rate { count, per_ms }),
        in_flight: None,
    };
    vec![
        family("sending messages", sends, 30, 5_000),
        family("reading messages", reads, 10, 1_000),
        family("the company's chats", company, 30, 60_000),
        family(
            "everything else",
            |m, p| !sends(m, p) && !reads(m, p) && !company(m, p),
            50,
            1_000,
        ),
    ]
}

fn sends(method: &Method, path: &str) -> bool {
    method == Method::POST && path.strip_prefix(MOUNT) == Some("/messages")
}

fn reads(method: &Method, path: &str) -> bool {
    let inner = path.strip_prefix(MOUNT).unwrap_or(path);
    method == Method::GET && (inner == "/messages" || inner.starts_with("/messages/"))
}

fn company(method: &Method, path: &str) -> bool {
    method == Method::GET && path.strip_prefix(MOUNT) == Some("/company/chats")
}

impl Workspace {
    /// Counts a message to a recipient, who is named in the body and so unknown to the general limits.
    pub(super) fn pace(&mut self, entity_id: i64) -> Result<(), Failure> {
        if !self.limits {
            return Ok(());
        }
        let now_ms = self.now_ms();
        let pace = self.paces.entry(entity_id).or_default();
        let json = self.sdk_answers;
        pace.take(PER_RECIPIENT, now_ms)
            .map_err(|wait_s| Failure::Frequency { wait_s, json })
    }
}
