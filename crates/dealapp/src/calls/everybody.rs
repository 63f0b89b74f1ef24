//! One reading of everybody for all who ask in the same moment.
//!
//! There is no search by the employer's id, and the search by e-mail is not promised to find every spelling: both come down to the
//! whole list, and a newcomer is looked for by both keys at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use kadry_core::Result;
use tokio::sync::OnceCell;

use super::users::People;

/// The reading that may still be joined, while anybody holds it.
#[derive(Debug, Default)]
pub(super) struct Everybody(Mutex<Weak<Reading>>);

/// One reading of everybody, done by the first who needs it.
#[derive(Default)]
pub(super) struct Reading {
    wanted: AtomicBool,
    answered: AtomicBool,
    people: OnceCell<People>,
}

impl Everybody {
    /// Returns a reading that shows whatever was written before now.
    ///
    /// One of which a page came already might not. One that is still to be answered does: requests leave one at a time, so that a
    /// write of ours that is done was done before that one left.
    pub(super) fn reading(&self) -> Arc<Reading> {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let joinable = current.upgrade().filter(|reading| !reading.is_answered());
        joinable.unwrap_or_else(|| {
            let reading = Arc::new(Reading::default());
            *current = Arc::downgrade(&reading);
            reading
        })
    }
}

impl Reading {
    /// Returns everybody; whoever comes while they are being read waits. A failure is the caller's own, and the next one tries again.
    pub(super) async fn people<F>(&self, read: impl FnOnce() -> F + Send) -> Result<&People>
    where
        F: Future<Output = Result<People>> + Send,
    {
        self.wanted.store(true, Ordering::Release);
        self.people.get_or_try_init(read).await
    }

    /// Reports whether somebody needs it, so that its outcome costs nobody else a request.
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Acquire)
    }

    /// Notes that a page came.
    pub(super) fn note_answer(&self) {
        self.answered.store(true, Ordering::Release);
    }

    fn is_answered(&self) -> bool {
        self.answered.load(Ordering::Acquire)
    }
}
