//! The supply of ids and tokens: endless, and the same for the same seed.

use crate::seed;

/// Length of the access tokens and client ids of the service.
const TOKEN_LENGTH: usize = 22;

/// Hands out tokens and ids, each once.
pub(super) struct Tokens {
    seed: u64,
    issued: u64,
}

impl Tokens {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, issued: 0 }
    }

    /// Returns the next opaque token.
    pub(super) fn next(&mut self) -> String {
        self.issued += 1;
        seed::token(
            self.seed,
            &format!("dealapp token {}", self.issued),
            TOKEN_LENGTH,
        )
    }

    /// Returns the next record id.
    pub(super) fn id(&mut self) -> String {
        self.issued += 1;
        seed::uuid(self.seed, &format!("dealapp id {}", self.issued))
    }
}
