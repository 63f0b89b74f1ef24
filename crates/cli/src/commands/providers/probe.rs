//! Whether a platform answers us now. What `kadry providers` calls reachable, `kadry check` calls reachable too.

use std::sync::Arc;

use kadry_core::{
    Connect, Email, EmployeeProvider, ErrorKind, Foresight, FoundBy, MatchKey, Result, Standing,
};

/// Nobody, who is asked for, and as whom every role is tried on.
pub(in crate::commands) const NOBODY: &str = "nobody@example.invalid";

/// A platform that answered.
#[derive(Debug)]
pub(in crate::commands) struct Reached {
    /// The platform.
    pub(in crate::commands) provider: Arc<dyn EmployeeProvider>,
    /// What we are there.
    pub(in crate::commands) standing: Standing,
}

/// Reaches a platform and lets it answer, also where a session is kept. Nothing is asked of it that would change anything there.
///
/// # Errors
///
/// Whatever shows that it cannot be used at all: no answer, or none to us. A missing right is no such thing.
pub(in crate::commands) async fn reach(connect: &dyn Connect) -> Result<Reached> {
    let provider = connect.connect(Foresight::default()).await?;
    let standing = provider.whoami().await?;
    // A session that was kept answers for itself, without a word to the platform.
    let nobody = MatchKey::Email(Email::of_record(NOBODY));
    let asks = provider.capability().found_by(nobody.name());
    if matches!(asks, Some(FoundBy::Asking | FoundBy::AskingThenListing)) {
        match provider.find(&nobody, None).await {
            Err(error) if says_nothing(error.kind()) => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(Reached { provider, standing })
}

/// Whether an error means that the platform did not answer us at all; a missing right is told elsewhere.
const fn says_nothing(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Unauthenticated
        | ErrorKind::Unavailable
        | ErrorKind::RateLimited
        | ErrorKind::Protocol
        | ErrorKind::Config => true,
        ErrorKind::Unsupported
        | ErrorKind::Forbidden
        | ErrorKind::Billing
        | ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::Invalid => false,
    }
}
