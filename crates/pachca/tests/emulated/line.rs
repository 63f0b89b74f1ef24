//! A strict emulator in the same process, and a client of it.

use std::sync::Arc;
use std::time::Duration;

use kadry_core::{
    Clock, EmployeeProvider, Foresight, NativeCall, ProviderId, Random, Result, every,
};
use kadry_emulator::{Emulator, Options};
use kadry_http::Wiring;
use kadry_pachca::{Secrets, Settings, connect};
use serde_json::{Value, json};

use crate::transport::InProcess;

/// 2026-11-21 10:00 UTC.
const START_MS: i64 = 1_795_255_200_000;

/// One emulator and the client of its workspace.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) messenger: Arc<dyn EmployeeProvider>,
}

impl World {
    /// Opens a strict emulator with the service account, the owner and what is given.
    pub(crate) async fn with(records: &Value) -> Self {
        let options = Options {
            people: 0,
            strict: true,
            ..Options::default()
        };
        let emulator = Emulator::new(options, kadry_emulator::Clock::starting_at(START_MS));
        emulator.seed(&json!({ "pachca": records })).unwrap();
        let timeout = Duration::from_secs(30);
        let settings = Settings {
            base_url: "http://127.0.0.1:8100/pachca/api/shared/v1".to_owned(),
        };
        let token = |(name, value)| (name == "PACHCA_TOKEN").then_some(value);
        let token = emulator.exports().into_iter().find_map(token).unwrap();
        let wiring = Wiring {
            id: ProviderId::new("messenger"),
            transport: Arc::new(InProcess::to(emulator.router())),
            clock: Clock::starting_at(START_MS),
            random: Random::seeded(1),
            timeout,
            retry_for: timeout,
            max_in_flight: None,
            requests_per_second: None,
            insecure: false,
            budgets: kadry_http::Budgets::alone(),
            errands: kadry_http::TaskTracker::new(),
        };
        let secrets = Secrets {
            token: token.into(),
        };
        let messenger = connect(&settings, secrets, wiring, Foresight::default());
        Self {
            messenger: messenger.await.unwrap(),
            emulator,
        }
    }

    /// Returns every row that an operation reads.
    pub(crate) async fn read(&self, call: &NativeCall) -> Result<Vec<Value>> {
        let native = self.messenger.native().unwrap();
        every(|from| async move { native.read(call, from.as_ref()).await }).await
    }

    /// Returns one member of every row that an operation reads.
    pub(crate) async fn members(&self, call: &NativeCall, name: &str) -> Vec<Value> {
        let rows = self.read(call).await.unwrap();
        rows.into_iter().map(|row| row[name].clone()).collect()
    }

    /// Takes how many requests have come so far; none of them was undocumented.
    pub(crate) fn asked(&self) -> usize {
        let log = self.emulator.log();
        assert!(log.iter().all(|entry| entry.violation.is_none()), "{log:?}");
        log.len()
    }
}

/// Returns a call as it is typed.
pub(crate) fn call(name: &str, arguments: &[(&str, &str)]) -> NativeCall {
    let call = NativeCall::new(name);
    arguments
        .iter()
        .fold(call, |call, (name, value)| call.with(*name, *value))
}
