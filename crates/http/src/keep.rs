//! Where a token that changes lives between runs.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use kadry_core::Error;
use secrecy::SecretString;
use tokio::sync::Mutex;

/// Where a token that changes is kept between runs: it is durable before it is used.
#[async_trait]
pub trait Keep: fmt::Debug + Send + Sync {
    /// Returns the token that was stored last.
    ///
    /// # Errors
    ///
    /// `Config` if it cannot be read.
    async fn load(&self) -> Result<Option<SecretString>, Error>;

    /// Stores a token in place of the last one; returns when it is durable.
    ///
    /// # Errors
    ///
    /// `Config` if it cannot be written.
    async fn store(&self, token: &SecretString) -> Result<(), Error>;

    /// Takes the lock that keeps other processes from renewing the token; it is released on drop.
    ///
    /// # Errors
    ///
    /// `Config` if it cannot be taken.
    async fn lock(&self) -> Result<Box<dyn Send + Sync>, Error>;
}

/// A place that is forgotten when the process ends, for tests and demonstrations.
#[derive(Clone, Debug, Default)]
pub struct InMemory {
    token: Arc<Mutex<Option<SecretString>>>,
    turn: Arc<Mutex<()>>,
}

impl InMemory {
    /// Returns a place that holds this token.
    #[must_use]
    pub fn holding(token: SecretString) -> Self {
        Self {
            token: Arc::new(Mutex::new(Some(token))),
            turn: Arc::default(),
        }
    }
}

#[async_trait]
impl Keep for InMemory {
    async fn load(&self) -> Result<Option<SecretString>, Error> {
        Ok(self.token.lock().await.clone())
    }

    async fn store(&self, token: &SecretString) -> Result<(), Error> {
        *self.token.lock().await = Some(token.clone());
        Ok(())
    }

    async fn lock(&self) -> Result<Box<dyn Send + Sync>, Error> {
        Ok(Box::new(Arc::clone(&self.turn).lock_owned().await))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use futures::future::poll_immediate;
    use secrecy::ExposeSecret as _;

    use super::*;

    #[tokio::test]
    async fn the_last_token_is_the_one_that_is_loaded() {
        let keep = InMemory::holding("first".into());
        keep.store(&"second".into()).await.unwrap();
        let token = keep.load().await.unwrap().unwrap();
        assert_eq!(token.expose_secret(), "second");
        assert!(!format!("{keep:?}").contains("second"));
    }

    #[tokio::test]
    async fn the_lock_is_released_on_drop() {
        let keep = InMemory::default();
        let guard = keep.lock().await.unwrap();
        assert!(poll_immediate(keep.lock()).await.is_none());
        drop(guard);
        assert!(poll_immediate(keep.lock()).await.is_some());
    }
}
