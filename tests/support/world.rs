//! One emulator, and a way to reach each of its platforms.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Clock, Connect, EmployeeProvider, Foresight, Gate, ProviderId, Random, Result};
use kadry_emulator::log::Entry;
use kadry_emulator::{Emulator, Options};
use kadry_http::{InMemory, Keep as _, Wiring};
use serde_json::Value;
use tokio::sync::Mutex;

use super::backends::Backend;
use super::platforms::{Newcomer, PLATFORMS, Platform};
use super::section::Section;
use super::transport::InProcess;

/// 2026-11-21 10:00 UTC.
pub(crate) const START_MS: i64 = 1_795_255_200_000;

/// Where the emulator would be served. It is loopback, so that plain HTTP is accepted.
const BASE: &str = "http://127.0.0.1:8100";

/// How long a request may take, and how long one call may go on being repeated.
const PATIENCE: Duration = Duration::from_secs(30);

/// One emulator, the line to it, and what its clients keep between runs.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) line: InProcess,
    pub(crate) clock: Clock,
    /// The configuration file that the emulator prints.
    pub(crate) settings: toml::Table,
    seed: u64,
    /// What is kept between runs, in the order of the rows.
    keeps: Mutex<Vec<InMemory>>,
}

impl World {
    /// Opens a strict emulator. Clocks start here, so this is called where the paused clock is.
    pub(crate) fn new(options: &Options) -> Self {
        let seed = options.seed;
        let options = Options {
            strict: true,
            ..options.clone()
        };
        let emulator = Emulator::new(options, kadry_emulator::Clock::starting_at(START_MS));
        let settings = emulator.settings(BASE).parse().unwrap();
        Self {
            line: InProcess::to(emulator.router()),
            clock: Clock::starting_at(START_MS),
            settings,
            seed,
            keeps: Mutex::default(),
            emulator,
        }
    }

    /// Returns a way to reach each platform, in the emulator's order: what one process of ours has. Of the process before it only
    /// what was kept is left; its locks are gone, and what some task of it still keeps is lost.
    pub(crate) async fn reaches(&self) -> Vec<Reach> {
        let mut keeps = self.keeps.lock().await;
        keeps.resize_with(PLATFORMS.len(), InMemory::default);
        for keep in keeps.iter_mut() {
            *keep = match keep.load().await.unwrap() {
                Some(token) => InMemory::holding(token),
                None => InMemory::default(),
            };
        }
        // A right to a request that is held for nothing is missed at once where there is one.
        let max_in_flight = self.seed.is_multiple_of(3).then_some(1);
        let exports = self.emulator.exports().into_iter();
        let secrets: Arc<[_]> = exports
            .map(|(name, secret)| (name.to_owned(), secret))
            .collect();
        let reach = |(platform, keep): (&'static Platform, &InMemory)| {
            let section = Section {
                keep: keep.clone(),
                ..Section::of_kind(platform.kind, &self.settings, &secrets)
            };
            Reach {
                platform,
                backend: Backend::of(platform.kind),
                wiring: Wiring {
                    id: section.id.clone(),
                    transport: Arc::new(self.line.clone()),
                    clock: self.clock.clone(),
                    random: Random::seeded(self.seed),
                    timeout: PATIENCE,
                    retry_for: PATIENCE,
                    max_in_flight,
                    requests_per_second: None,
                    insecure: false,
                    budgets: kadry_http::Budgets::alone(),
                    errands: kadry_http::TaskTracker::new(),
                },
                section,
            }
        };
        PLATFORMS.iter().zip(keeps.iter()).map(reach).collect()
    }

    /// Puts somebody on a platform behind everybody's back.
    pub(crate) fn put(&self, platform: &Platform, person: &Newcomer) {
        let records = serde_json::json!({ platform.kind: (platform.seed)(person) });
        self.emulator.seed(&records).unwrap();
    }

    /// Returns what was asked of one platform, in order.
    pub(crate) fn log(&self, platform: &Platform) -> Vec<Entry> {
        let mut log = self.emulator.log();
        log.retain(|entry| entry.platform == platform.kind);
        log
    }

    /// Reports whether a request came to change something: not to sign in, for which no platform asks to be looked at first.
    pub(crate) fn is_write(entry: &Entry) -> bool {
        let signs_in =
            entry.path.ends_with("/auth/sign_in") || entry.path.ends_with("/connect/token");
        entry.method != "GET" && !signs_in
    }

    /// Returns what one platform holds.
    pub(crate) fn state(&self, platform: &Platform) -> Value {
        self.emulator.state_of(platform.kind)
    }
}

/// One platform that can be reached.
#[derive(Clone)]
pub(crate) struct Reach {
    pub(crate) platform: &'static Platform,
    backend: &'static Backend,
    section: Section,
    pub(crate) wiring: Wiring,
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.platform.kind)
    }
}

#[async_trait]
impl Connect for Reach {
    fn id(&self) -> &ProviderId {
        &self.wiring.id
    }

    async fn connect(&self, foresight: Foresight<'_>) -> Result<Arc<dyn EmployeeProvider>> {
        let (section, wiring) = (self.section.clone(), self.wiring.clone());
        let connecting = (self.backend.connect)(section, wiring, foresight);
        Ok(Arc::new(Gate::new(connecting.await?)))
    }
}
