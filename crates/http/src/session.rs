//! Who we are to a platform.

use std::fmt;

use async_trait::async_trait;
use kadry_core::{Error, ErrorKind};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

/// What puts a credential on requests and keeps it fresh.
///
/// Many requests use one session at the same time, so signing in and renewing are single flight: whoever comes second waits for
/// the first and uses what it got. A session may send requests of its own from `attach` and `renew`, but not from `learn`.
#[async_trait]
pub trait Session: fmt::Debug + Send + Sync {
    /// Puts the credential on a request and returns the version of what it put there; may sign in first.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from having a credential. The request is then not sent.
    async fn attach(&self, headers: &mut HeaderMap) -> Result<u64, Error>;

    /// Sees every answer, whatever its status, with the version that its request carried.
    ///
    /// # Errors
    ///
    /// When a new credential could not be kept. The call then fails, though the platform did answer.
    async fn learn(&self, headers: &HeaderMap, version: u64) -> Result<(), Error>;

    /// Is told that this version was not accepted and reports whether something newer is at hand.
    ///
    /// With `true` the request is sent once more, even one that must not be repeated: a 401 means that it did not run.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from getting a new credential.
    async fn renew(&self, version: u64) -> Result<bool, Error>;
}

/// A fixed token in the `Authorization` header.
#[derive(Clone)]
pub struct Bearer(SecretString);

impl Bearer {
    /// Returns a session with this token.
    #[must_use]
    pub fn new(token: SecretString) -> Self {
        Self(token)
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer")
    }
}

#[async_trait]
impl Session for Bearer {
    async fn attach(&self, headers: &mut HeaderMap) -> Result<u64, Error> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0.expose_secret()))
            .map_err(|_| {
                Error::new(
                    ErrorKind::Config,
                    "the token has characters that cannot be sent",
                )
            })?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        Ok(0)
    }

    async fn learn(&self, _headers: &HeaderMap, _version: u64) -> Result<(), Error> {
        Ok(())
    }

    async fn renew(&self, _version: u64) -> Result<bool, Error> {
        Ok(false)
    }
}

/// No credential: for the requests that get one.
#[derive(Clone, Copy, Debug)]
pub struct Anonymous;

#[async_trait]
impl Session for Anonymous {
    async fn attach(&self, _headers: &mut HeaderMap) -> Result<u64, Error> {
        Ok(0)
    }

    async fn learn(&self, _headers: &HeaderMap, _version: u64) -> Result<(), Error> {
        Ok(())
    }

    async fn renew(&self, _version: u64) -> Result<bool, Error> {
        Ok(false)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bearer_shows_its_token_to_the_platform_only() {
        let session = Bearer::new("qwerty".into());
        let mut headers = HeaderMap::new();
        session.attach(&mut headers).await.unwrap();
        assert_eq!(headers[AUTHORIZATION], "Bearer qwerty");
        assert!(!format!("{session:?} {headers:?}").contains("qwerty"));
    }

    #[tokio::test]
    async fn a_token_that_cannot_be_sent_is_the_operators() {
        let session = Bearer::new("one\ntwo".into());
        let error = session.attach(&mut HeaderMap::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
    }
}
