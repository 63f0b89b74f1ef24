//! What is kept between runs: the tokens, and the seed they came from.

use kadry_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// How long a refresh token is left alone at most while the platform is used.
const EVERY_MS: i64 = 24 * 60 * 60 * 1000;

/// The tokens of one credential.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Kept {
    /// The current refresh token.
    #[serde(serialize_with = "exposed")]
    pub(crate) refresh_token: SecretString,
    /// Since when we have it, in milliseconds since the Unix epoch.
    pub(crate) since_ms: i64,
    /// Since when we have the seed, in milliseconds since the Unix epoch.
    #[serde(default)]
    pub(crate) seed_since_ms: Option<i64>,
    /// When tokens were renewed last, in milliseconds since the Unix epoch.
    #[serde(default)]
    pub(crate) renewed_ms: Option<i64>,
    /// The last access token.
    pub(crate) access: Option<Access>,
    /// The hash of the seed that all of this came from.
    pub(crate) seed_sha256: String,
}

/// An access token.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Access {
    #[serde(serialize_with = "exposed")]
    pub(crate) token: SecretString,
    /// When it is time for a new one, in milliseconds since the Unix epoch.
    pub(crate) renew_at_ms: i64,
}

impl Access {
    /// Reports whether it is too early for a new one.
    pub(crate) const fn fresh(&self, now_ms: i64) -> bool {
        now_ms < self.renew_at_ms
    }

    /// Reports whether it is this token.
    pub(crate) fn is(&self, token: &SecretString) -> bool {
        token.expose_secret() == self.token.expose_secret()
    }
}

impl Kept {
    /// Returns a fresh start from a seed that we have since then.
    pub(crate) fn from_seed(seed: &SecretString, since_ms: i64) -> Self {
        Self {
            refresh_token: seed.clone(),
            since_ms,
            seed_since_ms: Some(since_ms),
            renewed_ms: None,
            access: None,
            seed_sha256: hash(seed),
        }
    }

    /// Returns what was kept, unless it came from another seed or cannot be read.
    pub(crate) fn from_json(json: &SecretString, seed: &SecretString) -> Option<Self> {
        let Ok(kept) = serde_json::from_str::<Self>(json.expose_secret()) else {
            tracing::warn!("the kept tokens cannot be read; starting again from the seed");
            return None;
        };
        if kept.seed_sha256 != hash(seed) {
            tracing::info!("the seed has changed; starting again from it");
            return None;
        }
        Some(kept)
    }

    /// Reports whether there is an access token for which it is too early for a new one.
    pub(crate) fn fresh(&self, now_ms: i64) -> bool {
        self.access
            .as_ref()
            .is_some_and(|access| access.fresh(now_ms))
    }

    /// Reports whether the last renewal is so long ago that it is time for one, whatever the access token is worth.
    pub(crate) fn due(&self, now_ms: i64) -> bool {
        self.renewed_ms
            .is_none_or(|renewed_ms| now_ms >= renewed_ms.saturating_add(EVERY_MS))
    }

    /// Returns the text that is kept.
    pub(crate) fn to_json(&self) -> Result<SecretString> {
        serde_json::to_string(self)
            .map(SecretString::from)
            .map_err(|_| Error::new(ErrorKind::Protocol, "the tokens cannot be written as text"))
    }
}

fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

fn hash(seed: &SecretString) -> String {
    Sha256::digest(seed.expose_secret())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
