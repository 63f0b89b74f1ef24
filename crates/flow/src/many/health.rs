//! Which platforms still answer while many people are worked on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use kadry_core::{ErrorKind, ProviderId, State};
use kadry_journal::StepStory;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::work::PAGE;

/// After so many people in a row for whom a platform did not answer, nothing more is sent there. So many are tried beside each other
/// before a platform has taken anything.
const BROKEN: usize = 3;

/// Which platforms answer.
#[derive(Debug)]
pub(super) struct Health(BTreeMap<ProviderId, Line>);

/// The line to one platform.
#[derive(Debug)]
struct Line {
    told: Mutex<Told>,
    first: Semaphore,
}

#[derive(Debug, Default)]
struct Told {
    /// For how many people in a row there was no answer.
    silent: usize,
    /// Whether it has ever taken anything.
    proven: bool,
}

impl Health {
    pub(super) fn of(providers: &[ProviderId]) -> Self {
        let line = |provider: &ProviderId| {
            let line = Line {
                told: Mutex::default(),
                first: Semaphore::new(BROKEN),
            };
            (provider.clone(), line)
        };
        Self(providers.iter().map(line).collect())
    }

    /// Waits until somebody's steps may be sent to a platform: before it has taken anything, few try. Whoever does holds a permit until
    /// it is known what came of it.
    pub(super) async fn pass(&self, provider: &ProviderId) -> Option<SemaphorePermit<'_>> {
        let line = self.0.get(provider)?;
        if line.is_known() {
            return None;
        }
        let permit = line.first.acquire().await.ok();
        permit.filter(|_| !line.is_known())
    }

    /// Returns the platforms that have stopped answering.
    pub(super) fn broken(&self) -> BTreeSet<ProviderId> {
        let broken = self.0.iter().filter(|(_, line)| line.is_broken());
        broken.map(|(provider, _)| provider.clone()).collect()
    }

    /// Notes what came of somebody's steps since some moment, on the platforms that are meant.
    pub(super) fn heed(
        &self,
        steps: &[StepStory],
        since_ms: i64,
        is_meant: impl Fn(&ProviderId) -> bool,
    ) {
        let is_new =
            |step: &&StepStory| step.events.last().is_some_and(|row| row.at_ms >= since_ms);
        for (provider, line) in self.0.iter().filter(|(id, _)| is_meant(id)) {
            let is_here = |step: &&StepStory| step.step.provider == *provider;
            let on = || steps.iter().filter(is_here).filter(is_new);
            if on().any(|step| step.state == State::Done) {
                line.has_answered();
            } else if on().any(is_silent) {
                line.was_silent();
            }
        }
    }

    /// Notes that somebody could not be read on a platform.
    pub(super) fn was_silent(&self, provider: &ProviderId) {
        if let Some(line) = self.0.get(provider) {
            line.was_silent();
        }
    }
}

impl Line {
    fn told<T>(&self, tell: impl FnOnce(&mut Told) -> T) -> T {
        tell(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_broken(&self) -> bool {
        self.told(|told| told.silent >= BROKEN)
    }

    /// Whether it has taken something, or takes nothing.
    fn is_known(&self) -> bool {
        self.told(|told| told.proven || told.silent >= BROKEN)
    }

    fn has_answered(&self) {
        let is_first = self.told(|told| {
            if told.silent < BROKEN {
                told.silent = 0;
            }
            !std::mem::replace(&mut told.proven, true)
        });
        if is_first {
            self.first.add_permits(PAGE as usize);
        }
    }

    fn was_silent(&self) {
        let is_broken = self.told(|told| {
            told.silent = told.silent.saturating_add(1);
            told.silent == BROKEN
        });
        if is_broken {
            // Whoever waits sends nothing there any more.
            self.first.add_permits(PAGE as usize);
        }
    }
}

/// Whether a step was not taken for a reason that everybody's would not be taken for.
fn is_silent(step: &StepStory) -> bool {
    let Some(error) = step.error() else {
        return false;
    };
    match error.kind {
        ErrorKind::Unavailable
        | ErrorKind::RateLimited
        | ErrorKind::Unauthenticated
        | ErrorKind::Billing => true,
        ErrorKind::Unsupported
        | ErrorKind::Config
        | ErrorKind::Forbidden
        | ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::Invalid
        | ErrorKind::Protocol => false,
    }
}
