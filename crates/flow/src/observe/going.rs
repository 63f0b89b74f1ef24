//! Looks that nobody waits for any longer.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use futures::FutureExt as _;
use kadry_core::{Error, ErrorKind, ProviderId, Result};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::{Here, Look};

/// Looks that go on by themselves although a plan was made without them, each to be taken once. One that stood still in the middle of a
/// request would keep others from theirs.
#[derive(Default)]
pub(crate) struct Going(Mutex<BTreeMap<ProviderId, AbortOnDropHandle<Result<Here>>>>);

impl Going {
    pub(crate) fn take(&self, id: &ProviderId) -> Option<Look<'static>> {
        // A map of looks is whole whoever panicked beside it.
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let look = looks.remove(id)?;
        Some(
            look.map(|looked| looked.unwrap_or_else(|_| Err(broken_off())))
                .boxed(),
        )
    }
}

fn broken_off() -> Error {
    Error::new(ErrorKind::Unavailable, "the look broke off").during("observe")
}

impl From<BTreeMap<ProviderId, Look<'static>>> for Going {
    fn from(looks: BTreeMap<ProviderId, Look<'static>>) -> Self {
        let go_on =
            |look: Look<'static>| AbortOnDropHandle::new(tokio::spawn(look.in_current_span()));
        let looks = looks.into_iter().map(|(id, look)| (id, go_on(look)));
        Self(Mutex::new(looks.collect()))
    }
}

impl fmt::Debug for Going {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Going")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::sync::Semaphore;
    use tokio::time::timeout;

    use super::*;

    fn on() -> ProviderId {
        ProviderId::new("messenger")
    }

    /// A look that keeps the one right to a request for a second, and sees nothing.
    async fn busy(right: Arc<Semaphore>) -> Result<Here> {
        let _held = right.acquire().await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        Err(Error::new(ErrorKind::NotFound, "nothing here"))
    }

    async fn begun(right: &Arc<Semaphore>) -> Going {
        let mut look: Look<'static> = busy(Arc::clone(right)).boxed();
        assert!(timeout(Duration::from_millis(1), &mut look).await.is_err());
        assert_eq!(right.available_permits(), 0);
        Going::from(BTreeMap::from([(on(), look)]))
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_that_nobody_waits_for_keeps_nothing_from_others() {
        let right = Arc::new(Semaphore::new(1));
        let going = begun(&right).await;
        let others = timeout(Duration::from_secs(10), right.acquire()).await;
        assert!(others.is_ok(), "the right is held for good");
        let seen = going.take(&on()).unwrap().await.unwrap_err();
        assert_eq!(seen.kind(), ErrorKind::NotFound);
        assert!(going.take(&on()).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_that_nobody_can_ask_for_is_given_up() {
        let right = Arc::new(Semaphore::new(1));
        drop(begun(&right).await);
        let others = timeout(Duration::from_millis(1), right.acquire()).await;
        assert!(others.is_ok(), "it goes on");
    }
}
