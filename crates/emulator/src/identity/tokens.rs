//! The tokens that were given out, and to whom.

use std::collections::BTreeMap;

use crate::seed;

/// How long an access token lives.
pub(super) const ACCESS_TOKEN_MS: i64 = 86_400_000;

/// How long a refresh token lives; after that somebody has to sign in by hand again.
const REFRESH_TOKEN_MS: i64 = 30 * 86_400_000;

/// A token's account and the end of its life.
struct Life {
    account: String,
    until_ms: i64,
}

/// What a successful refresh gives.
pub(super) struct Granted {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
}

/// All valid tokens.
pub(super) struct Tokens {
    seed: u64,
    rotates: bool,
    given: u64,
    access: BTreeMap<String, Life>,
    refresh: BTreeMap<String, Life>,
}

impl Tokens {
    pub(super) fn new(seed: u64, rotates: bool) -> Self {
        Self {
            seed,
            rotates,
            given: 0,
            access: BTreeMap::new(),
            refresh: BTreeMap::new(),
        }
    }

    pub(super) fn sign_in(&mut self, account: &str, refresh_token: &str, now_ms: i64) {
        let life = Life {
            account: account.to_owned(),
            until_ms: now_ms + REFRESH_TOKEN_MS,
        };
        self.refresh.insert(refresh_token.to_owned(), life);
    }

    pub(super) fn account(&self, access_token: &str, now_ms: i64) -> Option<String> {
        self.access
            .get(access_token)
            .filter(|life| now_ms < life.until_ms)
            .map(|life| life.account.clone())
    }

    pub(super) fn expire_access_tokens(&mut self) {
        self.access.clear();
    }

    /// Gives out an access token. When refresh tokens rotate, the one used is worth nothing from here on;
    /// else it stays, and keeps the end of life that it had.
    pub(super) fn refresh(&mut self, refresh_token: &str, now_ms: i64) -> Option<Granted> {
        let life = self
            .refresh
            .get(refresh_token)
            .filter(|life| now_ms < life.until_ms)?;
        let account = life.account.clone();
        self.given += 1;
        let access_token = self.token("access", 64);
        let mut current = refresh_token.to_owned();
        if self.rotates {
            current = self.token("refresh", 64);
            self.refresh.remove(refresh_token);
            self.sign_in(&account, &current, now_ms);
        }
        let life = Life {
            account,
            until_ms: now_ms + ACCESS_TOKEN_MS,
        };
        self.access.insert(access_token.clone(), life);
        Some(Granted {
            access_token,
            refresh_token: current,
        })
    }

    fn token(&self, kind: &str, length: usize) -> String {
        seed::token(
            self.seed,
            &format!("identity.{kind}.{}", self.given),
            length,
        )
    }
}
