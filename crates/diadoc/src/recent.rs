//! What was read a moment ago, so that it is not asked for twice.
//!
//! Everything here is given out once or for a moment only, and nothing after a write: a read shows what the platform shows now.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kadry_core::{Email, Result};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::calls::BoxApi;
use crate::wire::employee::Employee;

/// How long a moment is.
const MOMENT: Duration = Duration::from_secs(30);

/// What was read a moment ago.
#[derive(Default)]
pub(crate) struct Recent(Mutex<State>);

#[derive(Default)]
struct State {
    /// Our own record.
    own: Option<Read<Employee>>,
    /// Everybody, read ahead of the question; given up with the set.
    ahead: JoinSet<Read<Result<Vec<Employee>>>>,
    /// The ids, by login, of those whose id changes when they register.
    unsettled: Option<Read<BTreeMap<Email, String>>>,
}

/// Something, and when it had been read.
struct Read<T> {
    what: T,
    at: Instant,
}

impl<T> Read<T> {
    fn now(what: T) -> Self {
        Self {
            what,
            at: Instant::now(),
        }
    }

    fn fresh(self) -> Option<T> {
        (self.at.elapsed() < MOMENT).then_some(self.what)
    }
}

impl Recent {
    /// Begins to read everybody. The reading goes on by itself: one that waited for its turn would keep others from theirs.
    pub(crate) fn read_ahead(&self, api: BoxApi) {
        let reading = async move { Read::now(api.employees().await) };
        self.held().ahead.spawn(reading.in_current_span());
    }

    /// Returns everybody, if that was read ahead; once.
    pub(crate) async fn everybody(&self) -> Option<Result<Vec<Employee>>> {
        let mut ahead = std::mem::take(&mut self.held().ahead);
        ahead.join_next().await?.ok()?.fresh()
    }

    /// Takes note of our own record.
    pub(crate) fn note_own(&self, own: Employee) {
        self.held().own = Some(Read::now(own));
    }

    /// Returns our own record; once.
    pub(crate) fn own(&self) -> Option<Employee> {
        let own = self.held().own.take();
        own.and_then(Read::fresh)
    }

    /// Takes note of the ids that may change, out of a list of everybody.
    pub(crate) fn note_ids(&self, everybody: &[Employee]) {
        let mut ids: BTreeMap<Email, Option<String>> = BTreeMap::new();
        for row in everybody {
            let Some(login) = row.login() else { continue };
            let id = (row.user.is_registered != Some(true)).then(|| row.user.user_id.clone());
            // Of two people of one login nobody is meant.
            ids.entry(login).and_modify(|id| *id = None).or_insert(id);
        }
        let ids = ids.into_iter().filter_map(|(login, id)| Some((login, id?)));
        self.held().unsettled = Some(Read::now(ids.collect()));
    }

    /// Returns the id under which somebody who had not registered was listed a moment ago.
    pub(crate) fn id_of(&self, login: &Email) -> Option<String> {
        let held = self.held();
        let ids = held.unsettled.as_ref()?;
        (ids.at.elapsed() < MOMENT)
            .then(|| ids.what.get(login).cloned())
            .flatten()
    }

    /// Forgets everything: it is about to change.
    pub(crate) fn forget(&self) {
        *self.held() = State::default();
    }

    fn held(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recent")
    }
}
